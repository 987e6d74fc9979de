"""Bad input to the occasion engine, each kind by its name: a clear error or a defined outcome.

`LIST` is what the engine promises to withstand; one without a test fails.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.access import Role
from app.errors import PolicyUnusable
from app.registry.policy import PolicyDocument
from app.selection.decide import decide
from tests import custom_rules
from tests.reception import NOW, Reception, native_order, open_reception
from tests.unit.selection.test_decide import ACORN, FACTS, case, sent

LIST = (
    "unknown fact",
    "wrong type",
    "missing fact under not",
    "tree 1,000 deep",
    "a rule that matches everything",
    "a cap of zero",
    "contradictory priorities",
    "events for unknown orders",
    "events from the future",
    "two currencies for one customer",
    "dates before 1970",
    "merge cycles",
)
CASES: dict[str, Callable[[], None]] = {}
DAY = timedelta(days=1)
THIRD: dict[str, Any] = {"fact": "n_prior", "op": "=", "value": 2}


def bad(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def put(test: Callable[[], None]) -> Callable[[], None]:
        assert name not in CASES
        CASES[name] = test
        return test

    return put


@pytest.mark.parametrize("name", LIST)
def test_bad_input(name: str) -> None:
    CASES[name]()


def test_every_kind_has_its_test_and_every_test_is_of_a_kind() -> None:
    assert set(LIST) == set(CASES)


@contextmanager
def reception() -> Iterator[Reception]:
    with tempfile.TemporaryDirectory() as folder, open_reception(Path(folder)) as opened:
        yield opened


def order(name: str, days_ago: float, **changed: Any) -> dict[str, Any]:
    least: dict[str, Any] = {"promised_at": None, "needed_by": None, "customer": {"id": "7"}}
    return native_order(id=name, placed_at=(NOW - days_ago * DAY).isoformat()) | least | changed


def tell(opened: Reception, path: str, days_ago: float, **event: Any) -> Any:
    said = {"id": f"e {event} {days_ago}", "at": (NOW - days_ago * DAY).isoformat()} | event
    headers = {"X-Api-Key": opened.key}
    return opened.client.post(f"/v1/{path}/events?brand=fernweh", json={"events": [said]}, headers=headers)


def rules(opened: Reception, path: str, body: dict[str, Any] | bytes) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-Api-Key": opened.add_key(Role.ADMIN), "Content-Type": "application/json"}
    return opened.client.post(f"/v1/brands/fernweh/rules{path}", content=content, headers=headers)


def _fault(when: dict[str, Any]) -> tuple[str, str, str]:
    (one,) = custom_rules.faults(custom_rules.RULE | {"when": when})
    return one.pointer, one.detail, one.mend


@bad("unknown fact")
def _() -> None:
    pointer, detail, mend = _fault(THIRD | {"fact": "n_priors"})
    assert pointer == "/when/fact"
    assert "n_priors" in detail
    assert "n_prior" in mend


@bad("wrong type")
def _() -> None:
    for wrong in ("two", 2.5, True, None, [2], {"fact": "country"}):
        pointer, detail, _mend = _fault(THIRD | {"value": wrong})
        assert pointer.startswith("/when/value"), wrong
        assert detail


@bad("missing fact under not")
def _() -> None:
    unknown = {"fact": "days_since_last", "op": ">", "value": 90}
    first = replace(FACTS, n_prior=0)
    for tree in (unknown, {"not": unknown}, {"not": {"not": unknown}}, {"not": {"all": [unknown]}}):
        assert not custom_rules.occasion(custom_rules.rule(when=tree)).holds(first)


@bad("tree 1,000 deep")
def _() -> None:
    tree = THIRD
    for _ in range(1_000):
        tree = {"not": tree}
    pointer, detail, _mend = _fault(tree)
    assert pointer.startswith("/when/not/not")
    assert "nested over" in detail
    with reception() as opened:
        body = json.dumps(custom_rules.RULE | {"when": "DEEP"})
        deep = '{"not":' * 1_000 + json.dumps(THIRD) + "}" * 1_000
        answer = rules(opened, "/validate", body.replace('"DEEP"', deep).encode())
        assert answer.status_code == 422
        assert "nested" in answer.text


@bad("a rule that matches everything")
def _() -> None:
    with reception() as opened:
        for number in range(25):
            opened.post(order(f"{number}", 3, customer={"id": f"{number}"}))
        everything = custom_rules.RULE | {"when": {"fact": "n_prior", "op": ">=", "value": 0}}
        made = rules(opened, "", everything | {"words": custom_rules.OWN})
        assert made.status_code == 201, made.text
        refused = rules(opened, "/third-order/publish", {"version": 1})
        assert refused.status_code == 409
        assert "every one of the last 25 orders" in refused.json()["detail"]
        assert rules(opened, "/third-order/publish", {"version": 1, "confirm": True}).status_code == 200


@bad("a cap of zero")
def _() -> None:
    policy = replace(
        ACORN.policy, soft_gap=timedelta(0), soft_gap_to_soft=timedelta(0), recovery_gap=timedelta(0)
    )
    uncapped = replace(ACORN, policy=policy)
    for code in ("new_category", "after_delay"):
        had = (sent(code, 0),)
        assert not decide(case(code, cards=had)).has_card
        assert decide(case(code, cards=had, brand=uncapped)).has_card


@bad("contradictory priorities")
def _() -> None:
    with pytest.raises(PolicyUnusable, match="place 1 already"):
        PolicyDocument(order=("first", "first")).policy(ACORN.time_zone)
    places = {"place": {"before": "first", "after": "win_back"}}
    assert custom_rules.faults(custom_rules.RULE | places)


@bad("events for unknown orders")
def _() -> None:
    with reception() as opened:
        answer = tell(opened, "orders/later", 1, type="cancelled")
        assert (answer.status_code, answer.json()["state"]) == (202, None)
        taken = opened.post(order("later", 2)).json()
        assert taken["card"] is None
        assert "cancelled" in taken["tag"]["reason"]


@bad("events from the future")
def _() -> None:
    with reception() as opened:
        opened.post(order("A", 3))
        assert tell(opened, "orders/A", -2, type="cancelled").status_code == 200
        assert opened.post(order("B", 1)).json()["tag"]["facts"]["n_prior"] == 1
        opened.clock.advance(3 * DAY)
        assert opened.post(order("C", -2.5)).json()["tag"]["facts"]["n_prior"] == 1


@bad("two currencies for one customer")
def _() -> None:
    with reception() as opened:
        opened.post(order("A", 3, value={"minor": 500, "currency": "USD"}))
        opened.post(order("B", 2, value={"minor": 70, "currency": "EUR"}))
        facts = opened.post(order("C", 1)).json()["tag"]["facts"]
        assert (facts["n_prior"], facts["spend_365"], facts["currency"]) == (2, 70, "EUR")


@bad("dates before 1970")
def _() -> None:
    with reception() as opened:
        refused = opened.post(order("A", 0, placed_at="1969-12-31T23:59:59Z"))
        assert refused.status_code == 422
        assert refused.json()["violations"][0]["pointer"] == "/placed_at"
        at = {"at": "1969-12-31T23:59:59Z"}
        assert tell(opened, "orders/A", 0, type="cancelled", **at).status_code == 422
        story = {"on": "1961-06-14", "about": "wedding"}
        assert (
            tell(opened, "customers/id:7", 1, type="story_told", story=story, story_id="a").status_code == 200
        )


@bad("merge cycles")
def _() -> None:
    with reception() as opened:
        for one, into in (("id:a", "id:b"), ("id:b", "id:c")):
            assert tell(opened, f"customers/{one}", 1, type="merged", into=into).status_code == 200
        for one, into in (("id:c", "id:a"), ("id:d", "id:d")):
            refused = tell(opened, f"customers/{one}", 0, type="merged", into=into)
            assert refused.status_code in {409, 422}, refused.text
            assert one in refused.text
