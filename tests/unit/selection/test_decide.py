from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app import occasions
from app.domain.customer import Customer
from app.domain.decision import Decision, Outcome
from app.domain.facts import Facts
from app.domain.money import Money
from app.domain.occasion import Match, Occasion
from app.domain.order import Gift, Job, Order, OrderKind
from app.domain.past import SentCard
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.plugins import discover
from app.selection.case import Case
from app.selection.decide import decide, policy_version

DATA = Path(__file__).parents[2] / "data"
PLAIN = load_cards(DATA / "cards")["plain"]
ACORN = load_brands(DATA / "brands")["acorn"]
OCCASIONS: Mapping[str, Occasion] = discover(occasions)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ORDER = Order(
    brand="acorn",
    source="native",
    source_order_id="A-100",
    placed_at=NOW,
    value=Money(4200, "EUR"),
    customer=Customer(id="7", given_name="Amira"),
    jobs=(Job(source_item_id="1", sku="CAL-A3", category="calendars"),),
)
FACTS = Facts(at=NOW, currency="EUR", known_customer=True, eligible=True, history_complete=True, n_prior=6)
SLOTS: dict[str, dict[str, str | int]] = {
    "high_value_nth": {"nth_year": 23},
    "new_category": {"category": "calendars"},
}


def matches(*codes: str) -> tuple[Match, ...]:
    return tuple(Match(occasion=code, reason=f"why {code}", slots=SLOTS.get(code, {})) for code in codes)


def case(*codes: str, order: Order = ORDER, cards: tuple[SentCard, ...] = (), **changes: Any) -> Case:
    return Case(
        order=order,
        facts=changes.pop("facts", FACTS),
        matches=matches(*codes),
        occasions=OCCASIONS,
        brand=changes.pop("brand", ACORN),
        template=changes.pop("template", PLAIN),
        opted_out=changes.pop("opted_out", False),
        cards=cards,
        seed=b"seed",
    )


def sent(occasion: str, days_ago: float, variant: str = "another", template: str = "plain") -> SentCard:
    return SentCard(occasion=occasion, template=template, variant=variant, at=NOW - days_ago * DAY)


def outcomes(decision: Decision) -> dict[str, Outcome]:
    return {considered.match.occasion: considered.outcome for considered in decision.considered}


def chosen(decision: Decision) -> str | None:
    return decision.match.occasion if decision.match else None


def policy(**changes: Any) -> Any:
    return replace(ACORN, policy=replace(ACORN.policy, **changes))


def test_one_occasion_one_card_with_its_reason() -> None:
    decision = decide(case("high_value_nth"))
    assert chosen(decision) == "high_value_nth"
    assert decision.reason == "why high_value_nth"
    assert (decision.template, decision.language) == ("plain", "en")
    assert decision.variant in {"high-value-nth-plain", "high-value-nth-short"}


def test_recovery_outranks_high_value_and_every_match_is_listed() -> None:
    decision = decide(case("new_category", "high_value_nth", "after_delay"))
    assert chosen(decision) == "after_delay"
    assert outcomes(decision) == {
        "after_delay": Outcome.CHOSEN,
        "high_value_nth": Outcome.OUTRANKED,
        "new_category": Outcome.OUTRANKED,
    }
    assert all(considered.why for considered in decision.considered)


def test_the_default_priority_is_the_designs() -> None:
    ranked = ["after_delay", "first", "high_value_nth", "win_back", "first_repeat", "new_category"]
    for higher, lower in pairwise(ranked):
        assert chosen(decide(case(lower, higher))) == higher


def test_a_brand_can_reorder_and_the_rest_follows_as_before() -> None:
    brand = policy(order=("new_category", "win_back"))
    assert chosen(decide(case("win_back", "after_delay", "new_category", brand=brand))) == "new_category"
    assert chosen(decide(case("win_back", "after_delay", brand=brand))) == "win_back"
    assert chosen(decide(case("first_repeat", "after_delay", brand=brand))) == "after_delay"


def test_a_brand_can_switch_an_occasion_off_and_the_next_is_chosen() -> None:
    decision = decide(
        case("high_value_nth", "win_back", brand=policy(switched_off=frozenset({"high_value_nth"})))
    )
    assert chosen(decision) == "win_back"
    assert outcomes(decision)["high_value_nth"] is Outcome.SUPPRESSED


def test_no_occasion_no_card() -> None:
    decision = decide(case())
    assert not decision.has_card
    assert decision.reason == "no occasion holds"
    assert (decision.template, decision.variant, decision.language) == (None, None, None)


def test_a_guest_gets_no_card_and_the_reason_says_so() -> None:
    decision = decide(case(facts=replace(FACTS, known_customer=False)))
    assert decision.reason.startswith("a guest")


def test_an_order_without_value_gets_no_card() -> None:
    assert "without a value" in decide(case(facts=replace(FACTS, eligible=False))).reason


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": OrderKind.REPRINT}, "reprint"),
        ({"kind": OrderKind.CREDIT_NOTE}, "credit note"),
        ({"kind": OrderKind.TEST}, "test order"),
        ({"imported": True}, "imported"),
        ({"cancelled_at": NOW}, "cancelled"),
        ({"supplied_insert": True}, "insert of their own"),
        ({"customer": Customer(id="7", opted_out=True)}, "no cards"),
    ],
)
def test_some_orders_get_no_card_whatever_holds(changed: dict[str, Any], says: str) -> None:
    decision = decide(case("first", "after_delay", order=replace(ORDER, **changed)))
    assert not decision.has_card
    assert says in decision.reason
    assert set(outcomes(decision).values()) == {Outcome.SUPPRESSED}


def test_a_customer_who_opted_out_before_stays_out() -> None:
    assert decide(case("first", opted_out=True)).reason == "the customer asked for no cards"


@pytest.mark.parametrize("code", ["first", "first_repeat", "win_back"])
def test_incomplete_history_suppresses_what_it_could_make_wrong(code: str) -> None:
    incomplete = replace(FACTS, history_complete=False)
    decision = decide(case(code, facts=incomplete))
    assert not decision.has_card
    assert "history" in decision.reason


@pytest.mark.parametrize("code", ["high_value_nth", "new_category", "after_delay"])
def test_incomplete_history_leaves_the_others(code: str) -> None:
    assert decide(case(code, facts=replace(FACTS, history_complete=False))).has_card


def test_incomplete_history_lets_a_lesser_occasion_through() -> None:
    incomplete = replace(FACTS, history_complete=False)
    assert chosen(decide(case("win_back", "new_category", facts=incomplete))) == "new_category"


def test_a_gifts_card_speaks_to_the_recipient_without_figures() -> None:
    order = replace(ORDER, gift=Gift(recipient_name="Noor"))
    decision = decide(case("high_value_nth", order=order))
    assert decision.variant == "generic-plain"
    assert "recipient" in decision.considered[0].why


def test_a_second_recovery_within_the_gap_is_for_a_person_and_nothing_cheerful_goes_out() -> None:
    decision = decide(case("after_delay", "high_value_nth", cards=(sent("after_delay", 179),)))
    assert not decision.has_card
    assert "a person should write" in decision.reason
    assert set(outcomes(decision).values()) == {Outcome.SUPPRESSED}


def test_a_recovery_after_the_gap_is_sent() -> None:
    assert decide(case("after_delay", cards=(sent("after_delay", 180),))).has_card


@pytest.mark.parametrize(
    ("before", "days", "card"),
    [("first", 44, False), ("first", 45, True), ("new_category", 179, False), ("new_category", 180, True)],
)
def test_soft_occasions_keep_their_distance(before: str, days: int, card: bool) -> None:  # noqa: FBT001 -- an expectation
    assert decide(case("new_category", cards=(sent(before, days),))).has_card == card


def test_a_moment_keeps_no_distance() -> None:
    assert decide(case("win_back", cards=(sent("new_category", 1),))).has_card


def test_no_wording_is_said_twice_to_one_customer() -> None:
    said: set[str] = set()
    cards: tuple[SentCard, ...] = ()
    wordings = {v.id for v in PLAIN.variants if v.occasion == "win_back"}
    for _ in wordings:
        variant = decide(case("win_back", cards=cards)).variant
        assert variant is not None
        assert variant not in said
        said.add(variant)
        cards = (*cards, sent("win_back", 400, variant))
    decision = decide(case("win_back", "new_category", cards=cards))
    assert not decision.has_card
    assert "every wording" in decision.reason


def test_another_templates_wordings_are_not_used_up() -> None:
    had = sent("win_back", 400, "win-back-plain", template="other")
    assert decide(case("win_back", cards=(had,))).variant == "win-back-plain"


def test_a_template_without_words_for_an_occasion_leaves_it_to_the_next() -> None:
    silent = replace(PLAIN, variants=tuple(v for v in PLAIN.variants if v.occasion != "win_back"))
    decision = decide(case("win_back", "new_category", template=silent))
    assert chosen(decision) == "new_category"
    assert "no words" in decision.considered[0].why


def test_the_same_case_gives_the_same_decision() -> None:
    one = case("new_category", "high_value_nth")
    assert decide(one) == decide(one)


def test_the_order_of_the_matches_makes_no_difference() -> None:
    assert decide(case("new_category", "win_back")) == decide(case("win_back", "new_category"))


def test_the_policy_version_follows_the_brands_settings() -> None:
    before = policy_version(ACORN.policy, OCCASIONS)
    assert before == policy_version(replace(ACORN.policy), OCCASIONS)
    changes: list[dict[str, Any]] = [{"milestones": (10,)}, {"order": ("first",)}, {"soft_gap": DAY}]
    for changed in changes:
        assert policy_version(replace(ACORN.policy, **changed), OCCASIONS) != before
