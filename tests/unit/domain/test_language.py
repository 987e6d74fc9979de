from __future__ import annotations

import pytest

from app.domain.language import direction


@pytest.mark.parametrize(
    ("language", "runs"), [("ar", "rtl"), ("he", "rtl"), ("ar-EG", "rtl"), ("en", "ltr"), ("de-AT", "ltr")]
)
def test_direction(language: str, runs: str) -> None:
    assert direction(language) == runs
