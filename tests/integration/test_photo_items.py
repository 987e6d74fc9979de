"""What other programs see in photo items: syntax, resolution, plates, the cutting line. None is ours."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from app.cli import app
from app.domain.photo import Crop
from app.domain.product import Inks, ItemText, Product, Shape
from app.pdf.imprint import Imprint
from app.pdf.preflight.profiles import open_profiles
from app.photo.lab import PhotoLab
from app.registry.places import PRODUCTS
from app.registry.products import load_products
from app.wiring import item_pictures, photo_printer
from tests.golden import assert_golden
from tests.photos import saved, scene, shipped
from tests.programs import need

PROFILES = open_profiles()
BUILT_IN = load_products(PRODUCTS, profiles=PROFILES)
DPI = 72
_WORDS = {ItemText.CAPTION: "Happy birthday!", ItemText.NAME: "Anna"}
_MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("items")
    photo = saved(shipped("astronaut.png").resize((3000, 3000)), quality=92)
    made = {}
    with PhotoLab(1) as lab:
        printer = photo_printer(BUILT_IN, PROFILES, lab)
        for name in BUILT_IN:
            made[name] = folder / f"{name}.pdf"
            item = printer(photo, name, key="k", made_at=_MOMENT, crop=Crop(focus=(0.44, 0.28)))
            made[name].write_bytes(item.pdf)
            texts = {says: said for says, said in _WORDS.items() if says in BUILT_IN[name].says}
            imprint = Imprint(texts=texts, code="MR7ZK4Q2M9ABCDE01000ABCD", name="7ZK4Q2M9ABCDE-1-0", seed=5)
            item = printer(
                photo, name, key="k", made_at=_MOMENT, crop=Crop(focus=(0.44, 0.28)), imprint=imprint
            )
            made[f"{name}, with words"] = folder / f"{name}-words.pdf"
            made[f"{name}, with words"].write_bytes(item.pdf)
    return made


def said(program: str, *arguments: str | int | Path) -> str:
    done = subprocess.run(
        [need(program), *map(str, arguments)], check=True, capture_output=True, text=True, timeout=120
    )
    assert not done.stderr.strip(), done.stderr
    return done.stdout


products = pytest.mark.parametrize("product", BUILT_IN.values(), ids=BUILT_IN)


@products
def test_qpdf_finds_no_fault(product: Product, files: dict[str, Path]) -> None:
    assert "No syntax or stream encoding errors" in said("qpdf", "--check", files[product.name])


@products
def test_poppler_draws_what_it_drew(product: Product, files: dict[str, Path], tmp_path: Path) -> None:
    said("pdftoppm", "-r", DPI, "-png", files[product.name], tmp_path / "page")
    drawn = sorted(tmp_path.glob("page*.png"))
    for panel, page in zip(product.panels, drawn, strict=True):
        assert_golden(f"{product.name}-{panel.name}", Image.open(io.BytesIO(page.read_bytes())))


@products
def test_words_and_code_look_as_they_did(product: Product, files: dict[str, Path], tmp_path: Path) -> None:
    spoken = files[f"{product.name}, with words"]
    said("pdftoppm", "-r", DPI, "-png", spoken, tmp_path / "page")
    for panel, page in zip(product.panels, sorted(tmp_path.glob("page*.png")), strict=True):
        assert_golden(f"{product.name}-{panel.name}-with-words", Image.open(io.BytesIO(page.read_bytes())))
    assert "No syntax or stream encoding errors" in said("qpdf", "--check", spoken)


@products
def test_the_mock_up_looks_as_it_did(product: Product, files: dict[str, Path]) -> None:
    drawn = item_pictures().mock_up(files[product.name].read_bytes(), product)
    assert_golden(f"{product.name}-mock-up", Image.open(io.BytesIO(drawn)))


@products
def test_poppler_counts_the_pixels_that_the_product_asks_for_or_a_few_more(
    product: Product, files: dict[str, Path]
) -> None:
    rows = said("pdfimages", "-list", files[product.name]).splitlines()[2:]
    assert len(rows) == sum(len(panel.pictures) for panel in product.panels)
    for row in rows:
        fields = row.split()
        assert fields[5] == ("cmyk" if product.inks is Inks.CMYK else "gray")
        wanted = product.resolution.target
        assert all(wanted - 2 <= int(ppi) <= 1.15 * wanted + 2 for ppi in fields[12:14])


def plates(path: Path, folder: Path) -> dict[str, NDArray[np.float64]]:
    """Ghostscript's plates of the first page: 0 is paper, 1 full ink."""
    out = folder / "plate.tif"
    arguments = ["-q", "-dNOPAUSE", "-dBATCH", "-dLastPage=1", "-sDEVICE=tiffsep", f"-r{DPI}"]
    assert not said("gs", *arguments, f"-sOutputFile={out}", path)
    found = {}
    for plate in folder.glob("plate(*).tif"):
        name = re.sub(r".*\((.*)\).*", r"\1", plate.name)
        found[name] = 1 - np.asarray(Image.open(plate).convert("L"), dtype=np.float64) / 255
    return found


@products
def test_spots_are_on_plates_of_their_own(product: Product, files: dict[str, Path], tmp_path: Path) -> None:
    found = plates(files[product.name], tmp_path)
    assert ("CutContour" in found) == product.contour
    assert ("White" in found) == (product.white is not None)
    colours = found["Cyan"] + found["Magenta"] + found["Yellow"]
    assert (colours.max() > 0.3) == (product.inks is Inks.CMYK)
    total = colours + found["Black"]
    limit = PROFILES[product.profile].ink_limit / 100
    assert np.percentile(total, 99) <= limit + 0.05


@products
def test_nothing_is_printed_beyond_the_bleed(
    product: Product, files: dict[str, Path], tmp_path: Path
) -> None:
    found = plates(files[product.name], tmp_path)
    total = found["Cyan"] + found["Magenta"] + found["Yellow"] + found["Black"]
    corner = total[:4, :4].max()
    if product.surface.shape in {Shape.CIRCLE, Shape.PATH}:
        assert corner == 0
    elif product.surface.shape is Shape.RECTANGLE:
        assert corner > 0


def test_white_lies_under_the_whole_sticker_and_nowhere_else(files: dict[str, Path], tmp_path: Path) -> None:
    sticker = BUILT_IN["sticker-die-cut"]
    found = plates(files[sticker.name], tmp_path)
    white, colours = found["White"], found["Cyan"] + found["Magenta"] + found["Yellow"] + found["Black"]
    assert set(np.unique(white.round(1))) == {0.0, 1.0}
    assert 0.4 < white.mean() < 0.7
    # Colour runs into the bleed, over the white's edge on all sides; under all white there is colour.
    assert (colours > 0.02).sum() > 1.1 * (white > 0.5).sum()
    assert (colours[white > 0.5] > 0.02).mean() > 0.95


def test_mupdf_sees_the_steps_as_layers(files: dict[str, Path]) -> None:
    trace = said("mutool", "trace", files["sticker-die-cut"])
    white, cut = trace.index('layer name="White underbase"'), trace.index('layer name="Cutting line"')
    picture = trace.index("<fill_image")
    assert white < picture < cut
    assert 'op="1"' in trace[picture : trace.index(">", picture)]
    assert "Separation(DeviceCMYK,CutContour)" in trace


def test_the_right_sock_is_the_left_ones_mirror_image(files: dict[str, Path], tmp_path: Path) -> None:
    said("pdftoppm", "-r", "40", "-png", files["crew-sock"], tmp_path / "sock")
    pages = [Image.open(path).resize((50, 110), Image.Resampling.BOX) for path in tmp_path.glob("sock-*.png")]
    left, right = (np.asarray(page, dtype=int) for page in pages)
    mirrored, same = np.abs(left - right[:, ::-1]).mean(), np.abs(left - right).mean()
    assert mirrored < same / 3


def test_the_command_line(tmp_path: Path) -> None:
    good, bad = tmp_path / "anna.jpg", tmp_path / "page.jpg"
    good.write_bytes(saved(scene(1600, 1600)))
    bad.write_bytes(b"<html>")
    options = ["--product", "edible-cookie", "--out", str(tmp_path / "out"), "--workers", "1"]
    done = CliRunner().invoke(app, ["photos", str(good), str(bad), *options])
    assert done.exit_code == 1
    assert "a web page" in done.output
    (pdf,) = (tmp_path / "out").glob("*.pdf")
    assert pdf.name == "anna-edible-cookie.pdf"
    assert CliRunner().invoke(app, ["preflight", str(pdf)]).exit_code == 0
    zoomed = CliRunner().invoke(app, ["photos", str(good), *options, "--zoom", "1.5", "--pictures"])
    assert zoomed.exit_code == 0
    pictures = {
        path.name: Image.open(io.BytesIO(path.read_bytes())) for path in (tmp_path / "out").glob("*.jpg")
    }
    assert set(pictures) == {"anna-edible-cookie-front.jpg", "anna-edible-cookie-mock-up.jpg"}
    assert all(max(picture.size) > 900 for picture in pictures.values())
    for wrong in (["--product", "coaster"], ["--focus", "2,0"], ["--product", ""]):
        assert CliRunner().invoke(app, ["photos", str(good), *options, *wrong]).exit_code == 2
    assert "edible-cookie" in CliRunner().invoke(app, ["photos", "--list"]).output
