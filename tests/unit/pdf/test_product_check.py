from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.geometry import Box
from app.domain.product import CodePlace, ItemText, Panel, Product, Shape, Surface, TextFrame
from app.errors import SetupError
from app.pdf.product_check import check_products
from tests.photos import TILE

HEART = "M35 64 C10 48 0 34 0 19 C0 8 8 0 18 0 C26 0 32 4 35 10"
HEART += " C38 4 44 0 52 0 C62 0 70 8 70 19 C70 34 60 48 35 64 Z"
ROUND = replace(TILE, surface=Surface(shape=Shape.CIRCLE, size=(80, 80), bleed=2, safe=4))
INSIDE, CORNER, ACROSS = Box(30, 36, 24, 8), Box(73, 69.2, 8.5, 12.5), Box(60, 60, 8, 12)


def heart(path: str) -> Product:
    return replace(TILE, surface=Surface(shape=Shape.PATH, size=(70, 64), bleed=3, safe=3, path=path))


def saying(box: Box) -> Product:
    frame = TextFrame(says=ItemText.NAME, box=box, typeface="hand", size=(8, 12), leading=5)
    return replace(ROUND, panels=(Panel(name="front", pictures=(Box(0, 0, 80, 80),), texts=(frame,)),))


@pytest.mark.parametrize("path", ["", "hello", "M0 0", "M0 0L10 10Z", "M0 0H10", "M 1"])
def test_an_outline_encloses_something(path: str) -> None:
    with pytest.raises(SetupError, match="'tile'"):
        check_products([heart(path)])


def test_an_outline_over_its_trim_is_a_slip_of_units() -> None:
    with pytest.raises(SetupError, match=r"reaches from 0\.0, 0\.0 to 200\.0, 200\.0 mm"):
        check_products([heart("M0 0H200V200Z")])
    check_products([heart(HEART), TILE])


@pytest.mark.parametrize(("box", "on_piece"), [(CORNER, False), (INSIDE, True)])
def test_a_code_stands_on_the_piece_or_on_what_is_cut_away(box: Box, *, on_piece: bool) -> None:
    check_products([replace(ROUND, code=CodePlace(box=box, on_piece=on_piece))])
    with pytest.raises(SetupError, match=r"code\.box"):
        check_products([replace(ROUND, code=CodePlace(box=box, on_piece=not on_piece))])


@pytest.mark.parametrize("on_piece", [True, False])
def test_a_code_is_never_cut_through(*, on_piece: bool) -> None:
    with pytest.raises(SetupError, match=r"code\.box"):
        check_products([replace(ROUND, code=CodePlace(box=ACROSS, on_piece=on_piece))])


def test_words_stand_where_nothing_is_cut() -> None:
    check_products([saying(INSIDE)])
    with pytest.raises(SetupError, match="the name on the panel 'front': a corner"):
        check_products([saying(Box(6, 6, 40, 8))])
