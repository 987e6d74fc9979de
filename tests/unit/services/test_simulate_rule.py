from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from app.domain.brand import Brand
from app.domain.calendar import day_start
from app.domain.decision import Outcome
from app.domain.decision import Rule as Barrier
from app.domain.facts import Facts
from app.domain.money import Money
from app.domain.past import Placed, Recorded
from app.services.gather_case import GatherCase
from app.services.learn_facts import learn_facts, threshold_of
from app.services.retold_facts import RetoldFacts
from app.services.rules_in_force import RulesInForce
from app.services.simulate_rule import NO_CARD, REASONS, SimulateRule, Simulation
from app.services.two_worlds import TwoWorlds
from app.store.database import Store, Transaction
from app.store.retelling import PastOrder
from tests.custom_rules import OWN, PLUGINS, rule
from tests.plant import BRAND, TEMPLATE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CERTAIN: Brand = replace(BRAND, policy=replace(BRAND.policy, holdout=0.0, soft_skip=0.0))
"""Neither the holdout nor chance keeps a card back."""


class _Clock:
    def now(self) -> datetime:
        return NOW


def bought(order: str, customer: str | None, days_ago: float, *, minor: int = 2_000) -> Recorded:
    return Recorded(
        placed=Placed(
            source_order_id=order,
            customer_key=customer,
            at=NOW - timedelta(days=days_ago),
            eligible=True,
            categories=frozenset({"books"}),
        ),
        value=Money(minor, "EUR"),
    )


def late(order: Recorded) -> Recorded:
    """The same, come days after its promise."""
    at = order.placed.at
    return replace(order, promised_at=at + timedelta(days=1), delivered_at=at + timedelta(days=9))


def of_category(order: Recorded, category: str) -> Recorded:
    """The same, of another kind of thing."""
    return replace(order, placed=replace(order.placed, categories=frozenset({category})))


def customer_of(order: PastOrder) -> str:
    """Whose it is; each guest's order is of a customer of its own."""
    return order.placed.customer_key or order.id


def told(orders: Iterable[PastOrder], facts_of: RetoldFacts) -> Iterator[tuple[PastOrder, Facts]]:
    """One customer's orders with their facts."""
    of_one = list(orders)
    return zip(of_one, facts_of(of_one), strict=True)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store("sqlite://")
    store.create()
    yield store
    store.close()


def fill(store: Store, *orders: Recorded, brand: str = BRAND.code) -> None:
    with store.transaction() as tx:
        tx.recording.orders(brand, orders, source="history", at=NOW)


def simulate(store: Store, days: int = 90, brand: Brand = CERTAIN, **changes: Any) -> Simulation:
    in_force = RulesInForce(PLUGINS)
    templates = {TEMPLATE.name: TEMPLATE}
    gather = GatherCase(templates=templates, occasions=PLUGINS, chance=b"chance")
    worlds = TwoWorlds(in_force=in_force, gather=gather, templates=templates)
    with store.reading() as tx:
        return SimulateRule(worlds=worlds, clock=_Clock(), secret=b"s")(tx, brand, rule(**changes), days=days)


def fives(customers: int) -> list[Recorded]:
    """Five orders of each customer, ten days apart, the last one ten days ago."""
    return [
        bought(f"{who}-{nth}", f"id:{who}", 60 - 10 * nth) for who in range(customers) for nth in range(1, 6)
    ]


def test_cards_are_counted_with_what_they_take_the_place_of(store: Store) -> None:
    fill(store, *fives(6), bought("g", None, 5))
    found = simulate(store, kind="moment", words=OWN)
    assert (found.orders, found.matched, found.customers, found.decided) == (31, 6, 6, 6)
    assert found.cards == 6
    assert found.instead_of == {NO_CARD: 6}
    before = simulate(store, kind="moment", words=OWN, when={"fact": "n_prior", "op": "=", "value": 1})
    assert before.outranked_by == {"first_repeat": 6}
    first = {"fact": "n_prior", "op": "=", "value": 1}
    placed = simulate(store, kind="moment", words=OWN, when=first, place={"before": "first_repeat"})
    assert placed.instead_of == {"first_repeat": 6}


def test_what_keeps_cards_back_is_counted_by_its_reason(store: Store) -> None:
    fill(store, *fives(6))
    found = simulate(store, words=OWN)
    assert found.cards == 0
    assert found.kept_back == {Barrier.SOFT_GAP: 6}
    assert found.cases[0].outcome is Outcome.SUPPRESSED
    incomplete = replace(CERTAIN, policy=replace(CERTAIN.policy, history_complete_since=NOW))
    assert simulate(store, brand=incomplete, words=OWN).kept_back == {Barrier.HISTORY: 6}
    off = replace(CERTAIN, policy=replace(CERTAIN.policy, switched_off=frozenset({"rule:third-order"})))
    assert simulate(store, brand=off, words=OWN).kept_back == {Barrier.SWITCHED_OFF: 6}


def test_cards_that_later_orders_lose_are_counted(store: Store) -> None:
    orders = [bought(f"{nth}", "id:1", 200 - 50 * nth) for nth in range(3)]
    fill(store, *orders[:2], of_category(orders[2], "calendars"))
    when = {"fact": "n_prior", "op": "=", "value": 1}
    found = simulate(store, days=365, words=OWN, when=when, place={"before": "first_repeat"})
    assert found.cards == 1
    assert found.lost_later == {"new_category": 1}


def test_only_orders_of_the_window_and_the_brand_are_told(store: Store) -> None:
    fill(store, *fives(3))
    fill(store, *fives(4), brand="oak")
    assert simulate(store, days=25).orders == 2 * 3
    assert simulate(store, days=5).orders == 0
    assert simulate(store, days=5).reach.concern


def test_a_rule_is_tried_as_if_its_dates_were_now(store: Store) -> None:
    fill(store, *fives(3))
    assert simulate(store, since="2027-01-01T00:00:00Z").matched == 3


def test_nothing_is_written_and_cases_are_the_same_each_time(store: Store) -> None:
    fill(store, *fives(30))
    first = simulate(store, kind="moment", words=OWN)
    again = simulate(store, kind="moment", words=OWN)
    assert first == again
    assert len(first.cases) == 12
    assert len({case.pseudonym for case in first.cases}) == 12
    with store.reading() as tx:
        for table in ("thresholds", "tags", "inserts", "eligibility", "rules"):
            assert _count(tx, table) == 0


def test_retold_facts_are_those_of_the_live_path(store: Store) -> None:
    big = [bought(f"b{who}", f"id:b{who}", 40, minor=1_000 * who) for who in range(1, 61)]
    orders = [*fives(3), *big, bought("g", None, 5)]
    fill(store, *orders)
    since = NOW - timedelta(days=90)
    with store.reading() as tx:
        facts_of = RetoldFacts(tx, BRAND, since, NOW)
        retold = {
            one.placed.source_order_id: facts
            for _, of_one in groupby(tx.retelling.by_customer("acorn", since, NOW), key=customer_of)
            for one, facts in told(of_one, facts_of)
        }
    with store.transaction() as tx:
        for order in orders:
            threshold = threshold_of(tx, BRAND, order.placed)
            placed = replace(order.placed, value=order.value)
            expected = learn_facts(tx, BRAND, placed, threshold)[0]
            assert retold[order.placed.source_order_id] == expected
    assert any(facts.threshold.minor for facts in retold.values())
    assert day_start(NOW, BRAND.time_zone) < NOW


def test_rules_over_what_a_history_file_says_of_an_order_hold_for_it(store: Store) -> None:
    plain = bought("a", "id:a", 20, minor=9_000)
    told = replace(plain.placed, source_order_id="b", country="FR", channel="web", gift=True, quantity=4)
    fill(store, plain, replace(plain, placed=told))
    with store.reading() as tx:
        facts_of = RetoldFacts(tx, BRAND, NOW - timedelta(days=90), NOW)
        first, second = facts_of(tx.retelling.latest("acorn", NOW - timedelta(days=90), NOW, limit=9))
    assert (first.value, first.country, first.channel, first.gift, first.quantity) == (
        9_000,
        None,
        None,
        False,
        None,
    )
    assert (second.country, second.channel, second.gift, second.quantity) == ("FR", "web", True, 4)
    for fact, value in (("country", "FR"), ("channel", "web"), ("gift", True), ("quantity", 4)):
        assert simulate(store, when={"fact": fact, "op": "=", "value": value}).matched == 1
    assert simulate(store, when={"fact": "value", "op": ">=", "value": 90}).matched == 2


def test_the_pages_of_a_retelling_leave_nothing_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.retelling._PAGE", 7)
    guests = [bought(f"g{n}", None, 5 + n % 3) for n in range(20)]
    fill(store, *fives(5), *guests)
    with store.reading() as tx:
        told = list(tx.retelling.by_customer("acorn", NOW - timedelta(days=90), NOW))
    assert len({one.id for one in told}) == len(told) == 45
    keys = [one.placed.customer_key for one in told]
    assert keys == sorted(filter(None, keys)) + [None] * 20


def test_a_very_broad_rule_is_matched_on_all_orders_and_decided_on_some(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.simulate_rule._MOST_DECIDED", 12)
    fill(store, *fives(10))
    found = simulate(store, when={"fact": "n_prior", "op": ">=", "value": 0})
    assert (found.orders, found.matched, found.decided) == (50, 50, 15)
    assert sum(found.outcomes.values()) == 15


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "recovery", "when": {"fact": "n_prior", "op": ">=", "value": 2}},
        {"kind": "moment", "when": {"fact": "n_prior", "op": "=", "value": 1}, "place": {"before": "first"}},
        {"kind": "soft", "when": {"fact": "spend_365", "op": ">", "value": 3_000}},
        {"kind": "soft", "when": {"fact": "n_prior", "op": ">=", "value": 0}, "place": {"before": "first"}},
    ],
    ids=["after trouble", "first of all", "soft", "everybody"],
)
def test_one_decision_for_both_worlds_is_the_same_as_two(
    store: Store, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    dice = random.Random(5)
    orders = [
        bought(f"{n}", f"id:{dice.randrange(40)}", dice.randrange(300), minor=dice.randrange(5_000))
        for n in range(200)
    ]
    orders = [one if dice.random() < 0.7 else late(one) for one in orders]
    orders = [of_category(one, dice.choice(["books", "books", "calendars", "mugs"])) for one in orders]
    fill(store, *orders)
    policy = replace(CERTAIN.policy, holdout=0.3, soft_skip=0.2)
    held_out = replace(CERTAIN, policy=policy)
    once = simulate(store, days=300, brand=held_out, words=OWN, **changes)
    monkeypatch.setattr("app.services.two_worlds._Worlds.alike", False)
    assert simulate(store, days=300, brand=held_out, words=OWN, **changes) == once
    assert len(once.outcomes) > 1


def test_a_rule_that_ends_the_search_takes_a_lesser_card_away(store: Store) -> None:
    again = of_category(bought("3", "id:1", 100), "calendars")
    fill(store, late(bought("1", "id:1", 200)), bought("2", "id:1", 180), again)
    found = simulate(store, days=300, kind="recovery", words=OWN)
    assert found.kept_back == {Barrier.RECOVERY_GAP: 1}
    assert found.cases[0].instead_of == "new_category"


def test_every_reason_of_the_policy_has_words() -> None:
    assert REASONS.keys() - {""} == set(Barrier)


def _count(tx: Transaction, table: str) -> int:
    from sqlalchemy import text  # noqa: PLC0415 -- only this check looks into tables

    return int(tx.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
