"""Our plates beside those of another separator, Ghostscript's, on real cards."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.pdf.preview import View, Wanted, draw
from tests.printed import run
from tests.sound_pdf import append, rectangle, saved, sound, with_spot

DPI, FINER = 100, 8
INKS = ["Cyan", "Magenta", "Yellow", "Black", "Gold"]
Plate = NDArray[np.float64]


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """Text, a QR, a JPEG, art, a spot ink; knocking out and overprinting."""
    pdf = with_spot(sound())
    append(pdf, b"/Spot cs 0.6 scn " + rectangle(20, 125, 30, 10) + b"f")
    append(
        pdf, b"q /Over gs /Spot cs 0.9 scn " + rectangle(12, 62, 12, 6) + b"f 0 0 0 1 k 0.3 0 0 0.5 K 2 w "
    )
    append(pdf, rectangle(40, 40, 25, 15) + b"B Q 0 0.7 0.9 0 k " + rectangle(45, 44, 9, 6) + b"f")
    path = tmp_path / "card.pdf"
    path.write_bytes(saved(pdf))
    return path


def test_ghostscript_separates_into_the_same_plates(card: Path, tmp_path: Path) -> None:
    theirs = ghostscript(card, tmp_path)
    pictures = draw(card.read_bytes(), Wanted(view=View.SEPARATIONS, dpi=DPI, file="png"))
    assert [(p.page, p.ink) for p in pictures] == [(page, ink) for page in (1, 2) for ink in INKS]
    for picture in pictures:
        ours = read(picture.content)
        other = theirs.get((picture.page, picture.ink), np.zeros_like(ours))
        difference = np.abs(ours - other)
        # Ghostscript blackens every fine pixel that a bar touches, and rounds 5 % to 12 of 255, we to 13.
        assert difference.mean() < 0.005, (picture.page, picture.ink)
        assert abs(ours.mean() - other.mean()) < 0.004
        assert np.abs(squares(ours) - squares(other)).max() < 0.12


def test_a_plate_that_is_wrong_would_be_noticed(card: Path, tmp_path: Path) -> None:
    theirs = ghostscript(card, tmp_path)
    for picture in draw(card.read_bytes(), Wanted(view=View.SEPARATIONS, dpi=DPI, file="png", pages=(1,))):
        other = theirs[1, picture.ink]
        assert np.abs(squares(np.zeros_like(other)) - squares(other)).max() > 0.12


def ghostscript(card: Path, folder: Path) -> dict[tuple[int, str], Plate]:
    """Plates by page and ink, drawn finer without anti-aliasing and averaged."""
    arguments = ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", f"-r{DPI * FINER}"]
    done = run("gs", [*arguments, "-o", folder / "%d.tif", card])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    plates = {}
    for path in folder.glob("*(*).tif"):
        page, _, ink = path.stem.removesuffix(")").partition("(")
        plates[int(page), ink] = averaged(read(path.read_bytes()))
    assert plates
    return plates


def read(picture: bytes) -> Plate:
    """Ink, 0 to 1."""
    with Image.open(io.BytesIO(picture)) as image:
        return 1 - np.asarray(image.convert("L"), np.float64) / 255


def averaged(fine: Plate) -> Plate:
    height, width = (round(side / FINER) for side in fine.shape)
    whole = np.pad(fine, ((0, FINER), (0, FINER)), mode="edge")[: height * FINER, : width * FINER]
    means: Plate = whole.reshape(height, FINER, width, FINER).mean(axis=(1, 3))
    return means


def squares(plate: Plate) -> Plate:
    """Means of squares of 2 mm: what no half pixel at an edge explains."""
    height, width = (side // 8 * 8 for side in plate.shape)
    means: Plate = plate[:height, :width].reshape(height // 8, 8, width // 8, 8).mean(axis=(1, 3))
    return means
