"""Fitting: the largest size that fits, inside the frame and the safe zone, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.template import Align, VerticalAlign
from app.pdf.text.area import Area, Measure
from app.pdf.text.fit import Text
from app.pdf.text.paragraph import Paragraph
from app.pdf.text.place import SetText
from tests.shown_text import of_text

Shaper = Callable[..., Paragraph]
_SAFE = Area(0, 0, 400, 500)
_FRAME = Area(50, 100, 300, 280)


def _measure(**changes: Any) -> Measure:
    settings: dict[str, Any] = {
        "area": _FRAME,
        "safe": _SAFE,
        "align": Align.START,
        "vertical": VerticalAlign.TOP,
        "smallest": 10.0,
        "largest": 16.0,
        "leading": 20.0,
    }
    return Measure(**(settings | changes))


def _ink(done: SetText) -> list[tuple[float, float, float, float]]:
    return [shown.box for shown in of_text(done) if shown.box is not None]


_WORDS = st.lists(st.text("abdegimpqy", min_size=1, max_size=8), min_size=1, max_size=60).map(" ".join)


@settings(max_examples=120, deadline=None)
@given(
    text=_WORDS,
    seed=st.none() | st.integers(0, 1000),
    align=st.sampled_from(Align),
    vertical=st.sampled_from(VerticalAlign),
    base=st.sampled_from([0, 1]),
)
def test_whatever_is_set_has_all_its_ink_in_the_frame(
    shape: Shaper, *, text: str, seed: int | None, align: Align, vertical: VerticalAlign, base: int
) -> None:
    measure = _measure(align=align, vertical=vertical)
    done = Text([shape(text, seed=seed, base=base)], measure).fit(16)
    if done is None:
        return
    assert 10 <= done.size <= 16
    side, rise = done.size * 0.7, done.size * 0.31
    for left, bottom, right, top in _ink(done):
        assert left >= _FRAME.left - side
        assert right <= _FRAME.right + side
        assert bottom >= _FRAME.bottom - rise
        assert top <= _FRAME.top + rise


@settings(max_examples=60, deadline=None)
@given(text=_WORDS)
def test_the_size_is_the_largest_that_fits(shape: Shaper, text: str) -> None:
    flowing = Text([shape(text)], _measure())
    done = flowing.fit(16)
    if done is not None and done.size < 16:
        assert flowing.set_at(done.size + 0.25) is None


def test_a_short_text_is_set_at_the_largest_size(shape: Shaper) -> None:
    done = Text([shape("Thank you")], _measure()).fit(16)
    assert done is not None
    assert done.size == 16
    assert done.lines[0].y == pytest.approx(_FRAME.top - 0.82 * 16)


def test_too_much_text_is_not_set(shape: Shaper) -> None:
    assert Text([shape("so very much " * 60)], _measure()).fit(16) is None


_PROSE = (
    "so before it left us this morning we wrote this by hand and put it into the box with the lamp "
    "that you chose for the long table by the window where the light is best in winter"
)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("seed", [None, 5])
def test_justified_lines_reach_both_edges_but_the_last(shape: Shaper, base: int, seed: int | None) -> None:
    paragraph = shape(_PROSE, base=base, seed=seed)
    done = Text([paragraph], _measure(align=Align.JUSTIFY)).set_at(14)
    assert done is not None
    assert len(done.lines) > 3
    for line in done.lines[:-1]:
        advance = sum(run.advance + (line.wider if run.space else 0) for run in line.runs) * done.size
        edges = (line.x, line.x + advance)
        drift = 0.15 * done.size if seed else 0.01
        assert edges[0] == pytest.approx(_FRAME.left, abs=drift)
        assert edges[1] == pytest.approx(_FRAME.right, abs=drift)
        assert line.wider > 0
    assert done.lines[-1].wider == 0


def test_hanging_marks_stand_outside_of_both_edges_of_justified_lines(shape: Shaper) -> None:
    quoted = "“" + _PROSE.replace(" ", ", ") + "”"
    done = Text([shape(quoted, role="print")], _measure(align=Align.JUSTIFY)).set_at(14)
    assert done is not None
    first = done.lines[0]
    assert first.x + first.paragraph.opens[0] * 14 == pytest.approx(_FRAME.left)
    advance = sum(run.advance + (first.wider if run.space else 0) for run in first.runs)
    comma = first.paragraph.pieces[first.end - 1].closes
    assert comma > 0
    assert first.x + (advance - comma) * 14 == pytest.approx(_FRAME.right)


def test_nothing_is_set_outside_the_safe_zone(shape: Shaper) -> None:
    tight = _measure(safe=Area(60, 0, 400, 500))
    assert Text([shape("Thank you")], tight).fit(16) is None


def test_text_without_break_that_is_too_wide_is_not_set(shape: Shaper) -> None:
    assert Text([shape("W" * 60)], _measure()).fit(16) is None


@pytest.mark.parametrize(
    ("align", "base", "at"),
    [
        (Align.START, 0, "left"),
        (Align.END, 0, "right"),
        (Align.START, 1, "right"),
        (Align.END, 1, "left"),
        (Align.CENTRE, 0, "centre"),
    ],
)
def test_alignment_follows_the_direction(shape: Shaper, align: Align, base: int, at: str) -> None:
    paragraph = shape("Ida Holm", base=base, role="print")
    done = Text([paragraph], _measure(align=align)).fit(16)
    assert done is not None
    left = done.lines[0].x
    right = left + (paragraph.starts[1] + paragraph.advances[1]) * done.size
    found = {"left": left - _FRAME.left, "right": _FRAME.right - right}
    found["centre"] = found["left"] - found["right"]
    assert found[at] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("vertical", VerticalAlign)
def test_vertical_alignment(shape: Shaper, vertical: VerticalAlign) -> None:
    done = Text([shape("one line")], _measure(vertical=vertical)).fit(16)
    assert done is not None
    over, under = _FRAME.top - done.lines[0].y, done.lines[0].y - _FRAME.bottom
    expected = {
        VerticalAlign.TOP: over == pytest.approx(0.82 * 16),
        VerticalAlign.BOTTOM: under == pytest.approx(0.283 * 16),
        VerticalAlign.MIDDLE: over - 0.82 * 16 == pytest.approx(under - 0.283 * 16),
    }
    assert expected[vertical]


def test_leading_shrinks_with_the_type(shape: Shaper) -> None:
    done = Text([shape("many words go on and on here " * 6)], _measure()).set_at(12)
    assert done is not None
    assert done.lines[0].y - done.lines[1].y == pytest.approx(20 * 12 / 16)


def test_an_empty_line_is_half_a_line_of_air(shape: Shaper) -> None:
    done = Text([shape("one"), shape(""), shape("two")], _measure()).fit(16)
    assert done is not None
    assert done.lines[0].y - done.lines[1].y == pytest.approx(30)


def test_what_is_left_of_the_frame_is_told(shape: Shaper) -> None:
    done = Text([shape("one")], _measure()).fit(16)
    assert done is not None
    assert done.free == pytest.approx(180 - (0.82 + 0.283) * 16)
