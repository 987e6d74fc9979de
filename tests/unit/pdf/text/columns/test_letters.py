"""Words that are written letter by letter come out as HarfBuzz shapes them whole, to the last bit."""

from __future__ import annotations

import random
from dataclasses import fields

import pytest

from app.pdf.text.columns.letters import Letters
from app.pdf.text.run import Run
from app.pdf.text.shape import Typeface
from app.pdf.typefaces import Typefaces

_LATIN = "etaoinshrdlucmfwypbvgkqjxzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?“”’'-()&/ÄöüßéñçłőŞığ"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦ.,!"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩάέή.,·"


def _typeface(typefaces: Typefaces, role: str, language: str) -> Typeface:
    if role == "tracked":
        return typefaces.printed("print", language, 10)
    return typefaces.printed(role, language) if role == "print" else typefaces.written(role, language)


def _members(run: Run) -> list[object]:
    return [getattr(run, field.name) for field in fields(run)]


@pytest.mark.parametrize("role", ["hand", "hand-brisk", "print", "tracked"])
@pytest.mark.parametrize(
    ("script", "language", "letters"),
    [("Latn", "en", _LATIN), ("Latn", "tr", _LATIN), ("Cyrl", "bg", _CYRILLIC), ("Grek", "el", _GREEK)],
)
def test_words_are_as_harfbuzz_shapes_them(
    typefaces: Typefaces, role: str, script: str, language: str, letters: str
) -> None:
    typeface, rng = _typeface(typefaces, role, language), random.Random(role + language)
    words = ["".join(rng.choices(letters, k=rng.randint(1, 10))) for _ in range(1500)]
    writings = [rng.randrange(typeface.writings(word)) for word in words]
    written = 0
    for word, writing, run in zip(
        words, writings, Letters(typeface, script).write(words, writings), strict=True
    ):
        if run is None:
            continue
        ((piece,), leaves, _) = typeface.write(word, script, 0, writing)
        assert piece.simple
        assert leaves == script
        assert piece.runs == (piece.run,)
        assert _members(run) == _members(piece.run), word
        written += 1
    own = typeface.chain.preferred(script)[0] in typeface.chain.own
    assert written > 100 or not own


def test_a_word_does_not_depend_on_those_written_with_it(typefaces: Typefaces) -> None:
    typeface = typefaces.written("hand", "en")
    words = ["the", "parcel", "you", "AVATAR", "x"]
    together = Letters(typeface, "Latn").write(words, [1] * 5)
    alone = [Letters(typeface, "Latn").write([word], [1])[0] for word in words]
    assert [_members(run) for run in together if run] == [_members(run) for run in alone if run]
    assert all(together)


def test_words_with_more_than_plain_letters_are_left(typefaces: Typefaces) -> None:
    brisk, joining = typefaces.written("hand-brisk", "en"), typefaces.written("hand", "ar")
    assert Letters(brisk, "Latn").write(["so\u00adft", "x\u0301", "\u0378", "a-b", ""], [0] * 5) == [None] * 5
    assert Letters(joining, "Arab").write(["سلام"], [0]) == [None]
