"""Reads the codes of set text as PDF does, glyph by glyph: what tests measure is what would be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.pdf.text.glyph import Glyph
from app.pdf.text.place import SetText
from app.pdf.text.run import Run

_TOKEN = re.compile(r"(?P<rise>-?[\d.]+) Ts|(?<=[>\[])(?P<move>-?\d+)(?=[<\]])|(?P<glyph>[0-9A-F]{4}|%s)")


class Shown(NamedTuple):
    """A glyph, its origin and the size of its em, in the unit of what was read."""

    glyph: Glyph
    x: float
    y: float
    size: float

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Its ink: left, bottom, right, top; None where it is blank."""
        if self.glyph.ink is None:
            return None
        left, bottom, right, top = self.glyph.ink
        size = self.size
        return self.x + left * size, self.y + bottom * size, self.x + right * size, self.y + top * size


def of_run(run: Run, x: float = 0.0, y: float = 0.0, size: float = 1.0) -> Iterator[Shown]:
    """The glyphs of a run, at a size."""
    glyphs = iter(run.glyphs)
    rise = pen = 0.0
    for token in _TOKEN.finditer(run.code):
        if token["rise"]:
            rise = float(token["rise"])
        elif token["move"]:
            pen -= int(token["move"]) * run.face.file.scale / 1000
        else:
            glyph = next(glyphs)
            assert token["glyph"] in {f"{glyph.cid:04X}", "%s"}
            yield Shown(glyph, x + pen * size, y + rise * size, size)
            pen += glyph.advance
    assert next(glyphs, None) is None
    assert abs(pen - run.advance) < 1e-6


def of_text(text: SetText) -> Iterator[Shown]:
    """The glyphs of a set text on its page, in pt; lines lean."""
    for line in text.lines:
        pen = 0.0
        for run in line.runs:
            pen += line.wider if run.space else 0.0
            x, y = line.x + pen * text.size, line.y + pen * text.size * line.slope
            yield from of_run(run, x, y, text.size)
            pen += run.advance


def said(runs: list[Run]) -> str:
    """What the glyphs say, in the order in which they stand."""
    return "".join(glyph.text for run in runs for glyph in run.glyphs)
