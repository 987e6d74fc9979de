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
from app.domain.decision import Arm, Assignment, Check, Decision, Outcome, Rule
from app.domain.fact_catalogue import FACTS as CATALOGUE
from app.domain.facts import Facts
from app.domain.fold import Standing
from app.domain.money import Money
from app.domain.occasion import Match, Occasion
from app.domain.order import Gift, Job, Order, OrderKind
from app.domain.past import SentCard
from app.domain.policy import CardsPer, ChannelPolicy, HandSigned, Intent
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.plugins import discover
from app.selection import words
from app.selection.case import Case
from app.selection.decide import decide, policy_version

DATA = Path(__file__).parents[2] / "data"
PLAIN = load_cards(DATA / "cards")["plain"]
_BRAND = load_brands(DATA / "brands")["acorn"]
ACORN = replace(_BRAND, policy=replace(_BRAND.policy, soft_skip=0.0))
"""Nothing is left to chance, but where a test asks for it."""
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
IN_CARDS = Assignment(experiment="permanent", customer="id:7", arm=Arm.CARDS, drawn=0.5, share=0.1)
HELD_OUT = replace(IN_CARDS, arm=Arm.HOLDOUT, drawn=0.05)


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
        assignment=changes.pop("assignment", IN_CARDS),
        standing=changes.pop("standing", Standing()),
        cancelled=changes.pop("cancelled", False),
        cards=cards,
        seed=changes.pop("seed", b"seed"),
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
    decision = decide(case("first", standing=Standing(opted_out=True)))
    assert decision.reason == "the customer asked for no cards"


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"standing": Standing(bereaved=True)}, Rule.BEREAVEMENT),
        ({"standing": Standing(open_complaint=True)}, Rule.OPEN_COMPLAINT),
        ({"standing": Standing(opted_out=True)}, Rule.OPT_OUT),
        ({"cancelled": True}, Rule.CANCELLED),
    ],
)
def test_what_is_known_by_now_forbids_every_card_even_after_trouble(
    known: dict[str, Any], rule: Rule
) -> None:
    decision = decide(case("after_delay", "first", **known))
    assert decision.because is rule
    assert set(outcomes(decision).values()) == {Outcome.SUPPRESSED}
    assert [check.rule for check in decision.forbids if not check.passed] == [rule]
    assert decision.assignment is None


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
    assert "the last card after trouble went out 179 days ago" in decision.reason
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


def checks(decision: Decision, occasion: str) -> dict[Rule, Check]:
    (one,) = (one for one in decision.considered if one.match.occasion == occasion)
    return {check.rule: check for check in one.checks}


def test_each_cap_tells_its_dates() -> None:
    decision = decide(case("new_category", cards=(sent("new_category", 100), sent("first", 50))))
    asked = checks(decision, "new_category")
    assert asked[Rule.SOFT_GAP].passed
    assert asked[Rule.SOFT_GAP].last == NOW - 50 * DAY
    assert asked[Rule.SOFT_GAP].until == NOW - 5 * DAY
    assert not asked[Rule.SOFT_GAP_TO_SOFT].passed
    assert asked[Rule.SOFT_GAP_TO_SOFT].until == NOW + 80 * DAY
    assert decision.because is Rule.SOFT_GAP_TO_SOFT


def test_a_cap_of_zero_days_is_no_cap() -> None:
    brand = policy(soft_gap=timedelta(0), soft_gap_to_soft=timedelta(0), recovery_gap=timedelta(0))
    cards = (sent("new_category", 0.01), sent("after_delay", 0.01))
    assert decide(case("new_category", brand=brand, cards=cards)).has_card
    assert decide(case("after_delay", brand=brand, cards=cards)).has_card


@pytest.mark.parametrize("occasion", ["first", "first_repeat"])
def test_what_comes_once_never_comes_again_however_late_its_order(occasion: str) -> None:
    """A backfill, a cancelled first order or a merge makes an order the first one once more."""
    had = (sent(occasion, 3000, "another"),)
    decision = decide(case(occasion, cards=had))
    assert decision.because is Rule.AGAIN
    before_it = replace(FACTS, at=NOW - 4000 * DAY)
    assert not decide(case(occasion, cards=had, facts=before_it)).has_card


def test_a_split_order_has_one_card() -> None:
    part = replace(ORDER, source_order_id="A-100-2", number="#1042")
    other = replace(sent("first", 0), source_order_id="A-100-1", number="#1042")
    decision = decide(case("first_repeat", "win_back", order=part, cards=(other,)))
    assert decision.because is Rule.SPLIT
    assert "A-100-1" in decision.reason
    elsewhere = replace(other, number="#1041")
    assert decide(case("first_repeat", order=part, cards=(elsewhere,))).has_card


def test_surprise_leaves_out_the_share_that_the_brand_says() -> None:
    brand = policy(soft_skip=0.4)
    orders = [replace(ORDER, source_order_id=f"A-{n}") for n in range(1000)]
    carded = sum(decide(case("new_category", brand=brand, order=order)).has_card for order in orders)
    assert 550 <= carded <= 650
    skipped = decide(case("new_category", brand=policy(soft_skip=1.0)))
    assert skipped.because is Rule.SURPRISE
    assert decide(case("win_back", brand=policy(soft_skip=1.0))).has_card


def test_a_customer_who_is_held_out_gets_none_and_what_it_would_have_been_is_kept() -> None:
    decision = decide(case("new_category", "win_back", assignment=HELD_OUT))
    assert decision.because is Rule.HOLDOUT
    assert outcomes(decision) == {"win_back": Outcome.WITHHELD, "new_category": Outcome.OUTRANKED}
    assert decision.assignment == HELD_OUT
    alike = decide(case("new_category", "win_back"))
    assert decision.would_be == alike.would_be == ("win_back", alike.variant)
    assert alike.assignment == IN_CARDS


def test_after_trouble_nobody_is_held_out() -> None:
    decision = decide(case("after_delay", "win_back", assignment=HELD_OUT))
    assert chosen(decision) == "after_delay"
    assert decision.assignment is None


def test_a_second_trouble_calls_for_a_person() -> None:
    decision = decide(case("after_delay", cards=(sent("after_delay", 30),)))
    assert decision.because is Rule.RECOVERY_GAP
    assert decision.write_by_hand.startswith("why after_delay; the last card after trouble went out 30 days")
    assert decide(case("after_delay")).write_by_hand == ""


def test_exhausted_words_are_a_rule_of_their_own() -> None:
    words = tuple(sent("win_back", 400, v.id) for v in PLAIN.variants if v.occasion == "win_back")
    decision = decide(case("win_back", cards=words))
    assert decision.because is Rule.EXHAUSTED
    (one,) = decision.considered
    assert {weighed.says for weighed in one.wordings} == {"was said to this customer before"}


def family(occasion: str, *variants: dict[str, Any]) -> Any:
    """The template with these wordings for an occasion instead of its own."""
    base = next(v for v in PLAIN.variants if v.occasion == occasion)
    own = tuple(
        replace(base, **({"id": f"own-{n}", "shorter": None, "requires": frozenset()} | changes))
        for n, changes in enumerate(variants)
    )
    return replace(PLAIN, variants=(*(v for v in PLAIN.variants if v.occasion != occasion), *own))


MIXED = frozenset({Intent.NOTE, Intent.ASK})


@pytest.mark.parametrize(
    ("intents", "changes", "card"),
    [
        ({Intent.NOTE}, {}, True),
        ({Intent.ASK}, {}, True),
        (MIXED, {}, False),
        (MIXED, {"mixed_intents": True}, True),
        (MIXED, {"mixed_intents": True, "intents": frozenset({Intent.NOTE})}, False),
        ({Intent.ASK}, {"intents": frozenset({Intent.NOTE, Intent.GIFT})}, False),
    ],
)
def test_a_card_has_one_intent_that_the_brand_allows(
    intents: set[Intent],
    changes: dict[str, Any],
    card: bool,  # noqa: FBT001 -- an expectation
) -> None:
    template = family("win_back", {"intents": frozenset(intents)})
    decision = decide(case("win_back", template=template, brand=policy(**changes)))
    assert decision.has_card == card
    assert decision.because is (None if card else Rule.NO_WORDS)


@pytest.mark.parametrize("wanted", [Intent.GIFT, Intent.ASK])
def test_after_trouble_a_card_wants_nothing(wanted: Intent) -> None:
    template = family("after_delay", {"intents": frozenset({wanted})}, {})
    for n in range(20):
        assert decide(case("after_delay", template=template, seed=bytes([n]))).variant == "own-1"
    only = family("after_delay", {"intents": frozenset({wanted})})
    assert decide(case("after_delay", template=only)).because is Rule.NO_WORDS


@pytest.mark.parametrize(
    ("tells", "most", "card"),
    [
        ({"n_orders", "nth_year"}, 2, True),
        ({"n_orders", "nth_year", "days_since_last"}, 2, False),
        ({"n_orders"}, 0, False),
        ({"order_no", "given_name", "story", "signer"}, 0, True),
    ],
)
def test_a_card_tells_few_facts(tells: set[str], most: int, card: bool) -> None:  # noqa: FBT001 -- as above
    template = family("win_back", {"requires": frozenset(tells)})
    match = Match(
        occasion="win_back", reason="x", slots={"n_orders": 3, "nth_year": 2, "days_since_last": 400}
    )
    one = replace(case("win_back", template=template, brand=policy(most_facts=most)), matches=(match,))
    assert decide(one).has_card == card


def test_only_facts_that_a_customer_expects_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = dict(CATALOGUE)
    facts["nth_ever"] = replace(facts["nth_ever"], expected=False)
    monkeypatch.setattr(words, "FACTS", facts)
    template = family("first", {"requires": frozenset({"n_orders"})})
    match = Match(occasion="first", reason="x", slots={"n_orders": 1})
    decision = decide(replace(case("first", template=template), matches=(match,)))
    assert decision.because is Rule.NO_WORDS
    assert "does not expect" in decision.considered[0].wordings[0].says


@pytest.mark.parametrize(
    ("signed", "says"),
    [
        (HandSigned(), ""),
        (HandSigned(from_order=7), "7th order of all"),
        (HandSigned(from_spend_minor=500_000), "€5,341.00 in 365 days"),
        (HandSigned(occasions=frozenset({"win_back"})), "the brand signs these by hand"),
        (HandSigned(from_order=8, from_spend_minor=600_000), ""),
    ],
)
def test_some_cards_are_for_a_person_to_sign(signed: HandSigned, says: str) -> None:
    facts = replace(FACTS, spend_365=534_100)
    why = decide(case("win_back", facts=facts, brand=policy(hand_signed=signed))).sign_by_hand
    assert says in why
    assert bool(says) == bool(why)


def test_a_channel_can_have_no_cards_or_an_order_of_its_own() -> None:
    silent = ChannelPolicy(channel="etsy", cards=False)
    web = ChannelPolicy(channel="web", order=("new_category",))
    brand = policy(channels=(silent, web))
    on_etsy = replace(ORDER, channel="Etsy")
    assert decide(case("first", order=on_etsy, brand=brand)).because is Rule.CHANNEL
    on_web = replace(ORDER, channel="web")
    assert chosen(decide(case("win_back", "new_category", order=on_web, brand=brand))) == "new_category"
    assert chosen(decide(case("win_back", "new_category", brand=brand))) == "win_back"


def test_gift_safety() -> None:
    gift = replace(ORDER, gift=Gift(recipient_name="Noor"))
    trouble = decide(case("after_delay", "win_back", order=gift))
    assert checks(trouble, "after_delay")[Rule.GIFT].passed is False
    assert chosen(trouble) == "win_back"
    assert trouble.variant == "generic-plain"
    rich = replace(FACTS, n_prior=200)
    assert decide(case("win_back", order=gift, facts=rich)).sign_by_hand == ""
    assert decide(case("win_back", order=gift, brand=policy(gift_cards=False))).because is Rule.GIFT


def job(item: str, parcel: str | None = None) -> Job:
    return Job(source_item_id=item, sku="CAL-A3", category="calendars", parcel=parcel)


TWO_PARCELS = replace(ORDER, jobs=(job("1", "P1"), job("2", "P1"), job("3", "P2")))
SEVERAL = family("generic", {}, {}, {})


@pytest.mark.parametrize(
    ("per", "positions"), [(CardsPer.ORDER, []), (CardsPer.PARCEL, [2]), (CardsPer.JOB, [1, 2])]
)
def test_one_card_an_order_a_parcel_or_a_job(per: CardsPer, positions: list[int]) -> None:
    one = case("first", order=TWO_PARCELS, brand=policy(cards_per=per), template=SEVERAL)
    decision = decide(one)
    assert [card.position for card in decision.further] == positions
    assert decision.match is not None
    assert decision.match.occasion == "first"
    said = [decision.variant, *(card.variant for card in decision.further)]
    assert len(set(said)) == len(said)
    for card in decision.further:
        own = decision.of_job(card.position)
        assert own.match is not None
        assert (own.match.occasion, own.variant) == ("generic", card.variant)
    assert decision.of_job(0) == decision


def test_further_cards_end_with_the_words() -> None:
    order = replace(ORDER, jobs=tuple(job(str(n)) for n in range(6)))
    decision = decide(case("first", order=order, brand=policy(cards_per=CardsPer.JOB), template=SEVERAL))
    assert [card.variant is not None for card in decision.further] == [True, True, True, False]
    assert "no generic wording is left" in decision.further[-1].says


def test_after_trouble_or_in_the_holdout_no_further_card_goes_out() -> None:
    brand = policy(cards_per=CardsPer.JOB)
    assert decide(case("after_delay", order=TWO_PARCELS, brand=brand, template=SEVERAL)).further == ()
    held = decide(case("first", order=TWO_PARCELS, brand=brand, template=SEVERAL, assignment=HELD_OUT))
    assert held.further == ()
