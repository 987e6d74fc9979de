"""What holds for every customer, whatever their orders, and however chance falls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from app import occasions
from app.domain.customer import Customer
from app.domain.decision import Arm, Decision, Outcome, Rule
from app.domain.facts import Facts
from app.domain.money import Money
from app.domain.occasion import Match, Occasion, OccasionKind
from app.domain.order import Job, Order
from app.domain.past import SentCard
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.plugins import discover
from app.selection.case import Case
from app.selection.decide import decide
from app.selection.holdout import assign

DATA = Path(__file__).parents[2] / "data"
PLAIN = load_cards(DATA / "cards")["plain"]
ACORN = load_brands(DATA / "brands")["acorn"]
OCCASIONS: Mapping[str, Occasion] = discover(occasions)
CODES = ("first", "first_repeat", "win_back", "high_value_nth", "new_category", "after_delay", "season")
SLOTS: dict[str, dict[str, str | int]] = {
    "high_value_nth": {"nth_year": 23},
    "new_category": {"category": "calendars"},
    "win_back": {},
}
START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


class Placed(NamedTuple):
    """One order: how long after the one before, and what holds for it."""

    gap: timedelta
    holds: frozenset[str]


class Told(NamedTuple):
    """When it was placed, and what was decided."""

    at: datetime
    decision: Decision


placed = st.builds(
    Placed,
    gap=st.one_of(
        st.sampled_from([0 * DAY, 44 * DAY, 45 * DAY, 179 * DAY, 180 * DAY]),
        st.timedeltas(0 * DAY, 250 * DAY),
    ),
    holds=st.frozensets(st.sampled_from(CODES), max_size=4),
)
lives = st.lists(placed, max_size=25)
customers = st.integers(0, 400).map(lambda n: f"id:{n}")
skips = st.sampled_from([0.0, 0.4, 1.0])


def live(orders: list[Placed], customer: str, skip: float) -> list[Told]:
    """Every order of one customer decided, each with the cards that came before it."""
    brand = replace(ACORN, policy=replace(ACORN.policy, soft_skip=skip, holdout=0.3))
    cards: list[SentCard] = []
    told: list[Told] = []
    at = START
    for number, one in enumerate(orders):
        at += one.gap
        decision = decide(
            Case(
                order=Order(
                    brand="acorn",
                    source="native",
                    source_order_id=f"A-{number}",
                    placed_at=at,
                    value=Money(4200, "EUR"),
                    customer=Customer(id="7"),
                    jobs=(Job(source_item_id="1", sku="CAL"),),
                ),
                facts=Facts(
                    at=at,
                    currency="EUR",
                    known_customer=True,
                    eligible=True,
                    history_complete=True,
                    n_prior=6,
                ),
                matches=tuple(
                    Match(occasion=code, reason=code, slots=SLOTS.get(code, {})) for code in sorted(one.holds)
                ),
                occasions=OCCASIONS,
                brand=brand,
                template=PLAIN,
                assignment=assign(b"s", "acorn", brand.policy, customer),
                cards=tuple(cards),
                seed=customer.encode(),
            )
        )
        told.append(Told(at, decision))
        if decision.match is not None or decision.because is Rule.HOLDOUT:
            occasion, variant = decision.would_be
            cards.append(SentCard(occasion=occasion, template=PLAIN.name, variant=variant, at=at))
    return told


def sent(told: list[Told], kind: OccasionKind | None = None) -> list[datetime]:
    return [
        at
        for at, decision in told
        if decision.match and (kind is None or OCCASIONS[decision.match.occasion].kind is kind)
    ]


@settings(max_examples=150, deadline=None)
@given(lives, customers, skips)
def test_the_caps_hold(orders: list[Placed], customer: str, skip: float) -> None:
    told = live(orders, customer, skip)
    soft, trouble = sent(told, OccasionKind.SOFT), sent(told, OccasionKind.RECOVERY)
    assert all(later - earlier >= 180 * DAY for earlier, later in pairwise(soft))
    assert all(later - earlier >= 180 * DAY for earlier, later in pairwise(trouble))
    every = sent(told)
    for at in soft:
        assert all(at - other >= 45 * DAY for other in every if other < at)


@settings(max_examples=150, deadline=None)
@given(lives, customers, skips)
def test_nothing_is_said_twice(orders: list[Placed], customer: str, skip: float) -> None:
    decisions = [decision for _, decision in live(orders, customer, skip)]
    variants = [decision.variant for decision in decisions if decision.variant]
    assert len(variants) == len(set(variants))
    for once in ("first", "first_repeat"):
        assert (
            sum(decision.match is not None and decision.match.occasion == once for decision in decisions) < 2
        )


@settings(max_examples=150, deadline=None)
@given(lives, customers, skips)
def test_recovery_is_never_withheld_and_all_else_is(orders: list[Placed], customer: str, skip: float) -> None:
    told = live(orders, customer, skip)
    held_out = assign(b"s", "acorn", replace(ACORN.policy, holdout=0.3), customer).arm is Arm.HOLDOUT
    for _, decision in told:
        for one in decision.considered:
            recovery = OCCASIONS[one.match.occasion].kind is OccasionKind.RECOVERY
            assert not (recovery and one.outcome is Outcome.WITHHELD)
            assert not (held_out and not recovery and one.outcome is Outcome.CHOSEN)
            assert held_out or one.outcome is not Outcome.WITHHELD


@settings(max_examples=100, deadline=None)
@given(lives, customers, skips)
def test_both_arms_are_eligible_alike(orders: list[Placed], customer: str, skip: float) -> None:
    """What is withheld in one arm is what is sent in the other: the caps see no difference."""
    told = live(orders, customer, skip)
    for _, decision in told:
        assert (decision.assignment is not None) == (
            decision.because is Rule.HOLDOUT
            or (
                decision.match is not None
                and OCCASIONS[decision.match.occasion].kind is not OccasionKind.RECOVERY
            )
        )


@settings(max_examples=100, deadline=None)
@given(lives, customers, skips)
def test_every_no_has_its_rule_and_every_yes_its_words(
    orders: list[Placed], customer: str, skip: float
) -> None:
    for _, decision in live(orders, customer, skip):
        assert decision.reason
        assert (decision.match is None) == (decision.because is not None)
        assert (decision.match is None) == (decision.variant is None)
        failed = [one for one in decision.considered if any(not check.passed for check in one.checks)]
        assert all(one.outcome is Outcome.SUPPRESSED for one in failed)
