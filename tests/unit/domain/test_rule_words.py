from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.pattern import fill
from app.domain.rule_words import speaking_rules
from tests.custom_rules import OWN, RULE, faults, rule
from tests.plant import TEMPLATE


def own(**wording: str) -> dict[str, Any]:
    return {"own": {"en": [{"headline": "Three", "message": "Thank you."} | wording]}}


def test_own_words_take_the_cards_usual_greeting() -> None:
    (variant,) = rule(words=OWN).words.own
    assert variant.greeting == "Dear {given_name},"
    assert variant.greeting_unnamed == "Hello,"
    assert variant.requires == {"n_orders"}
    assert variant.occasion == "rule:third-order"
    assert fill(variant.message, "en", {"n_orders": 3}) == "This is order number 3 of yours."


def test_a_wording_keeps_its_id_until_its_words_change() -> None:
    first, same = rule(words=own()), rule(words=own(), title="Another title", kind="moment")
    other = rule(words=own(message="Thank you all."))
    assert first.words.own[0].id == same.words.own[0].id
    assert first.words.own[0].id != other.words.own[0].id


@pytest.mark.parametrize(
    ("wording", "field", "detail"),
    [
        ({"message": "Your {nth_yaer}th"}, "message", "is no slot"),
        ({"message": "{n_orders, plural, one {#}"}, "message", "no ICU MessageFormat"),
        ({"message": "It's here"}, "message", "straight apostrophe"),
        ({"message": "{category, plural, one {#} other {#}}"}, "message", "is text but used as a number"),
        ({"message": ""}, "message", "is no text"),
        ({"message": "x" * 1201}, "message", "over 1200"),
        ({"headline": "a\u202eb"}, "headline", "control character"),
        ({"greeting": "Dear {brand} {n_orders},"}, "greeting", "not among"),
        ({"shout": "x"}, "shout", "is no key"),
    ],
)
def test_own_words_are_checked_as_a_templates_are(wording: dict[str, str], field: str, detail: str) -> None:
    found = faults(RULE | {"words": own(**wording)})
    assert found[0].pointer == f"/words/own/en/0/{field}"
    assert detail in found[0].detail


def test_three_facts_are_too_many() -> None:
    message = "{n_orders, number} {nth_year, number} {days_since_last, number}"
    (found,) = faults(RULE | {"words": own(message=message)})
    assert "tells 3 facts" in found.detail


def test_a_card_after_trouble_does_not_raise_its_voice() -> None:
    (found,) = faults(RULE | {"kind": "recovery", "words": own(message="We are sorry!")})
    assert "raises its voice" in found.detail


@pytest.mark.parametrize(
    ("words", "pointer"),
    [
        ({"own": {}}, "/words/own"),
        ({"own": {"fr": [{"headline": "x", "message": "y"}]}}, "/words/own/fr"),
        ({"own": {"en": []}}, "/words/own/en"),
        ({"own": {"en": ["x"]}}, "/words/own/en/0"),
        ({"own": {"en": [{"headline": "x"}]}}, "/words/own/en/0/message"),
    ],
)
def test_words_that_are_not_there(words: dict[str, Any], pointer: str) -> None:
    assert pointer in [one.pointer for one in faults(RULE | {"words": words})]


def test_the_template_speaks_for_rules_too() -> None:
    borrowed, written = rule(words={"occasion": "first"}), rule(name="own", words=OWN)
    speaking = speaking_rules(TEMPLATE, {one.code: one.words for one in (borrowed, written)})
    said = [variant for variant in speaking.variants if variant.occasion == borrowed.code]
    first = [variant for variant in TEMPLATE.variants if variant.occasion == "first"]
    assert said == [replace(variant, occasion=borrowed.code) for variant in first]
    assert [v for v in speaking.variants if v.occasion == written.code] == list(written.words.own)
    assert speaking_rules(TEMPLATE, {}) is TEMPLATE
