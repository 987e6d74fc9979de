"""What other programs see in our files: syntax, fonts, words, inks, codes. None of them is ours."""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from app.domain.template import CardTemplate, Role
from app.domain.units import points
from app.pdf.preflight import preflight
from app.pdf.preflight.content.marks import Mark, TextMark
from app.pdf.preflight.raster import InkRaster
from app.pdf.preflight.subject import Subject
from tests.printed import Printed, print_samples, run, said

INKS = ("Cyan", "Magenta", "Yellow", "Black")
PROOF_DPI = 72


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[Printed]:
    return print_samples(tmp_path_factory.mktemp("printed"))


@pytest.fixture(scope="module")
def leading(printed: list[Printed]) -> list[Printed]:
    return [one for one in printed if one.leading]


def test_every_sample_passes_its_preflight_without_a_warning(printed: list[Printed]) -> None:
    for one in printed:
        report = preflight(one.path.read_bytes(), one.profile, safe=one.template.safe)
        found = {outcome.name: outcome.findings for outcome in (*report.errors, *report.warnings)}
        assert found == {}, one.path.name


def test_preflight_sees_both_codes_of_every_sample(printed: list[Printed]) -> None:
    for one in printed:
        subject = Subject(one.path.read_bytes(), one.profile, one.template.safe)
        subject.look_at(None)
        assert sorted(found.code.kind.name for found in subject.codes) == ["DATA_MATRIX", "QR"], one.path.name


def test_qpdf_finds_nothing_to_repair(printed: list[Printed]) -> None:
    for one in printed:
        assert "No syntax or stream encoding errors found" in said("qpdf", "--check", one.path)


def test_poppler_finds_every_font_embedded_subset_and_with_its_characters(printed: list[Printed]) -> None:
    for one in printed:
        rows = said("pdffonts", one.path).splitlines()[2:]
        assert rows, one.path.name
        for row in rows:
            embedded, subset, unicode_map = row.split()[-5:-2]
            assert (embedded, subset, unicode_map) == ("yes", "yes", "yes"), row


def test_the_words_come_back_out(printed: list[Printed]) -> None:
    for one in printed:
        found = words(said("pdftotext", one.path, "-"))
        wordings = [
            words(f"{wording.headline} {wording.greeting} {wording.message}") for wording in one.card.wordings
        ]
        # The shortest that fitted is on paper; which one that is, is the engine's business.
        assert any(wanted <= found for wanted in wordings), one.path.name
        assert words(one.card.texts[Role.JOB_CODE]) <= found


def words(text: str) -> set[str]:
    """Its words alone: readers set punctuation next to a right-to-left word on either side."""
    plain = unicodedata.normalize("NFKC", text)
    return set("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain).split())


@pytest.mark.parametrize("dpi", [203, 300])
def test_both_codes_read_from_the_printed_page(printed: list[Printed], tmp_path: Path, dpi: int) -> None:
    for one in printed:
        number = 1 + next(n for n, side in enumerate(one.template.sides) if _has_codes(one.template, n))
        # Any word on the error stream is a failure: poppler complains there of what it cannot draw.
        said(
            "pdftoppm", "-gray", "-r", str(dpi), "-f", str(number), "-singlefile", one.path, tmp_path / "page"
        )
        with Image.open(tmp_path / "page.pgm") as page:
            codes = {code.format: code.text for code in zxingcpp.read_barcodes(np.asarray(page))}
        assert codes == {
            zxingcpp.BarcodeFormat.QRCode: one.card.qr,
            zxingcpp.BarcodeFormat.DataMatrix: one.card.bench_code,
        }, one.path.name


def _has_codes(template: CardTemplate, side: int) -> bool:
    roles = {frame.role for frame in template.sides[side].frames}
    return {Role.QR, Role.DATA_MATRIX} <= roles


def test_poppler_draws_every_page_without_complaint(leading: list[Printed], tmp_path: Path) -> None:
    for one in leading:
        said("pdftoppm", "-r", "40", one.path, tmp_path / "page")


def test_pictures_are_sharp_at_their_printed_size(leading: list[Printed]) -> None:
    for one in leading:
        for row in said("pdfimages", "-list", one.path).splitlines()[2:]:
            across, up = (int(column) for column in row.split()[12:14])
            assert min(across, up) >= one.profile.resolution_warning, row


def test_exiftool_reads_one_identity_in_information_and_xmp(leading: list[Printed]) -> None:
    paths = [one.path for one in leading]
    for found in json.loads(said("exiftool", "-q", "-json", "-G1", *paths)):
        assert found["PDF:PDFVersion"] == 1.6
        assert found["XMP-pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        for key in ("Title", "Producer", "CreateDate", "ModifyDate", "Trapped"):
            in_xmp = [value for name, value in found.items() if re.fullmatch(rf"XMP-\w+:{key}", name)]
            assert in_xmp == [found[f"PDF:{key}"]], key
        assert found["XMP-xmpMM:DocumentID"].startswith("uuid:")
        assert found["XMP-xmpMM:VersionID"]
        assert found["XMP-xmpMM:RenditionClass"]


def test_every_card_has_its_own_document_identity(printed: list[Printed]) -> None:
    found = json.loads(
        said("exiftool", "-q", "-json", "-XMP-xmpMM:DocumentID", *(one.path for one in printed))
    )
    assert len({one["DocumentID"] for one in found}) == len(printed)


def test_mupdf_sees_only_press_inks_and_black_text_that_overprints(leading: list[Printed]) -> None:
    for one in leading:
        for element in ET.fromstring(said("mutool", "trace", one.path)).iter():
            space = element.get("colorspace")
            assert space in (None, "DeviceCMYK"), ET.tostring(element)[:200]
            size = _type_size(element)
            if size and size < one.profile.black_text_below and element.get("color") == "0 0 0 1":
                assert (element.get("op"), element.get("opm")) == ("1", "1")


def _type_size(element: ET.Element) -> float:
    """The size of a `fill_text`'s first span in pt, else 0: the height that its matrix gives one em."""
    span = element.find("span") if element.tag == "fill_text" else None
    if span is None:
        return 0.0
    _, _, c, d = (float(n) for n in (span.get("trm") or "0 0 0 0").split()[:4])
    return float(np.hypot(c, d))


def test_ghostscript_separates_without_a_word_into_the_inks_that_preflight_counts(
    printed: list[Printed], tmp_path: Path
) -> None:
    for one in (one for one in printed if one.first):
        target = tmp_path / "page%d.tif"
        done = run(
            "gs",
            [
                *["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep"],
                f"-r{PROOF_DPI}",
                "-o",
                target,
                one.path,
            ],
        )
        # Its exit code is 0 on missing resources: any output at all is a failure.
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        subject = Subject(one.path.read_bytes(), one.profile, one.template.safe)
        for page in subject.pages:
            plates = {path.stem: path for path in tmp_path.glob(f"page{page.number}(*).tif")}
            assert set(plates) == {f"page{page.number}({ink})" for ink in INKS}
            raster = InkRaster(page.media, PROOF_DPI / 72)
            raster.draw(page.painted.marks)
            total = np.zeros((raster.height, raster.width))
            for ink in INKS:
                theirs, ours = _plate(plates[f"page{page.number}({ink})"], raster), raster.ink(ink)
                # Text is counted as half of each glyph's box, which is more than it covers.
                text = sum(_boxes(mark) for mark in page.painted.marks) / theirs.size
                assert -0.005 < ours.mean() - theirs.mean() < 0.005 + text / 2, (one.path.name, ink)
                total += theirs
            assert _densest(total, points(one.profile.ink_window)) <= one.profile.ink_limit / 100


def _boxes(mark: Mark) -> float:
    """The area of a text's glyph boxes in points²."""
    boxes = [bounds for _, bounds in mark.glyphs] if isinstance(mark, TextMark) else []
    return sum((right - left) * (top - bottom) for left, bottom, right, top in boxes)


def _plate(path: Path, raster: InkRaster) -> NDArray[np.floating]:
    with Image.open(path) as plate:
        ink = 1 - np.asarray(plate, dtype=np.float64) / 255
    assert abs(ink.shape[0] - raster.height) <= 1
    assert abs(ink.shape[1] - raster.width) <= 1
    return np.pad(ink, ((0, 1), (0, 1)))[: raster.height, : raster.width]


def _densest(total: NDArray[np.floating], side: float) -> float:
    """The largest mean in any window, each reckoned on its own."""
    window = np.lib.stride_tricks.sliding_window_view(total, (round(side), round(side)))
    return float(window[::6, ::6].mean(axis=(2, 3)).max())
