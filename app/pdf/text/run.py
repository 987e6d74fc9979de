"""Glyphs that are shown by one piece of code: a word's in one font, or a space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.pdf.text.cluster import START, Cluster
from app.pdf.text.face import Face
from app.pdf.text.glyph import UNNUMBERED, Glyph
from app.pdf.text.grid import PER_EM, on_grid
from app.pdf.text.hand import RISE_STEP, Sways
from app.pdf.text.itemise import Item

CLOSED = ">]TJ\n"
AT_REST = "0 Ts[<"
"""How a run of handwriting begins that does not leave the line."""


@dataclass(slots=True, eq=False)
class Run:
    """Glyphs of one font and one direction, from left to right. Lengths in em of the text's size.

    The advance lies on the grid. `code` is what shows them, within or (`starts`) before the opening bracket
    of a `TJ` array; `ends` where it closes that. Ink reaches from `left` to `over` behind the advance, from
    `bottom` to `top`.
    """

    face: Face
    level: int
    glyphs: tuple[Glyph, ...]
    code: str
    advance: float
    left: float = 0.0
    bottom: float = 0.0
    over: float = 0.0
    top: float = 0.0
    starts: bool = False
    ends: bool = False
    space: bool = False
    """Whether it is a space between words, which a justified line widens."""
    late: tuple[Glyph, ...] = ()
    """The glyphs whose CIDs the file has to put into the code."""

    def __post_init__(self) -> None:
        """Find the late ones."""
        if UNNUMBERED in self.code:
            self.late = tuple(glyph for glyph in self.glyphs if not glyph.cid)


class Row(NamedTuple):
    """The clusters of an item, or of what a piece has of it; `swaying` where a hand moves them."""

    item: Item
    clusters: list[Cluster]
    swaying: Sways | None

    def part(self, start: int, end: int) -> Row:
        """What stands from one place in the word to another."""
        return self._replace(clusters=[c for c in self.clusters if start <= c[START] < end])


def run_of(row: Row, tracking: float, *, written: bool) -> Run:
    """The glyphs of a row, with the code that shows them.

    One long loop, for a word that is shaped spends most of its time here. The next glyph belongs at `wanted`;
    PDF would put it at `at`, less what was `given` by corrections. Both in em, on the grid.

    Args:
        row: its clusters.
        tracking: what is added to each advance, em.
        written: by hand, at heights of its own.
    """
    item, clusters, swaying = row
    face, tracking = item.face, on_grid(tracking)
    scale, own, glyph_of = face.scale, face.file.scale, face.glyphs.of
    advances, rises = swaying or (None, None)
    height = None if written else 0
    given = 0
    code: list[str] = []
    glyphs: list[Glyph] = []
    inks: list[tuple[float, float, float, float]] = []
    wanted = at = 0.0
    for shape, start, advance, dx, dy, said in clusters:
        glyph = glyph_of(shape, said)
        rise = round(dy * scale / RISE_STEP) if dy else 0
        shift = dx * scale
        if rises is not None:
            rise += rises[start]
        if rise != height:
            code.append(at_height(rise))
            height = rise
        correction = round((at - wanted - shift) * 1000 / own) - given
        if correction:
            code.append(f">{correction}<")
            given += correction
        code.append(glyph.code)
        glyphs.append(glyph)
        if glyph.ink is not None:
            left, bottom, right, top = glyph.ink
            x, y = wanted + shift, rise * RISE_STEP
            inks.append((x + left, y + bottom, x + right, y + top))
        at += glyph.advance
        if advance:
            spaced = round(advance * scale * PER_EM) / PER_EM + tracking
            wanted += spaced if advances is None else spaced + advances[start]
    correction = round((at - wanted) * 1000 / own) - given
    if correction:
        code.append(f">{correction}<")
        given += correction
    if height and rises is None:
        code.append(at_height(0))
    shown = "".join(code)[len(CLOSED) if written else 0 :].replace("<>", "")
    run = Run(face, item.level, tuple(glyphs), shown, on_grid(at - given * own / 1000))
    run.starts = written
    if inks:
        lefts, bottoms, rights, tops = zip(*inks, strict=True)
        run.left, run.bottom, run.top = min(0.0, *lefts), min(bottoms), max(tops)
        run.over = max(0.0, max(rights) - run.advance)
    return run


def space_of(face: Face, shown: Glyph, sway: float, tracking: float, *, written: bool) -> Run:
    """A space, wider by `sway` em.

    Where text is written it ends its array, since the next word stands at another height.
    """
    scale = face.file.scale
    before = round(tracking * 1000 / scale)
    correction = round(sway * 1000 / scale)
    code = f">{-before}<" if before else ""
    code += shown.code + (f">{-correction}" if correction else ">" if written else "")
    code += "]TJ\n" if written else "<" if correction else ""
    advance = on_grid(shown.advance + (before + correction) * scale / 1000)
    run = Run(face, 0, (shown,), code, advance)
    run.space, run.ends = True, written
    return run


@lru_cache(maxsize=4096)
def at_height(rise: int) -> str:
    """What begins glyphs that stand some steps over the line, after others."""
    return f"{CLOSED}{rise * RISE_STEP:.3g} Ts[<"
