"""What begins and ends a line of text in a content stream (ISO 32000-2, 9.4), whichever way it is set."""

from __future__ import annotations

from typing import Final

from app.pdf.text.face import Face

OPEN: Final = "[<"
CLOSE: Final = ">]TJ\n"
LEAN_STEPS, PLACE_STEPS = 10_000, 1_000
"""Leans are written in four decimals, and places, in pt, in three."""


def choose_font(face: Face, resource: str | None = None) -> str:
    """The font; the size of the text is in its lines' matrices, so that codes serve every size.

    `resource` is what the pages call it where that is not the face's own name.
    """
    return f"/{resource or face.resource} {face.file.scale:.6g} Tf\n"


def line_matrix(size: float, slope: float, x: float, y: float) -> str:
    """Where a line starts, in pt, and its rise as a tangent."""
    # Rounded to whole steps first, as in `columns/matrices.py`: what is halfway goes the same way in both.
    lean = lean_of(round(slope * size * LEAN_STEPS))
    across, up = round(x * PLACE_STEPS) / PLACE_STEPS, round(y * PLACE_STEPS) / PLACE_STEPS
    return f"{size:.6g}{lean}{size:.6g} {across:.3f} {up:.3f} Tm\n"


def lean_of(steps: int) -> str:
    """The second and the third number of a line's matrix, with a space on each side."""
    return f" {steps / LEAN_STEPS:.4f} {-steps / LEAN_STEPS:.4f} " if steps else " 0 0 "
