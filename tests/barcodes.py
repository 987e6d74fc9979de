"""Reads codes back with zxing-cpp, which shares nothing with our makers of them."""

from __future__ import annotations

import numpy as np
import zxingcpp

from app.pdf.codes.modules import Modules, Octets


def read(modules: Modules, quiet: int) -> str:
    """The text of a code drawn with its quiet zone, which must be the only one."""
    ink = np.pad(modules, quiet).repeat(4, axis=0).repeat(4, axis=1)
    (found,) = read_all(np.where(ink, 0, 255).astype(np.uint8))
    return found.text


def read_all(picture: Octets) -> list[zxingcpp.Barcode]:
    """Every code of a grey picture."""
    return list(zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain))


def read_bars(widths: str) -> zxingcpp.Barcode:
    """The bar code of these widths, with room around it; it must be the only one."""
    row = [255] * 12
    for turn, width in enumerate(map(int, widths)):
        row += [255 * (turn % 2)] * width
    lines = np.tile(np.array([*row, *[255] * 12], dtype=np.uint8).repeat(3), (60, 1))
    (found,) = read_all(lines)
    return found
