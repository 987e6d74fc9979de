"""Pictures as a font: drawn in colour, as wide as they say, see-through as the standard allows."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pikepdf
import pypdfium2
import pytest

from app.domain.profile import Standard
from app.pdf.file.objects import ObjectFile, table_head, table_rows, trailer
from app.pdf.file.picture_font import write_picture_font
from app.pdf.text.emoji import EmojiFont, EmojiPage
from app.pdf.text.face import Merged, Shape
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

_PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
_HEART = "\u2764"


@pytest.fixture(scope="module")
def page() -> EmojiPage:
    file = own_fonts().emoji
    assert file is not None
    found = EmojiFont(file).page_of(_HEART)
    assert found is not None
    return found


def _pdf(page: EmojiPage, shown: list[tuple[Shape, str]], standard: Standard = Standard.PDF_X4) -> bytes:
    """A page of 100 pt on which all that is shown stands in a row, 50 pt large."""
    file = ObjectFile()
    font = write_picture_font(file, page, shown, replace(_PROFILE, standard=standard))
    codes = "".join(f"{code:02X}" for code in range(1, len(shown) + 1))
    content = file.add_stream(f"BT /T 50 Tf 10 40 Td <{codes}> Tj ET".encode())
    pages = file.reserve()
    only = file.add(
        f"<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 100 100]/Contents {content} 0 R"
        f"/Resources<</Font<</T {font} 0 R>>>>>>"
    )
    file.write(pages, f"<</Type/Pages/Count 1/Kids[{only} 0 R]>>".encode())
    root = file.add(f"<</Type/Catalog/Pages {pages} 0 R>>")
    body = b"".join(file.parts)
    size = len(file.offsets) + 1
    end = trailer(size=size, root=root, info=root, file_id=("00", "00"), table_at=len(body))
    return body + table_head(size) + table_rows(file.offsets) + end


def _heart(page: EmojiPage) -> int:
    glyph: int = page.font.get_nominal_glyph(ord(_HEART))
    return glyph


def _split(page: EmojiPage) -> list[tuple[Shape, str]]:
    """A heart with its selector: half the advance says each."""
    half = page.advance(_heart(page)) // 2
    return [(Merged(half, ((_heart(page), 0, 0),)), _HEART), (Merged(half, ()), "\ufe0f")]


def test_a_picture_is_drawn_where_it_says_and_in_its_colour(page: EmojiPage) -> None:
    with pypdfium2.PdfDocument(_pdf(page, [(_heart(page), _HEART)])) as opened:
        drawn = np.asarray(opened[0].render(scale=2).to_pil().convert("RGB"), dtype=int)
    red = (drawn[:, :, 0] > 150) & (drawn[:, :, 2] < 110)
    rows, columns = np.nonzero(red)
    ink = page.ink(_heart(page))
    assert ink is not None
    assert (columns.min() / 2, columns.max() / 2) == pytest.approx((10, 10 + 50 * ink.right), abs=5)
    assert 100 - rows.max() / 2 == pytest.approx(40 + 50 * ink.bottom, abs=6)
    assert 100 - rows.min() / 2 == pytest.approx(40 + 50 * ink.top, abs=6)


def test_each_code_says_its_part(page: EmojiPage) -> None:
    with pypdfium2.PdfDocument(_pdf(page, _split(page))) as opened:
        assert opened[0].get_textpage().get_text_range().strip() == "\u2764\ufe0f"


def test_advances_are_those_of_the_shapes(page: EmojiPage) -> None:
    with pikepdf.open(io.BytesIO(_pdf(page, _split(page)))) as opened:
        font = opened.pages[0].Resources.Font.T
        widths = [float(width) * float(font.FontMatrix[0]) for width in font.Widths]
        expected = [0.6, *(page.advance(shape) * page.scale for shape, _ in _split(page))]
        assert widths == pytest.approx(expected, rel=1e-5)
        assert len(font.Resources.XObject.keys()) == 1, "what draws nothing needs no image"


@pytest.mark.parametrize(
    ("standard", "has", "has_not"),
    [
        (Standard.PDF_X4, "/SMask", "/Mask"),
        (Standard.PDF_VT1, "/SMask", "/Mask"),
        (Standard.PDF_X1A, "/Mask", "/SMask"),
    ],
)
def test_pictures_are_see_through_as_the_standard_allows(
    page: EmojiPage, standard: Standard, has: str, has_not: str
) -> None:
    with pikepdf.open(io.BytesIO(_pdf(page, [(_heart(page), _HEART)], standard))) as opened:
        (image,) = opened.pages[0].Resources.Font.T.Resources.XObject.as_dict().values()
        assert image.ColorSpace == "/DeviceCMYK"
        assert has in image
        assert has_not not in image


def test_the_same_pictures_give_the_same_bytes(page: EmojiPage) -> None:
    assert _pdf(page, _split(page)) == _pdf(page, _split(page))
