"""Setting many texts: printed ones that come twice are set once, what cannot be drawn is told."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.template import Align, VerticalAlign
from app.errors import MissingGlyph
from app.pdf.text import setter as setters
from app.pdf.text.area import Area, Measure
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.columns.words import Words
from app.pdf.text.hand import Hand
from app.pdf.text.paragraph import Draft, Setting
from app.pdf.text.setter import NOTHING, Setter
from app.pdf.typefaces import Typefaces

_MEASURE = Measure(
    area=Area(50, 100, 250, 200),
    safe=Area(0, 0, 400, 500),
    align=Align.START,
    vertical=VerticalAlign.TOP,
    smallest=6.0,
    largest=12.0,
    leading=14.0,
)


def _printed(typefaces: Typefaces, text: str) -> Wanted:
    return Wanted(text, Setting(typefaces.printed("print", "en"), 0), _MEASURE, 12.0)


def _written(typefaces: Typefaces, text: str) -> Wanted:
    return Wanted(text, Setting(typefaces.written("hand", "en"), 0, Hand(7, "x")), _MEASURE, 12.0)


def test_a_printed_text_that_comes_twice_is_set_once(typefaces: Typefaces) -> None:
    setter = Setter()
    imprint, other = _printed(typefaces, "Fernweh, Leipzig"), _printed(typefaces, "Another")
    first, second, alone = setter.set_many([imprint, imprint, other])
    assert first is second is not alone
    assert setter.set_one(imprint) is first
    assert setter.set_many([imprint]) == [first]


def test_each_answer_stands_where_its_text_was_asked_for(typefaces: Typefaces) -> None:
    texts = [
        _written(typefaces, "One"),
        _printed(typefaces, "Two"),
        _written(typefaces, "\u0378"),
        _written(typefaces, "word " * 400),
        _written(typefaces, "One\n\nTwo שלום"),
        _printed(typefaces, "Two"),
    ]
    one, two, missing, too_long, paragraphs, again = Setter().set_many(texts)
    assert one is not None
    assert two is again
    assert isinstance(missing, MissingGlyph)
    assert too_long is None
    assert getattr(paragraphs, "size", 0) == 12


def test_a_text_without_a_shape_is_nothing(typefaces: Typefaces) -> None:
    blank = _written(typefaces, "\u00ad")
    assert Setter().set_one(blank) is NOTHING
    assert Setter().set_many([blank]) == [NOTHING]


def test_threads_that_share_it_take_turns(typefaces: Typefaces, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tables grow in several places: between two of them a letter was looked up that was not there."""
    inside: list[int] = []
    meetings = 0

    def write(_drafts: Iterable[Draft], _words: Words) -> None:
        nonlocal meetings
        meetings += bool(inside)
        inside.append(1)
        time.sleep(0.01)
        inside.pop()

    monkeypatch.setattr(setters, "write_ahead", write)
    setter = Setter()
    texts = [_written(typefaces, f"New word {number}") for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(setter.set_one, texts))
        assert all(threads.map(lambda text: setter.set_many([text]), texts))
    assert meetings == 0
