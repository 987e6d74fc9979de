"""Many cards at one glance: both sides of each beside each other, at one physical scale, with its verdict."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from app.pdf.sheet_labels import Labels

Tone = Literal["passed", "warned", "failed"]
Colour = tuple[int, int, int]

_COLUMNS, _ROWS = 3, 4
_MARGIN, _GAP, _FOLD = 48, 36, 6
"""Pixels around the sheet, between cards, between a card's two sides."""
_HEAD, _LABEL = 96, 78
"""Height of the heading, and of the three lines under a card."""
_GROUND: Colour = (246, 243, 236)
_INK: Colour = (35, 32, 29)
_QUIET: Colour = (104, 97, 88)
_EDGE: Colour = (214, 208, 196)
_TONES: dict[Tone, Colour] = {"passed": (30, 104, 62), "warned": (146, 84, 0), "failed": (170, 34, 38)}
_NARROWEST = 640
_SIGN = 11
"""Pixels of a verdict's sign."""
_SIGNS: dict[Tone, tuple[tuple[tuple[int, int], ...], ...]] = {
    "passed": (((0, 6), (4, 10), (11, 1)),),
    "warned": (((5, 0), (5, 6)), ((5, 9), (5, 10))),
    "failed": (((1, 1), (10, 10)), ((1, 10), (10, 1))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCard:
    """A card on a sheet: pictures of its sides, and three lines: its words, what it is, its verdict."""

    sides: tuple[bytes, ...]
    words: str
    language: str
    caption: str
    tone: Tone
    verdict: str


class ContactSheets:
    """Sheets of cards of one size.

    Args:
        title: what they are.
        subtitle: more of it.
        size: pixels of one side, for those that could not be drawn.
        labels: writes what stands under them.
    """

    def __init__(self, title: str, subtitle: str, size: tuple[int, int], labels: Labels) -> None:
        self._title = title
        self._subtitle = subtitle
        self._size = size
        self._labels = labels

    def of(self, cards: Sequence[SheetCard]) -> Iterator[bytes]:
        """All cards in their order, as PNG."""
        each = _COLUMNS * _ROWS
        count = -(-len(cards) // each)
        for number, start in enumerate(range(0, len(cards), each), 1):
            more = f", sheet {number} of {count}" if count > 1 else ""
            yield self._sheet(cards[start : start + each], self._subtitle + more)

    def _sheet(self, cards: Sequence[SheetCard], subtitle: str) -> bytes:
        across, down = 2 * self._size[0] + _FOLD + _GAP, self._size[1] + _LABEL + _GAP
        columns, rows = min(_COLUMNS, len(cards)), -(-len(cards) // _COLUMNS)
        width = max(2 * _MARGIN + columns * across - _GAP, _NARROWEST)
        sheet = Image.new("RGB", (width, _HEAD + 2 * _MARGIN + rows * down - _GAP), _GROUND)
        draw = ImageDraw.Draw(sheet)
        inside = width - 2 * _MARGIN
        self._labels.write(draw, (_MARGIN, _MARGIN + 26), self._title, size=32, fill=_INK, width=inside)
        self._labels.write(draw, (_MARGIN, _MARGIN + 56), subtitle, size=17, fill=_QUIET, width=inside)
        for place, card in enumerate(cards):
            row, column = divmod(place, _COLUMNS)
            at = _MARGIN + column * across, _MARGIN + _HEAD + row * down
            self._sides(sheet, draw, at, card)
            self._words(draw, (at[0], at[1] + self._size[1]), card)
        out = io.BytesIO()
        sheet.save(out, "PNG")
        return out.getvalue()

    def _sides(
        self, sheet: Image.Image, draw: ImageDraw.ImageDraw, at: tuple[int, int], card: SheetCard
    ) -> None:
        for number in range(max(1, len(card.sides))):
            x, y = at[0] + number * (self._size[0] + _FOLD), at[1]
            width, height = self._size
            if card.sides:
                with Image.open(io.BytesIO(card.sides[number])) as side:
                    sheet.paste(side, (x, y))
                    width, height = side.size
            draw.rectangle((x - 1, y - 1, x + width, y + height), outline=_EDGE)

    def _words(self, draw: ImageDraw.ImageDraw, at: tuple[int, int], card: SheetCard) -> None:
        left, top = at
        width, write = 2 * self._size[0] + _FOLD, self._labels.write
        write(draw, (left, top + 24), card.words, size=17, fill=_INK, width=width, language=card.language)
        write(draw, (left, top + 46), card.caption, size=14, fill=_QUIET, width=width)
        _sign(draw, (left, top + 57), card.tone)
        beside, room = left + _SIGN + 8, width - _SIGN - 8
        write(draw, (beside, top + 68), card.verdict, size=14, fill=_TONES[card.tone], width=room)


def _sign(draw: ImageDraw.ImageDraw, at: tuple[int, int], tone: Tone) -> None:
    """A tick, a bar or a cross: a verdict is never told by its colour alone."""
    x, y = at
    for line in _SIGNS[tone]:
        draw.line([(x + across, y + down) for across, down in line], fill=_TONES[tone], width=2)
