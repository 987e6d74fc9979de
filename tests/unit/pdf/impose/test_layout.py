"""Layouts of sheets: as many as fit, centred, with room for marks; fronts and backs register."""

from __future__ import annotations

from math import cos, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.geometry import Box
from app.domain.sheet import SHEETS, Duplex
from app.errors import SetupError
from app.pdf.impose.layout import MARK_ROOM, SLUG, Back, Piece, lay_out

_A6 = Piece((105, 148), 3)
_NEAR = 1e-6


@pytest.mark.parametrize(
    ("sheet", "piece", "gutter", "grid"),
    [
        ("SRA3", _A6, 3, (2, 4, True)),
        ("SRA3", _A6, 6, (2, 3, True)),
        ("SRA4", _A6, 3, (1, 2, False)),
        ("A3", _A6, 3, (2, 2, False)),
        ("13x19", _A6, 6, (2, 4, True)),
        ("SRA3", Piece((85, 55), 3), 3, (3, 7, False)),
        ("A4", Piece((80, 80), 2), 8, (2, 3, False)),
    ],
)
def test_as_many_as_fit(sheet: str, piece: Piece, gutter: float, grid: tuple[int, int, bool]) -> None:
    layout = lay_out(SHEETS[sheet], 4, piece, gutter)
    assert (layout.columns, layout.rows, layout.turned) == grid


_edges = st.floats(40, 200)


@settings(deadline=None)
@given(
    sheet=st.tuples(st.floats(100, 700), st.floats(100, 700)),
    margin=st.floats(0, 12),
    trim=st.tuples(_edges, _edges),
    bleed=st.floats(0, 5),
    gutter=st.floats(0, 12),
)
def test_what_stands_on_a_sheet_keeps_its_distance(
    sheet: tuple[float, float], margin: float, trim: tuple[float, float], bleed: float, gutter: float
) -> None:
    try:
        layout = lay_out(sheet, margin, Piece(trim, bleed), gutter)
    except SetupError:
        return
    places = layout.places
    assert [place.number for place in places] == list(range(layout.count))
    for place in places:
        assert layout.block.contains(place.shown, _NEAR)
        assert place.shown.contains(place.trim, _NEAR)
    for one in places:
        for other in places[one.number + 1 :][: layout.columns + 1]:
            assert not _overlap(one.shown, other.shown)
    assert layout.printable.contains(layout.block, _NEAR)
    if layout.slug is not None:
        assert layout.printable.contains(layout.slug, _NEAR)
        assert not _overlap(layout.slug, layout.block)
        assert min(layout.slug.width, layout.slug.height) >= SLUG - _NEAR
        assert layout.printable.contains(layout.block.inset(-MARK_ROOM), _NEAR)


def _overlap(a: Box, b: Box) -> bool:
    return min(a.right, b.right) - max(a.x, b.x) > _NEAR and min(a.bottom, b.bottom) - max(a.y, b.y) > _NEAR


def test_the_block_is_centred_where_the_slug_has_room() -> None:
    layout = lay_out(SHEETS["A3"], 4, _A6, 3)
    block = layout.block
    assert block.x == pytest.approx(297 - block.right)
    assert block.y == pytest.approx(420 - block.bottom)


def test_bleeds_of_neighbours_meet_in_the_middle_of_the_gutter() -> None:
    first, second, *_ = lay_out(SHEETS["SRA3"], 4, _A6, 3).places
    assert first.shown.right == pytest.approx(second.shown.x)
    assert first.shown.right - first.trim.right == pytest.approx(1.5)
    assert first.trim.x - first.shown.x == pytest.approx(3)


def test_a_sheet_of_one_piece_has_no_room_for_marks() -> None:
    layout = lay_out((90, 90), 0, Piece((90, 90), 0), 0)
    assert (layout.count, layout.slug) == (1, None)


def test_a_sheet_too_small_says_so() -> None:
    with pytest.raises(SetupError, match="holds not one piece of 105 × 148 mm with 3 mm of bleed"):
        lay_out((100, 100), 5, _A6, 3)


@pytest.mark.parametrize("duplex", [Duplex.LONG, Duplex.SHORT])
@pytest.mark.parametrize("sheet", [(320, 450), (450, 320)])
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_back_is_behind_its_front_and_upright_when_the_piece_is_turned(
    sheet: tuple[float, float], angle: int, duplex: Duplex
) -> None:
    """Ink at a point of the card's back must be behind the point that is mirrored on its front."""
    back = Back(sheet, duplex)
    front_box = Box(20, 30, 105, 148)
    back_box = back.behind(front_box)
    around_vertical = (sheet[1] >= sheet[0]) == (duplex is Duplex.LONG)
    for x, y in ((0.0, 0.0), (10.0, 0.0), (0.0, 20.0), (13.0, -7.0)):
        at_x, at_y = _on_sheet(front_box, angle, x, y)
        through = (sheet[0] - at_x, at_y) if around_vertical else (at_x, sheet[1] - at_y)
        assert through == pytest.approx(_on_sheet(back_box, back.angle(angle), -x, y))


def _on_sheet(box: Box, angle: int, x: float, y: float) -> tuple[float, float]:
    """A point of a piece, from its middle and upwards, as a point of the sheet, downwards."""
    turn = radians(angle)
    across, up = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
    return box.x + box.width / 2 + across, box.y + box.height / 2 - up


@pytest.mark.parametrize(("trim", "turned"), [((210, 95), False), ((100, 220), True)])
def test_codes_under_pieces_have_their_strip_between_neighbours(
    trim: tuple[float, float], *, turned: bool
) -> None:
    layout = lay_out(SHEETS["SRA3"], 8, Piece(trim, 3, 7.25), 13.25)
    assert layout.turned == turned
    assert layout.count > 1
    across, down = (7.25, 0) if turned else (0, 7.25)
    for place in layout.places:
        assert place.shown.width == pytest.approx(place.trim.width + 6 + across)
        assert place.shown.height == pytest.approx(place.trim.height + 6 + down)
        assert layout.block.contains(place.shown, _NEAR)
        others = [other.trim.inset(-3) for other in layout.places if other.number != place.number]
        assert not any(
            place.shown.x < other.right - _NEAR
            and other.x < place.shown.right - _NEAR
            and place.shown.y < other.bottom - _NEAR
            and other.y < place.shown.bottom - _NEAR
            for other in others
        )
    assert layout.printable.contains(layout.block, _NEAR)


def test_a_sheet_of_one_piece_goes_without_its_strip() -> None:
    alone = lay_out((90, 90), 0, Piece((90, 90), 0, 7.25), 0)
    assert (alone.count, alone.places[0].shown) == (1, alone.places[0].trim)
