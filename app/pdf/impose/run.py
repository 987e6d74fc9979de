"""What is imposed: records in batches, on sheets of one layout; and what is told of each sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.profile import PressProfile
from app.domain.sheet import CutOrder, Duplex
from app.pdf.file.identity import Identity
from app.pdf.impose.layout import Layout
from app.pdf.impose.order import Stacking
from app.pdf.impose.pages import PageAt


@dataclass(frozen=True, slots=True)
class Record:
    """One piece: what it is known by, without personal data, and the page of each of its sides.

    One without pages leaves its place empty.
    """

    id: str
    pages: tuple[PageAt, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in packing order that are cut and stacked by themselves."""

    name: str
    records: Sequence[Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is imposed.

    `separators` puts a sheet before each batch. `code` gives what a sheet's Data Matrix says, by its number
    from 1.
    """

    layout: Layout
    order: CutOrder
    duplex: Duplex
    profile: PressProfile
    identity: Identity
    batches: Sequence[Batch]
    code: Callable[[int], str]
    separators: bool = False

    @property
    def stackings(self) -> tuple[Stacking, ...]:
        """Of each batch."""
        return tuple(Stacking(len(batch.records), self.layout.count, self.order) for batch in self.batches)

    @property
    def sheets(self) -> int:
        """How many there are, separators among them."""
        return sum(stacking.sheets + self.separators for stacking in self.stackings)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was written: its number from 1, its code, and its places with their records.

    A separator has no record on any place.
    """

    number: int
    code: str
    batch: str
    placed: Mapping[int, str]


def sheet_profile(profile: PressProfile, margin: float) -> PressProfile:
    """What a sheet is held to: nothing is cut at its edges, and nothing stands in the unprintable margin."""
    return replace(profile, bleed=0.0, safe=margin)


def told(batch: Batch, stacking: Stacking, index: int, records: Sequence[int]) -> Sequence[str]:
    """Which records a sheet holds, at length, in short, and by their places alone: for its slug."""
    first, last = records[0], records[-1]
    one, other = batch.records[first].id, batch.records[last].id
    several = last > first
    ids = f"{one} to {other}" if several else one
    which = f"pieces {first + 1:,} to {last + 1:,}" if several else f"piece {first + 1:,}"
    places = f"{which} of {stacking.count:,}"
    sheet = f"sheet {index + 1:,} of the batch's {stacking.sheets:,}"
    return f"{places} ({ids}), {sheet}", f"{places}, {sheet}", places
