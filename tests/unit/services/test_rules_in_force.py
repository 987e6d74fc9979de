from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.customer import Customer
from app.domain.decision import Assignment
from app.domain.money import Money
from app.domain.order import Job, Order
from app.domain.past import Placed, Recorded
from app.domain.policy import ChannelPolicy
from app.domain.rule import Rule
from app.domain.rule_document import write_rule
from app.domain.rule_version import RuleState, RuleVersion
from app.services.brands_in_force import BrandsInForce
from app.services.compose_card import compose
from app.services.rules_in_force import InForce, RulesInForce
from app.services.tag_order import Tagged, TagOrder
from app.store.database import Store, Transaction
from tests.custom_rules import OWN, PLUGINS, rule
from tests.plant import BRAND, TEMPLATE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CERTAIN = replace(BRAND, policy=replace(BRAND.policy, holdout=0.0, soft_skip=0.0))
MOMENT = rule(kind="moment", words=OWN, place={"before": "first"})


@pytest.fixture
def tx() -> Iterator[Transaction]:
    store = Store("sqlite://")
    store.create()
    with store.transaction() as tx:
        yield tx
    store.close()


def publish(tx: Transaction, wanted: Rule, *, version: int = 1, at: datetime = NOW) -> None:
    kept = RuleVersion(
        brand=BRAND.code,
        name=wanted.name,
        version=version,
        state=RuleState.DRAFT,
        document=write_rule(wanted),
        made_by="ida",
        made_at=at,
    )
    tx.rules.add(kept)
    tx.rules.publish(kept, who="ida", at=at)


def in_force(tx: Transaction, rules: RulesInForce | None = None, as_of: datetime | None = None) -> InForce:
    return (rules or RulesInForce(PLUGINS))(tx, CERTAIN, TEMPLATE, as_of=as_of)


def codes(found: InForce) -> set[str]:
    return {occasion.code for occasion in found.occasions} - PLUGINS.keys()


def tag(
    tx: Transaction, number: str = "3", customer: str = "7", brand: str = "acorn", **changes: Any
) -> Tagged:
    order = Order(
        brand=brand,
        source="native",
        source_order_id=number,
        placed_at=NOW,
        value=Money(2_000, "EUR"),
        customer=Customer(id=customer, given_name="Ana"),
        jobs=(Job(source_item_id="1", sku="BOOK-1"),),
    )
    certain = replace(CERTAIN, **changes)
    tagger = TagOrder(
        brands=BrandsInForce({brand: certain}),
        templates={TEMPLATE.name: TEMPLATE},
        occasions=PLUGINS,
        rules=RulesInForce(PLUGINS),
        chance=b"chance",
    )
    return tagger(tx, order, customer_key=f"id:{customer}")


def with_past(tx: Transaction, customer: str = "7") -> None:
    past = [
        Recorded(
            placed=Placed(
                source_order_id=f"{customer}-{nth}",
                customer_key=f"id:{customer}",
                at=NOW - timedelta(days=100 * nth),
                eligible=True,
                categories=frozenset({"books"}),
            ),
            value=Money(2_000, "EUR"),
        )
        for nth in (1, 2)
    ]
    tx.recording.orders("acorn", past, source="history", at=NOW)


def test_without_rules_everything_is_as_it_was(tx: Transaction) -> None:
    found = in_force(tx)
    assert found.occasions == tuple(PLUGINS.values())
    assert found.brand is CERTAIN
    assert found.template is TEMPLATE


def test_a_rule_in_force_gets_its_card_in_its_own_words(tx: Transaction) -> None:
    with_past(tx)
    assert tag(tx).decision.match is None
    publish(tx, MOMENT)
    decision = tag(tx).decision
    assert decision.match is not None
    assert decision.match.occasion == "rule:third-order"
    assert decision.reason == "Third order: 2 orders before this one ✓"
    order = Order(
        brand="acorn",
        source="native",
        source_order_id="3",
        placed_at=NOW,
        value=Money(2_000, "EUR"),
        customer=Customer(id="7", given_name="Ana"),
        jobs=(Job(source_item_id="1", sku="BOOK-1"),),
    )
    tx.rules.end("acorn", "third-order", who="ida", at=NOW)
    card = compose(
        order,
        decision,
        CERTAIN,
        TEMPLATE,
        job_id="7ZK2M4Q8R1T5V",
        generation=0,
        secret=b"s",
        signature_sha=None,
        made_at=NOW,
    )
    assert card.wordings[0].message == "This is order number 3 of yours."
    assert card.wordings[0].greeting == "Dear Ana,"
    assert card.occasion == "generic"


def test_a_rule_may_borrow_the_words_of_an_occasion(tx: Transaction) -> None:
    with_past(tx)
    publish(tx, rule(kind="moment", words={"occasion": "first_repeat"}))
    decision = tag(tx).decision
    assert decision.variant == "first-repeat-plain"
    assert decision.own_words is None


def test_a_change_counts_at_once_and_the_past_stays_as_it_was(tx: Transaction) -> None:
    rules = RulesInForce(PLUGINS)
    publish(tx, MOMENT)
    publish(tx, replace(MOMENT, title="Three"), version=2, at=NOW + timedelta(hours=1))
    (now,) = (one for one in in_force(tx, rules).occasions if one.code not in PLUGINS)
    assert now.title == "Three"
    (then,) = (one for one in in_force(tx, rules, NOW).occasions if one.code not in PLUGINS)
    assert then.title == "Third order"
    assert codes(in_force(tx, rules, NOW - timedelta(seconds=1))) == set()
    tx.rules.end("acorn", "third-order", who="ida", at=NOW + timedelta(hours=2))
    assert codes(in_force(tx, rules)) == set()


def test_cards_of_a_retired_rule_still_count_as_of_its_kind(tx: Transaction) -> None:
    publish(tx, MOMENT)
    tx.rules.end("acorn", "third-order", who="ida", at=NOW)
    found = in_force(tx)
    assert codes(found) == set()
    assert found.known["rule:third-order"].kind == "moment"


def test_rules_stand_in_every_order_of_priority_but_where_they_are_switched_off(tx: Transaction) -> None:
    own = ChannelPolicy(channel="web", order=("new_category",), switched_off=frozenset({"win_back"}))
    brand = replace(CERTAIN, policy=replace(CERTAIN.policy, channels=(own,)))
    publish(tx, MOMENT)
    found = RulesInForce(PLUGINS)(tx, brand, TEMPLATE).brand.policy
    assert found.order[found.order.index("rule:third-order") + 1] == "first"
    web = found.on("web")
    assert web.order[0] == "new_category"
    assert "rule:third-order" in web.order
    assert "win_back" not in web.order


def test_a_rule_that_cannot_be_read_any_more_is_left_out_and_orders_are_taken(tx: Transaction) -> None:
    with_past(tx)
    publish(tx, MOMENT)
    assert tag(tx, languages=("de", "fr")).decision.match is None


def test_the_holdout_and_the_wording_are_the_same_after_an_edit(tx: Transaction) -> None:
    half = replace(CERTAIN.policy, holdout=0.5)
    customers = [str(number) for number in range(20)]
    for customer in customers:
        with_past(tx, customer)
    two = {"own": {"en": [OWN["own"]["en"][0], {"headline": "Again", "message": "Good to see you."}]}}
    first = replace(MOMENT, words=rule(words=two).words)

    def drawn() -> list[tuple[Assignment | None, str | None]]:
        told = [tag(tx, f"n{c}", c, policy=half).decision for c in customers]
        return [(one.assignment, one.variant) for one in told]

    publish(tx, first)
    before = drawn()
    publish(tx, replace(first, title="Edited", when=rule(when=AT_LEAST_TWO).when), version=2)
    assert drawn() == before
    assert len({variant for _, variant in before}) == 3


AT_LEAST_TWO = {"fact": "n_prior", "op": ">=", "value": 2}
