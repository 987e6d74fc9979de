"""Wordings whose words come with each record: one file for all languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import SetupError
from app.registry.cards import load_card
from tests.own_words import ANY, own_words


def test_any_language_greets_by_the_name_alone(tmp_path: Path) -> None:
    wording = load_card(own_words(tmp_path)).variant("own", "ja")
    assert (wording.greeting, wording.greeting_unnamed) == ("{given_name}", "")
    assert wording.requires == {"headline", "message"}


def test_a_language_may_add_its_labels_alone(tmp_path: Path) -> None:
    family = own_words(tmp_path)
    (family / "messages/fr.toml").write_text('[labels]\nqr_label = "Dites bonjour"', encoding="utf-8")
    (family / "messages/de.toml").write_text('[labels]\nqr_label = "Hallo"', encoding="utf-8")
    card = load_card(family)
    assert card.label("qr_label", "fr") == "Dites bonjour"
    assert card.label("qr_label", "de") == "Hallo", "a language's own file has the last word"
    assert card.variant("own", "fr").language == "fr"


def test_a_language_may_have_words_of_its_own(tmp_path: Path) -> None:
    family = own_words(tmp_path)
    (family / "messages/fr.toml").write_text(
        '[greetings]\nnamed = "Bonjour {given_name},"\nunnamed = "Bonjour,"\n'
        '[[variants]]\nid = "bonjour"\noccasion = "generic"\nheadline = "Merci"\nmessage = "Merci à vous."',
        encoding="utf-8",
    )
    card = load_card(family)
    assert [wording.id for wording in card.speaking("fr")] == ["bonjour"]
    assert [wording.id for wording in card.speaking("de")] == ["own"]


FAULTS = {
    "not required": (ANY.replace('requires = ["headline", "message"]', ""), "{headline} is not among"),
    "no such slot": (ANY.replace('"{message}"', '"{letter}"'), "{letter} is no slot"),
    "label missing": (ANY.replace('signer = "{name}"', ""), "labels.signer: is missing"),
    "label unknown": (ANY.replace("[labels]", '[labels]\nsinger = "x"'), "labels.singer: is no label"),
    "role of the signer": (ANY.replace('"{name}"', '"{name}, {role}"'), "names role, which a label does not"),
    "label's language": (ANY.replace("{ de =", "{ german ="), "labels.qr_label"),
    "nothing generic": (ANY.replace('"generic"', '"first"'), r"any\.toml has no wording for 'generic'"),
    "no wording": ("[labels]\nsigner = '{name}'\nqr_label = 'Hi'", r"any\.toml has no wording for 'generic'"),
}


@pytest.mark.parametrize(("any_toml", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_named(tmp_path: Path, any_toml: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        load_card(own_words(tmp_path, any_toml=any_toml))


def test_a_file_is_named_by_its_language(tmp_path: Path) -> None:
    family = own_words(tmp_path)
    (family / "messages/german.toml").write_text("[labels]", encoding="utf-8")
    with pytest.raises(SetupError, match=r"german\.toml: 'german' is no language"):
        load_card(family)


def test_a_language_with_wordings_says_how_it_greets(tmp_path: Path) -> None:
    family = own_words(tmp_path)
    words = '[[variants]]\nid = "a"\noccasion = "generic"\nheadline = "Merci"\nmessage = "Merci."'
    (family / "messages/fr.toml").write_text(words, encoding="utf-8")
    with pytest.raises(SetupError, match=r"fr\.toml: greetings: is missing"):
        load_card(family)


def test_only_the_file_for_any_speaks_many_languages(tmp_path: Path) -> None:
    family = own_words(tmp_path)
    (family / "messages/fr.toml").write_text('[labels.qr_label]\nde = "Hallo"', encoding="utf-8")
    with pytest.raises(SetupError, match=r"fr\.toml:1: labels\.qr_label: is a table"):
        load_card(family)
