"""Art in SVG: what is drawn, in which inks, and what is refused by file and element."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import ArtworkUnusable
from app.pdf.art.svg import Drawing

_PALETTE = {"brand": (1.0, 0.5, 0.0, 0.25), "accent": (0.0, 0.0, 1.0, 0.0)}


def _drawn(tmp_path: Path, body: str, view_box: str = "0 0 10 20") -> str:
    path = tmp_path / "art.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}">{body}</svg>', "utf-8")
    return Drawing(path, (10, 20)).operators(_PALETTE)


@pytest.mark.parametrize(
    ("body", "operators"),
    [
        ('<rect class="fill-brand" x="1" y="2" width="3" height="4"/>', "1 0.5 0 0.25 k\n1 2 3 4 re\nf"),
        (
            '<line class="stroke-accent" x1="0" y1="1" x2="2" y2="3" stroke-width=".5"/>',
            "0 0 1 0 K 0.5 w 0 J 0 j 4 M [] 0 d\n0 1 m 2 3 l\nS",
        ),
        (
            '<path class="fill-brand" d="M0 0 L5 0 L5 5 Z"/>',
            "1 0.5 0 0.25 k\n0 0 m 5 0 l 5 5 l 0 0 l h\nf",
        ),
        (
            '<polygon class="fill-brand stroke-accent" points="0,0 1,0 1,1" stroke-linejoin="round"/>',
            "1 0.5 0 0.25 k\n0 0 1 0 K 1 w 0 J 1 j 4 M [] 0 d\n0 0 m 1 0 l 1 1 l h\nB",
        ),
        (
            '<polyline class="stroke-brand" points="0 0 1 1" stroke-linecap="round" stroke-dasharray="1 2"/>',
            "1 0.5 0 0.25 K 1 w 1 J 0 j 4 M [1 2] 0 d\n0 0 m 1 1 l\nS",
        ),
        (
            '<g class="fill-brand" transform="translate(1 2)"><rect width="1" height="1"/></g>',
            "q 1 0 0 1 1 2 cm\n1 0.5 0 0.25 k\n0 0 1 1 re\nf\nQ",
        ),
        (
            '<g class="fill-brand"><path class="fill-accent" d="M0 0H1V1z" fill-rule="evenodd"/></g>',
            "0 0 1 0 k\n0 0 m 1 0 l 1 1 l 0 0 l h\nf*",
        ),
        ('<g class="fill-brand"><rect class="fill-none" width="1" height="1"/></g>', ""),
        ('<title>x</title><style>.a{}</style><desc/><rect width="1" height="1"/>', ""),
        ('<rect class="fill-brand" width="0" height="1"/>', ""),
    ],
)
def test_shapes_in_their_inks(tmp_path: Path, body: str, operators: str) -> None:
    assert _drawn(tmp_path, body) == operators


@pytest.mark.parametrize(
    ("radii", "start", "first_curve"),
    [
        ('rx="3" ry="1"', "3 0 m", "8.656854 0 10 .447715 10 1 c"),
        ('rx="2"', "2 0 m", "9.104569 0 10 .895431 10 2 c"),
        ('ry="2"', "2 0 m", "9.104569 0 10 .895431 10 2 c"),
        ('rx="50" ry="1"', "5 0 m", "7.761424 0 10 .447715 10 1 c"),
    ],
    ids=["two radii", "rx for both", "ry for both", "no more than half of an edge"],
)
def test_corners_are_quarters_of_an_ellipse(tmp_path: Path, radii: str, start: str, first_curve: str) -> None:
    drawn = _drawn(tmp_path, f'<rect class="fill-brand" width="10" height="8" {radii}/>')
    assert f"\n{start} " in drawn
    assert first_curve in drawn
    assert drawn.count(" c") == 4
    assert drawn.endswith("h\nf")


@pytest.mark.parametrize("tag", ['circle cx="5" cy="5" r="2"', 'ellipse cx="5" cy="5" rx="2" ry="2"'])
def test_circles_are_four_curves(tmp_path: Path, tag: str) -> None:
    drawn = _drawn(tmp_path, f'<{tag} class="fill-brand"/>')
    assert drawn.count(" c") == 4
    assert "7 5 m" in drawn


def test_a_round_rectangle_has_four_corners(tmp_path: Path) -> None:
    drawn = _drawn(tmp_path, '<rect class="fill-brand" width="6" height="4" rx="1"/>')
    assert drawn.count(" c ") == 4


@pytest.mark.parametrize("curve", ["Q5 5 9 0", "T 9 9", "C1 1 2 2 3 3 S 4 4 5 5", "A3 3 0 0 1 6 0"])
def test_every_curve_of_a_path_is_a_cubic(tmp_path: Path, curve: str) -> None:
    assert " c" in _drawn(tmp_path, f'<path class="fill-brand" d="M0 0 Q1 1 2 2 {curve}"/>')


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<text>hello</text>", "<text>: only these are drawn"),
        ('<image href="x.png"/>', "<image>: href="),
        ("<use/>", "<use>: only these are drawn"),
        (
            '<rect id="sun" class="fill-gold" width="1" height="1"/>',
            "<rect> 'sun': the brand's palette has no",
        ),
        ('<rect class="shiny" width="1" height="1"/>', "class 'shiny' names no colour"),
        ('<rect style="fill:red" width="1" height="1"/>', "style='fill:red' is not drawn"),
        ('<rect class="fill-brand" opacity=".5" width="1" height="1"/>', "opacity"),
        ('<rect class="fill-brand" width="1cm" height="1"/>', "width='1cm' is not a number in mm"),
        ('<path class="fill-brand" d="M 0 zero"/>', "path data cannot be read"),
        ('<polygon class="fill-brand" points="1 2 3"/>', "not pairs"),
        ('<polygon class="fill-brand" points="1 inf 3 4"/>', "points cannot be read"),
        ('<circle class="fill-brand" r="inf"/>', "r='inf' is not a number in mm"),
        ('<g transform="wobble(3)"/>', "transform='wobble"),
        ('<g transform="rotate(1 2)"/>', "has 2 numbers"),
        ('<line class="stroke-brand" stroke-linecap="pointed"/>', "'pointed' is none of"),
    ],
)
def test_what_cannot_be_drawn_is_named(tmp_path: Path, body: str, fault: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        _drawn(tmp_path, body)
    assert "art.svg" in caught.value.detail
    assert fault in caught.value.detail
    assert caught.value.mend


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<svg", "is not XML"),
        ("<html/>", "is not SVG"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "has a document type"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "its viewBox is 0 0 9 9"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "its viewBox is missing"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="a b c d"/>', "its viewBox is a b c d"),
    ],
)
def test_a_file_that_is_no_art_is_refused(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "art.svg"
    path.write_text(content, "utf-8")
    with pytest.raises(ArtworkUnusable, match=fault):
        Drawing(path, (10, 20))


def test_a_missing_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtworkUnusable, match="cannot be read"):
        Drawing(tmp_path / "none.svg", (10, 20))
    (tmp_path / "utf16.svg").write_bytes("<svg/>".encode("utf-16"))
    with pytest.raises(ArtworkUnusable, match="cannot be read"):
        Drawing(tmp_path / "utf16.svg", (10, 20))
