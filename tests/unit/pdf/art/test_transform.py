"""SVG transforms as matrices."""

from __future__ import annotations

import math

import pytest

from app.pdf.art.transform import TransformError, matrix

_HALF = math.sqrt(0.5)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("translate(3)", (1, 0, 0, 1, 3, 0)),
        ("translate(3,-4)", (1, 0, 0, 1, 3, -4)),
        ("scale(2)", (2, 0, 0, 2, 0, 0)),
        ("scale(2 3)", (2, 0, 0, 3, 0, 0)),
        ("scale(-1 1)", (-1, 0, 0, 1, 0, 0)),
        ("rotate(90)", (0, 1, -1, 0, 0, 0)),
        ("rotate(90 5 0)", (0, 1, -1, 0, 5, -5)),
        ("rotate(45)", (_HALF, _HALF, -_HALF, _HALF, 0, 0)),
        ("skewX(45)", (1, 0, 1, 1, 0, 0)),
        ("skewY(45)", (1, 1, 0, 1, 0, 0)),
        ("matrix(1 2 3 4 5 6)", (1, 2, 3, 4, 5, 6)),
        ("translate(10 0) scale(2)", (2, 0, 0, 2, 10, 0)),
        ("scale(2), translate(10 0)", (2, 0, 0, 2, 20, 0)),
    ],
)
def test_transforms(said: str, expected: tuple[float, ...]) -> None:
    assert matrix(said) == pytest.approx(expected, abs=1e-12)


def test_no_transform_is_none() -> None:
    assert matrix("  ") is None


@pytest.mark.parametrize(
    "said", ["spin(3)", "translate()", "scale(1 2 3)", "matrix(1)", "translate(x)", "translate 3"]
)
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises((TransformError, ValueError)):
        matrix(said)
