"""Every kind of code on rendered cards, decoded by zxing-cpp as coarse and as fine as presses print."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.domain.card import Card
from app.domain.template import CODES, Role
from app.errors import ArtworkUnusable
from app.pdf.codes.modules import Octets
from app.pdf.engine import Renderer
from app.pdf.frames import box_of
from app.pdf.preflight import preflight
from app.registry.cards import load_card
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.barcodes import read_all
from tests.cards import card
from tests.plant import DATA
from tests.programs import need

CODED = load_card(DATA / "code_cards" / "coded")
PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
RENDERER = Renderer(fonts=own_fonts(), profiles={PROFILE.name: PROFILE})
EAN, ORDER = "4006381333931", "ACORN 10423-20260304"
LINK = "https://acorn.example/i/7ZK4M0QW2B8NT"


def coded(*, ean: str = EAN, order: str = ORDER, **changes: Any) -> Card:
    return card(template="coded", texts={Role.EAN: ean, Role.CODE_128: order}, **changes)


def longest_link() -> str:
    """As long as the QR's frame allows: 22 mm are 88 of the smallest modules, 79 without quiet zone."""
    return "https://acorn.example/".ljust(292, "x")


CARDS = {
    "plain": coded(),
    "right to left": coded(language="ar", direction="rtl"),
    "EAN-8": coded(ean="96385074", order="A1"),
    "UPC-A": coded(ean="036000291452"),
    "Arabic": coded(qr="مرحبًا بك في متجرنا", bench_code="٤٢"),
    "Japanese": coded(qr="いつもありがとうございます。山田太郎"),
    "longest link": coded(qr=longest_link()),
    "all sets": coded(order="aA1234567890#b"),
}


@pytest.fixture(scope="module", params=list(CARDS))
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Card, Path]:
    made = CARDS[request.param]
    path = tmp_path_factory.mktemp("coded") / "card.pdf"
    path.write_bytes(RENDERER.render(CODED, made, None))
    return made, path


def said(made: Card, page: Octets, turned: int = 0) -> dict[Role, list[str]]:
    """What is read in each code's frame, as a scanner is held to it."""
    per_mm = page.shape[1] / (CODED.trim[0] + 2 * CODED.bleed)
    found = {}
    for frame in CODED.sides[0].frames:
        if frame.role in CODES:
            box = box_of(frame, CODED, made.direction)
            left, top, right, bottom = (
                round((edge + CODED.bleed) * per_mm) for edge in (box.x, box.y, box.right, box.bottom)
            )
            held = np.ascontiguousarray(np.rot90(page[top:bottom, left:right], turned))
            found[frame.role] = [code.text for code in read_all(held)]
    return found


def wanted(made: Card) -> dict[Role, list[str]]:
    """A UPC-A is read as the EAN-13 that it is."""
    texts = {role: made.code(role) for role in (Role.QR, Role.DATA_MATRIX, Role.EAN, Role.CODE_128)}
    if len(texts[Role.EAN]) == 12:
        texts[Role.EAN] = texts[Role.EAN].zfill(13)
    return {role: [text] for role, text in texts.items()}


@pytest.mark.parametrize("dpi", [203, 300])
def test_poppler_prints_what_reads_back(printed: tuple[Card, Path], dpi: int, tmp_path: Path) -> None:
    made, path = printed
    command = [need("pdftoppm"), "-r", str(dpi), "-gray", str(path), str(tmp_path / "page")]
    subprocess.run(command, check=True, timeout=60)
    with Image.open(next(tmp_path.glob("page*"))) as page:
        assert said(made, np.asarray(page)) == wanted(made)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("turned", [0, 1])
def test_pdfium_prints_what_reads_back_however_it_lies(
    printed: tuple[Card, Path], dpi: int, turned: int
) -> None:
    made, path = printed
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0].render(scale=dpi / 72, grayscale=True).to_numpy()
    assert said(made, page.squeeze(), turned) == wanted(made)


# It blackens every pixel that a bar touches: on a grid of 203 dpi, two pixels of white close up to one.
@pytest.mark.parametrize("dpi", [300, 600])
def test_ghostscript_prints_what_reads_back(printed: tuple[Card, Path], dpi: int, tmp_path: Path) -> None:
    made, path = printed
    out = tmp_path / "page.pgm"
    options = ["-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pgmraw", f"-r{dpi}", f"-sOutputFile={out}"]
    subprocess.run([need("gs"), *options, path], check=True, timeout=60)
    with Image.open(out) as page:
        assert said(made, np.asarray(page)) == wanted(made)


def test_the_card_passes_its_preflight(printed: tuple[Card, Path]) -> None:
    report = preflight(printed[1].read_bytes(), PROFILE)
    assert not [check for check in report.document()["checks"] if not check["passed"]]


def test_one_character_more_is_too_much_for_the_frame() -> None:
    with pytest.raises(
        ArtworkUnusable, match=r"the QR code on the back has 81 modules a side, 0\.24 mm each"
    ):
        RENDERER.render(CODED, coded(qr=longest_link() + "x"), None)


@pytest.mark.parametrize(
    ("changes", "frame", "says"),
    [
        ({"ean": "4006381333930"}, "the EAN on the back", "the check digit"),
        ({"order": "Grüße"}, "the Code 128 on the back", "cannot hold 'ü'"),
        ({"order": "x" * 30}, "the Code 128 on the back", "96.2 mm at 0.25 mm each"),
        ({"bench_code": ""}, "the Data Matrix on the back", "needs a text"),
    ],
)
def test_what_cannot_be_coded_is_told_with_its_frame(changes: dict[str, Any], frame: str, says: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        RENDERER.render(CODED, coded(**changes), None)
    assert caught.value.frame == frame
    assert says in caught.value.detail
    assert caught.value.mend


@pytest.mark.parametrize("dpi", [150, 203, 300, 600])
def test_no_seam_shows_inside_a_code(dpi: int) -> None:
    """A finder pattern's dark middle, three by three modules of several rectangles, is black throughout."""
    data = RENDERER.render(CODED, coded(), None)
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[0].render(scale=dpi / 72, grayscale=True).to_numpy().squeeze()
    found = next(code for code in read_all(page) if code.format == zxingcpp.BarcodeFormat.QRCode)
    corner, across, down = (
        np.array((point.x, point.y), dtype=float)
        for point in (found.position.top_left, found.position.top_right, found.position.bottom_left)
    )
    module = (across - corner) / 33, (down - corner) / 33
    for place in (np.array((0.0, 0.0)), 26 * module[0], 26 * module[1]):
        left, top = corner + place + 2.6 * (module[0] + module[1])
        right, bottom = corner + place + 4.4 * (module[0] + module[1])
        middle = page[round(top) : round(bottom), round(left) : round(right)]
        assert middle.size >= 9
        assert middle.max() - middle.min() <= 2
