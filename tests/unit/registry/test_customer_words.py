"""What a customer is told: every message in every language that a card may speak."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from app.domain.language import ANY
from app.domain.product import ItemText
from app.errors import SetupError
from app.registry.customer_words import CustomerWords, Say, load_customer_words
from app.registry.places import BRANDS, CARDS, CUSTOMER_WORDS
from app.registry.toml_file import TomlFile

WORDS = load_customer_words(CUSTOMER_WORDS)
LANGUAGES = sorted(path.stem for path in CUSTOMER_WORDS.glob("*.toml"))
SLOT = re.compile(r"[{}]")


def spoken() -> set[str]:
    """Every language that a card or a brand of tipin's own has words in."""
    found = {path.stem for path in CARDS.glob("*/messages/*.toml")} - {"any"}
    for path in CARDS.glob("*/messages/any.toml"):
        labels = TomlFile(path).document["labels"].values()
        found |= {tag for said in labels if isinstance(said, dict) for tag in said}
    for path in BRANDS.glob("*/brand.toml"):
        found |= set(TomlFile(path).document["languages"])
    return found - {ANY}


def test_they_are_said_in_every_language_that_cards_are() -> None:
    assert len(spoken()) > 20
    assert spoken() <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", Say)
def test_a_message_is_whole_and_its_own(message: Say, language: str) -> None:
    said = {text: WORDS.say(message, [language], text) for text in ItemText}
    for text, words in said.items():
        assert 12 <= len(words) <= 200
        assert not SLOT.search(words)
        assert language == "en" or words != WORDS.say(message, ["en"], text)
    names_the_text = message in {Say.TOO_LONG, Say.CHARACTER, Say.NO_PLACE}
    assert (said[ItemText.NAME] != said[ItemText.CAPTION]) == names_the_text


def test_no_language_says_two_things_alike() -> None:
    for language in LANGUAGES:
        assert len({WORDS.say(message, [language]) for message in Say}) == len(Say)


@pytest.mark.parametrize(
    ("languages", "spoken_in"),
    [
        (["de-AT"], "de"),
        (["DE"], "de"),
        (["zh-TW"], "zh-Hant"),
        (["zh-Hant-HK"], "zh-Hant"),
        (["zh-CN"], "zh"),
        (["sw", "fr-CA"], "fr"),
        (["sw"], "en"),
        ([], "en"),
    ],
)
def test_the_nearest_language_is_spoken_and_english_at_last(languages: list[str], spoken_in: str) -> None:
    assert WORDS.say(Say.OTHER, languages) == WORDS.say(Say.OTHER, [spoken_in])


def planted(folder: Path, old: str, new: str) -> CustomerWords:
    """The shipped words with one change in German."""
    shutil.copytree(CUSTOMER_WORDS, folder, dirs_exist_ok=True)
    path = folder / "de.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load_customer_words(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("too_thin = ", "too_thick = ", r"de\.toml:.*too_thick"),
        ('name = "Name"', "", r"texts\.name: is missing"),
        ("({what}) ist zu lang", "ist zu lang", r"messages\.too_long"),
        ("({what}) ist zu lang", "({name}) ist zu lang", r"messages\.too_long"),
        ("({what}) ist zu lang", "({what) ist zu lang", r"messages\.too_long"),
        ("nur ein schmaler", "{what} ein schmaler", r"messages\.too_thin"),
        ("[texts]", 'also = ["fr"]\n[texts]', "another file"),
    ],
)
def test_a_file_that_is_not_whole_stops_the_start(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        planted(tmp_path, old, new)


def test_a_message_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "en.toml"
    text = (CUSTOMER_WORDS / "en.toml").read_text(encoding="utf-8")
    path.write_text(re.sub(r"^damaged = .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    with pytest.raises(SetupError, match=r"messages\.damaged: is missing"):
        load_customer_words(tmp_path)


def test_without_english_there_is_no_start(tmp_path: Path) -> None:
    shutil.copy(CUSTOMER_WORDS / "de.toml", tmp_path)
    with pytest.raises(SetupError, match=r"en\.toml"):
        load_customer_words(tmp_path)
