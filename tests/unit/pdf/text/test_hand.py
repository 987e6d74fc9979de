"""The hand: always the same for a seed, never the same letter shape twice running."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf.text.face import Face
from app.pdf.text.hand import LARGEST_DRIFT, Dice, Hand
from app.pdf.text.shape import Paragraph

Shaper = Callable[..., Paragraph]


@pytest.mark.parametrize("word", ["committee", "Hannah", "aaaaaaaa", "bookkeeper", "Mississippi"])
@pytest.mark.parametrize("role", ["hand", "hand-brisk"])
@pytest.mark.parametrize("seed", range(5))
def test_a_letter_is_never_drawn_as_it_was_drawn_last(shape: Shaper, word: str, role: str, seed: int) -> None:
    last: dict[str, object] = {}
    for run in shape(word, role=role, seed=seed).runs:
        for glyph in run.glyphs:
            assert last.get(glyph.text) != glyph.shape
            last[glyph.text] = glyph.shape


@settings(max_examples=100, deadline=None)
@given(text=st.text("abcde fg", min_size=1, max_size=40), seed=st.integers(0, 2**64 - 1))
def test_alternates_exist_and_never_repeat(hand_face: Face, text: str, seed: int) -> None:
    chosen = {start: shape for start, _, shape in Hand(seed, "x").alternates(text, hand_face)}
    last: dict[str, int] = {}
    for index, letter in enumerate(text):
        shape = chosen.get(index, 0)
        assert shape <= hand_face.alternates(letter)
        if hand_face.alternates(letter):
            assert last.get(letter) != shape
            last[letter] = shape


def test_the_same_seed_writes_the_same(shape: Shaper) -> None:
    first, again, other = (shape("Thank you, Anna", seed=seed) for seed in (3, 3, 4))
    assert first.runs[0].glyphs == again.runs[0].glyphs
    assert first.runs[0].glyphs != other.runs[0].glyphs


def test_joined_scripts_keep_their_letters_in_place(shape: Shaper) -> None:
    written, printed = shape("شكرا لك", base=1, seed=9), shape("شكرا لك", base=1)
    assert [run.glyphs for run in written.runs] == [run.glyphs for run in printed.runs]


def test_fonts_that_stand_in_keep_their_letters(shape: Shaper) -> None:
    text = "山山山"
    (run,) = shape(text, seed=1).runs
    assert len({glyph.shape for glyph in run.glyphs}) == 1


@given(seed=st.integers(0), lines=st.integers(1, 12))
def test_lines_drift_inwards_only(seed: int, lines: int) -> None:
    drifts = Hand(seed, "x").drifts(lines)
    assert len(drifts) == lines
    assert all(0 <= drift <= LARGEST_DRIFT for drift in drifts)
    assert all(abs(slope) <= 0.008 for slope in Hand(seed, "x").slopes(lines))


@given(st.integers(0, 2**64), st.text(max_size=8))
def test_dice_are_between_minus_one_and_one(seed: int, purpose: str) -> None:
    rolls = Dice(seed, purpose).around(50)
    assert (abs(rolls) <= 1).all()
    assert rolls.std() > 0.2


def test_dice_are_splitmix64() -> None:
    # Reference values of the algorithm for seed 0 (Vigna, splitmix64.c).
    dice = Dice(0, "x")
    dice._state = 0
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [*dice.bits(2).tolist(), *dice.bits(1).tolist()] == expected


def test_seeds_and_purposes_are_streams_of_their_own() -> None:
    rolls = [Dice(seed, purpose).bits(1)[0] for seed in (0, 1, -1) for purpose in ("a", "b")]
    assert len(set(rolls)) == 6
