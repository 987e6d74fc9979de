"""The hand: always the same for a seed, never the same letter shape twice in a word."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf.text.face import Face
from app.pdf.text.hand import LARGEST_DRIFT, MOST_WRITINGS, TAPE, Dice, Hand, alternates, cut, writings_of
from app.pdf.text.paragraph import Paragraph, Setting, shape_paragraph
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts

Shaper = Callable[..., Paragraph]
_LETTERS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGH", min_size=1, max_size=14)
_TEXTS = [
    "the cat and the dog and the the",
    "Thank you, Anna",
    "Mississippi bookkeeper committee",
    "we we we",
]


def _codes(paragraph: Paragraph) -> list[str]:
    return [run.code for run in paragraph.line(0, len(paragraph.pieces))]


@settings(max_examples=150, deadline=None)
@given(word=_LETTERS, seed=st.integers(0, 2**48), role=st.sampled_from(["hand", "hand-brisk"]))
def test_equal_letters_of_a_word_are_alike_only_when_all_shapes_were_used(
    shape: Shaper, word: str, seed: int, role: str
) -> None:
    paragraph = shape(word, role=role, seed=seed)
    face = paragraph.runs[0].face
    shapes: dict[str, list[object]] = {}
    for glyph in paragraph.runs[0].glyphs:
        shapes.setdefault(glyph.text, []).append(glyph.shape)
    for letter, found in shapes.items():
        available = 1 + face.alternates(letter) if len(letter) == 1 else 1
        for start in range(len(found)):
            some = found[start : start + min(available, 8)]
            assert len(set(some)) == len(some)


@pytest.mark.parametrize("role", ["hand", "hand-brisk"])
@given(word=_LETTERS, times=st.integers(2, 6), seed=st.integers(0, 2**48))
@settings(max_examples=60, deadline=None)
def test_a_word_that_comes_again_is_written_otherwise(
    shape: Shaper, role: str, word: str, times: int, seed: int
) -> None:
    paragraph = shape(" ".join([word] * times), role=role, seed=seed)
    codes = [piece.code for piece in paragraph.pieces]
    assert all(one != next_one for one, next_one in pairwise(codes))


@pytest.mark.parametrize("role", ["hand", "hand-brisk"])
@given(word=_LETTERS)
@settings(max_examples=60, deadline=None)
def test_no_letter_has_the_same_shape_in_two_writings_of_a_word(
    typefaces: Typefaces, role: str, word: str
) -> None:
    typeface = typefaces.written(role, "en")
    face = typeface.chain.own[0]
    writings = [typeface.write(word, "Latn", 0, index).pieces[0].run for index in range(writings_of(face))]
    letters = [run.glyphs for run in writings if len(run.glyphs) == len(word)]  # the others have ligatures
    for glyphs in zip(*letters, strict=True):
        if face.alternates(glyphs[0].text) >= MOST_WRITINGS - 1:
            assert len({glyph.shape for glyph in glyphs}) == len(glyphs)


@settings(max_examples=100, deadline=None)
@given(text=_LETTERS, writing=st.integers(0, 3))
def test_alternates_exist(hand_face: Face, text: str, writing: int) -> None:
    for start, end, shape in alternates(text, hand_face, writing):
        assert end in {start, start + 1}
        if end > start:
            assert 0 < shape <= hand_face.alternates(text[start])


def test_features_come_in_few_sequences_of_values(hand_face: Face) -> None:
    rng = random.Random(3)
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(1, 12))) for _ in range(500)]
    sequences = {tuple(shape for _, _, shape in alternates(word, hand_face, 0)) for word in words}
    assert len(sequences) < 6


def test_the_same_seed_writes_the_same(shape: Shaper) -> None:
    first, again, other = (shape("Thank you, Anna", seed=seed) for seed in (3, 3, 4))
    assert _codes(first) == _codes(again)
    assert _codes(first) != _codes(other)


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(8)))
def test_what_was_written_before_changes_nothing(typefaces: Typefaces, order: list[int]) -> None:
    fresh = Typefaces(own_fonts())
    for index in order:
        text, hand = _TEXTS[index // 2], Hand(index, "test")
        warm, cold = (
            shape_paragraph(text, Setting(known.written("hand", "en"), 0, hand), "the test")
            for known in (typefaces, fresh)
        )
        assert _codes(warm) == _codes(cold)


def test_joined_scripts_keep_their_letters_in_place(shape: Shaper) -> None:
    written, printed = shape("شكرا لك", base=1, seed=9), shape("شكرا لك", base=1)
    for one, other in zip(written.pieces, printed.pieces, strict=True):
        assert [glyph.shape for glyph in one.run.glyphs] == [glyph.shape for glyph in other.run.glyphs]
        assert one.code == f"0 Ts[<{other.code}"


def test_fonts_that_stand_in_keep_their_letters(shape: Shaper) -> None:
    paragraph = shape("山山山", seed=1)
    assert len({glyph.shape for run in paragraph.runs for glyph in run.glyphs}) == 1


def test_a_tape_has_no_end() -> None:
    tape = list(range(TAPE))
    assert cut(tape, TAPE - 2, 4) == [TAPE - 2, TAPE - 1, 0, 1]
    assert cut(tape, 5, TAPE + 1) == [*tape[5:], *tape[:6]]


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
