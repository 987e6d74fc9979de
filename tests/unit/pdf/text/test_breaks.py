"""Where lines may end between words: what is known of two words alone is enough."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from icu4py.breakers import LineBreaker

from app.pdf.text.breaks import _ONE_PIECE, may_not_break_after, may_not_break_before, split

_WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1), min_size=1
)


@given(words=_WORDS)
def test_words_that_may_be_parted_are(words: list[str]) -> None:
    doubtful = any(may_not_break_after(a) or may_not_break_before(b) for a, b in pairwise(words))
    if not doubtful:
        assert split(" ".join(words), "en") == words


@given(
    word=st.from_regex(r"[“(]?[a-zA-Z0-9À-ÿ]{0,9}-[0-9]{1,3}[.,!?”)]{0,2}", fullmatch=True),
    language=st.sampled_from(["en", "de", "fr", "ar"]),
)
def test_no_line_ends_between_a_hyphen_and_digits(word: str, language: str) -> None:
    rules = f"{language}-u-lb-strict"
    if _ONE_PIECE.fullmatch(word):
        assert list(LineBreaker(word, rules).segments()) == [(0, len(word))]


def test_a_dash_may_not_begin_a_line_after_a_space_in_french() -> None:
    assert may_not_break_before("!")
    assert split("Merci !", "fr") == ["Merci !"]
