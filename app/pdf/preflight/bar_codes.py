"""Finds Code 128, EAN and UPC among the paths, by what they are: bars that begin and end as theirs do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.pdf.preflight.content.marks import Mark, PathMark
from app.pdf.preflight.matrix_codes import Code, Kind

_FEWEST_BARS, _MOST_BARS = 13, 300
_OFF_GRID = 0.12
"""Modules; edges are written with two or three decimals."""
_WIDEST = 4
"""Modules of a bar or space."""
_LEAST_HEIGHT = 5
"""Modules that all bars share; what is lower is no code that a scanner's line would meet."""
_EAN_13 = (3 + 24 + 5 + 24 + 3, 95)
"""Bars and spaces, and modules."""
_EAN_8 = (3 + 16 + 5 + 16 + 3, 67)
_CODE_128_STARTS = ("211412", "211214", "211232")
_CODE_128_STOP = "2331112"


def bar_codes_of(marks: list[Mark]) -> Iterator[Code]:
    """The bar codes, each drawn as one path; their modules are those of the bars' common height."""
    for mark in marks:
        if isinstance(mark, PathMark) and mark.filled:
            found = _bar_code(mark)
            if found is not None:
                yield found


def _bar_code(mark: PathMark) -> Code | None:
    outline = mark.outline
    if not (_FEWEST_BARS <= len(outline.subpaths) <= _MOST_BARS and outline.boxed and outline.upright):
        return None
    boxes = outline.boxes[np.argsort(outline.boxes[:, 0])]
    low, high = float(boxes[:, 1].max()), float(boxes[:, 3].min())
    edges = boxes[:, [0, 2]].ravel()
    steps = np.diff(edges)
    if high <= low or (steps <= 0).any():
        return None
    columns = round(float(edges[-1] - edges[0]) / float(steps.min()))
    module = float(edges[-1] - edges[0]) / columns
    places = (edges - edges[0]) / module
    if np.abs(places - places.round()).max() > _OFF_GRID or (high - low) / module < _LEAST_HEIGHT:
        return None
    widths = np.diff(places.round().astype(int))
    kind = _kind(widths.tolist(), columns)
    if kind is None:
        return None
    row = np.repeat(np.arange(len(widths)) % 2 == 0, widths)
    modules = np.tile(row, (int((high - low) / module), 1))
    bounds = (float(edges[0]), high - len(modules) * module, float(edges[-1]), high)
    return Code(kind, mark, modules, module, bounds)


def _kind(widths: list[int], columns: int) -> Kind | None:
    if max(widths) > _WIDEST:
        return None
    said = "".join(map(str, widths))
    if said.startswith(_CODE_128_STARTS) and said.endswith(_CODE_128_STOP) and columns % 11 == 2:  # noqa: PLR2004 - the stop has 13
        return Kind.CODE_128
    middle = len(said) // 2
    if not (said.startswith("111") and said.endswith("111") and said[middle - 2 : middle + 3] == "11111"):
        return None
    if (len(said), columns) == _EAN_8:
        return Kind.EAN_8
    if (len(said), columns) == _EAN_13:
        return Kind.UPC_A if _is_upc(said) else Kind.EAN_13
    return None


def _is_upc(said: str) -> bool:
    """Whether all left digits are of set A, whose bars, the second and fourth width, are odd in sum."""
    digits = (said[start : start + 4] for start in range(3, 27, 4))
    return all((int(digit[1]) + int(digit[3])) % 2 == 1 for digit in digits)
