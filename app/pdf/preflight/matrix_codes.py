"""Finds QR and Data Matrix codes among the paths, by what they are: boxes on a grid, with finder patterns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
import zxingcpp

from app.pdf.codes.bars import CODE_128_QUIET_ZONE
from app.pdf.codes.data_matrix import DATA_MATRIX_QUIET_ZONE
from app.pdf.codes.modules import Modules
from app.pdf.codes.qr import QR_QUIET_ZONE
from app.pdf.preflight.content.marks import Mark, PathMark
from app.pdf.preflight.content.matrix import Bounds
from app.pdf.preflight.raster import InkRaster, Plane

_FEWEST_BOXES = 12
_SMALLEST, _LARGEST = 8, 177
_OFF_GRID = 0.08
"""Modules; edges are written with two or three decimals."""
_PIXELS = 4
"""Pixels a module."""
_READERS_MARGIN = 12
"""Modules around a code that is given to the reader alone."""
_FINDER = np.ones((7, 7), dtype=np.bool_)
_FINDER[1:6, 1:6] = False
_FINDER[2:5, 2:5] = True


Quiet = tuple[int, int, int, int]
"""Free modules on the left, above, on the right and below."""


class Kind(Enum):
    """A kind of code: its name for people, its quiet zone and its format for the reader."""

    QR = ("QR code", (QR_QUIET_ZONE,) * 4, "QRCode")
    DATA_MATRIX = ("Data Matrix", (DATA_MATRIX_QUIET_ZONE,) * 4, "DataMatrix")
    CODE_128 = ("Code 128", (CODE_128_QUIET_ZONE, 0, CODE_128_QUIET_ZONE, 0), "Code128")
    EAN_13 = ("EAN-13", (11, 0, 7, 0), "EAN13")
    EAN_8 = ("EAN-8", (7, 0, 7, 0), "EAN8")
    UPC_A = ("UPC-A", (9, 0, 9, 0), "UPCA")

    def __init__(self, title: str, quiet: Quiet, reader: str) -> None:
        self.title = title
        self.quiet = quiet
        self.reader = reader


@dataclass(frozen=True, slots=True)
class Code:
    """A code on a page: its modules, their size and the whole's place in points."""

    kind: Kind
    mark: PathMark
    modules: Modules
    module: float
    bounds: Bounds

    @property
    def with_quiet_zone(self) -> Bounds:
        """The place that must be the code's alone."""
        left, above, right, below = (modules * self.module for modules in self.kind.quiet)
        return (
            self.bounds[0] - left,
            self.bounds[1] - below,
            self.bounds[2] + right,
            self.bounds[3] + above,
        )

    def reads(self) -> bool:
        """Whether a reader makes anything of its modules."""
        around = np.pad(self.modules, _READERS_MARGIN).repeat(_PIXELS, axis=0).repeat(_PIXELS, axis=1)
        picture = np.where(around, 0, 255).astype(np.uint8)
        # Looked up here: its objects, kept for a process's life, are complained of aloud when that ends.
        wanted = getattr(zxingcpp.BarcodeFormat, self.kind.reader)
        found = zxingcpp.read_barcodes(
            picture, formats=wanted, is_pure=True, try_rotate=False, try_invert=False
        )
        return any(one.valid for one in found)


def codes_of(marks: list[Mark]) -> Iterator[Code]:
    """The codes drawn as merged rectangles, each one path."""
    for mark in marks:
        if isinstance(mark, PathMark) and mark.filled and len(mark.outline.subpaths) >= _FEWEST_BOXES:
            found = _code(mark)
            if found is not None:
                yield found


def _code(mark: PathMark) -> Code | None:
    if not (mark.outline.boxed and mark.outline.upright):
        return None
    low, high = mark.outline.boxes[:, :2], mark.outline.boxes[:, 2:]
    origin, end = low.min(axis=0), high.max(axis=0)
    module = float((high - low).min())
    if module <= 0:
        return None
    columns, rows = (round(float(n)) for n in (end - origin) / module)
    if not (_SMALLEST <= columns <= _LARGEST and _SMALLEST <= rows <= _LARGEST):
        return None
    # The module's exact size: the smallest rectangle's was rounded when written.
    module = float((end - origin).mean() / ((columns + rows) / 2))
    starts, ends = (low - origin) / module, (high - origin) / module
    if max(np.abs(starts - starts.round()).max(), np.abs(ends - ends.round()).max()) > _OFF_GRID:
        return None
    modules = np.zeros((rows, columns), dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(starts.round().astype(int), ends.round().astype(int), strict=True):
        modules[rows - y1 : rows - y0, x0:x1] = True
    kind = _kind(modules)
    bounds = (float(origin[0]), float(origin[1]), float(end[0]), float(end[1]))
    return None if kind is None else Code(kind, mark, modules, module, bounds)


def _kind(modules: Modules) -> Kind | None:
    corners = (modules[:7, :7], modules[:7, -7:], modules[-7:, :7])
    if all(np.array_equal(corner, _FINDER) for corner in corners):
        return Kind.QR
    if modules[:, 0].all() and modules[-1].all() and _alternates(modules[0]) and _alternates(modules[:, -1]):
        return Kind.DATA_MATRIX
    return None


def _alternates(edge: Modules) -> bool:
    return bool((edge[1:] != edge[:-1]).all())


def ink_around(code: Code, marks: list[Mark]) -> InkRaster:
    """The ink on the code and its quiet zone, four pixels a module."""
    raster = InkRaster(code.with_quiet_zone, _PIXELS / code.module)
    raster.draw(marks)
    return raster


def quiet_zone_of(code: Code, raster: InkRaster) -> Plane:
    """The ink in the quiet zone alone: zero over the code itself."""
    total = raster.total()
    rows, columns = _pixels_of(code)
    total[rows, columns] = 0
    return total


def at_modules(code: Code, plane: Plane) -> Plane:
    """A plane's value in the middle of each module."""
    rows, columns = _pixels_of(code)
    middle: Plane = plane[rows, columns][_PIXELS // 2 :: _PIXELS, _PIXELS // 2 :: _PIXELS]
    return middle


def _pixels_of(code: Code) -> tuple[slice, slice]:
    """Rows and columns of the code without its quiet zone."""
    left, above, _, _ = code.kind.quiet
    rows, columns = code.modules.shape
    return (
        slice(above * _PIXELS, (above + rows) * _PIXELS),
        slice(left * _PIXELS, (left + columns) * _PIXELS),
    )
