"""Stamping: one content stream a side, of operators that name what the file defines."""

from __future__ import annotations

import pytest

from app.pdf.compiled import Compiled, Look, compile_beginning
from app.pdf.file.fonts import FontUses
from app.pdf.stamp import Stamper
from app.pdf.typefaces import Typefaces
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PLAIN, card


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    profile = load_profiles(PROFILES)[card().profile]
    (compiled,) = compile_beginning(profile, [(Look.of(PLAIN, card()), None)]).looks
    return compiled


def test_each_side_begins_with_its_art_and_is_ascii(typefaces: Typefaces, compiled: Compiled) -> None:
    front, back = Stamper(typefaces).stamp(card(), compiled, FontUses())
    assert front.startswith(f"/{compiled.art[0].resource} Do\n".encode())
    assert back.startswith(f"/{compiled.art[1].resource} Do\n".encode())
    assert front.isascii()
    assert back.isascii()


def test_every_text_stands_between_bt_and_et(typefaces: Typefaces, compiled: Compiled) -> None:
    for content in Stamper(typefaces).stamp(card(), compiled, FontUses()):
        assert content.count(b"BT\n") == content.count(b"ET Q\n") > 0
