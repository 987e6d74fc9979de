from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.template import CardTemplate
from app.registry.cards import load_card
from tests.cards import PLAIN
from tests.own_words import own_words


@pytest.fixture
def letter(tmp_path: Path) -> CardTemplate:
    return load_card(own_words(tmp_path))


def test_a_template_speaks_the_languages_it_has_words_in() -> None:
    assert PLAIN.speaks("en")
    assert not PLAIN.speaks("ta")
    assert PLAIN.speaking("ta") == ()
    assert not PLAIN.takes_any_language


def test_words_that_come_with_the_record_are_spoken_in_its_language(letter: CardTemplate) -> None:
    assert letter.speaks("ta")
    assert [wording.language for wording in letter.speaking("ta")] == ["ta"]
    assert letter.variant("own", "zh-Hant").language == "zh-Hant"
    with pytest.raises(KeyError, match="no wording 'gone' in 'ta'"):
        letter.variant("gone", "ta")


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Sag hallo"), ("zh-Hant", "你好"), ("ta", None)],
    ids=["own", "wider", "none"],
)
def test_a_label_falls_back_by_language(letter: CardTemplate, language: str, said: str | None) -> None:
    assert letter.label("qr_label", language) == said
    assert letter.label("signer", language) == "{name}"
