"""Whatever the order in which things come in, and however often, the ledger ends the same.

On a real database, by the doors of orders and reports. What is refused because something else has not come
yet (a merge that would close a circle) is sent again, as a sender does.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

from app.domain.facts import Threshold
from app.domain.policy import OccasionPolicy
from app.services.learn_facts import learn_facts
from tests.reception import NOW, Reception, native_order, open_reception

DAY = timedelta(days=1)
BRAND, CONFLICT = "fernweh", 409
EVERYBODY = OccasionPolicy(smallest_population=1)
DAYS = [NOW.replace(hour=0) - n * DAY for n in (388, 65, 61, 24, 8, 0)]
KEPT = {"api_keys", "hook_secrets", "brand_settings"}
Sent = tuple[str, dict[str, Any]]
"""Where it is posted, and what."""


def order(name: str, days_ago: float, customer: str, **changed: Any) -> Sent:
    placed = (NOW - days_ago * DAY).isoformat()
    least: dict[str, Any] = {"promised_at": None, "needed_by": None, "customer": {"id": customer}}
    return "orders", native_order(id=name, placed_at=placed) | least | changed


def event(path: str, days_ago: float, type_: str, id_: str = "", **said: Any) -> Sent:
    one = {"id": id_ or type_, "type": type_, "at": (NOW - days_ago * DAY).isoformat()} | said
    return f"{path}/events", {"events": [one]}


def money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


SENT: list[Sent] = [
    order("A1", 400, "a", promised_at=(NOW - 396 * DAY).isoformat()),
    order("A2", 30, "a"),
    order("A3", 3, "a"),
    order("B0", 70, "b"),
    order("B1", 60, "b"),
    order("B2", 10, "b", value=money(900)),
    event("orders/A1", 400, "promise_revised", promise=(NOW - 390 * DAY).isoformat()),
    event("orders/A1", 392, "shipped", jobs=["1"]),
    event("orders/A1", 389, "shipped", "second", jobs=["2"]),
    event("orders/A1", 380, "delivered", "before its second part", parcel="P-1"),
    event("orders/A2", 20, "cancelled"),
    event("orders/A2", 25, "cancelled", "said first"),
    event("orders/B1", 62, "credited", credit=money(300)),
    event("orders/B1", 40, "complaint_opened"),
    event("orders/B1", 15, "complaint_closed"),
    event("orders/B2", 5, "reprinted"),
    event("customers/id:a", 20, "merged", "a into b", into="id:b"),
    event("customers/id:b", 22, "merged", "b into a", into="id:a"),
    event("customers/id:b", 21, "unmerged"),
    event("customers/id:b", 12, "opted_out"),
    event("customers/id:b", 11, "opted_in"),
    event("customers/id:a", 50, "birthday_given", birthday="02-29"),
]
STATE = {
    "orders": "source_order_id, customer_key, placed_at, value_minor, eligible, promised_at, shipped_at,"
    " delivered_at, cancelled_at, reprinted_at, complained_at",
    "customers": "key, known_since, canonical_key",
    "credits": "customer_key, order_id, at, value_minor, currency",
    "order_events": "order_id, source_event_id, type, at, document",
    "customer_events": "customer_key, source_event_id, type, at, document",
}


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("any-order")) as reception:
        yield reception


@pytest.fixture(scope="module")
def in_turn(reception: Reception) -> Any:
    """What stands when all is sent in the order in which it is written here."""
    return run(reception, SENT)


def send(reception: Reception, sent: Sent) -> int:
    path, body = sent
    headers = {"X-Api-Key": reception.key, "Content-Type": "application/json"}
    asked = "" if path == "orders" else f"?brand={BRAND}"
    answer = reception.client.post(f"/v1/{path}{asked}", content=json.dumps(body), headers=headers)
    assert answer.status_code in {200, 201, 202, CONFLICT}, answer.text
    return answer.status_code


def run(reception: Reception, sent: list[Sent]) -> Any:
    """Send all of it to an empty ledger, what is refused again at the end; what stands then."""
    empty(reception)
    waiting, refused = list(sent), 0
    while waiting and refused < len(waiting):
        one = waiting.pop(0)
        if send(reception, one) == CONFLICT:
            waiting.append(one)
            refused += 1
        else:
            refused = 0
        if len(waiting) % 3 == 0:
            thresholds(reception)
    assert not waiting
    return stands(reception)


def empty(reception: Reception) -> None:
    with reception.services.store.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name not in KEPT:
                connection.execute(table.delete())


def thresholds(reception: Reception) -> list[Threshold]:
    """T of some days, remembered like that of an order's day."""
    with reception.services.store.transaction() as tx:
        return [tx.thresholds.at(BRAND, day, "EUR", EVERYBODY) for day in DAYS]


def stands(reception: Reception) -> Any:
    """The tables, what every order would be tagged with now, and T of some days."""
    with reception.services.store.engine.connect() as connection:
        rows = {
            table: sorted(connection.exec_driver_sql(f"SELECT {columns} FROM {table}").all(), key=repr)
            for table, columns in STATE.items()
        }
    services = reception.services
    with services.store.reading() as tx:
        brand = services.brands(tx, BRAND)
        fresh = list(tx.thresholds.look(BRAND, DAYS, "EUR", EVERYBODY))
        since, until = NOW - 900 * DAY, NOW + DAY
        facts = {
            order.placed.source_order_id: learn_facts(tx, brand, order.placed, fresh[0])[0]
            for order in tx.retelling.by_customer(BRAND, since, until)
        }
    assert thresholds(reception) == fresh
    return rows, facts, fresh


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_arrival_leads_to_the_same_end(reception: Reception, in_turn: Any, seed: int) -> None:
    chance = random.Random(seed)
    shuffled = SENT + chance.sample(SENT, 5)
    chance.shuffle(shuffled)
    for found, expected in zip(run(reception, shuffled), in_turn, strict=True):
        assert found == expected
