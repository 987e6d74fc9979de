"""What may reach paper: invisible characters go, impossible ones are refused by name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import MissingGlyph
from app.pdf.text.clean import clean


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("a\tb", "a b"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("two  spaces", "two spaces"),
        ("\ufeffmark", "mark"),
        ("\u202eevil\u202c", "evil"),
        ("\u202a\u202b\u202dembedded", "embedded"),
        ("\U000e0041tag", "tag"),
        ("ن\u200cا", "ن\u200cا"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u2068Anna\u2069", "\u2068Anna\u2069"),
        ("no\u00a0break", "no\u00a0break"),
    ],
)
def test_what_has_no_shape_goes_and_what_shapes_or_orders_stays(text: str, kept: str) -> None:
    assert clean(text, "the greeting") == kept


@pytest.mark.parametrize(
    "character", ["\0", "\a", "\x1b", "\x7f", "\x9f", "\ud800", "\ufdd0", "\uffff", "\U0010ffff"]
)
def test_impossible_characters_are_refused_with_their_place(character: str) -> None:
    with pytest.raises(
        MissingGlyph, match=rf"U\+{ord(character):04X} .* is character 3 of the greeting"
    ) as caught:
        clean(f"ab{character}c", "the greeting")
    assert caught.value.mend


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    try:
        once = clean(text, "x")
    except MissingGlyph:
        return
    assert clean(once, "x") == once
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in once.replace("\n", ""))
    assert not any(unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF"} for c in once)
