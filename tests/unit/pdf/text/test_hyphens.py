"""Words are divided where their language divides them, and nowhere else."""

from __future__ import annotations

import unicodedata

import pytest

from app.pdf.text.hyphens import hyphen_points


def _divided(word: str, language: str) -> str:
    points = hyphen_points(word, language)
    return "-".join(word[start:end] for start, end in zip((0, *points), (*points, len(word)), strict=True))


@pytest.mark.parametrize(
    ("language", "divided"),
    [
        ("af", "ver-jaars-dag"),
        ("da", "fød-sels-dag"),
        ("de", "Do-nau-dampf-schiff-fahrt"),
        ("de-AT", "Ge-burts-tag"),
        ("de-DE", "Herz-li-chen"),
        ("el", "ευ-χα-ρι-στούμε"),
        ("en", "con-grat-u-la-tions"),
        ("en-GB", "demo-cracy"),
        ("en-US", "democ-racy"),
        ("es", "fe-li-ci-da-des"),
        ("et", "sün-ni-päe-vaks"),
        ("fr", "an-ni-ver-saire"),
        ("hr", "ro-đen-dan-ski"),
        ("hu", "szü-le-tés-napi"),
        ("it", "con-gra-tu-la-zioni"),
        ("lt", "gim-ta-die-nio"),
        ("lv", "dzim-ša-nas"),
        ("pl", "uro-dzi-nowy"),
        ("pt", "ani-ver-sá-rio"),
        ("pt-PT", "pa-ra-béns"),
        ("sl", "roj-stno-dnevni"),
        ("sr", "ро-ђен-дан-ски"),
        ("sr-Latn-RS", "ro-đen-dan-ski"),
        ("sv", "fö-del-se-dag"),
        ("zu", "ngo-ku-bo-ngayo"),
    ],
)
def test_a_word_is_divided_as_its_language_does(language: str, divided: str) -> None:
    assert _divided(divided.replace("-", ""), language) == divided


def test_marks_stay_with_their_letters_in_decomposed_words() -> None:
    word = unicodedata.normalize("NFD", "födelsedag")
    assert _divided(word, "sv") == unicodedata.normalize("NFD", "fö-del-se-dag")


@pytest.mark.parametrize(
    ("word", "language", "reason"),
    [
        ("hyvää", "fi", "no free dictionary"),
        ("", "en", "nothing to divide"),
        ("table", "en", "too short"),
        ("NATOPACT", "en", "an abbreviation"),
        ("shouldn't", "en", "an apostrophe"),
        ("well-written", "en", "a hyphen of its own"),
        ("A4Z7Q1K9", "de", "an order number"),
        ("asszonnyal", "hu", "it is spelt otherwise when divided"),
        ("поздравление", "en", "another script"),
    ],
)
def test_some_words_are_left_whole(word: str, language: str, reason: str) -> None:
    assert hyphen_points(word, language) == (), reason


@pytest.mark.parametrize("language", ["de", "en", "fr", "hu", "it"])
def test_no_stub_is_left_on_either_line(language: str) -> None:
    for word in ["abenteuerlich", "international", "anniversaire", "ünnepélyesen", "straordinario"]:
        assert all(2 <= point <= len(word) - 3 for point in hyphen_points(word, language))
