"""Brands' own rules: how long one takes for one order, and how long trying it on 100,000 past orders takes.

Run: .venv/bin/python -m benchmarks.rules [ORDERS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app import occasions
from app.domain.facts import Facts, PreviousOrder, Threshold
from app.domain.money import Money
from app.domain.occasion import Occasion
from app.domain.past import Placed, Recorded
from app.domain.rule_compile import compile_tree
from app.domain.rule_document import Surroundings, read_rule
from app.domain.rule_reading import TreeReader
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.places import BRANDS, CARDS
from app.registry.plugins import discover
from app.services.gather_case import GatherCase
from app.services.rules_in_force import RulesInForce
from app.services.simulate_rule import SimulateRule
from app.services.two_worlds import TwoWorlds
from app.store.database import Store
from benchmarks.machine import describe

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROUNDS, CALLS = 15, 20_000
TREES: dict[str, dict[str, Any]] = {
    "one condition": {"fact": "n_prior", "op": "=", "value": 2},
    "23rd and high value": {
        "all": [
            {"fact": "nth_this_year", "op": "=", "value": 23},
            {"fact": "spend_365", "op": ">=", "value": {"fact": "high_value_from"}},
        ]
    },
    "eight, nested": {
        "all": [
            {"fact": "n_prior", "op": ">=", "value": 2},
            {"fact": "country", "op": "in", "value": ["DE", "AT", "CH"]},
            {"not": {"fact": "gift", "op": "=", "value": True}},
            {
                "any": [
                    {"fact": "categories", "op": "has", "value": "mugs"},
                    {"fact": "categories", "op": "has", "value": "cards"},
                    {"fact": "days_since_last", "op": ">", "value": 90},
                ]
            },
            {"fact": "spend_365", "op": ">=", "value": 5_000},
            {"fact": "channel", "op": "!=", "value": "market"},
        ]
    },
}
FACTS = Facts(
    at=AT,
    currency="GBP",
    known_customer=True,
    eligible=True,
    history_complete=True,
    n_prior=40,
    nth_this_year=23,
    spend_365=534_100,
    threshold=Threshold(minor=122_565, population=812),
    previous=PreviousOrder(placed_at=AT - timedelta(days=100)),
    categories=frozenset({"print"}),
    country="DE",
    channel="web",
)


class _Clock:
    def now(self) -> datetime:
        return AT


def evaluate() -> None:
    print("one rule on one order, every condition asked (best of rounds):")
    for name, document in TREES.items():
        node = TreeReader().read(document)
        if node is None:
            raise SystemExit(f"{name} cannot be read")
        test = compile_tree(node)
        best = min(_round(test) for _ in range(ROUNDS))
        print(f"  {name:22} {best / CALLS * 1e6:6.2f} µs")


def _round(test: Any) -> float:
    begun = time.perf_counter()
    for _ in range(CALLS):
        test(FACTS)
    return time.perf_counter() - begun


def orders(count: int) -> Iterator[Recorded]:
    """A year of orders by customers of whom a few order much."""
    dice = random.Random(7)
    for number in range(count):
        customer = int(dice.paretovariate(0.6)) % (count // 6 + 1)
        yield Recorded(
            placed=Placed(
                source_order_id=f"o{number}",
                customer_key=f"id:{customer}-{dice.randrange(8)}",
                at=AT - timedelta(minutes=dice.randrange(60 * 24 * 365) + 1),
                eligible=True,
                categories=frozenset(dice.sample(["mugs", "cards", "bags", "apparel"], 2)),
            ),
            value=Money(dice.randrange(500, 20_000), "GBP"),
        )


def simulate(count: int) -> None:
    brand = replace(load_brands(BRANDS)["maple-row"], time_zone=ZoneInfo("Europe/London"))
    known: dict[str, Occasion] = discover(occasions)
    templates = load_cards(CARDS, recovery=[code for code, one in known.items() if one.kind == "recovery"])
    in_force = RulesInForce(known)
    gather = GatherCase(templates=templates, occasions=known, chance=b"chance")
    worlds = TwoWorlds(in_force=in_force, gather=gather, templates=templates)
    trying = SimulateRule(worlds=worlds, clock=_Clock(), secret=b"secret")
    around = Surroundings(brand=brand, template=templates[brand.template], occasions=known)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'tipin.db'}")
        store.create()
        with store.transaction() as tx:
            tx.recording.orders(brand.code, orders(count), source="history", at=AT)
        print(f"a rule tried on {count:,} imported orders of a year:")
        for name, when in (
            ("a few: the third order", TREES["one condition"]),
            ("many: a mug again", {"fact": "categories", "op": "has", "value": "mugs"}),
            ("everybody", {"fact": "n_prior", "op": ">=", "value": 0}),
        ):
            rule = read_rule({"name": "tried", "title": name, "when": when}, around)
            begun = time.perf_counter()
            with store.reading() as tx:
                found = trying(tx, brand, rule, days=365)
            took = time.perf_counter() - begun
            print(
                f"  {name:24} {took:6.1f} s  {found.told / took:8,.0f} orders/s  "
                f"{found.matched:,} match, {found.cards:,} cards"
            )
        store.close()


if __name__ == "__main__":
    print(describe())
    evaluate()
    simulate(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
