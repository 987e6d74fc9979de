"""QR codes for the peers: by zxing-cpp, the fastest encoder for Python, a bar for each run of modules."""

from __future__ import annotations

import numpy as np
import zxingcpp
from numpy.typing import NDArray

QUIET = 4
"""Free modules on each side."""


def modules(text: str) -> NDArray[np.bool_]:
    """Rows of modules without quiet zone, True where there is ink."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    ink: NDArray[np.bool_] = np.asarray(pixels) == 0
    return ink


def bars(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """The symbol's modules a side, and x, y and width of each run of ink, in modules from the top left."""
    ink = modules(text)
    padded = np.zeros((ink.shape[0], ink.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = ink
    edges = np.diff(padded, axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    runs = zip(starts.tolist(), rows.tolist(), (ends - starts).tolist(), strict=True)
    return len(ink), list(runs)
