from dataclasses import replace
from datetime import timedelta

import pytest

from app import occasions
from app.domain.facts import Facts
from app.domain.occasion import Example, Occasion, OccasionKind
from app.registry.plugins import discover

PLUGINS: dict[str, Occasion] = discover(occasions)
EXAMPLES = [
    pytest.param(plugin, example, id=f"{code}: {example.says}")
    for code, plugin in PLUGINS.items()
    for example in plugin.examples
]
each = pytest.mark.parametrize("plugin", PLUGINS.values(), ids=PLUGINS)
every_example = pytest.mark.parametrize(("plugin", "example"), EXAMPLES)


def test_every_occasion_of_the_design_is_there() -> None:
    assert PLUGINS.keys() == {*_BY_PRIORITY, "gift"}


@every_example
def test_example(plugin: Occasion, example: Example) -> None:
    assert (plugin.match(example.facts) is not None) == example.holds


@each
def test_shows_when_it_holds_and_when_not(plugin: Occasion) -> None:
    assert {example.holds for example in plugin.examples} == {True, False}


@each
def test_a_match_says_what_it_is_and_why_in_one_line(plugin: Occasion) -> None:
    for match in (plugin.match(example.facts) for example in plugin.examples if example.holds):
        assert match is not None
        assert match.occasion == plugin.code
        assert match.reason
        assert "\n" not in match.reason
        assert not match.reason.endswith(".")


@each
def test_a_match_fills_exactly_the_slots_it_promises(plugin: Occasion) -> None:
    for match in (plugin.match(example.facts) for example in plugin.examples if example.holds):
        assert match is not None
        assert match.slots.keys() == plugin.slots
        assert all(value != "" for value in match.slots.values())


@each
def test_no_occasion_holds_for_an_order_that_does_not_count(plugin: Occasion) -> None:
    for example in plugin.examples:
        assert plugin.match(replace(example.facts, eligible=False)) is None


@each
def test_what_rests_on_the_past_never_holds_for_a_guest(plugin: Occasion) -> None:
    if plugin.code in _OF_THE_ORDER_ALONE:
        assert not plugin.needs_complete_history
        return
    for example in plugin.examples:
        assert plugin.match(replace(example.facts, known_customer=False)) is None


@each
def test_it_says_how_soon_it_may_come_again(plugin: Occasion) -> None:
    assert plugin.again_after >= timedelta(0)


@each
def test_the_same_facts_give_the_same_match(plugin: Occasion) -> None:
    for example in plugin.examples:
        assert plugin.match(example.facts) == plugin.match(example.facts)


def test_no_two_occasions_claim_the_same_rank() -> None:
    ranks = [plugin.rank for plugin in PLUGINS.values()]
    assert len(ranks) == len(set(ranks))


def test_recovery_comes_first_among_what_speaks_to_the_buyer() -> None:
    to_the_buyer = [plugin for plugin in PLUGINS.values() if plugin.code != "gift"]
    by_rank = sorted(to_the_buyer, key=lambda plugin: plugin.rank)
    recovery = [plugin.kind is OccasionKind.RECOVERY for plugin in by_rank]
    assert recovery == sorted(recovery, reverse=True)


def test_the_order_of_the_design_is_the_default() -> None:
    by_rank = sorted(PLUGINS.values(), key=lambda plugin: plugin.rank)
    assert [plugin.code for plugin in by_rank] == ["gift", *_BY_PRIORITY]


def test_counts_that_print_need_a_complete_history() -> None:
    gated = {plugin.code for plugin in PLUGINS.values() if plugin.needs_complete_history}
    assert gated == {"first", "first_repeat", "win_back", "milestone", "customer_anniversary"}


def test_a_missing_past_never_makes_an_error() -> None:
    example = PLUGINS["first"].examples[0].facts
    bare = Facts(
        at=example.at, currency="EUR", known_customer=True, eligible=True, history_complete=False, n_prior=5
    )
    assert [plugin.code for plugin in PLUGINS.values() if plugin.match(bare)] == []


_BY_PRIORITY = [
    "running_late",
    "after_delay",
    "after_reprint",
    "after_complaint",
    "first",
    "high_value_nth",
    "win_back",
    "story_anniversary",
    "birthday",
    "customer_anniversary",
    "first_repeat",
    "milestone",
    "new_category",
    "season",
]
_OF_THE_ORDER_ALONE = {"gift", "running_late", "season"}
