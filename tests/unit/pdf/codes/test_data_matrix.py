from __future__ import annotations

import random
import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ppf.datamatrix import DataMatrix

from app.errors import ArtworkUnusable
from app.pdf.codes.data_matrix import DATA_MATRIX_QUIET_ZONE, data_matrix_batch, data_matrix_modules
from app.pdf.codes.data_matrix_sizes import SIZES, placement_of
from app.pdf.codes.data_matrix_text import data_matrix_words
from app.pdf.codes.modules import Modules
from tests.barcodes import read

BENCH = "FW7ZK3M5A1B2C3D000ABCDEF"
ALPHABETS = (
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
    string.ascii_lowercase + string.digits,
    string.digits,
    string.printable[:95],
)


def by_another_maker(text: str) -> Modules:
    return np.array(DataMatrix(text, codecs=["ascii", "C40", "text"]).matrix, dtype=np.bool_)


def told_alike(text: str) -> bool:
    """Whether the other maker pads rightly: it writes 0 for 254, which comes at every 253rd place from 28."""
    side, words = data_matrix_words(text)
    return not any(words[place - 1] == 254 for place in range(28, SIZES[side].data + 1, 253))


@settings(deadline=None)
@given(st.sampled_from(ALPHABETS).flatmap(lambda letters: st.text(letters, min_size=1, max_size=120)))
def test_it_is_module_by_module_what_another_maker_makes(text: str) -> None:
    ours, theirs = data_matrix_modules(text), by_another_maker(text)
    assert ours.shape == theirs.shape
    assert read(ours, DATA_MATRIX_QUIET_ZONE) == text
    # A character cut in two by the end of the thirds leaves a shift behind, which we fill otherwise.
    if told_alike(text) and text.isalnum() and (text.islower() or text.isupper() or text.isdigit()):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("side", SIZES)
def test_every_size_is_another_makers_and_reads_back(side: int) -> None:
    dice = random.Random(side)
    text = "".join(dice.choices("!#$%&*+=?", k=SIZES[side].data))
    ours = data_matrix_modules(text)
    assert ours.shape == (side, side)
    assert np.array_equal(ours, by_another_maker(text))
    assert read(ours, DATA_MATRIX_QUIET_ZONE) == text


@pytest.mark.parametrize("fault", ["data", "check", "pattern"])
def test_the_comparison_sees_one_wrong_module(fault: str) -> None:
    wrong = data_matrix_modules(BENCH).ravel().copy()
    place = placement_of(18)
    words = {"data": 0, "check": SIZES[18].data}
    if fault == "pattern":
        wrong[0] ^= True
    else:
        wrong ^= (place.bit == 1) & (place.word == words[fault])
    assert np.array_equal(data_matrix_modules(BENCH), by_another_maker(BENCH))
    assert not np.array_equal(wrong.reshape(18, 18), by_another_maker(BENCH))


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=120))
def test_every_script_reads_back(text: str) -> None:
    assert read(data_matrix_modules(text), DATA_MATRIX_QUIET_ZONE) == text


def test_a_bench_code_is_a_small_square() -> None:
    assert data_matrix_modules(BENCH).shape == (18, 18)


def test_many_are_each_what_one_alone_is() -> None:
    dice = random.Random(5)
    texts = ["".join(dice.choices("abcXYZ0189", k=dice.randint(1, 90))) for _ in range(60)]
    for text, modules in zip(texts, data_matrix_batch(texts), strict=True):
        assert np.array_equal(modules, data_matrix_modules(text))


@pytest.mark.parametrize("text", ["", "x" * 2000, "1" * 2609, "ß" * 700, "\ud800"])
def test_what_no_size_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        data_matrix_modules(text)
    assert caught.value.mend
