from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from app.cli import app
from tests.sound_pdf import append, rectangle, saved, sound, with_spot

RUN = CliRunner()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    pdf = with_spot(sound())
    append(pdf, b"/Spot cs 1 scn " + rectangle(10, 120, 9, 9) + b"f")
    append(pdf, b"1 1 1 0.4 k " + rectangle(50, 50, 15, 15) + b"f")
    path = tmp_path / "card.pdf"
    path.write_bytes(saved(pdf))
    return path


def preview(card: Path, *arguments: str) -> tuple[int, str, list[str]]:
    out = card.parent / "out"
    done = RUN.invoke(app, ["preview", str(card), "--out", str(out), "--dpi", "36", *arguments])
    return done.exit_code, " ".join(done.output.split()), sorted(path.name for path in out.glob("*"))


def test_the_proof_of_every_page_is_drawn_at_the_size_asked_for(card: Path) -> None:
    code, _, names = preview(card)
    assert (code, names) == (0, ["card-1-proof.png", "card-2-proof.png"])
    with Image.open(card.parent / "out" / names[0]) as picture:
        assert picture.size == pytest.approx((111 / 25.4 * 36, 154 / 25.4 * 36), abs=1)


def test_every_plate_is_a_picture(card: Path) -> None:
    code, _, names = preview(card, "--view", "separations", "--page", "1", "--trim")
    assert code == 0
    inks = ["Black", "Cyan", "Gold", "Magenta", "Yellow"]
    assert names == [f"card-1-separations-{ink}.png" for ink in inks]


def test_the_heat_map_says_where_the_most_ink_is(card: Path) -> None:
    code, said, _ = preview(card, "--view", "ink", "--page", "1", "--profile", "isocoated-v2-300")
    assert code == 0
    assert "over the limit of 300 %: 5" in said
    assert "a single pixel up to 340 %" in said


def test_several_views_at_once(card: Path) -> None:
    _, _, names = preview(card, "--view", "page", "--view", "ink", "--page", "2")
    assert names == ["card-2-ink.png", "card-2-page.png"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--page", "9"], "it has 2 pages, and no page 9"),
        (["--ink", "Teal"], "no ink Teal; it has Cyan, Magenta, Yellow, Black, Gold"),
    ],
)
def test_what_cannot_be_drawn_is_said(card: Path, arguments: list[str], says: str) -> None:
    code, said, names = preview(card, *arguments)
    assert (code, names) == (1, [])
    assert says in said


def test_an_unknown_profile_is_refused(card: Path) -> None:
    code, said, _ = preview(card, "--profile", "newsprint")
    assert code == 2
    assert "isocoated-v2-300" in said
