"""Setting many texts: printed ones that come twice are set once, what cannot be drawn is told."""

from __future__ import annotations

from app.domain.template import Align, VerticalAlign
from app.errors import MissingGlyph
from app.pdf.text.area import Area, Measure
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.hand import Hand
from app.pdf.text.paragraph import Setting
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
