"""The graphics state of one moment (ISO 32000-1, 8.4)."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import pikepdf

from app.pdf.preflight.content.marks import Clip, Look
from app.pdf.preflight.content.matrix import Bounds, Matrix
from app.pdf.preflight.content.paint import GRAY, Paint, initial_paint
from app.pdf.preflight.content.typeface import Typeface

_BLACK = initial_paint(GRAY)


@dataclass(slots=True)
class State:
    """What `q` saves and `Q` brings back. Widths and sizes in the units of `ctm`'s space."""

    ctm: Matrix
    clip: Clip
    fill: Paint = _BLACK
    stroke: Paint = _BLACK
    line_width: float = 1.0
    fill_overprints: bool = False
    stroke_overprints: bool = False
    overprint_mode: int = 0
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    blend: str = "Normal"
    soft_mask: bool = False
    group_alpha: float = 1.0
    """What the transparency groups around this content are painted with."""
    group_soft: bool = False
    """Whether a group around is painted through a soft mask or blended."""
    font: Typeface | None = None
    size: float = 0.0
    character_spacing: float = 0.0
    word_spacing: float = 0.0
    horizontal_scaling: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    _look: Look | None = None

    def saved(self) -> State:
        """A copy for the stack."""
        return copy.copy(self)

    def changed(self) -> None:
        """To be called after anything in `look` was set."""
        self._look = None

    def look(self, layers: tuple[pikepdf.Object, ...]) -> Look:
        """What decides the ink of the next mark; one object as long as nothing changes."""
        if self._look is None or self._look.layers is not layers:
            self._look = Look(
                fill=self.fill,
                stroke=self.stroke,
                fill_overprints=self.fill_overprints,
                stroke_overprints=self.stroke_overprints,
                overprint_mode=self.overprint_mode,
                fill_alpha=self.fill_alpha * self.group_alpha,
                stroke_alpha=self.stroke_alpha * self.group_alpha,
                blend=self.blend,
                soft_mask=self.soft_mask or self.group_soft,
                layers=layers,
            )
        return self._look

    def enter_group(self) -> None:
        """A transparency group is painted as one object: what is set now applies to the whole of it."""
        self.group_alpha *= self.fill_alpha
        self.group_soft = self.group_soft or self.soft_mask or self.blend != "Normal"
        self.fill_alpha = self.stroke_alpha = 1.0
        self.blend, self.soft_mask = "Normal", False
        self.changed()


def starting_state(page: Bounds, ctm: Matrix) -> State:
    """The state at the start of a page's content."""
    return State(ctm, Clip(page))
