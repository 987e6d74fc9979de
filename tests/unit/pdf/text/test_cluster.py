"""Clusters: what each shape says, where characters and shapes are not as many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.pdf.text.cluster import Cluster, shaped
from app.pdf.text.face import BLANK, Merged
from app.pdf.text.itemise import Item, NoGlyph, itemise
from app.pdf.typefaces import Typefaces


@pytest.fixture
def clusters(typefaces: Typefaces) -> Callable[..., list[Cluster]]:
    def made(word: str, *, level: int = 0, script: str = "Latn", role: str = "hand") -> list[Cluster]:
        (item,) = itemise(word, level, typefaces.printed(role, "en", 0).chain, script)
        return shaped(word, item, "en", {})

    return made


def _said(found: list[Cluster]) -> list[tuple[int, str]]:
    return [(start, said) for _, start, _, _, _, said in found]


def test_plain_letters_say_themselves(clusters: Callable[..., list[Cluster]]) -> None:
    assert _said(clusters("Anna")) == list(enumerate("Anna"))


def test_a_ligature_says_all_its_letters(clusters: Callable[..., list[Cluster]]) -> None:
    assert _said(clusters("off", role="print")) == [(0, "o"), (1, "ff")]


def test_letters_joined_to_the_left_come_from_left_to_right(clusters: Callable[..., list[Cluster]]) -> None:
    assert _said(clusters("مرح", level=1, script="Arab")) == [(2, "ح"), (1, "ر"), (0, "م")]


def test_a_ligature_to_the_left_says_one_character_and_blanks_the_others(
    clusters: Callable[..., list[Cluster]],
) -> None:
    blank, drawn = clusters("لا", level=1, script="Arab")
    assert (blank[0], blank[2], blank[-1]) == (BLANK, 0, "ا")
    assert drawn[-1] == "ل"


def test_marks_become_one_shape_with_their_letter(clusters: Callable[..., list[Cluster]]) -> None:
    merged, plain = clusters("x\u0323\u0302y")
    assert isinstance(merged[0], Merged)
    assert _said([merged, plain]) == [(0, "x\u0323\u0302"), (3, "y")]


def test_a_character_without_a_glyph_is_named_by_its_place(typefaces: Typefaces) -> None:
    face = typefaces.printed("hand", "en", 0).chain.own[0]
    with pytest.raises(NoGlyph) as refused:
        shaped("ab山d", Item(0, 4, 0, "Latn", face), "en", {})
    assert refused.value.index == 2
