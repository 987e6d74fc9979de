"""Texts that are set together come out as each does by itself, to the last byte."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.profile import PressProfile
from app.domain.template import Align, VerticalAlign
from app.pdf.draw import shown_operators as shown_by_itself
from app.pdf.file.fonts import FontUses
from app.pdf.text.area import Area, Measure
from app.pdf.text.columns.shown import set_texts
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.columns.words import Words
from app.pdf.text.fit import Text
from app.pdf.text.hand import Hand
from app.pdf.text.paragraph import Setting, shape_paragraph
from app.pdf.typefaces import Typefaces

_SAFE = Area(40, 0, 400, 500)
_COMMON = [
    "the",
    "a",
    "parcel",
    "“Hi",
    "you.”",
    "Dörte",
    "12",
    "—",
    "3.5",
    "don't",
    "İpek,",
    "Žofie",
    "!",
    "AVA",
]
_UNLIKE = ["Anne-Marie", "(so)", "Привет", "“", "☕", "ש", "你好", "so\u00adft", "x\u0301"]
_WORD = st.sampled_from(_COMMON) | st.text("abdegimpqyATV", min_size=1, max_size=9)
_SAID = st.lists(_WORD, min_size=1, max_size=60) | st.lists(
    st.sampled_from(_UNLIKE) | _WORD, min_size=1, max_size=9
)


@pytest.fixture(scope="module")
def words() -> Words:
    return Words()


def _measure(width: float, height: float, align: Align, vertical: VerticalAlign, *, even: bool) -> Measure:
    return Measure(
        area=Area(50, 100, 50 + width, 100 + height),
        safe=_SAFE,
        align=align,
        vertical=vertical,
        smallest=10.0,
        largest=16.0,
        leading=20.0,
        even=even,
    )


_MEASURES = st.builds(
    _measure,
    st.sampled_from([30.0, 100.0, 247.3]),
    st.sampled_from([20.0, 61.0, 180.0]),
    st.sampled_from(Align),
    st.sampled_from(VerticalAlign),
    even=st.booleans(),
)


@pytest.fixture(scope="module")
def wanted(typefaces: Typefaces) -> Callable[..., Wanted]:
    """A text in one of three typefaces; `seed` writes it by hand."""

    def make(said: list[str], role: str, seed: int, base: int, measure: Measure, largest: float) -> Wanted:  # noqa: PLR0917
        if role == "print":
            setting = Setting(typefaces.printed(role, "en", 10), base)
        else:
            setting = Setting(typefaces.written(role, "en"), base, Hand(seed, "message"))
        return Wanted(" ".join(said), setting, measure, largest)

    return make


_ARGUMENTS = st.tuples(
    _SAID,
    st.sampled_from(["hand", "hand-brisk", "print"]),
    st.integers(0, 1 << 48),
    st.sampled_from([0, 0, 0, 1]),
    _MEASURES,
    st.sampled_from([16.0, 13.0, 9.0]),
)


@settings(max_examples=150, deadline=None)
@given(asked=st.lists(_ARGUMENTS, min_size=1, max_size=12))
def test_each_text_is_set_as_by_itself(
    words: Words, wanted: Callable[..., Wanted], asked: list[tuple[object, ...]]
) -> None:
    texts = [wanted(*each) for each in asked]
    for each, (simple, together) in zip(texts, set_texts(texts, words), strict=True):
        if not simple:
            continue
        alone = Text([shape_paragraph(each.text, each.setting, "the test")], each.measure).fit(each.largest)
        assert (alone is None) == (together is None)
        if alone is None or together is None:
            continue
        uses = FontUses(cast("PressProfile", None))
        assert shown_by_itself(alone, uses) == shown_by_itself(together, FontUses(cast("PressProfile", None)))
        assert (alone.size, alone.free) == (together.size, together.free)
        (use,) = uses._uses.values()
        runs = words.runs_of(together.rows)
        assert {glyph for run in runs for glyph in run.glyphs} == {
            glyph for run in use.shown for glyph in run.glyphs
        }


def test_plain_words_are_simple(words: Words, wanted: Callable[..., Wanted]) -> None:
    measure = _measure(247, 180, Align.START, VerticalAlign.TOP, even=False)
    texts = [wanted([word], "hand", 1, 0, measure, 16.0) for word in _COMMON[:6]]
    assert all(simple for simple, _ in set_texts(texts, words))


def test_words_that_are_forgotten_are_set_again_alike(wanted: Callable[..., Wanted]) -> None:
    words = Words()
    measure = _measure(247, 180, Align.START, VerticalAlign.TOP, even=False)
    texts = [wanted(["Thank", "you,", "and", word], "hand", 1, 0, measure, 16.0) for word in _COMMON[:6]]
    names = [
        wanted([name], role, 1, 0, measure, 16.0) for name in ("Dörte", "12") for role in ("hand", "print")
    ]

    def shown(asked: list[Wanted]) -> list[str | None]:
        return [text.shown for _, text in set_texts(asked, words) if text]

    before, names_before = shown(texts), shown(names)
    assert shown(texts) == before
    assert shown(names) == names_before
    rows = len(words.runs)
    words.forget_rare()
    assert len(words.runs) == rows
    assert shown(names) == names_before
    assert shown(names) == names_before
    words.forget_rare()
    assert len(words.runs) < rows
    assert shown(names) == names_before
    assert shown(texts) == before
    assert len(words.runs) == rows


def test_no_texts_are_none(words: Words) -> None:
    assert set_texts([], words) == []
