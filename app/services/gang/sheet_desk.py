"""What people do with gang sheets: see them, close one by hand, look at what is on it, settle it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from app.domain.access import ALL_BRANDS
from app.domain.component import Component
from app.domain.gang_sheet import GangPlace, GangSheet, SheetState
from app.errors import NotFound, SetupError
from app.pdf.impose.layout import Layout
from app.pdf.preview import Picture, Wanted
from app.services.gang.kinds import layout_of
from app.services.gang.make_sheet import MakeSheet, sheet_of_code
from app.services.gang.outcome import SettleSheet
from app.services.gang.recall_sheet import RecallSheet
from app.services.gang.standing import Stand, on_spots, pages_of, stands
from app.services.gang.waiting import WaitForSheet
from app.store.database import Store, Transaction

Draw = Callable[[bytes, Wanted], list[Picture]]
"""A PDF and what is wanted of it → pictures, in the order of its pages."""
PREVIEW_DPI = 96
"""Dots an inch of the picture of a side: an SRA3 is 1210 × 1701 pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPiece:
    """A piece of a sheet as people see it. `component` is as it stands now; None where it is gone."""

    place: GangPlace
    stands: tuple[Stand, ...]
    component: Component | None

    @property
    def made_anew(self) -> bool:
        """Whether it was printed again since, so that what lies on this sheet is void."""
        return self.component is not None and self.component.generation != self.place.generation

    @property
    def file(self) -> str | None:
        """The sha256 of what its place shows; None where that is gone."""
        return None if self.component is None or self.made_anew else self.component.pdf_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A sheet with its pieces; until it was made, as it would be now.

    `layout` is None where such a sheet cannot be laid out any more.
    """

    sheet: GangSheet
    layout: Layout | None
    pieces: tuple[PlacedPiece, ...]
    pages: int
    """Of its file; 0 where nothing is on it."""
    version: str
    """Changes whenever its pictures would show something else."""

    @property
    def pieces_on_it(self) -> int:
        """How many pieces are, or are to be, on it."""
        return sum(not one.place.left_out for one in self.pieces)


class SheetDesk:
    """The sheets of a plant. `scope` is the brand that a caller serves; a sheet is known by its code, too."""

    def __init__(
        self,
        *,
        store: Store,
        wait: WaitForSheet,
        make: MakeSheet,
        settle: SettleSheet,
        recall: RecallSheet,
        draw: Draw,
    ) -> None:
        """`make` makes files to look at: it need not check them once more."""
        self._store = store
        self._wait = wait
        self._make = make
        self._settle = settle
        self._recall = recall
        self._draw = draw
        # One at a time: each holds a whole file in memory.
        self._drawing = Lock()

    def latest(
        self, scope: str, state: SheetState | None, limit: int, brand: str = ""
    ) -> tuple[GangSheet, ...]:
        """The latest sheets, newest first; those in a state or of a brand where one is given."""
        with self._store.reading() as tx:
            return tx.gang_sheets.page(scope=_narrower(scope, brand), state=state, limit=limit)

    def counts(self, scope: str) -> dict[SheetState, int]:
        """How many sheets are in each state."""
        with self._store.reading() as tx:
            return tx.gang_sheets.counts(scope=scope)

    def see(self, scope: str, sheet_id: str) -> SheetView:
        """One sheet with its pieces.

        Raises:
            NotFound: there is none.
        """
        with self._store.reading() as tx:
            return _view(tx, tx.gang_sheets.get(scope, sheet_of_code(sheet_id)))

    def close(self, scope: str, sheet_id: str, *, by: str, note: str = "") -> SheetView:
        """Close an open sheet now.

        Raises:
            NotFound: there is none.
            WrongState: it is over.
        """
        with self._store.transaction() as tx:
            return _view(tx, self._wait.close(tx, scope, sheet_of_code(sheet_id), by=by, note=note))

    def settle(self, scope: str, sheet_id: str, *, printed: bool, by: str) -> SheetView:
        """Say what became of a sheet that its target may or may not have printed.

        Raises:
            NotFound: there is none.
            WrongState: nothing about it is uncertain.
        """
        with self._store.transaction() as tx:
            return _view(tx, self._settle(tx, scope, sheet_of_code(sheet_id), printed=printed, by=by))

    def recall(self, scope: str, sheet_id: str, *, why: str, by: str) -> SheetView:
        """Take a sheet back from its target before it is printed, with every piece on it.

        Raises:
            NotFound: there is none.
            WrongState: it is at no press, it is too late, or the target gives nothing back.
            TargetUnavailable: the target does not say.
        """
        sheet = self._recall(scope, sheet_of_code(sheet_id), why=why, by=by)
        with self._store.reading() as tx:
            return _view(tx, sheet)

    def pdf(self, scope: str, sheet_id: str) -> bytes:
        """The file of a sheet, of its pieces as they are now.

        Raises:
            NotFound: there is none.
            WrongState: nothing is left of it.
        """
        with self._store.reading() as tx:
            return self._make.remade(tx, tx.gang_sheets.get(scope, sheet_of_code(sheet_id)))

    def picture(self, scope: str, sheet_id: str, page: int) -> bytes:
        """A JPEG of one page, from 1. Nothing is kept of it.

        Raises:
            NotFound: there is no such sheet or page.
            WrongState: nothing is left of it.
            PreviewFailed: it cannot be drawn.
        """
        with self._drawing:
            with self._store.reading() as tx:
                sheet = tx.gang_sheets.get(scope, sheet_of_code(sheet_id))
                pages = _view(tx, sheet).pages
                if pages and page > pages:
                    raise NotFound(f"the sheet has no page {page}", mend=f"1 to {pages}")
                pdf = self._make.remade(tx, sheet)
            wanted = Wanted(dpi=PREVIEW_DPI, area="trim", pages=(page,))
            (picture,) = self._draw(pdf, wanted)
        return picture.content


def _narrower(scope: str, brand: str) -> str:
    if not brand or scope == brand:
        return scope
    if scope != ALL_BRANDS:
        raise NotFound(f"there is no brand {brand[:40]!r} here", mend="leave it out for all of yours")
    return brand


def _view(tx: Transaction, sheet: GangSheet) -> SheetView:
    components = {place.number: _component(tx, place) for place in sheet.places}
    if not sheet.printed:
        sheet = _as_it_would_be(tx, sheet, components)
    standing: Iterable[tuple[GangPlace, tuple[Stand, ...]]] = ((place, ()) for place in sheet.places)
    try:
        layout = layout_of(sheet.form)
        standing = stands(sheet, layout)
    except SetupError:  # another version of tipin lays pieces out otherwise
        layout = None
    pieces = tuple(
        PlacedPiece(place=place, stands=where, component=components[place.number])
        for place, where in standing
    )
    shown = repr((sheet.id, [(one.place, one.file) for one in pieces]))
    return SheetView(
        sheet=sheet,
        layout=layout,
        pieces=pieces,
        pages=pages_of(sheet),
        version=hashlib.sha256(shown.encode()).hexdigest()[:16],
    )


def _as_it_would_be(
    tx: Transaction, sheet: GangSheet, components: Mapping[int, Component | None]
) -> GangSheet:
    """A sheet that waits, with its pieces where they would stand if it were made now."""
    there = {
        place.number: component
        for place in sheet.places
        if not place.left_out
        and (component := components[place.number]) is not None
        and component.generation == place.generation
        and component.pdf_sha256 is not None
    }
    ranks = tx.pieces.packing_order(there.values())
    places = [place for place in sheet.places if place.number in there]
    return on_spots(sheet, sorted(places, key=lambda place: ranks[there[place.number].key]))


def _component(tx: Transaction, place: GangPlace) -> Component | None:
    try:
        return tx.components.get(place.record, place.component)
    except NotFound:
        return None
