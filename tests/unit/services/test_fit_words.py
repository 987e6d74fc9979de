from __future__ import annotations

import pytest

from app.domain.rule import Rule
from app.domain.rule_document import Surroundings, read_rule
from app.errors import RuleUnusable
from app.pdf.engine import Renderer
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from app.services.fit_words import FitWords
from tests.custom_rules import PLUGINS, RULE
from tests.families import BUILT_IN, BUILT_IN_BRANDS

BRAND = BUILT_IN_BRANDS["fernweh"]
CARD = BUILT_IN[BRAND.template]
SHORT = {"headline": "Hallo", "message": "Dies ist Bestellung {n_orders, number}."}
LONG = {"headline": "Hallo", "message": "Wir haben uns sehr gefreut. " * 40}


def rule(**own: list[dict[str, str]]) -> Rule:
    around = Surroundings(brand=BRAND, template=CARD, occasions=PLUGINS, rules={})
    return read_rule(RULE | {"words": {"own": own}}, around)


@pytest.fixture(scope="module")
def fit() -> FitWords:
    renderer = Renderer(fonts=own_fonts(), profiles=load_profiles(PROFILES))
    return FitWords(templates=BUILT_IN, renderer=renderer)


def test_words_that_fit_pass(fit: FitWords) -> None:
    fit(BRAND, rule(de=[SHORT]))


def test_each_wording_that_does_not_fit_is_told_with_language_frame_and_filling(fit: FitWords) -> None:
    with pytest.raises(RuleUnusable) as refused:
        fit(BRAND, rule(de=[SHORT, LONG]))
    (only,) = refused.value.violations
    assert only.pointer == "/words/own/de/1"
    assert only.detail.startswith(
        "in de, the message on the back has 1119 characters, too many for its frame"
    )
    assert "with the shortest names and figures" in only.detail
    assert only.mend == "shorten the words"


def test_a_wording_that_fits_short_names_alone_does_not_fit(fit: FitWords) -> None:
    """A name in its headline must be said, so no card may leave it out."""
    named = SHORT | {"headline": "{given_name}, " + "wunderbar " * 6}
    with pytest.raises(RuleUnusable, match="with the longest names and figures"):
        fit(BRAND, rule(de=[named]))


def test_a_rule_that_borrows_its_words_needs_no_trial(fit: FitWords) -> None:
    around = Surroundings(brand=BRAND, template=CARD, occasions=PLUGINS, rules={})
    fit(BRAND, read_rule(RULE, around))
