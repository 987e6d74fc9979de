from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.domain.access import Role
from tests.reception import NOW, Reception, native_order, open_reception

BRAND = "maple-row"
RULES = f"/v1/brands/{BRAND}/rules"
WORDS = {"own": {"en": [{"headline": "Three of us", "message": "Order number {n_orders, number} of yours."}]}}
THIRD: dict[str, Any] = {
    "name": "third-order",
    "title": "Third order",
    "when": {"fact": "n_prior", "op": "=", "value": 2},
    "kind": "moment",
    "words": WORDS,
}


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("rules")) as reception:
        for customer in range(12):
            for nth in range(3):
                placed = NOW - timedelta(days=60 - 10 * nth, minutes=customer)
                order(reception, f"h-{customer}-{nth}", f"c{customer}", placed_at=placed.isoformat())
        reception.key = reception.add_key(Role.ADMIN)
        yield reception


def order(reception: Reception, number: str, customer: str, **changed: Any) -> dict[str, Any]:
    body = native_order(brand=BRAND, id=number, customer={"id": customer, "given_name": "Ana"}, **changed)
    body.pop("promised_at", None)
    answer = reception.post(body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def post(reception: Reception, path: str, body: Any = None, **headers: str) -> Any:
    headers = {"X-Api-Key": reception.key} | headers
    return reception.client.post(f"{RULES}{path}", json=body, headers=headers)


def test_a_rule_lives_from_draft_to_retirement(reception: Reception) -> None:
    made = post(reception, "?why=try", THIRD)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    assert made.json()["sentence"] == "2 orders before this one"
    assert made.json()["state"] == "draft"
    assert (
        order(reception, "before", "c1", placed_at=NOW.isoformat())["tag"]["occasion"] != "rule:third-order"
    )

    published = post(reception, "/third-order/publish", {"version": 1})
    assert published.status_code == 200, published.text
    assert published.json()["in_force"] == 1

    retired = post(reception, "/third-order/retire")
    assert retired.json()["state"] == "retired"
    (version,) = reception.get(f"{RULES}/third-order/versions").json()["versions"]
    assert (version["made_by"], version["published_by"], version["ended_by"]) == ("admin",) * 3
    assert version["why"] == "try"
