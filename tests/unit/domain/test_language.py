from __future__ import annotations

import pytest

from app.domain.language import accepted, direction, lookups


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


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", ()),
        ("de", ("de",)),
        ("da, en-GB;q=0.8, en;q=0.7", ("da", "en-GB", "en")),
        ("en;q=0.7,fr-CH , de; q=0.9", ("fr-CH", "de", "en")),
        ("*, de;q=0, x y, en;q=2.5, sv;level=1", ()),
        ("en," * 10_000, ("en",) * 166),
    ],
)
def test_a_header_names_languages_best_first(header: str, languages: tuple[str, ...]) -> None:
    assert accepted(header)[:166] == languages
