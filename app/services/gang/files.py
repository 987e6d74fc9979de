"""Gangs finished files: each on its place, or in the list of those that were left out."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from app.domain.ids import base32
from app.domain.product import Product
from app.domain.profile import PressProfile, Standard
from app.domain.sheet import CutOrder, Duplex, Size, sheet_name
from app.errors import PreflightFailed
from app.pdf.file.identity import Identity
from app.pdf.impose.layout import Layout, Piece, lay_out
from app.pdf.impose.pages import PageAt
from app.pdf.impose.run import Batch, Record, Run, sheet_profile
from app.pdf.impose.writer import SheetWriter
from app.pdf.item import product_profile
from app.services.gang.pieces import Finished, Unfit, look_at, press_for, sort_out
from app.services.gang.positions import Positions, reject_lines
from app.store.artifacts import sync_folder, write_durably

_PIECES_AT_ONCE, _SHEETS_AT_ONCE = 20, 2
"""Pages that the preflight looks at together: a side of a sheet shows as much as many cards."""
_MOST_SIDES = 2
_CODE_LENGTH = 13


class Report(Protocol):
    """What the preflight found."""

    @property
    def passed(self) -> bool:
        """Whether the file may leave."""
        ...

    def require_passed(self) -> None:
        """Nothing where it may; raises PreflightFailed."""
        ...

    def document(self) -> dict[str, Any]:
        """The report as JSON."""
        ...


class Preflight(Protocol):
    """What a file must pass before it may leave."""

    def __call__(self, pdf: Path, profile: PressProfile, *, safe: float | None, at_once: int) -> Report:
        """Check a whole file, so many pages at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be ganged, and how. Sheet and margin that are not given are the press profile's."""

    files: Sequence[Path]
    """In packing order."""
    names: Sequence[str] | None = None
    """What the pieces of each file are known by; else the file's name."""
    out: Path
    rejects: Path
    positions: Path
    press: str | None = None
    standard: Standard | None = None
    """Of the sheets: PDF/X-4 or PDF/VT-1; None for the press profile's."""
    product: Product | None = None
    """What all files are items of; it then says the press, its limits, and the sheet."""
    sheet: Size | None = None
    margin: float | None = None
    gap: float | None = None
    """mm between the trims of neighbours; None for as much as the bleed."""
    foot: float | None = None
    """mm of the strip under each bleed; None for what the product says."""
    order: CutOrder = CutOrder.CUT_STACK
    duplex: Duplex = Duplex.LONG
    pages_each: int | None = None
    """Pages of one piece; None where each file is one."""
    batch: str = ""
    """Its name; else that of the file that is made."""
    by_folder: bool = False
    """Whether the files of each folder are a batch of their own."""
    largest_batch: int | None = None
    """Pieces of one batch at most."""
    separators: bool | None = None
    """Whether a separator sheet goes before each batch; None: where there are several."""
    blanks: frozenset[int] = frozenset()
    """Places that stay empty, counted from 0 in the order of the one batch: what stood there is gone."""
    code: Callable[[int], str] | None = None
    """What the Data Matrix of a sheet says, by its number from 1; else each has a code of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ganged:
    """What came of it. `layout` is None where no file was fit for a sheet, and nothing was made."""

    pieces: int
    sheets: int
    unfit: tuple[Unfit, ...]
    layout: Layout | None = None
    profile: PressProfile | None = None


class GangFiles:
    """Puts finished files on sheets for this plant's presses."""

    def __init__(
        self, *, profiles: Mapping[str, PressProfile], writer: SheetWriter, preflight: Preflight | None
    ) -> None:
        """Without a `preflight`, sheets are for people to look at, of pieces that were checked before."""
        self._profiles = profiles
        self._writer = writer
        self._preflight = preflight

    def __call__(self, wish: Wish, on_file: Callable[[], None] = lambda: None) -> Ganged:
        """Make the sheets, their list of positions, and that of files left out. Same files, same bytes.

        Args:
            wish: what and how.
            on_file: called after each file that was looked at.

        Raises:
            SetupError: the files are for several presses, or not one fits on the sheet.
            PreflightFailed: the sheets fail though their pieces passed; nothing is kept.
            WrongState: a file was changed meanwhile.
            OSError: a file cannot be written.
        """
        names = wish.names or [path.stem for path in wish.files]
        seen = [look_at(path, name) for path, name in zip(wish.files, names, strict=True)]
        unfit = [one for one in seen if isinstance(one, Unfit)]
        found = [one for one in seen if isinstance(one, Finished)]
        if not found:
            return self._left_out(wish, unfit)
        press = self._press(wish, found)
        fit, strange = sort_out(found, press)
        unfit += strange
        sound: list[Finished] = []
        checked: dict[Path, Unfit | None] = {}
        for one in fit:
            if one.path not in checked:  # copies of a piece are one file
                checked[one.path] = self._fault(one, press)
            fault = _too_many_sides(one, wish) or checked[one.path]
            if fault is None:
                sound.append(one)
            else:
                unfit.append(replace(fault, name=one.name))
            on_file()
        if not sound:
            return self._left_out(wish, unfit)
        made = self._make(wish, _run(wish, sound, press))
        self._left_out(wish, unfit)
        return replace(made, unfit=tuple(unfit))

    def _press(self, wish: Wish, found: Sequence[Finished]) -> PressProfile:
        if wish.product is None:
            return press_for(found, self._profiles, wish.press)
        profile = product_profile(wish.product, self._profiles[wish.product.profile])
        gang = wish.product.gang
        return replace(profile, sheet=gang.sheet, sheet_margin=gang.margin)

    def _fault(self, one: Finished, press: PressProfile) -> Unfit | None:
        # The bleed is the layout's affair: neighbours share what is between them.
        profile = replace(press, bleed=min(press.bleed, one.bleed))
        try:
            self._require_passed(one.path, profile, _PIECES_AT_ONCE)
        except PreflightFailed as error:
            return Unfit(one.path, one.name, error.detail, error.mend)
        return None

    def _require_passed(self, pdf: Path, profile: PressProfile, at_once: int) -> None:
        if self._preflight is not None:
            self._preflight(pdf, profile, safe=None, at_once=at_once).require_passed()

    def _make(self, wish: Wish, run: Run) -> Ganged:
        """Write and check under another name, then put all in its place at once."""
        wish.out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{wish.out.name}.", dir=wish.out.parent) as folder:
            pdf, positions = Path(folder, "sheets.pdf"), Path(folder, "positions.json")
            with (
                pdf.open("wb") as out,
                tempfile.TemporaryFile(dir=folder) as rows,
                positions.open("w", encoding="utf-8") as listed,
            ):
                about = {
                    "file": wish.out.name,
                    "sheet": sheet_name(run.layout.sheet),
                    "order": run.order.value,
                    "duplex": run.duplex.value,
                    "press": run.profile.name,
                }
                told = Positions(listed, run.layout, about)
                files = _files_of(run)
                for sheet in self._writer.write(run, out, rows):
                    told.note(sheet, {record: files[record] for record in sheet.placed.values() if record})
                told.finish(pieces=sum(len(batch.records) for batch in run.batches))
            profile = sheet_profile(run.profile, run.layout.margin)
            self._require_passed(pdf, profile, _SHEETS_AT_ONCE)
            positions.replace(wish.positions)
            pdf.replace(wish.out)
        sync_folder(wish.out.parent)
        pieces = sum(len(batch.records) for batch in run.batches)
        return Ganged(pieces=pieces, sheets=run.sheets, unfit=(), layout=run.layout, profile=run.profile)

    @staticmethod
    def _left_out(wish: Wish, unfit: Sequence[Unfit]) -> Ganged:
        """Write the list of files left out; where there are none there is no list."""
        if unfit:
            write_durably(wish.rejects, reject_lines((str(one.path), one.reason, one.mend) for one in unfit))
        else:
            wish.rejects.unlink(missing_ok=True)
        return Ganged(pieces=0, sheets=0, unfit=tuple(unfit))


def _too_many_sides(one: Finished, wish: Wish) -> Unfit | None:
    each = _pages_each(one, wish)
    if each > _MOST_SIDES:
        reason, mend = f"it has {one.pages} pages; a piece has a front and a back", "say how many a piece has"
        return Unfit(one.path, one.name, reason, f"{mend}: --pages-each")
    if one.pages % each:
        reason = f"its {one.pages} pages are no pieces of {each} pages each"
        return Unfit(one.path, one.name, reason, "look whether a page is missing")
    return None


def _pages_each(one: Finished, wish: Wish) -> int:
    if wish.duplex is Duplex.OFF:
        return 1
    if wish.product is not None:
        return len(wish.product.panels) // wish.product.places
    return one.pages if wish.pages_each is None else wish.pages_each


def _run(wish: Wish, sound: Sequence[Finished], press: PressProfile) -> Run:
    sheet = wish.sheet or press.sheet
    margin = press.sheet_margin if wish.margin is None else wish.margin
    bleed = min(one.bleed for one in sound)
    # Pieces of a product lie as it says; others have nothing but their bleeds between them.
    own = wish.product.foot if wish.product else 0.0
    foot = own if wish.foot is None else wish.foot
    layout = lay_out(sheet, margin, Piece(sound[0].trim, bleed, foot), _gap(wish, bleed))
    batches = _batches(wish, sound)
    key = _key(sound, layout, wish)
    standard = wish.standard or press.standard
    return Run(
        layout=layout,
        order=wish.order,
        duplex=Duplex.LONG if wish.duplex is Duplex.OFF else wish.duplex,
        profile=replace(press, standard=standard),
        identity=Identity(
            standard=standard,
            key=key,
            title=f"Sheets {key[:_CODE_LENGTH]}",
            # The files' own date: the hour of a run must change no byte.
            made_at=max(one.made_at for one in sound),
        ),
        batches=batches,
        code=wish.code or (lambda number: sheet_code(key, number)),
        separators=len(batches) > 1 if wish.separators is None else wish.separators,
    )


def _gap(wish: Wish, bleed: float) -> float:
    if wish.gap is not None:
        return wish.gap
    return bleed if wish.product is None else wish.product.gang.gap


def sheet_code(key: str, number: int) -> str:
    """What a sheet's Data Matrix says: 13 characters that follow from the run and the sheet's number."""
    digest = hashlib.blake2b(f"sheet {key} {number}".encode(), digest_size=16).digest()
    return base32(int.from_bytes(digest, "big"), _CODE_LENGTH)


def _key(sound: Iterable[Finished], layout: Layout, wish: Wish) -> str:
    """What the run's document is known by: the same files on the same sheets are the same document."""
    how = (layout, wish.order, wish.duplex, wish.batch, *([wish.standard] if wish.standard else []))
    digest = hashlib.blake2b(repr(how).encode(), digest_size=16)
    for one in sound:
        digest.update(f"{one.name} {one.sha256}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _batches(wish: Wish, sound: Sequence[Finished]) -> list[Batch]:
    """The records by batch; one that is too large for the guillotine becomes several."""
    named: dict[str, list[Record]] = {}
    taken: set[str] = set()
    for one in sound:
        name = one.path.resolve().parent.name if wish.by_folder else wish.batch or wish.out.stem
        named.setdefault(name, []).extend(_records(one, wish, taken))
    found: list[Batch] = []
    for name, records in named.items():
        for place in sorted(wish.blanks):
            records.insert(place, Record("", ()))
        most = wish.largest_batch or len(records)
        parts = [records[start : start + most] for start in range(0, len(records), most)]
        for place, part in enumerate(parts, 1):
            found.append(Batch(f"{name}, {place} of {len(parts)}" if len(parts) > 1 else name, part))
    return found


def _records(one: Finished, wish: Wish, taken: set[str]) -> Iterator[Record]:
    """A file's pieces, each with an id that no other has."""
    each = _pages_each(one, wish)
    count = one.pages // each
    for place in range(count):
        plain = one.name if count == 1 else f"{one.name}-{_panel(wish, place)}"
        name, again = plain, 2
        while name in taken:
            name, again = f"{plain}~{again}", again + 1
        taken.add(name)
        yield Record(name, tuple(PageAt(one.path, place * each + side) for side in range(each)))


def _panel(wish: Wish, place: int) -> str:
    """What a page of a file with several pieces is called."""
    panels = wish.product.panels if wish.product else ()
    return panels[place].name if place < len(panels) else str(place + 1)


def _files_of(run: Run) -> dict[str, str]:
    return {
        record.id: str(record.pages[0].path)
        for batch in run.batches
        for record in batch.records
        if record.pages
    }
