from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bench_code import (
    BENCH_CODE_LENGTH,
    LAST_COMPONENT,
    LAST_GENERATION,
    BenchCode,
    bench_code,
    read_bench_code,
)
from app.domain.ids import ALPHABET

SECRET = b"the plant's own key"
CODE = BenchCode("AC", "7ZK4M0QW2B8NY", component=3, generation=2)
TEXT = CODE.signed(SECRET)
GERMAN = str.maketrans("YZyz", "ZYzy")
FRENCH = str.maketrans("1234567890QAZWMqazwm", "&é\"'(-è_çàAQWZ?aqwz,")
crockford = st.text(ALPHABET, min_size=13, max_size=13)
codes = st.builds(
    BenchCode,
    st.text(ALPHABET, min_size=2, max_size=2),
    crockford,
    st.integers(0, LAST_COMPONENT),
    st.integers(0, LAST_GENERATION),
)


@given(codes)
def test_what_was_signed_reads_back(code: BenchCode) -> None:
    text = code.signed(SECRET)
    assert len(text) == BENCH_CODE_LENGTH == 24
    assert read_bench_code(SECRET, text) == code
    assert bench_code(SECRET, code.brand_key, code.record, code.generation, code.component) == text


@given(
    codes,
    st.sampled_from(("", "]d2", "]D1", "+d2", "~", "w")),
    st.sampled_from(("", "\r\n", "\t", "\n", " ")),
    st.sampled_from((str.upper, str.lower, str.swapcase)),
    st.sampled_from(({}, GERMAN, FRENCH)),
)
def test_it_survives_what_hand_scanners_do(
    code: BenchCode, before: str, after: str, case: object, keyboard: dict[int, str]
) -> None:
    assert callable(case)
    scanned = before + case(code.signed(SECRET)).translate(keyboard) + after
    assert read_bench_code(SECRET, scanned) == code


def test_every_character_is_held_to_the_check() -> None:
    for place in range(BENCH_CODE_LENGTH):
        for letter in set(ALPHABET) - {TEXT[place]}:
            with pytest.raises(ValueError, match="not a code of this plant"):
                read_bench_code(SECRET, TEXT[:place] + letter + TEXT[place + 1 :])


def test_letters_that_were_typed_from_paper_are_read_as_they_look() -> None:
    code = BenchCode("01", "0101010101010")
    typed = code.signed(SECRET).replace("0", "o").replace("1", "l")
    assert read_bench_code(SECRET, typed) == code


def test_a_code_that_was_scanned_twice_in_one_go_is_itself() -> None:
    assert read_bench_code(SECRET, TEXT + "\r\n" + TEXT) == CODE


def test_two_codes_in_one_go_are_neither() -> None:
    other = BenchCode("AC", CODE.record).signed(SECRET)
    with pytest.raises(ValueError, match="two codes"):
        read_bench_code(SECRET, TEXT + other)


@pytest.mark.parametrize("scanned", ["", "\r\n", "4006381333931", TEXT[:-1], TEXT * 5, "\0" * 24, "é" * 24])
def test_what_is_no_code_is_refused(scanned: str) -> None:
    with pytest.raises(ValueError, match="not a code of this plant"):
        read_bench_code(SECRET, scanned)


def test_another_plants_code_is_refused() -> None:
    with pytest.raises(ValueError, match="not a code of this plant"):
        read_bench_code(b"another plant's own key", TEXT)


def test_misreads_are_refused() -> None:
    dice = random.Random(7)
    for _ in range(2000):
        wrong = list(TEXT)
        for place in dice.sample(range(BENCH_CODE_LENGTH), dice.randint(2, 6)):
            wrong[place] = dice.choice(ALPHABET)
        if "".join(wrong) != TEXT:
            with pytest.raises(ValueError, match="not a code of this plant"):
                read_bench_code(SECRET, "".join(wrong))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (BenchCode("A", CODE.record), "2-character brand key"),
        (BenchCode("AC", CODE.record[:-1]), "13-character record"),
        (BenchCode("AC", CODE.record, -1), "at most 1023 components"),
        (BenchCode("AC", CODE.record, LAST_COMPONENT + 1), "at most 1023 components"),
        (BenchCode("AC", CODE.record, 0, LAST_GENERATION + 1), "reprinted 31 times"),
        (BenchCode("AC", CODE.record, 0, -1), "reprinted 31 times"),
    ],
)
def test_a_part_that_does_not_fit_is_refused(code: BenchCode, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        code.signed(SECRET)
