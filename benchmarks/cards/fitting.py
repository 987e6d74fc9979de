"""How a skilled user of a library without copy-fitting sets the message: cached widths, sizes by bisection.

The size is the largest of the frame's range, in steps of 1/4 pt, at which the lines fit; the library then
gets lines. Widths are the font's advances without kerning.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from app.domain.template import Frame
from benchmarks.cards.material import Box

STEP = 0.25


class Widths:
    """Advances of a font in em, by character and (cached) by word, and how far its letters reach."""

    def __init__(self, path: Path) -> None:
        font = TTFont(path)
        em, metrics, glyphs = font["head"].unitsPerEm, font["hmtx"].metrics, font["glyf"]
        self.glyph_names: dict[int, str] = font.getBestCmap()
        self._advance: dict[str, float] = {
            chr(code): metrics[name][0] / em for code, name in self.glyph_names.items()
        }
        self.ascent: float = glyphs[self.glyph_names[ord("l")]].yMax / em
        self.descent: float = -glyphs[self.glyph_names[ord("p")]].yMin / em
        self.space: float = self._advance[" "]
        self.word = lru_cache(maxsize=None)(self._word)

    def _word(self, word: str) -> float:
        return sum(map(self._advance.__getitem__, word))

    def of(self, text: str) -> float:
        """The width of a line in em."""
        return sum(map(self.word, text.split(" "))) + self.space * text.count(" ")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines at a size; baselines in pt from the frame's top."""

    size: float
    lines: list[str]
    first: float
    leading: float


def fit(text: str, widths: Widths, frame: Frame, box: Box) -> Fitted:
    """The text at the largest size that fits its frame.

    Raises:
        ValueError: it does not fit at the smallest.
    """
    words = text.split(" ")
    advances = [*map(widths.word, words)]
    smallest, largest = frame.size
    low, high = 0, round((largest - smallest) / STEP)
    best: tuple[float, list[str]] | None = None
    while low <= high:
        middle = (low + high + 1) // 2
        size = smallest + STEP * middle
        lines = _break(words, advances, widths.space, box.width / size)
        if _height(len(lines), size, widths, frame) <= box.height:
            best, low = (size, lines), middle + 1
        else:
            high = middle - 1
    if best is None:
        raise ValueError(f"does not fit: {text}")
    size, lines = best
    return Fitted(size, lines, widths.ascent * size, _leading(size, frame))


def _break(words: list[str], advances: list[float], space: float, width: float) -> list[str]:
    """Each line as full as it can be."""
    lines, start, used = [], 0, -space
    for index, advance in enumerate(advances):
        used += space + advance
        if used > width and index > start:
            lines.append(" ".join(words[start:index]))
            start, used = index, advance
    lines.append(" ".join(words[start:]))
    return lines


def _leading(size: float, frame: Frame) -> float:
    return frame.leading / 25.4 * 72 * size / frame.size[1]


def _height(lines: int, size: float, widths: Widths, frame: Frame) -> float:
    return (lines - 1) * _leading(size, frame) + (widths.ascent + widths.descent) * size
