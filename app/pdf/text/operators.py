"""What begins and ends a line of text in a content stream (ISO 32000-2, 9.4), whichever way it is set."""

from __future__ import annotations

from typing import Final

from app.pdf.text.face import Face

OPEN: Final = "[<"
CLOSE: Final = ">]TJ\n"


def choose_font(face: Face) -> str:
    """The font; the size of the text is in its lines' matrices, so that codes serve every size."""
    return f"/{face.resource} {face.file.scale:.6g} Tf\n"


def line_matrix(size: float, slope: float, x: float, y: float) -> str:
    """Where a line starts, in pt, and its rise as a tangent."""
    if slope:
        lean = slope * size
        return "%.6g %.4f %.4f %.6g %.3f %.3f Tm\n" % (size, lean, -lean, size, x, y)  # noqa: UP031 - faster
    return f"{size:.6g} 0 0 {size:.6g} {x:.3f} {y:.3f} Tm\n"
