from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import SetupError
from app.registry.cards import load_card
from tests.own_words import SAMPLES, own_words


def test_a_sample_may_be_in_any_language_that_the_template_takes(tmp_path: Path) -> None:
    (sample,) = load_card(own_words(tmp_path)).samples
    assert (sample.name, sample.language, sample.slots["given_name"]) == ("ta-short", "ta", "மீனா")


FAULTS = {
    "no samples": ("samples = []", r"samples\.toml:1: samples"),
    "language": (SAMPLES.replace('"ta"', '"tamil"'), r"samples\.toml:5: samples\.0\.language"),
    "occasion": (SAMPLES.replace('"generic"', '"generik"'), "no wording speaks of 'generik' in 'ta'"),
    "name": (SAMPLES.replace('"ta-short"', '"../ta"'), r"samples\.0\.name"),
    "slot missing": (SAMPLES.replace('headline = "நன்றி", ', ""), "fills no wording of 'generic': headline"),
    "slot unknown": (SAMPLES.replace("given_name", "givenname"), "givenname is no slot"),
    "slot type": (SAMPLES.replace('"மீனா"', "7"), "given_name must be a text"),
    "name twice": (SAMPLES + SAMPLES, "'ta-short' is there twice"),
}


@pytest.mark.parametrize(("samples", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_named(tmp_path: Path, samples: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        load_card(own_words(tmp_path, samples=samples))
