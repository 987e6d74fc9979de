"""Items: what was learned of earlier words never changes those of a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pdf.text.itemise import Chain, Item, NoGlyph, itemise
from app.pdf.typefaces import Typefaces

_LETTERS = st.text(
    "abcéſŁ1-,.،؟()«»#*©☎❤️😀Ждαβשםابلاกำนमक्ष你あリー٣\u200d\u0301\u0640", min_size=1, max_size=6
)


def _items(word: str, level: int, chain: Chain, before: str) -> list[Item] | int:
    try:
        return itemise(word, level, chain, before)
    except NoGlyph as refused:
        return refused.index


@given(st.lists(_LETTERS, min_size=1, max_size=8), st.sampled_from(["Latn", "Arab", "Hebr", "Hani", "Zyyy"]))
def test_a_word_has_the_same_items_whatever_came_before(
    typefaces: Typefaces, words: list[str], before: str
) -> None:
    known = typefaces.printed("hand", "en", 0).chain
    learning = Chain(known.own, known.fallback, known.emoji)
    for word in words:
        fresh = Chain(known.own, known.fallback, known.emoji)
        assert _items(word, 0, learning, before) == _items(word, 0, fresh, before)


@pytest.mark.parametrize(
    ("word", "scripts"), [("Anna،", ["Latn", "Arab"]), ("12", ["Hebr"]), ("Anna", ["Latn"])]
)
def test_shared_characters_follow_the_script_before_them(
    typefaces: Typefaces, word: str, scripts: list[str]
) -> None:
    chain = typefaces.printed("hand", "en", 0).chain
    for _ in range(2):
        assert [item.script for item in itemise(word, 0, chain, "Hebr")] == scripts
