"""Matrix codes as modules, and modules as few rectangles.

zxing-cpp writes the QR in 0.3 ms where segno takes 7. Data Matrix is by ppf-datamatrix, which keeps it
square: zxing-cpp makes 12 × 26 modules of a bench code, too wide for its place.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from ppf.datamatrix import DataMatrix

from app.errors import ArtworkUnusable

Modules = NDArray[np.bool_]
"""Rows of modules from the top, True where there is ink; without quiet zone."""
ErrorLevel = Literal["L", "M", "Q", "H"]
"""How much of a QR may be lost: 7, 15, 25, 30 %."""

QR_QUIET_ZONE = 4
"""Free modules on each side (ISO/IEC 18004:2015, 6.3.8)."""
DATA_MATRIX_QUIET_ZONE = 1
"""Free modules on each side (ISO/IEC 16022:2006, 5.2)."""


def qr_modules(text: str, error: ErrorLevel = "M") -> Modules:
    """The QR code of `text`, 21 × 21 to 177 × 177 modules.

    Args:
        text: a link; only ASCII, because readers disagree on the charset of anything else.
        error: the error correction level.

    Raises:
        ArtworkUnusable: the text is empty, too long, or not ASCII.
    """
    _require_ascii(text, "QR code")
    try:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=error)
    except ValueError as fault:
        raise _too_long(text, "QR code") from fault
    pixels = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    ink: Modules = np.asarray(pixels) == 0
    return ink


def data_matrix_modules(text: str) -> Modules:
    """The square ECC 200 Data Matrix of `text`; a 22-character bench code makes 18 × 18 modules.

    Raises:
        ArtworkUnusable: the text is empty, too long, or not ASCII.
    """
    _require_ascii(text, "Data Matrix")
    try:
        matrix = DataMatrix(text).matrix
    except (ValueError, IndexError) as fault:
        raise _too_long(text, "Data Matrix") from fault
    return np.array(matrix, dtype=np.bool_)


def merged_rectangles(modules: Modules) -> list[tuple[int, int, int, int]]:
    """Rectangles (x, y, width, height in modules, y downwards) that cover the inked modules once each.

    Equal runs of neighbouring lines become one rectangle; lines are rows or columns, whichever needs
    fewer rectangles. Fill them as one path: filled one by one, viewers show hairlines between neighbours.
    """
    by_row = _merged_runs(modules)
    by_column = _merged_runs(modules.T)[:, [1, 0, 3, 2]]
    fewest = by_row if len(by_row) <= len(by_column) else by_column
    return [(x, y, width, height) for x, y, width, height in fewest.tolist()]


def _merged_runs(modules: Modules) -> NDArray[np.intp]:
    """One row (start, line, length, lines) a group of equal runs in neighbouring lines."""
    lines, width = modules.shape
    edged = np.zeros((lines, width + 2), dtype=np.int8)
    edged[:, 1:-1] = modules
    steps = np.diff(edged, axis=1)
    line, start = np.nonzero(steps == 1)
    _, end = np.nonzero(steps == -1)
    # Sorted by this key, a run and its equal in the next line stand together, their keys one apart.
    key = (start * (width + 1) + end) * (lines + 1) + line
    order = np.argsort(key)
    new_group = np.diff(key[order], prepend=-2) != 1
    first = np.flatnonzero(new_group)
    top = order[first]
    count = np.diff(first, append=len(order))
    return np.column_stack((start[top], line[top], end[top] - start[top], count))


def _require_ascii(text: str, kind: str) -> None:
    if not text:
        raise ArtworkUnusable(f"a {kind} needs a text", mend="give the card its code")
    if not text.isascii():
        raise ArtworkUnusable(
            f"a {kind} cannot hold {next(c for c in text if not c.isascii())!r}",
            mend="percent-encode the link",
        )


def _too_long(text: str, kind: str) -> ArtworkUnusable:
    return ArtworkUnusable(f"{len(text)} characters do not fit a {kind}", mend="use a shorter link")
