"""What other programs see in our files: syntax, fonts, words, inks, codes. None of them is ours.

Every sample record of every template, in every language, goes through every program; to save the programs'
starting, all cards of a template stand in one file, in each standard. A card that another standard draws byte
for byte alike is not drawn again. A few have files of their own as well.
"""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from app.domain.profile import Standard
from app.domain.template import Role
from app.domain.units import points
from app.pdf.preflight import preflight
from app.pdf.preflight.content.marks import Mark, TextMark
from app.pdf.preflight.raster import InkRaster
from app.pdf.preflight.subject import Subject
from tests.families import BUILT_IN
from tests.glyphs import blank_letters, drawn_glyphs
from tests.printed import (
    Printed,
    Run,
    drawings,
    pdfbox_faults,
    print_run,
    print_samples,
    run,
    said,
    samples_of,
)

INKS = ("Cyan", "Magenta", "Yellow", "Black")
PROOF_DPI = 72
INKS_OF_EVERY = 5
"""Cards whose inks are compared; all are separated."""
DRAWN_AGAIN = 10
"""Cards of which one is drawn in each standard, whether or not another draws the same."""
CODES = {zxingcpp.BarcodeFormat.QRCode: "qr", zxingcpp.BarcodeFormat.DataMatrix: "bench_code"}
EVERY_RUN = [
    pytest.param((name, standard), id=f"{name}-{standard.name}") for name in BUILT_IN for standard in Standard
]


@pytest.fixture(scope="module", params=EVERY_RUN)
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    name, standard = request.param
    return print_run(tmp_path_factory.mktemp("run"), BUILT_IN[name], standard)


@pytest.fixture(scope="module")
def drawn() -> set[bytes]:
    """What the slow programs have drawn already."""
    return set()


@pytest.fixture(scope="module")
def fresh(printed: Run, drawn: set[bytes]) -> list[int]:
    """Places of the cards that slow programs draw: all that are not byte for byte as before, and a few."""
    every = drawings(printed)
    places = [place for place, one in enumerate(every) if one not in drawn or place % DRAWN_AGAIN == 0]
    drawn.update(every)
    return places


@pytest.fixture(scope="module")
def plain(printed: Run) -> Path:
    """The file without its output intent: poppler would read that profile again for each page, 25 ms."""
    content = printed.path.read_bytes()
    assert content.count(b"/OutputIntents") == 1
    path = printed.path.with_name(f"plain-{printed.path.name}")
    path.write_bytes(content.replace(b"/OutputIntents", b"/OutputIntentz"))
    return path


@pytest.fixture(scope="module")
def trace(printed: Run) -> ET.Element:
    """MuPDF's account of all that it draws, page by page."""
    return ET.fromstring(said("mutool", "trace", printed.path))


@pytest.fixture(scope="module")
def singles(tmp_path_factory: pytest.TempPathFactory) -> list[Printed]:
    return print_samples(tmp_path_factory.mktemp("single"), every=4)


@pytest.fixture(scope="module")
def subject(printed: Run) -> Iterator[Subject]:
    """What our own reader makes of it."""
    with Subject(printed.path.read_bytes(), printed.profile, printed.template.safe) as opened:
        opened.look_at(None)
        yield opened


def test_it_passes_its_preflight_without_a_warning(printed: Run, fresh: list[int]) -> None:
    sides = len(printed.template.sides)
    # PDF/VT asks of what is painted what PDF/X-4 asks; PDF/X-1a asks more.
    vt = printed.profile.standard is Standard.PDF_VT1
    places = fresh if vt else range(len(printed.cards))
    numbers = [printed.page_of(place, side) for place in places for side in range(sides)]
    report = preflight(
        printed.path, printed.profile, safe=printed.template.safe, pages=numbers if vt else None
    )
    assert [*report.errors, *report.warnings] == []
    assert (report.pages, report.painted) == (len(printed.cards) * sides, len(numbers))


def test_qpdf_finds_nothing_to_repair(printed: Run) -> None:
    assert "No syntax or stream encoding errors found" in said("qpdf", "--check", printed.path)


def test_poppler_finds_every_font_embedded_subset_and_with_its_characters(printed: Run) -> None:
    rows = said("pdffonts", printed.path).splitlines()[2:]
    assert rows
    for row in rows:
        embedded, subset, unicode_map = row.split()[-5:-2]
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes"), row


def test_the_words_come_back_out(printed: Run, plain: Path) -> None:
    pages = said("pdftotext", plain, "-").split("\f")
    sides = len(printed.template.sides)
    for place, card in enumerate(printed.cards):
        found = "".join(words(" ".join(pages[place * sides : (place + 1) * sides])))
        wordings = [words(f"{one.headline} {one.greeting} {one.message}") for one in card.wordings]
        # The shortest that fitted is on paper; which one that is, is the engine's business.
        # Scripts without blanks are broken within what looks like a word: found lines count as joined.
        assert any(all(word in found for word in wanted) for wanted in wordings), card.id
        assert all(word in found for word in words(card.texts[Role.JOB_CODE]))


def words(text: str) -> list[str]:
    """Its words alone: readers set punctuation next to a right-to-left word on either side."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain).split()


def test_both_codes_read_from_the_printed_page(
    printed: Run, plain: Path, fresh: list[int], tmp_path: Path
) -> None:
    dpi = 300 if printed.profile.standard is Standard.PDF_X1A else 203
    side = _side_with_codes(printed)
    for first, last in _stretches(fresh):
        # Any word on the error stream is a failure: poppler complains there of what it cannot draw.
        parity = "-e" if printed.page_of(0, side) % 2 == 0 else "-o"
        part = ["-f", str(printed.page_of(first, 0)), "-l", str(printed.page_of(last, side))]
        said("pdftoppm", *part, parity, "-gray", "-r", str(dpi), plain, tmp_path / "page")
    pages = {int(path.stem.rpartition("-")[2]): path for path in tmp_path.glob("page-*.pgm")}
    assert sorted(pages) == [printed.page_of(place, side) for place in fresh]
    for place in fresh:
        card = printed.cards[place]
        with Image.open(pages[printed.page_of(place, side)]) as page:
            # With QR the reader also looks for Micro QR, and now and then takes a drawing for four digits.
            found = zxingcpp.read_barcodes(np.asarray(page), formats=zxingcpp.BarcodeFormats(list(CODES)))
        assert {code.format: code.text for code in found if code.format in CODES} == {
            kind: getattr(card, value) for kind, value in CODES.items()
        }, card.id


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken stretch."""
    breaks = [at for at in range(1, len(places)) if places[at] != places[at - 1] + 1]
    return [
        (places[start], places[end - 1])
        for start, end in zip([0, *breaks], [*breaks, len(places)], strict=True)
    ]


def _side_with_codes(printed: Run) -> int:
    sides = [{frame.role for frame in side.frames} for side in printed.template.sides]
    return next(n for n, roles in enumerate(sides) if {Role.QR, Role.DATA_MATRIX} <= roles)


def test_pictures_are_sharp_at_their_printed_size(printed: Run, plain: Path) -> None:
    for row in said("pdfimages", "-list", plain).splitlines()[2:]:
        across, up = (int(column) for column in row.split()[12:14])
        assert min(across, up) >= printed.profile.resolution_warning, row


def test_mupdf_sees_only_press_inks_and_black_text_that_overprints(printed: Run, trace: ET.Element) -> None:
    assert len(trace.findall("page")) == len(printed.cards) * len(printed.template.sides)
    for element in trace.iter():
        space = element.get("colorspace")
        assert space in (None, "DeviceCMYK", "DeviceGray"), ET.tostring(element)[:200]
        size = _type_size(element)
        if size and size < printed.profile.black_text_below and element.get("color") == "0 0 0 1":
            assert (element.get("op"), element.get("opm")) == ("1", "1")


def test_mupdf_draws_lines_of_a_width_that_prints(printed: Run, trace: ET.Element) -> None:
    for element in trace.iter("stroke_path"):
        a, b, _, _, _, _ = (float(n) for n in (element.get("transform") or "").split())
        width = float(element.get("linewidth") or 0) * float(np.hypot(a, b))
        assert width >= printed.profile.thinnest_reversed_line


def _type_size(element: ET.Element) -> float:
    """The size of a `fill_text`'s first span in pt, else 0: the height that its matrix gives one em."""
    span = element.find("span") if element.tag == "fill_text" else None
    if span is None:
        return 0.0
    _, _, c, d = (float(n) for n in (span.get("trm") or "0 0 0 0").split()[:4])
    return float(np.hypot(c, d))


def test_mupdf_draws_each_glyph_that_the_content_shows_and_none_is_blank(
    printed: Run, subject: Subject, trace: ET.Element
) -> None:
    shown = [
        sum(len(mark.glyphs) for mark in page.painted.marks if isinstance(mark, TextMark))
        for page in subject.pages
    ]
    assert [len(drawn_glyphs(page)) for page in trace.findall("page")] == shown
    with pikepdf.open(printed.path) as pdf:
        assert blank_letters(pdf, trace) == set()


def test_ghostscript_separates_without_a_word_into_the_inks_that_preflight_counts(
    printed: Run, subject: Subject, fresh: list[int], tmp_path: Path
) -> None:
    sides = len(printed.template.sides)
    numbers = [printed.page_of(place, side) for place in fresh for side in range(sides)]
    options = ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", f"-r{PROOF_DPI}"]
    options += ["-sCompression=none", f"-sPageList={','.join(map(str, numbers))}"]
    done = run("gs", [*options, "-o", tmp_path / "page%d.tif", printed.path])
    # Its exit code is 0 on missing resources: any output at all is a failure.
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    plates: dict[int, dict[str, Path]] = {}
    for path in tmp_path.glob("page*(*).tif"):
        place, ink = re.fullmatch(r"page(\d+)\((.+)\)", path.stem).groups()  # type: ignore[union-attr]
        plates.setdefault(numbers[int(place) - 1], {})[ink] = path
    assert all(set(inks) == set(INKS) for inks in plates.values())
    assert sorted(plates) == numbers
    assert len(subject.pages) == len(printed.cards) * sides
    for page in (page for page in subject.pages if (page.number - 1) // sides % INKS_OF_EVERY == 0):
        if page.number not in plates:
            continue
        raster = InkRaster(page.media, PROOF_DPI / 72)
        raster.draw(page.painted.marks)
        total = np.zeros((raster.height, raster.width))
        for ink in INKS:
            theirs, ours = _plate(plates[page.number][ink], raster), raster.ink(ink)
            # Text is counted as half of each glyph's box, which is more; Ghostscript fills touched pixels.
            text = sum(_boxes(mark) for mark in page.painted.marks) / theirs.size
            assert -0.01 < ours.mean() - theirs.mean() < 0.005 + text / 2, (page.number, ink)
            total += theirs
        assert _densest(total, points(printed.profile.ink_window)) <= printed.profile.ink_limit / 100


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


PDFBOX_CARDS = 70
"""Cards in one file for PDFBox, which gives up after 10,000 findings, and has as many against PDF/X."""


def test_pdfbox_finds_nothing_against_fonts_syntax_and_structure(tmp_path: Path) -> None:
    parts = [
        print_run(tmp_path, template, standard, slice(start, start + PDFBOX_CARDS)).path
        for template in BUILT_IN.values()
        for standard in Standard
        # Fonts are those of PDF/X-4 in the others, whose structure one part shows.
        for start in range(0, len(samples_of(template)), PDFBOX_CARDS)
        if start == 0 or standard is Standard.PDF_X4
    ]
    assert pdfbox_faults(*parts) == {path.name: {} for path in parts}


def test_exiftool_reads_one_identity_in_information_and_xmp(printed: Run, singles: list[Printed]) -> None:
    paths = [printed.path, *(one.path for one in singles)]
    for found in json.loads(said("exiftool", "-q", "-json", "-G1", *paths)):
        if str(found["PDF:PDFVersion"]) == "1.4":
            assert found["PDF:GTS_PDFXVersion"] == "PDF/X-1a:2003"
            continue
        assert str(found["PDF:PDFVersion"]) == "1.6"
        assert found["XMP-pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        for key in ("Title", "Producer", "CreateDate", "ModifyDate", "Trapped"):
            in_xmp = [value for name, value in found.items() if re.fullmatch(rf"XMP-\w+:{key}", name)]
            assert in_xmp == [found[f"PDF:{key}"]], key
        assert found["XMP-xmpMM:DocumentID"].startswith("uuid:")
        assert found["XMP-xmpMM:VersionID"]
        assert found["XMP-xmpMM:RenditionClass"]


def test_every_card_has_its_own_document_identity(singles: list[Printed]) -> None:
    told = said("exiftool", "-q", "-json", "-XMP-xmpMM:DocumentID", *(one.path for one in singles))
    assert len({one["DocumentID"] for one in json.loads(told)}) == len(singles)


def test_a_card_s_own_file_is_as_sound_as_the_run(singles: list[Printed], tmp_path: Path) -> None:
    for one in singles:
        report = preflight(one.path, one.profile, safe=one.template.safe)
        assert [*report.errors, *report.warnings] == [], one.path.name
    for one in singles[::3]:
        said("qpdf", "--check", one.path)
        said("pdftoppm", "-r", "40", one.path, tmp_path / "page")


def test_preflight_sees_both_codes_of_every_card(printed: Run, subject: Subject) -> None:
    sides = len(printed.template.sides)
    found = sorted((place.page.number - 1) // sides for place in subject.codes)
    assert found == sorted([*range(len(printed.cards))] * 2)
