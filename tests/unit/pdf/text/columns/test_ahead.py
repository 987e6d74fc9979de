"""Words that are written ahead are those that a text by itself would have shaped."""

from __future__ import annotations

from dataclasses import fields

import pytest

from app.pdf.text.columns.ahead import write_ahead
from app.pdf.text.columns.words import Words
from app.pdf.text.hand import Hand
from app.pdf.text.paragraph import Draft, Setting, draft_paragraph
from app.pdf.text.piece import Piece, Word
from app.pdf.text.run import Run
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts

_SAID = "“Hi Anna, the AVA parcel-less (office) of 12 parcel ﬁnd Привет so\u00adft you.” parcel don't"


def _draft(role: str, said: str = _SAID) -> Draft:
    """Of a typeface that knows no word; "print" is not written by hand."""
    typefaces = Typefaces(own_fonts())
    if role == "print":
        return draft_paragraph(said, Setting(typefaces.printed(role, "en", 0), 0))
    return draft_paragraph(said, Setting(typefaces.written(role, "en"), 0, Hand(7, "message")))


def _known(draft: Draft) -> dict[tuple[str, int], Word]:
    """The words that the typeface knows now, by what they say and their writing."""
    places = zip(draft.tokens, draft.places or (), strict=True)
    return {(token, which): word for token, (words, which) in places if (word := words[which])}


def _run(run: Run) -> list[object]:
    return [getattr(run, field.name) for field in fields(run)]


def _piece(piece: Piece) -> tuple[object, ...]:
    return piece[1:-2], piece.text, [_run(run) for run in piece.runs]


@pytest.mark.parametrize("role", ["hand", "hand-brisk", "print"])
def test_a_word_is_what_shaping_makes_of_it(role: str) -> None:
    draft = _draft(role)
    write_ahead([draft], Words())
    known = _known(draft)
    assert {"“Hi", "Anna,", "parcel", "12", "you.”"} <= {token for token, _ in known}
    for (token, which), word in known.items():
        shaped = draft.setting.typeface.write(token, draft.script, 0, which)
        assert word[1:] == shaped[1:]
        assert [*map(_piece, word.pieces)] == [*map(_piece, shaped.pieces)]


def test_what_is_not_plain_is_left_to_shaping() -> None:
    draft = _draft("hand")
    write_ahead([draft], Words())
    assert not {"Привет", "so\u00adft"} & {token for token, _ in _known(draft)}


@pytest.mark.parametrize("said", ["Thank you", "Thank you, שלום dear friend of ours"])
def test_few_words_and_those_that_run_two_ways_are_left_to_shaping(said: str) -> None:
    draft = _draft("hand", said)
    write_ahead([draft], Words())
    assert all(words == [None] * len(words) for words, _ in draft.places or ())
