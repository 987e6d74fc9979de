"""Makes the file of a sheet of its pieces' own files: the same pieces give the same bytes, at any time.

So nothing of a customer is kept in a second place, and an erasure needs to know of no sheet.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.component import Component
from app.domain.gang_sheet import GangPlace, GangRule, GangSheet
from app.errors import NotFound, WrongState
from app.pdf.impose.layout import Layout
from app.services.gang.files import GangFiles, Wish
from app.services.gang.waiting import Ganging, Kinds
from app.store.artifacts import ArtifactStore
from app.store.database import Transaction

Pieces = tuple[tuple[GangPlace, Component], ...]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet with those of its pieces that are to be on it, and how they share it."""

    sheet: GangSheet
    pieces: Pieces
    ganging: Ganging
    rule: GangRule


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """A sheet's file, how its pieces stand, and those that could not be placed, each with the reason."""

    pdf: Path
    layout: Layout | None
    """None where not one piece could be placed, and there is no file."""
    left_out: Mapping[int, str]
    """By the number of the first place."""


class MakeSheet:
    """Makes sheets of stored pieces."""

    def __init__(
        self, *, artifacts: ArtifactStore, rules: Mapping[str, GangRule], kinds: Kinds, gang: GangFiles
    ) -> None:
        """`rules` holds the targets that want sheets."""
        self._artifacts = artifacts
        self._rules = rules
        self._kinds = kinds
        self._gang = gang

    def filled(self, sheet: GangSheet, pieces: Pieces) -> FilledSheet:
        """A sheet with some pieces, and how they share it.

        Raises:
            WrongState: its target is not here any more, or wants such pieces otherwise.
        """
        rule = self._rules.get(sheet.target)
        ganging = self._kinds.of(pieces[0][1], rule) if rule is not None and pieces else None
        if rule is None or ganging is None or ganging.kind != sheet.kind:
            raise WrongState(
                f"the target {sheet.target!r} gangs such pieces no more",
                mend="set it up again, or reprint them",
            )
        return FilledSheet(sheet, pieces, ganging, rule)

    def __call__(self, claimed: FilledSheet, folder: Path) -> MadeSheet:
        """Write the sheet into a folder. A piece that cannot be placed never holds the others."""
        left_out: dict[int, str] = {}
        files: list[Path] = []
        names: list[str] = []
        owners: dict[str, int] = {}
        for place, component in claimed.pieces:
            try:
                path = self._artifacts.path(component.pdf_sha256 or "", ".pdf")
            except NotFound as error:
                left_out[place.number] = error.detail
                continue
            for copy in range(component.copies):
                name = component.name if component.copies == 1 else f"{component.name}.{copy + 1}"
                files.append(path)
                names.append(name)
                owners[name] = place.number
        out, rule, product = folder / "sheet.pdf", claimed.rule, claimed.ganging.product
        wish = Wish(
            files=files,
            names=names,
            out=out,
            rejects=folder / "rejects.jsonl",
            positions=folder / "positions.json",
            press=None if product else claimed.ganging.profile.name,
            product=product,
            sheet=rule.sheet,
            margin=rule.margin,
            gap=rule.gap,
            order=rule.order,
            batch=claimed.sheet.id,
            code=claimed.sheet.id,
        )
        done = self._gang(wish)
        left_out |= {owners[one.name]: one.reason for one in done.unfit}
        return MadeSheet(out, done.layout, left_out)

    def remade(self, tx: Transaction, sheet: GangSheet) -> bytes:
        """The file of a sheet as it stands now, for people to look at.

        Raises:
            WrongState: its target is not here any more, or none of its pieces can be placed.
        """
        pieces = tuple(
            (place, component)
            for place in sheet.places
            if not place.left_out
            and (component := same_generation(tx, place)) is not None
            and component.pdf_sha256 is not None
        )
        claimed = self.filled(sheet, pieces)
        with tempfile.TemporaryDirectory(prefix="tipin-sheet-") as folder:
            made = self(claimed, Path(folder))
            if made.layout is None:
                raise WrongState("nothing is left of this sheet", mend="look at its pieces themselves")
            return made.pdf.read_bytes()


def same_generation(tx: Transaction, place: GangPlace) -> Component | None:
    """The piece of a place; None where it is gone, or was made anew since."""
    try:
        component = tx.components.get(place.record, place.component)
    except NotFound:
        return None
    return component if component.generation == place.generation else None
