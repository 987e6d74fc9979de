"""`tipin gang` on real cards, and what other programs see on its sheets."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from typer.testing import CliRunner

from app.cli import app
from app.domain.units import points
from app.pdf.file.identity import Identity
from app.pdf.item import ItemPicture, product_profile, write_item
from app.registry.places import PRODUCTS, PROFILES
from app.registry.products import load_products
from app.registry.profiles import load_profiles
from tests.printed import pdfbox_faults, print_samples, run, said

_DPI = 300


@dataclass(frozen=True)
class _Ganged:
    cards: list[Path]
    out: Path
    positions: dict[str, object]
    rejects: list[dict[str, str]]
    said: str


@pytest.fixture(scope="module")
def ganged(tmp_path_factory: pytest.TempPathFactory) -> _Ganged:
    """Nine cards on two sheets; a card that is cut off and a text file are left out."""
    folder = tmp_path_factory.mktemp("gang")
    printed = [one.path for one in print_samples(folder, every=14) if one.template.trim == (105.0, 148.0)]
    cards = printed[:9]
    broken = folder / "broken.pdf"
    broken.write_bytes(cards[0].read_bytes()[:5000])
    words = folder / "words.pdf"
    words.write_text("no PDF")
    out = folder / "sheets.pdf"
    files = [*cards[:4], broken, words, *cards[4:]]
    done = CliRunner().invoke(
        app, ["gang", *map(str, files), "--sheet", "SRA3", "--batch", "Evening", "--out", str(out)]
    )
    assert done.exit_code == 1, done.output
    rejects = [
        json.loads(line) for line in out.with_name("sheets.pdf.rejects.jsonl").read_text().splitlines()
    ]
    positions = json.loads(out.with_name("sheets.pdf.positions.json").read_text())
    return _Ganged(cards, out, positions, rejects, done.output)


def test_one_bad_file_never_holds_its_sheet(ganged: _Ganged) -> None:
    assert len(ganged.cards) == 9
    assert [Path(one["file"]).name for one in ganged.rejects] == ["broken.pdf", "words.pdf"]
    assert all(one["reason"] and one["mend"] for one in ganged.rejects)
    assert "9 pieces on 2 sheets SRA3, 2 × 4, turned" in " ".join(ganged.said.split())


def test_positions_name_each_card_in_cut_and_stack_order(ganged: _Ganged) -> None:
    sheets = ganged.positions["sheets"]
    assert isinstance(sheets, list)
    placed = [[Path(place["file"]) for place in sheet["places"]] for sheet in sheets]
    cards = ganged.cards
    assert placed == [[cards[0], *cards[2:]], [cards[1]]]
    assert sheets[0]["places"][1]["column"] == 2
    assert ganged.positions["pieces"] == 9


def test_other_programs_find_sheets_sound(ganged: _Ganged) -> None:
    assert "No syntax or stream encoding errors" in said("qpdf", "--check", ganged.out)
    fonts = said("pdffonts", ganged.out).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "every font is embedded"
    assert said("pdfinfo", "-l", "4", ganged.out).count("907.087 x 1275.59 pts") == 4
    trace = run("mutool", ["trace", ganged.out, "1"])
    assert trace.returncode == 0
    assert not trace.stderr
    assert "Separation" in trace.stdout


def test_pdfbox_finds_nothing_against_fonts_syntax_and_structure(ganged: _Ganged) -> None:
    assert pdfbox_faults(ganged.out) == {ganged.out.name: {}}


def test_every_code_on_a_sheet_decodes(ganged: _Ganged) -> None:
    """As many as the cards have by themselves, and the sheet's own."""
    alone = Counter(text for card in ganged.cards for text in _codes(card))
    on_sheets = Counter(_codes(ganged.out))
    sheets = ganged.positions["sheets"]
    assert isinstance(sheets, list)
    own = Counter({sheet["code"]: 2 for sheet in sheets})
    assert sum(alone.values()) >= 2 * len(ganged.cards)
    assert on_sheets == alone + own


def _codes(path: Path) -> list[str]:
    found: list[str] = []
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            picture = np.asarray(page.render(scale=_DPI / 72, grayscale=True).to_pil())
            found += [code.text for code in zxingcpp.read_barcodes(picture)]
    return found


def test_marks_are_on_every_plate_and_the_bar_is_not(ganged: _Ganged, tmp_path: Path) -> None:
    """Ghostscript's separations: a crop mark is in all four, a solid patch in its own alone."""
    options = ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-r150", "-dLastPage=1"]
    done = run("gs", [*options, f"-sOutputFile={tmp_path / 'plate.tif'}", ganged.out])
    assert done.returncode == 0
    assert not done.stdout + done.stderr
    plates = {
        ink: 255 - np.asarray(Image.open(tmp_path / f"plate({ink}).tif").convert("L"))
        for ink in ("Cyan", "Magenta", "Yellow", "Black")
    }
    # The left crop mark of the first cut, in the white beside the pieces: 4.5 to 7 mm from the left.
    cut = 9.0
    for plate in plates.values():
        strip = plate[_pixel(cut) - 2 : _pixel(cut) + 3, _pixel(4.5) : _pixel(7.0)]
        assert (strip.max(axis=0) > 60).all()
    foot = next(iter(plates.values())).shape[0] - _pixel(4 + 2.5)
    solid = {ink: plate[foot] > 250 for ink, plate in plates.items()}
    alone = solid["Cyan"] & ~solid["Magenta"] & ~solid["Yellow"] & ~solid["Black"]
    assert alone.sum() > _pixel(3.5)


def _pixel(mm: float) -> int:
    return round(points(mm) * 150 / 72)


def test_cutting_lines_and_white_live_on(tmp_path: Path) -> None:
    """Spots of die-cut stickers have their plates on the sheet, and stay processing steps there."""
    products = load_products(PRODUCTS, profiles=load_profiles(PROFILES))
    product, profile = products["sticker-die-cut"], load_profiles(PROFILES)["isocoated-v2-300"]
    scanned = io.BytesIO()
    Image.new("CMYK", (900, 830), (60, 20, 90, 0)).save(scanned, "JPEG", quality=90)
    (box,) = product.panels[0].pictures
    picture = ItemPicture(box, scanned.getvalue(), 900, 830, 4)
    stickers = []
    for number in range(3):
        identity = Identity(
            standard=profile.standard,
            key=f"{number}",
            title="Sticker",
            made_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
        path = tmp_path / f"sticker-{number}.pdf"
        path.write_bytes(write_item(product, [[picture]], product_profile(product, profile), identity))
        stickers.append(str(path))
    out = tmp_path / "out.pdf"
    done = CliRunner().invoke(app, ["gang", *stickers, "--gap", "10", "--out", str(out)])
    assert done.exit_code == 0, done.output
    gs = run("gs", ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-r72",
                    f"-sOutputFile={tmp_path / 'plate.tif'}", out])  # fmt: skip
    assert not gs.stdout + gs.stderr
    for spot in ("CutContour", "White"):
        plate = np.asarray(Image.open(tmp_path / f"plate({spot}).tif").convert("L"))
        assert (plate < 255).any()
    with pikepdf.open(out) as pdf:
        groups = {str(layer.GTS_Metadata.GTS_ProcStepsGroup) for layer in pdf.Root.OCProperties.OCGs}
        assert groups == {"/Structural", "/White"}
        assert len(pdf.Root.OCProperties.OCGs) == 2
