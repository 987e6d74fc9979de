"""Stamping: one content stream a side, of operators that name what the file defines."""

from __future__ import annotations

import pytest

from app.pdf.compiled import Compiled, compile_template
from app.pdf.file.fonts import FontUses
from app.pdf.stamp import ART, Stamper
from app.pdf.typefaces import Typefaces
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PLAIN, card


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_template(PLAIN, card(), load_profiles(PROFILES)[card().profile], None)


def test_each_side_begins_with_its_art_and_is_ascii(typefaces: Typefaces, compiled: Compiled) -> None:
    front, back = Stamper(typefaces).stamp(card(), compiled, FontUses())
    assert front.startswith(f"/{ART}0 Do\n".encode())
    assert back.startswith(f"/{ART}1 Do\n".encode())
    assert front.isascii()
    assert back.isascii()


def test_every_text_stands_between_bt_and_et(typefaces: Typefaces, compiled: Compiled) -> None:
    for content in Stamper(typefaces).stamp(card(), compiled, FontUses()):
        assert content.count(b"BT\n") == content.count(b"ET Q\n") > 0
