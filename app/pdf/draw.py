"""A side's layout as content stream operators (ISO 32000-2, 8 and 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from app.domain.brand import Ink
from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import Align
from app.domain.units import points
from app.pdf.art.signature import Signature
from app.pdf.file.fonts import FontUses
from app.pdf.file.syntax import number
from app.pdf.layout import PlacedPicture, PlacedText
from app.pdf.text.face import Face
from app.pdf.text.operators import CLOSE, OPEN, choose_font, line_matrix
from app.pdf.text.paragraph import Paragraph
from app.pdf.text.place import SetLine, SetText
from app.pdf.text.run import AT_REST, Run

BLACK: Ink = (0.0, 0.0, 0.0, 1.0)
OVERPRINT = "Over"
"""The graphics state that K100 text is set in."""
_INKS_MANY_FROM = 14.0
"""Smallest type in pt that may be printed in several inks: under it, register errors blur the strokes."""


def text_operators(
    placed: PlacedText, palette: Mapping[str, Ink], profile: PressProfile, uses: FontUses
) -> str:
    """A set text in its colour; small black text overprints what is under it."""
    text = placed.text
    state = text_state(palette[placed.frame.colour], text.size, profile.black_text_below)
    lift = f"1 0 0 1 0 {number(placed.lift)} cm " if placed.lift else ""
    return f"q {lift}{state}\nBT\n{shown_operators(text, uses)}ET Q\n"


@lru_cache(maxsize=1024)
def text_state(ink: Ink, size: float, black_text_below: float) -> str:
    """What text of an ink and a size is set in: black under a size overprints."""
    ink = text_ink(ink, size)
    overprint = f"/{OVERPRINT} gs " if ink == BLACK and size < black_text_below else ""
    return overprint + _fill(ink)


def text_ink(ink: Ink, size: float) -> Ink:
    """The ink that text of a size is printed in: one ink only where it is small."""
    several = sum(share > 0 for share in ink) > 1
    return BLACK if several and size < _INKS_MANY_FROM else ink


def shown_operators(text: SetText, uses: FontUses) -> str:
    """The operators between `BT` and `ET`. A text that shows nothing of the file's own keeps them."""
    shown = text.shown
    if shown is None:
        pen = _Pen(uses)
        for line in text.lines:
            pen.write(line, text.size)
        shown = "".join(pen.operators)
        if pen.all_plain:
            text.shown = shown
        return shown
    uses.rows += text.rows
    if not text.rows and text not in uses.noted:
        uses.noted.add(text)
        uses.note(text.runs)
        for paragraph in dict.fromkeys(line.paragraph for line in text.lines):
            _mark(paragraph, uses)
    return shown % uses.of(text.late[0].face).codes(text.late) if text.late else shown


def _mark(paragraph: Paragraph, uses: FontUses) -> None:
    """Note what a plain paragraph shows."""
    shown = uses.of(paragraph.runs[0].face).shown
    shown.update(paragraph.runs)
    if len(paragraph.runs) > 1 and paragraph.gaps[0] is not None:
        shown.add(paragraph.gaps[0])


class _Pen:
    """Writes lines of one text. The size is in the text matrix, so that runs serve every size.

    `all_plain` tells that nothing in them is the file's own.
    """

    def __init__(self, uses: FontUses) -> None:
        self._uses = uses
        self._face: Face | None = None
        self._last: Paragraph | None = None
        self._codes: Sequence[str] = ()
        self.operators: list[str] = []
        self.all_plain = True

    def write(self, line: SetLine, size: float) -> None:
        """A line at its place."""
        paragraph, start, end, x, y, slope, wider = line
        plain = paragraph.codes is not None and not wider
        if plain and paragraph is not self._last:
            self._begin(paragraph)
        self.operators.append(line_matrix(size, slope, x, y))
        if plain:
            if not paragraph.runs[start].starts:
                self.operators.append(OPEN)
            self.operators += self._codes[2 * start : 2 * end - 1]
            self.operators.append(CLOSE)
        else:
            self.all_plain = False
            self._write_runs(line.runs, wider)

    def _begin(self, paragraph: Paragraph) -> None:
        """Take up a paragraph that has codes."""
        face = paragraph.runs[0].face
        self._choose(face)
        _mark(paragraph, self._uses)
        self._last, self._codes = paragraph, paragraph.codes or ()
        if paragraph.late:
            self.all_plain = False
            self._codes, use = list(self._codes), self._uses.of(face)
            for index, run in enumerate(paragraph.runs):
                if run.late:
                    self._codes[2 * index] = use.code(run)

    def _choose(self, face: Face) -> None:
        if face is not self._face:
            self._face = face
            self.operators.append(choose_font(face))

    def _write_runs(self, runs: Sequence[Run], wider: float) -> None:
        """Runs of several fonts, wider spaces, codes that lack a CID, and pieces without a space between.

        Between two of them the array of glyphs is open; `rests` says that the pen is at no height but 0.
        """
        shown = self.operators
        opened = rests = False
        for run in runs:
            if opened and run.face is not self._face:
                shown.append(CLOSE)
                opened = False
            self._choose(run.face)
            use = self._uses.of(run.face)
            use.shown.add(run)
            code = use.code(run)
            if run.starts:
                rested = code.startswith(AT_REST)
                if opened:
                    code = code[len(AT_REST) :] if rests and rested else CLOSE + code
                rests = rested
            elif not opened:
                shown.append(OPEN)
            if run.space and wider:
                shown.append(f">{round(-wider * 1000 / run.face.file.scale)}<")
            shown.append(code)
            opened = not run.ends
        if opened:
            shown.append(CLOSE)


def signature_operators(signature: Signature, resource: str, placed: PlacedPicture, card: Card) -> str:
    """The signature as large as it was written, smaller only where its frame is."""
    area = placed.area
    width, height = points(signature.width), points(signature.height)
    scale = min(1.0, area.width / width, area.height / height)
    width, height = width * scale, height * scale
    at_left = (placed.frame.align is Align.START) != (card.direction == "rtl")
    x = area.left if at_left else area.right - width
    if placed.frame.align is Align.CENTRE:
        x = area.left + (area.width - width) / 2
    y = area.bottom + (area.height - height) / 2
    place = f"{number(width)} 0 0 {number(height)} {number(x)} {number(y)} cm"
    return f"q {_fill(card.palette[placed.frame.colour])} {place} /{resource} Do Q\n"


def _fill(ink: Ink) -> str:
    return f"{' '.join(map(number, ink))} k"
