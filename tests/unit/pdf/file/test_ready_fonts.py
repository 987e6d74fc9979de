"""Ready-made subsets: the same for all cards of an alphabet, and never without what a card shows."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

import pytest

from app.pdf.engine import Renderer
from app.pdf.file.font_objects import FontObjects
from app.pdf.file.objects import ObjectFile
from app.pdf.file.ready_fonts import is_letter, ready_font
from app.pdf.text.face import Face
from app.pdf.text.glyph import Glyph
from app.pdf.text.paragraph import Paragraph
from tests.cards import PLAIN, card, wording

_TO_UNICODE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")


def _shown(paragraph: Paragraph) -> set[Glyph]:
    return {glyph for piece in paragraph.pieces for run in piece.runs for glyph in run.glyphs}


def _says(font: FontObjects) -> set[str]:
    data = font.unicode_map.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    said = _TO_UNICODE.findall(zlib.decompress(data))
    return {bytes.fromhex(text.decode()).decode("utf-16-be") for _, text in said}


def test_cards_in_one_alphabet_share_a_font(shape: Callable[..., Paragraph], hand_face: Face) -> None:
    hello, thanks = (_shown(shape(text, seed=1)) for text in ("Hello, Anna!", "Thank you."))
    assert ready_font(hand_face, hello) is ready_font(hand_face, thanks) is not None


def test_it_has_every_shape_of_every_letter(shape: Callable[..., Paragraph], hand_face: Face) -> None:
    shown = _shown(shape("The quick brown fox jumps over the lazy dog 0123456789", seed=7))
    font = ready_font(hand_face, shown)
    assert font is not None
    assert {glyph.text for glyph in shown} <= _says(font)
    widths = font.descendant.decode()
    assert all(re.search(rf"[\[ \]]{re.escape(glyph.width)}[ \]]", widths) for glyph in shown)


def test_a_text_in_another_alphabet_brings_that_too(shape: Callable[..., Paragraph], hand_face: Face) -> None:
    shown = _shown(shape("Привет, Anna", seed=1))
    font = ready_font(hand_face, {glyph for glyph in shown if glyph.cid})
    assert font is not None
    assert {"П", "A"} <= _says(font)
    assert "Z" in _says(font)


def test_what_is_no_letter_has_none(hand_face: Face) -> None:
    space = hand_face.nominal(ord(" "))
    assert ready_font(hand_face, {hand_face.glyphs.of(space, "\u2192")}) is None


@pytest.mark.parametrize(
    ("text", "is_one"), [("é", True), ("fi", True), ("ж", True), ("你", False), ("→", False)]
)
def test_letters_are_those_of_the_alphabets(text: str, is_one: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_letter(text) == is_one


def test_nothing_shown_is_a_sound_font(hand_face: Face) -> None:
    font = ready_font(hand_face, set())
    assert font is not None
    assert font.write(ObjectFile()) == 6


def test_letters_of_several_shapes_stand_in_a_second_font(renderer: Renderer) -> None:
    plain, accented = (
        renderer.render(PLAIN, card(wordings=(wording(message=f"Thank you, {name}."),)), None)
        for name in ("Dorte", "Dörte")
    )
    assert plain.count(b"/Subtype/Type0") + 1 == accented.count(b"/Subtype/Type0")
