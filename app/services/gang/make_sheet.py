"""Makes the file of a sheet of its pieces' own files: the same pieces give the same bytes, at any time.

So nothing of a customer is kept in a second place, and an erasure needs to know of no sheet.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from app.domain.component import Component
from app.domain.gang_sheet import SHEET_ID_LENGTH, GangPlace, GangSheet
from app.errors import NotFound, StorageUnavailable, WrongState
from app.pdf.impose.layout import Layout
from app.services.gang.files import Ganged, GangFiles, Wish
from app.services.gang.kinds import Ganging, Kinds
from app.services.gang.standing import has_separator
from app.store.artifacts import ArtifactStore
from app.store.database import Transaction

Pieces = tuple[tuple[GangPlace, Component], ...]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet with those of its pieces that are to be on it, in packing order, and how they share it."""

    sheet: GangSheet
    pieces: Pieces
    ganging: Ganging


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

    def __init__(self, *, artifacts: ArtifactStore, kinds: Kinds, gang: GangFiles) -> None:
        self._artifacts = artifacts
        self._kinds = kinds
        self._gang = gang

    def filled(self, tx: Transaction, sheet: GangSheet, pieces: Pieces) -> FilledSheet:
        """A sheet with some pieces, one at least, and how they share it.

        Raises:
            WrongState: the plant's designs changed, and such pieces do not share such a sheet any more.
        """
        ganging = self._kinds.on(pieces[0][1], sheet.form)
        if ganging is None or (ganging.kind, ganging.form) != (sheet.kind, sheet.form):
            raise WrongState(
                "such pieces are made otherwise by now, and do not fit on this sheet any more",
                mend="reprint them",
            )
        ranks = tx.pieces.packing_order(component for _, component in pieces)

        def rank(pair: tuple[GangPlace, Component]) -> int:
            place, component = pair
            # What was made once stays as it lies: a promise may have been revised since.
            return ranks[component.key] if place.spot is None else place.spot

        return FilledSheet(sheet, tuple(sorted(pieces, key=rank)), ganging)

    def __call__(
        self, claimed: FilledSheet, folder: Path, on_places: Callable[[int], None] = lambda _count: None
    ) -> MadeSheet:
        """Write the sheet into a folder. A piece that cannot be placed never holds the others.

        Args:
            claimed: the sheet with its pieces.
            folder: for files that nobody needs afterwards.
            on_places: called with how many places each file fills that was looked at.

        Raises:
            StorageUnavailable: the disk is full; it is tried again.
            TipinError: the sheet cannot be made.
        """
        left_out: dict[int, str] = {}
        files: dict[str, Path] = {}
        owners: dict[str, int] = {}
        for place, component in claimed.pieces:
            try:
                path = self._artifacts.path(component.pdf_sha256 or "", ".pdf")
            except NotFound as error:
                left_out[place.number] = error.detail
                continue
            for name in _names(component):
                files[name], owners[name] = path, place.number
        out = folder / "sheet.pdf"
        product = claimed.ganging.product
        each = 1 if product is None else product.places
        done = self._ganged(_wish(claimed, files, out), lambda: on_places(each))
        left_out |= {owners[one.name]: one.reason for one in done.unfit}
        return MadeSheet(out, done.layout, left_out)

    def workplace(self) -> AbstractContextManager[Path]:
        """A folder to make a sheet in. It holds customers' photos: what a kill leaves there is cleared."""
        return self._artifacts.workplace()

    def remade(self, tx: Transaction, sheet: GangSheet) -> bytes:
        """The file of a sheet for people to look at; of one that waits, as it would be now.

        Of one that was made, a place stays empty where the piece was made anew or erased since.

        Raises:
            WrongState: nothing is left of it.
        """
        places = [place for place in sheet.places if not place.left_out]
        pieces = tuple(
            (place, component)
            for place in places
            if (component := same_generation(tx, place)) is not None and component.pdf_sha256 is not None
        )
        if not pieces:
            raise WrongState("nothing is left of this sheet", mend="look at its pieces themselves")
        claimed = self.filled(tx, sheet, pieces)
        files = {
            name: self._artifacts.path(component.pdf_sha256 or "", ".pdf")
            for _, component in claimed.pieces
            for name in _names(component)
        }
        there = {place.number for place, _ in pieces}
        gone = [place for place in places if place.number not in there and place.spot is not None]
        blanks = frozenset(
            spot for place in gone for spot in range(place.spot or 0, (place.spot or 0) + place.count)
        )
        with self.workplace() as folder:
            out = folder / "sheet.pdf"
            if self._ganged(_wish(claimed, files, out, blanks), lambda: None).layout is None:
                raise WrongState("nothing is left of this sheet", mend="look at its pieces themselves")
            return out.read_bytes()

    def _ganged(self, wish: Wish, on_file: Callable[[], None]) -> Ganged:
        try:
            return self._gang(wish, on_file)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise StorageUnavailable("the disk is full", mend="make room") from error
            raise


def _names(component: Component) -> list[str]:
    """What the copies of a piece are known by."""
    if component.copies == 1:
        return [component.name]
    return [f"{component.name}.{copy}" for copy in range(1, component.copies + 1)]


def _wish(
    claimed: FilledSheet, files: Mapping[str, Path], out: Path, blanks: frozenset[int] = frozenset()
) -> Wish:
    sheet, form, product = claimed.sheet, claimed.sheet.form, claimed.ganging.product
    return Wish(
        files=list(files.values()),
        names=list(files),
        out=out,
        rejects=out.with_name("rejects.jsonl"),
        positions=out.with_name("positions.json"),
        press=None if product else claimed.ganging.profile.name,
        product=product,
        sheet=form.sheet,
        margin=form.margin,
        gap=form.gap,
        foot=form.foot,
        order=form.order,
        batch=sheet.id,
        separators=has_separator(sheet),
        blanks=blanks,
        code=lambda number: sheet_code(sheet, number),
    )


def sheet_code(sheet: GangSheet, number: int) -> str:
    """What the Data Matrix of a sheet says: the id, and its number where there are several in the pile."""
    return f"{sheet.id}{number:02}" if sheet.form.sheets > 1 else sheet.id


def sheet_of_code(code: str) -> str:
    """The id in the Data Matrix of a sheet."""
    return code[:SHEET_ID_LENGTH]


def same_generation(tx: Transaction, place: GangPlace) -> Component | None:
    """The piece of a place; None where it is gone, or was made anew since."""
    try:
        component = tx.components.get(place.record, place.component)
    except NotFound:
        return None
    return component if component.generation == place.generation else None
