from __future__ import annotations

import pytest

from app.domain.language import direction, lookups


@pytest.mark.parametrize(
    ("language", "runs"), [("ar", "rtl"), ("he", "rtl"), ("ar-EG", "rtl"), ("en", "ltr"), ("de-AT", "ltr")]
)
def test_direction(language: str, runs: str) -> None:
    assert direction(language) == runs


@pytest.mark.parametrize(
    ("language", "tried"), [("de", ["de", "und"]), ("zh-Hant-TW", ["zh-Hant-TW", "zh-Hant", "zh", "und"])]
)
def test_lookups_go_from_the_narrowest_to_any(language: str, tried: list[str]) -> None:
    assert list(lookups(language)) == tried
