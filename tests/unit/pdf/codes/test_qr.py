from __future__ import annotations

import random
import string
import unicodedata

import numpy as np
import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.template import ErrorLevel
from app.errors import ArtworkUnusable
from app.pdf.codes.modules import Modules
from app.pdf.codes.qr import QR_QUIET_ZONE, qr_batch, qr_modules
from app.pdf.codes.qr_text import qr_words
from app.pdf.codes.qr_versions import blocks_of, placement_of, size_of
from tests.barcodes import read

LINK = "https://fernweh.example/o/7ZK3M5A1B2C3D"
LEVELS: tuple[ErrorLevel, ...] = ("L", "M", "Q", "H")
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))


def by_another_maker(text: str, error: ErrorLevel, version: int) -> list[Modules]:
    """The codes of one version under each of the eight masks, in one segment."""
    level = getattr(qrcode.constants, f"ERROR_CORRECT_{error}")
    made = []
    for mask in range(8):
        code = qrcode.QRCode(version, error_correction=level, mask_pattern=mask, border=0)
        code.add_data(text, optimize=0)
        code.make(fit=True)
        made.append(np.array(code.get_matrix(), dtype=np.bool_))
    return made


def is_one_of(modules: Modules, others: list[Modules]) -> bool:
    return sum(np.array_equal(modules, other) for other in others) == 1


def longest(version: int, error: ErrorLevel) -> str:
    """Small letters that fill the version."""
    return "x" * (sum(blocks_of(version, error).data) - (2 if version < 10 else 3))


@pytest.mark.parametrize("error", LEVELS)
@pytest.mark.parametrize("text", [LINK.lower(), "A", "HTTPS://EXAMPLE.COM/1", "0123456789", "x" * 300])
def test_a_qr_is_module_by_module_what_another_maker_makes(text: str, error: ErrorLevel) -> None:
    # Texts of one kind of character: a mix is divided into segments, and there makers rightly differ.
    # Each of the eight masks is a right code; which of them reads best is the maker's choice.
    ours = qr_modules(text, error)
    assert is_one_of(ours, by_another_maker(text, error, (len(ours) - 17) // 4))


@pytest.mark.parametrize("version", [*range(1, 12), 14, 20, 21, 27, 32, 36, 40])
def test_the_patterns_of_every_kind_of_version_are_another_makers(version: int) -> None:
    error = LEVELS[version % 4]
    text = longest(version, error)
    ours = qr_modules(text, error)
    assert len(ours) == size_of(version)
    assert is_one_of(ours, by_another_maker(text, error, version))


@pytest.mark.parametrize("fault", ["mask", "data", "check"])
def test_the_comparison_sees_a_wrong_mask_or_word(fault: str) -> None:
    ours, others = qr_modules(LINK.lower()), by_another_maker(LINK.lower(), "M", 3)
    place = placement_of(3, "M")
    wrong = ours.ravel().copy()
    if fault == "mask":
        wrong ^= (place.bit > 0) & (np.arange(wrong.size) % 5 == 0)
    else:
        words = sum(blocks_of(3, "M").data)
        wrong ^= (place.bit == 1) & (place.word == (0 if fault == "data" else words))
        assert (wrong != ours.ravel()).sum() == 1
    assert is_one_of(ours, others)
    assert not is_one_of(wrong.reshape(ours.shape), others)


@pytest.mark.parametrize("version", range(1, 41))
def test_every_version_reads_back_full_at_every_level(version: int) -> None:
    error = LEVELS[version % 4]
    dice = random.Random(version)
    text = "".join(dice.choices(string.ascii_lowercase, k=len(longest(version, error))))
    assert qr_words(text, error)[0] == version
    assert qr_words(text + "x", error)[0] == version + 1 if version < 40 else True
    assert read(qr_modules(text, error), QR_QUIET_ZONE) == text


@settings(deadline=None)
@given(st.text(alphabet=string.printable, min_size=1, max_size=300), st.sampled_from(LEVELS))
def test_ascii_reads_back(text: str, error: ErrorLevel) -> None:
    assert read(qr_modules(text, error), QR_QUIET_ZONE) == text


@settings(deadline=None)
@given(st.text(alphabet=CHARACTERS, min_size=1, max_size=60), st.sampled_from(LEVELS))
def test_every_script_reads_back(text: str, error: ErrorLevel) -> None:
    assert read(qr_modules(text, error), QR_QUIET_ZONE) == text


@pytest.mark.parametrize("text", ["مرحبًا بك", "いつもありがとう", "https://münchen.example/ß", "👩‍👩‍👧"])
def test_scripts_read_back(text: str) -> None:
    assert unicodedata.normalize("NFC", text) == text
    assert read(qr_modules(text), QR_QUIET_ZONE) == text


def test_many_are_each_what_one_alone_is() -> None:
    dice = random.Random(5)
    texts = ["".join(dice.choices("abcXYZ0189", k=dice.randint(1, 90))) for _ in range(60)]
    for text, modules in zip(texts, qr_batch(texts, "Q"), strict=True):
        assert np.array_equal(modules, qr_modules(text, "Q"))


def test_a_code_of_capitals_after_small_letters_is_smaller_than_of_bytes() -> None:
    assert len(qr_modules(LINK, "M")) == 29
    assert len(qr_modules(LINK.lower(), "Q")) == 33
    assert len(qr_modules(LINK, "Q")) == 33


@pytest.mark.parametrize("text", ["", "x" * 2954, "1" * 7090, "\ud800"])
def test_what_no_code_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        qr_modules(text, "L")
    assert caught.value.mend


def test_the_largest_hold_what_the_standard_says() -> None:
    assert [qr_words(c * n, "L")[0] for c, n in (("1", 7089), ("A", 4296), ("a", 2953))] == [40] * 3
