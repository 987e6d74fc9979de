"""Texts that are put together by columns."""

from __future__ import annotations

import numpy as np

from app.pdf.file.spelled import as_words, spelled


def test_texts_of_any_length_stand_without_gaps() -> None:
    numbers, ends = as_words(["1 ", "1234567890 "]), as_words(["re\n"])
    rows = np.concatenate([numbers[[1, 0]], ends[[0, 0]]], axis=1)
    assert spelled(rows) == b"1234567890 re\n1 re\n"
