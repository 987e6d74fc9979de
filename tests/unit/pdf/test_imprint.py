from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pikepdf
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.domain.geometry import Box
from app.domain.product import CodePlace, Cover, Inks, ItemText, Panel, Product, TextFrame
from app.domain.template import Align
from app.errors import ArtworkUnusable, MissingGlyph, TextDoesNotFit
from app.pdf.file.identity import Identity
from app.pdf.imprint import Imprint, Imprinter
from app.pdf.item import ItemPicture, product_profile, write_item
from app.pdf.preflight import preflight
from app.pdf.typefaces import Typefaces
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.barcodes import read_all
from tests.photos import SURFACE, TILE, saved

PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
FRAME = TextFrame(says=ItemText.NAME, box=Box(5, 24, 30, 10), typeface="hand", size=(8, 16), leading=6)
COVERED = replace(FRAME, cover=Cover(box=Box(4, 23, 32, 12), radius=4))
SAYING = replace(
    TILE,
    panels=(Panel(name="front", pictures=(SURFACE.bleed_box,), texts=(FRAME,)),),
    code=CodePlace(box=Box(6, 40.8, 26, 6.5)),
)
CODE = "MR7ZK4Q2M9ABCDE01000ABCD"
IMPRINT = Imprint(texts={ItemText.NAME: "Anna"}, code=CODE, name="7ZK4Q2M9ABCDE-1-0")
MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def imprinter(typefaces: Typefaces) -> Imprinter:
    return Imprinter(typefaces)


def written(imprinter: Imprinter, product: Product, imprint: Imprint = IMPRINT) -> bytes:
    profile = product_profile(product, PROFILE)
    grey = saved(Image.new("CMYK", (320, 320), (90, 60, 60, 20)), "JPEG", quality=90)
    panels = [[ItemPicture(box, grey, 320, 320, 4) for box in panel.pictures] for panel in product.panels]
    identity = Identity(standard=profile.standard, key="k", title="Tile k", made_at=MOMENT)
    return write_item(product, panels, profile, identity, imprinter.set(product, imprint, profile))


def drawn(pdf: bytes, dpi: float = 300, page: int = 0) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        found: Image.Image = document[page].render(scale=dpi / 72).to_pil().convert("L")
        return found


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_range())


def on(pdf: bytes, box: Box, product: Product = SAYING, dpi: float = 300) -> NDArray[np.uint8]:
    """The pixels of a box of the trim."""
    scale, media = dpi / 25.4, product.media
    left, top = round((box.x - media.x) * scale), round((box.y - media.y) * scale)
    width, height = round(box.width * scale), round(box.height * scale)
    return np.asarray(drawn(pdf, dpi).crop((left, top, left + width, top + height)))


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_code_is_read_where_it_is_cut_away(imprinter: Imprinter, dpi: int) -> None:
    pdf = written(imprinter, SAYING)
    (found,) = read_all(np.asarray(drawn(pdf, dpi)))
    assert found.text == CODE
    assert not read_all(on(pdf, SURFACE.trim, dpi=dpi))
    assert "7ZK4Q2M9ABCDE-1-0" in words(pdf)
    report = preflight(pdf, product_profile(SAYING, PROFILE))
    assert report.passed


def test_the_page_grows_by_the_strip_and_is_cut_where_it_was(imprinter: Imprinter) -> None:
    with pikepdf.open(io.BytesIO(written(imprinter, SAYING))) as pdf:
        media, trim = (
            [float(edge) / 72 * 25.4 for edge in box] for box in (pdf.pages[0].mediabox, pdf.pages[0].trimbox)
        )
    assert media == pytest.approx([0, 0, 40, 47.3], abs=0.01)
    assert trim == pytest.approx([0, 7.3, 40, 47.3], abs=0.01)


def test_words_stand_on_the_picture_or_on_what_it_leaves_free(imprinter: Imprinter) -> None:
    free = replace(SAYING, panels=(replace(SAYING.panels[0], texts=(COVERED,)),))
    plain, bare = written(imprinter, SAYING), written(imprinter, free)
    assert "Anna" in words(plain)
    assert np.percentile(on(plain, FRAME.box), 90) < 200
    assert np.percentile(on(bare, FRAME.box), 20) == 255
    assert on(bare, FRAME.box).min() < 100  # the letters
    assert on(bare, Box(2, 2, 36, 18)).max() < 200  # the picture, where nothing is said
    silent = written(imprinter, free, replace(IMPRINT, texts={}))
    assert on(silent, FRAME.box).max() < 200


def test_a_transfer_turns_words_over_and_leaves_the_code(imprinter: Imprinter) -> None:
    frame = replace(COVERED, box=Box(3, 24, 12, 10), cover=Cover(box=Box(2, 23, 14, 12)))
    panels = (replace(SAYING.panels[0], texts=(frame,)),)
    straight, turned = (
        written(imprinter, replace(SAYING, panels=panels, transfer=transfer)) for transfer in (False, True)
    )
    left, right = Box(2, 23, 14, 12), Box(24, 23, 14, 12)
    apart = np.abs(on(straight, left)[:, ::-1].astype(int) - on(turned, right))
    assert apart.mean() < 8  # edges fall on other pixels
    for pdf in (straight, turned):
        (found,) = read_all(on(pdf, Box(0, 40.5, 40, 7)))
        assert found.text == CODE


def test_a_mirrored_panel_leaves_its_words_readable(imprinter: Imprinter) -> None:
    frame = replace(COVERED, box=Box(3, 24, 12, 10), cover=Cover(box=Box(2, 23, 14, 12)))
    panel = replace(SAYING.panels[0], texts=(frame,))
    straight, mirrored = (
        written(imprinter, replace(SAYING, panels=(replace(panel, mirrored=mirror),)))
        for mirror in (False, True)
    )
    assert np.abs(on(straight, Box(2, 23, 14, 12)).astype(int) - on(mirrored, Box(2, 23, 14, 12))).mean() < 3


def test_a_code_on_the_piece_has_its_bare_place_and_turns_over_with_it(imprinter: Imprinter) -> None:
    kept = replace(SAYING, code=CodePlace(box=Box(4, 4, 26, 6.5), on_piece=True))
    pdf = written(imprinter, kept)
    (found,) = read_all(np.asarray(drawn(pdf)))
    assert found.text == CODE
    assert preflight(pdf, product_profile(kept, PROFILE)).passed
    turned = np.asarray(drawn(written(imprinter, replace(kept, transfer=True))))
    (found,) = read_all(np.ascontiguousarray(turned[:, ::-1]))
    assert found.text == CODE


def test_a_narrow_place_has_the_name_under_the_code_in_two_lines(imprinter: Imprinter) -> None:
    narrow = replace(SAYING, code=CodePlace(box=Box(1, 40.75, 9, 12.5)))
    pdf = written(imprinter, narrow)
    assert "7ZK4Q2M9A" in words(pdf)
    assert "BCDE-1-0" in words(pdf)
    tall = Imprint(texts={}, code="db3f0b6d9f4c", name="db3f0b6d9f4c")
    assert "db3f0b" in words(written(imprinter, narrow, tall))


@pytest.mark.parametrize(
    ("said", "error", "says"),
    [
        ("Anna " * 40, TextDoesNotFit, "the name on Tile has 200 characters, too many for its 30 × 10 mm"),
        ("Anna\x07", MissingGlyph, r"U\+0007 .* is character 5 of the name on Tile"),
        ("Anna\U000f0000", MissingGlyph, "the name on Tile"),
    ],
)
def test_what_cannot_be_printed_is_told(
    imprinter: Imprinter, said: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        written(imprinter, SAYING, replace(IMPRINT, texts={ItemText.NAME: said}))


def test_words_without_a_place_are_no_imprint(imprinter: Imprinter) -> None:
    with pytest.raises(TextDoesNotFit, match="asks for a caption, and Tile has no place for one"):
        written(imprinter, SAYING, replace(IMPRINT, texts={ItemText.CAPTION: "For you"}))


def test_one_tone_takes_no_emoji(imprinter: Imprinter) -> None:
    hearts = replace(IMPRINT, texts={ItemText.NAME: "Anna ❤️"})
    assert written(imprinter, SAYING, hearts)
    with pytest.raises(MissingGlyph, match="an emoji, and is printed in one tone"):
        imprinter.set(replace(SAYING, inks=Inks.BLACK), hearts, PROFILE)


def test_a_code_too_fine_for_the_press_is_refused(imprinter: Imprinter) -> None:
    fine = replace(SAYING, code=CodePlace(box=Box(6, 40.8, 20, 4)))
    with pytest.raises(ArtworkUnusable, match="the bench code on Tile has 18 modules a side"):
        written(imprinter, fine)


@pytest.mark.parametrize(("said", "level"), [("Anna", 0), ("سلمى", 1), ("12 سلمى", 1), ("2026", 0)])
def test_a_text_runs_as_its_first_letter_does(imprinter: Imprinter, said: str, level: int) -> None:
    start = replace(FRAME, align=Align.START)
    product = replace(SAYING, panels=(Panel(name="front", pictures=(Box(0, 0, 40, 5),), texts=(start,)),))
    ink = on(written(imprinter, product, Imprint(texts={ItemText.NAME: said})), FRAME.box, product) < 128
    left, right = (side.sum() for side in np.array_split(ink, 2, axis=1))
    assert (left < right) == bool(level)


def test_the_same_imprint_is_set_alike(imprinter: Imprinter, typefaces: Typefaces) -> None:
    assert written(imprinter, SAYING) == written(Imprinter(typefaces), SAYING)
