"""A gang sheet: what pieces of several orders wait for; opened by the first, closed when full or due.

Where a target cuts several sheets as one pile, the gang sheet is the pile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.ids import base32
from app.domain.sheet import CutOrder, Size

SHEET_ID_LENGTH = 13


class SheetState(StrEnum):
    """Where a sheet stands; its pieces stand likewise."""

    OPEN = "open"
    """It takes more pieces."""
    CLOSED = "closed"
    """It takes no more, and is to be made and handed over."""
    ACCEPTED = "accepted"
    """The target has it."""
    DONE = "done_by_device"
    """The target says that it is printed, or a person does."""
    UNKNOWN = "unknown"
    """The target may have it; an operator decides."""
    FAILED = "failed"
    EMPTY = "empty"
    """Every piece was taken back or left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GangRule:
    """How a target wants its sheets. What is None is the press profile's, or the product's."""

    sheet: Size | None = None
    margin: float | None = None
    gap: float | None = None
    order: CutOrder = CutOrder.CUT_STACK
    sheets: int = 1
    """Sheets that are cut as one pile."""
    lead: timedelta = timedelta(minutes=30)
    """How long before the earliest of its pieces is needed a sheet closes."""
    longest: timedelta = timedelta(hours=4)
    """How long a sheet waits to be full at most."""

    def closes_at(self, opened_at: datetime, needed_by: datetime | None) -> datetime:
        """When a sheet of a piece closes at the latest; one that is late already waits for nobody."""
        latest = opened_at + self.longest
        return latest if needed_by is None else max(opened_at, min(latest, needed_by - self.lead))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetForm:
    """The paper of a sheet and what is cut out of it, as they were when it was opened; lengths in mm.

    Kept with the sheet: settings that change meanwhile must not move what is printed already.
    """

    sheet: Size
    margin: float
    trim: Size
    bleed: float
    gap: float
    order: CutOrder
    sheets: int
    two_sided: bool
    foot: float = 0.0
    """The strip under each piece's bleed that holds its code."""

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        return asdict(self)


def read_form(document: Mapping[str, Any]) -> SheetForm:
    """The inverse of `SheetForm.document`."""
    sizes = {name: (float(document[name][0]), float(document[name][1])) for name in ("sheet", "trim")}
    return SheetForm(**{**document, **sizes, "order": CutOrder(document["order"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class GangPlace:
    """A component of a sheet, in the order in which they came: `number` is its first place by that.

    `spot` is where it really stands among what is on the sheet, from 0, known once the sheet was made: the
    order of packing, without what was left out (`left_out` says why).
    """

    number: int
    count: int
    record: str
    component: int
    generation: int
    left_out: str = ""
    spot: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GangSheet:
    """A sheet as it stands. `kind` is what its pieces have in common; `reason` says why it waits or failed.

    `sha256` is that of the file as it was first handed over. `tries` numbers the tasks that hand it over, so
    that of two only the later one does; `waits` is whether none is on its way, because the target lets
    nothing through. `looked_at` counts the places whose pieces were checked since it began to be made.
    """

    brand: str
    id: str
    target: str
    kind: str
    form: SheetForm
    room: int
    """Places of all its sheets."""
    state: SheetState
    opened_at: datetime
    close_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = ""
    """Why it was closed by hand, in the words of who did."""
    tries: int = 0
    waits: bool = False
    looked_at: int = 0
    reason: str = ""
    sha256: str = ""
    target_reference: str = ""
    accepted_at: datetime | None = None
    places: tuple[GangPlace, ...] = ()

    @property
    def taken(self) -> int:
        """Places that are given away."""
        return sum(place.count for place in self.places)

    @property
    def each(self) -> int:
        """Places of one sheet of the pile."""
        return self.room // self.form.sheets

    @property
    def printed(self) -> int:
        """Places that are printed on, once it was made."""
        return sum(place.count for place in self.places if place.spot is not None)


def gang_sheet_id(brand: str, first: str, before: int) -> str:
    """The id of the sheet that a piece opens, derived, so that a retry opens the same one.

    Args:
        brand: its brand.
        first: the piece's name.
        before: on how many sheets the piece was put before.
    """
    digest = hashlib.blake2b(f"gang sheet {brand} {first} {before}".encode(), digest_size=16).digest()
    return base32(int.from_bytes(digest, "big"), SHEET_ID_LENGTH)
