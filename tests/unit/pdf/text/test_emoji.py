"""Which graphemes are pictures, and that the font has one picture for each."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from app.errors import SetupError
from app.pdf.text.emoji import PAGE, EmojiFont, is_picture, may_hold_pictures
from app.registry.fonts import own_fonts

_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
_KISS = "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3ff"
_ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
_PICTURES = {
    "face": "\U0001f600",
    "family": _FAMILY,
    "kiss with skin tones": _KISS,
    "skin tone": "\U0001f44d\U0001f3fd",
    "heart asked for as a picture": "\u2764\ufe0f",
    "coffee, a picture by itself": "\u2615",
    "keycap": "1\ufe0f\u20e3",
    "number sign": "#\ufe0f\u20e3",
    "flag": "\U0001f1e9\U0001f1ea",
    "flag of tags": _ENGLAND,
    "copyright asked for as a picture": "\u00a9\ufe0f",
    "eye in bubble, selectors left out": "\U0001f441\u200d\U0001f5e8",
}
_TEXTS = {
    "letter": "A",
    "digit": "1",
    "asterisk": "*",
    "heart of text": "\u2764",
    "copyright": "\u00a9",
    "check mark": "\u2713",
    "face asked for as text": "\U0001f600\ufe0e",
    "coffee asked for as text": "\u2615\ufe0e",
    "Hindi joiner": "\u0915\u094d\u200d",
    "keycap without a selector": "1\u20e3",
}


@pytest.fixture(scope="module")
def font() -> EmojiFont:
    file = own_fonts().emoji
    assert file is not None
    return EmojiFont(file)


@pytest.mark.parametrize("grapheme", _PICTURES.values(), ids=_PICTURES)
def test_a_picture_is_known_and_is_one_glyph(font: EmojiFont, grapheme: str) -> None:
    assert is_picture(grapheme)
    assert may_hold_pictures(grapheme)
    page = font.page_of(grapheme)
    assert page is not None
    assert page.has(grapheme)


@pytest.mark.parametrize("grapheme", _TEXTS.values(), ids=_TEXTS)
def test_text_is_no_picture(grapheme: str) -> None:
    assert not is_picture(grapheme)


@pytest.mark.parametrize("text", ["Order 1234 #5*", "Zoë Ångström", "नमस्ते", "李雪梅", "שָׁלוֹם", "“x”…–"])
def test_a_quick_look_passes_ordinary_text_by(text: str) -> None:
    assert not may_hold_pictures(text)


@pytest.mark.parametrize(
    ("grapheme", "reason"),
    [
        ("\U0001f1fd\U0001f1fd", "a flag of no country is drawn as a placeholder"),
        ("\U0001f436\U0001f3fd", "dogs have no skin tones"),
        ("\U0001f468\u200d\U0001f436", "no picture of the two together"),
        ("A", "a letter"),
    ],
)
def test_what_is_not_one_picture_is_not_had(font: EmojiFont, grapheme: str, reason: str) -> None:
    assert font.page_of(grapheme) is None, reason


def test_pictures_that_join_to_nothing_known_stand_apart(font: EmojiFont) -> None:
    assert font.settled("Hi \U0001f468\u200d\U0001f436!") == "Hi \U0001f468\U0001f436!"
    assert font.settled(f"Hi {_FAMILY} and {_KISS}") == f"Hi {_FAMILY} and {_KISS}"
    assert font.settled("क्\u200dष") == "क्\u200dष"


def test_each_page_has_its_own_glyphs(font: EmojiFont) -> None:
    pages = {grapheme: font.page_of(grapheme) for grapheme in _PICTURES.values()}
    assert len({id(page) for page in pages.values()}) > 1
    assert font.page_of("\U0001f600") is pages["\U0001f600"]
    for grapheme, page in pages.items():
        assert page is not None
        assert [other.has(grapheme) for other in pages.values() if other is not None].count(True) == len(
            [other for other in pages.values() if other is page]
        )
    assert PAGE * 2 < 255, "each glyph in two spellings, and room for what their parts say"


def test_a_picture_stands_on_the_line_as_a_capital_does(font: EmojiFont) -> None:
    page = font.page_of("\U0001f600")
    assert page is not None
    ink = page.ink(_glyph(page, "\U0001f600"))
    assert ink is not None
    assert ink.top - ink.bottom == pytest.approx(1.15 * 0.78, abs=0.03), "of Playpen's capitals"
    assert -0.1 < ink.bottom < 0, "as far under the line as over the capitals"
    assert page.advance(_glyph(page, "\U0001f600")) * page.scale == pytest.approx(ink.right, rel=0.01)


def test_a_picture_is_in_colour(font: EmojiFont) -> None:
    page = font.page_of("\u2764\ufe0f")
    assert page is not None
    picture = page.picture(_glyph(page, "\u2764"))
    assert picture.mode == "RGBA"
    red, green, blue, alpha = picture.getpixel((picture.width // 2, picture.height // 2))  # type: ignore[misc]  # RGBA
    assert red > 180
    assert max(green, blue) < 100
    assert alpha == 255
    assert picture.getpixel((0, 0))[3] == 0  # type: ignore[index]  # RGBA


def test_a_font_without_bitmaps_is_refused() -> None:
    file = own_fonts().fonts["playpen-sans"]
    with pytest.raises(SetupError, match="has no colour bitmaps"):
        EmojiFont(replace(file, sha256=hashlib.sha256(file.path.read_bytes()).hexdigest())).page_of("\u2615")


def _glyph(page: object, character: str) -> int:
    glyph: int = page.font.get_nominal_glyph(ord(character))  # type: ignore[attr-defined]  # any face has it
    return glyph
