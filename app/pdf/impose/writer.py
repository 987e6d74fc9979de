"""Writes press sheets: a print-ready file that streams to disk, however many sheets it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from app.domain.english import plural
from app.domain.geometry import Box
from app.domain.profile import Standard
from app.domain.sheet import sheet_name
from app.domain.units import POINTS_PER_MM, points
from app.pdf.draw import OVERPRINT
from app.pdf.file.fonts import FontUses
from app.pdf.file.identity import beginning_of, write_output_intent
from app.pdf.file.objects import stream
from app.pdf.file.streamed import Sink, StreamedFile
from app.pdf.file.syntax import number
from app.pdf.impose.drawing import REGISTRATION, REGISTRATION_SPACE, Type, downwards, rectangle
from app.pdf.impose.layout import Back, Place
from app.pdf.impose.marks import marks
from app.pdf.impose.order import Stacking
from app.pdf.impose.pages import Pages
from app.pdf.impose.parts import SheetParts
from app.pdf.impose.run import Batch, Record, Run, Sheet, told
from app.pdf.impose.separator import separator
from app.pdf.impose.slug import Slugs, SlugText
from app.pdf.typefaces import Typefaces

_TOGETHER = 64
"""Sheets that share fonts and a node of the page tree."""
_BUFFERED = 8 << 20
"""Bytes that wait in memory."""
_TURNED = 90
_LABEL = 5.0
"""pt, of the line over a piece."""
_LABEL_ROOM = 2.0
"""mm between two bleeds that it needs."""


class SheetWriter:
    """Writes sheets. One serves a whole process."""

    def __init__(self, typefaces: Typefaces) -> None:
        """Fonts are opened on first use."""
        self._type = Type(typefaces)

    def write(self, run: Run, out: Sink, rows: BinaryIO) -> Iterator[Sheet]:
        """Write the sheets one by one; the file is whole once all were asked for.

        The same run gives the same bytes.

        Args:
            run: what is imposed.
            out: takes the file.
            rows: a scratch file, for the table that comes last.

        Raises:
            WrongState: a file is not what it was when it was checked.
        """
        writing = _Writing(run, self._type, out, rows)
        try:
            yield from writing.sheets()
            writing.finish()
        finally:
            writing.close()


class _Writing:
    """One file that is being written."""

    def __init__(self, run: Run, lettering: Type, out: Sink, rows: BinaryIO) -> None:
        self._run = run
        self._type = lettering
        beginning = beginning_of(run.profile.standard)
        self._intent = write_output_intent(beginning, run.profile)
        self._root = beginning.reserve()
        self._file = StreamedFile(out, rows, beginning)
        records = run.profile.standard is Standard.PDF_VT1
        self._pages = Pages(self._file, hinted=records)
        self._parts = SheetParts(self._file) if records else None
        self._part = ""
        self._slugs = Slugs(run.layout, run.profile, lettering)
        self._two_sided = any(len(record.pages) > 1 for batch in run.batches for record in batch.records)
        back = Back(run.layout.sheet, run.duplex)
        angle = _TURNED if run.layout.turned else 0
        self._sides = (_Side("front", _as_it_is, angle), _Side("back", back.behind, back.angle(angle)))
        self._node_numbers: list[tuple[int, int]] = []
        self._sheets_in_block = 0

    def close(self) -> None:
        self._pages.close()

    def sheets(self) -> Iterator[Sheet]:
        """Write each sheet, then tell of it."""
        count = 0
        for batch, stacking in zip(self._run.batches, self._run.stackings, strict=True):
            for index in range(-self._run.separators, stacking.sheets):
                count += 1
                if not self._sheets_in_block:
                    self._begin_block()
                self._part = f"/DPart {self._parts.begin()} 0 R" if self._parts else ""
                first = len(self._kids)
                if index < 0:
                    sheet = self._separator(count, batch, stacking)
                else:
                    sheet = self._sheet(count, batch, stacking, index)
                if self._parts:
                    self._parts.end(sheet.code, self._kids[first], self._kids[-1])
                yield sheet
                self._close_sheet()

    def finish(self) -> None:
        """Write what leads to the sheets, and the end."""
        file, identity = self._file, self._run.identity
        if self._sheets_in_block:
            self._end_block()
        kids = " ".join(f"{node} 0 R" for node, _ in self._node_numbers)
        pages = sum(count for _, count in self._node_numbers)
        file.write(self._root, f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode("ascii"))
        entries = f"/OutputIntents[{self._intent} 0 R]"
        metadata = identity.metadata()
        if metadata is not None:
            written = file.add(stream(metadata, "/Type/Metadata/Subtype/XML", plain=True))
            entries += f"/Metadata {written} 0 R"
        if self._parts:
            entries += self._parts.finish()
        if self._pages.layers:
            layers = " ".join(f"{layer} 0 R" for layer in self._pages.layers)
            entries += f"/OCProperties<</OCGs[{layers}]/D<</Name(Default)/Order[{layers}]/ON[{layers}]>>>>"
        info = file.add(identity.info())
        catalog = file.add(f"<</Type/Catalog/Pages {self._root} 0 R{entries}>>")
        file.finish(identity, root=catalog, info=info)

    def _begin_block(self) -> None:
        self._node, self._fonts = self._file.reserve(), self._file.reserve()
        self._uses = FontUses(self._run.profile)
        self._kids: list[int] = []

    def _end_block(self) -> None:
        """Write the fonts of some sheets and the node over their pages."""
        file = self._file
        fonts = self._uses.write(file.stretch)
        entries = fonts.removeprefix("/Font") or "<<>>"
        file.write(self._fonts, entries.encode("ascii"))
        kids = " ".join(f"{kid} 0 R" for kid in self._kids)
        node = f"<</Type/Pages/Parent {self._root} 0 R/Count {len(self._kids)}/Kids[{kids}]>>"
        file.write(self._node, node.encode("ascii"))
        self._node_numbers.append((self._node, len(self._kids)))

    def _sheet(self, sheet: int, batch: Batch, stacking: Stacking, index: int) -> Sheet:
        run, places = self._run, self._run.layout.places
        placed = {
            place: record
            for place, record in zip(places, stacking.on(index), strict=True)
            if record is not None
        }
        code = run.code(sheet)
        says = told(batch, stacking, index, list(placed.values()))
        for at, side in enumerate(self._sides[: 1 + self._two_sided]):
            drawn: list[str] = []
            forms: dict[str, int] = {}
            for place, record in placed.items():
                drawn.append(self._piece(side, at, place, batch.records[record], forms))
                drawn.append(self._label(side, place, f"{record + 1:,}", batch.records[record].id))
            self._page(side, "".join(drawn), forms, self._slug_text(sheet, side, batch, says, code))
        ids = {place.number: batch.records[record].id for place, record in placed.items()}
        return Sheet(sheet, code, batch.name, ids)

    def _separator(self, sheet: int, batch: Batch, stacking: Stacking) -> Sheet:
        code = self._run.code(sheet)
        says = (f"before {plural(stacking.sheets, 'sheet')} with {plural(stacking.count, 'piece')}",)
        for side in self._sides[: 1 + self._two_sided]:
            front = side is self._sides[0]
            drawn = separator(self._run.layout, batch.name, stacking, self._type, self._uses) if front else ""
            self._page(side, drawn, {}, self._slug_text(sheet, side, batch, says, code))
        return Sheet(sheet, code, batch.name, {})

    def _piece(self, side: _Side, at: int, place: Place, record: Record, forms: dict[str, int]) -> str:
        if at >= len(record.pages):
            return ""
        form = self._pages.form(record.pages[at])
        name = f"P{form.number}"
        forms[name] = form.number
        height = self._run.layout.sheet[1]
        shown = rectangle(_upwards(side.placing(place.shown), height))
        matrix = form.placed(side.placing(place.trim), height, side.angle)
        return f"q {shown} W n {matrix} cm /{name} Do Q\n"

    def _label(self, side: _Side, place: Place, position: str, record: str) -> str:
        """Which record it is, over the piece, where the gutter has room beside the bleeds."""
        layout = self._run.layout
        room = layout.gutter - 2 * layout.piece.bleed - layout.piece.foot
        if not record or layout.slug is None or room < _LABEL_ROOM:
            return ""
        shown, trim = side.placing(place.shown), side.placing(place.trim)
        words = self._type.set(f"{position}  {record}", _LABEL)
        if words is None or words.width > points(trim.width - _LABEL_ROOM):
            words = self._type.set(position, _LABEL)
        left, foot = points(trim.x + _LABEL_ROOM / 2), points(layout.sheet[1] - shown.y + 0.4)
        return words.at(left, foot, self._uses) if words else ""

    def _slug_text(self, sheet: int, side: _Side, batch: Batch, says: Sequence[str], code: str) -> SlugText:
        run = self._run
        facing = f" {side.name}" if self._two_sided else ""
        made = f"{run.identity.made_at:%Y-%m-%d %H:%M} UTC"
        size = sheet_name(run.layout.sheet)
        return SlugText(
            first=((f"Sheet {sheet:,} of {run.sheets:,}{facing}",), (batch.name,), (code,)),
            second=(says, (f"{size}, {run.layout.count} up, {run.order}",), (run.profile.name,), (made,)),
            code=code,
        )

    def _page(self, side: _Side, drawn: str, forms: Mapping[str, int], text: SlugText) -> None:
        run, file = self._run, self._file
        width, height = run.layout.sheet
        furniture = f"q {downwards(height)}{marks(run.layout, side.placing)}Q\n"
        slug = self._slugs.operators(side.placing, text, self._uses)
        content = file.add_stream((drawn + furniture).encode("ascii") + slug)
        shown = "".join(f"/{name} {form} 0 R" for name, form in sorted(forms.items()))
        box = f"[0 0 {number(points(width))} {number(points(height))}]"
        page = file.add(
            f"<</Type/Page/Parent {self._node} 0 R{self._part}/MediaBox{box}/BleedBox{box}/TrimBox{box}"
            f"/Resources<</XObject<<{shown}>>/Font {self._fonts} 0 R"
            f"/ColorSpace<</{REGISTRATION} {REGISTRATION_SPACE}>>"
            f"/ExtGState<</{OVERPRINT}<</Type/ExtGState/OP true/op true/OPM 1>>>>>>/Contents {content} 0 R>>"
        )
        self._kids.append(page)

    def _close_sheet(self) -> None:
        self._sheets_in_block += 1
        if self._sheets_in_block == _TOGETHER:
            self._end_block()
            self._sheets_in_block = 0
        if self._file.stretch.length > _BUFFERED:
            self._file.flush()


@dataclass(frozen=True, slots=True)
class _Side:
    """A side of the sheets: where a box of the front is on it, and how its pieces are turned."""

    name: str
    placing: Callable[[Box], Box]
    angle: int


def _as_it_is(box: Box) -> Box:
    return box


def _upwards(box: Box, height: float) -> Box:
    """A box of the sheet in pt from its bottom-left corner; its `y` is the lower edge."""
    scale = POINTS_PER_MM
    return Box(box.x * scale, (height - box.bottom) * scale, box.width * scale, box.height * scale)
