"""What becomes known of orders and customers after the order, on SQLite and PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from tests.reception import (
    NOW,
    Reception,
    native_order,
    open_reception,
)

DAY = timedelta(days=1)
BRAND = "?brand=fernweh"


@pytest.fixture
def reception(tmp_path: Path, database: str) -> Iterator[Reception]:
    with open_reception(tmp_path, database_url=database) as reception:
        yield reception


def order(number: str, days_ago: float, **changed: Any) -> dict[str, Any]:
    placed = (NOW - days_ago * DAY).isoformat()
    least: dict[str, Any] = {"promised_at": None, "needed_by": None, "customer": {"id": "7"}}
    return native_order(id=number, placed_at=placed) | least | changed


def event(id_: str, type_: str, days_ago: float, **said: Any) -> dict[str, Any]:
    return {"id": id_, "type": type_, "at": (NOW - days_ago * DAY).isoformat()} | said


def tell(reception: Reception, path: str, *events: dict[str, Any]) -> Response:
    return reception.client.post(
        f"/v1/{path}{BRAND}", json={"events": events}, headers={"X-Api-Key": reception.key}
    )


def told(reception: Reception, path: str) -> dict[str, Any]:
    found: dict[str, Any] = reception.get(f"/v1/{path}{BRAND}").json()
    return found


def occasion(reception: Reception, *args: Any, **changed: Any) -> str | None:
    found: str | None = reception.post(order(*args, **changed)).json()["tag"]["occasion"]
    return found


def diffs(reception: Reception) -> list[tuple[str, str | None, str | None]]:
    return [(d["cause"], d["before"], d["after"]) for d in reception.get("/v1/diffs").json()["diffs"]]


EVENTS = [
    event("p1", "promised", 9, promise=(NOW - 5 * DAY).isoformat()),
    event("p2", "promise_revised", 8, promise=(NOW - 4 * DAY).isoformat()),
    event("s1", "shipped", 6, jobs=["1"]),
    event("s2", "shipped", 5, jobs=["2"]),
    event("d", "delivered", 3),
    event("c", "credited", 2, credit={"minor": 500, "currency": "EUR"}),
    event("r", "reprinted", 2),
    event("o", "complaint_opened", 2),
    event("x", "complaint_closed", 1),
]


def test_events_amount_to_the_same_in_any_order_twice_and_before_their_order(reception: Reception) -> None:
    chance, states = random.Random(8), []
    for number in range(6):
        events = EVENTS * 2
        if number:
            chance.shuffle(events)
        early = len(events) // 2 if number % 2 else 0
        for one in events[:early]:
            assert tell(reception, f"orders/FW-{number}/events", one).status_code == 202
        assert reception.post(order(f"FW-{number}", 10)).status_code == 201
        for one in events[early:]:
            assert tell(reception, f"orders/FW-{number}/events", one).status_code == 200
        states.append(told(reception, f"orders/FW-{number}/events")["state"])
    assert states == [states[0]] * 6
    assert states[0]["shipped_at"] == (NOW - 5 * DAY).isoformat().replace("+00:00", "Z")
    assert not states[0]["complaint_open"]


def test_an_order_is_cancelled_by_an_event_that_came_before_it(reception: Reception) -> None:
    tell(reception, "orders/FW-1/events", event("c", "cancelled", 1))
    answer = reception.post(order("FW-1", 2)).json()
    assert answer["card"] is None
    assert "cancelled" in answer["tag"]["reason"]
    assert occasion(reception, "FW-2", 0) == "first"


def test_a_cancelled_order_counts_until_its_cancellation(reception: Reception) -> None:
    reception.post(order("FW-1", 10))
    tell(reception, "orders/FW-1/events", event("c", "cancelled", 5))
    assert reception.post(order("FW-2", 6)).json()["tag"]["facts"]["n_prior"] == 1
    assert reception.post(order("FW-3", 4)).json()["tag"]["facts"]["n_prior"] == 1


def test_a_credit_lowers_the_spend_from_its_moment_on_and_only_in_the_brands_currency(
    reception: Reception,
) -> None:
    reception.post(order("FW-1", 10))
    tell(
        reception,
        "orders/FW-1/events",
        event("c1", "credited", 5, credit={"minor": 500, "currency": "EUR"}),
        event("c2", "credited", 5, credit={"minor": 900, "currency": "USD"}),
    )
    reception.post(order("FW-usd", 9, value={"minor": 7000, "currency": "USD"}))
    nothing = {"minor": 0, "currency": "EUR"}
    spent = [
        reception.post(order(f"FW-{days}", days, value=nothing)).json()["tag"]["facts"] for days in (6, 4)
    ]
    assert [(facts["spend_365"], facts["n_prior"]) for facts in spent] == [(4590, 2), (4090, 2)]


def test_an_event_counts_for_an_order_only_if_it_had_happened_by_then(reception: Reception) -> None:
    reception.post(order("FW-1", 20))
    tell(
        reception,
        "orders/FW-1/events",
        event("p", "promised", 19, promise=(NOW - 15 * DAY).isoformat()),
        event("r", "promise_revised", 12, promise=(NOW - 5 * DAY).isoformat()),
        event("d", "delivered", 6),
    )
    late = reception.post(order("FW-2", 13)).json()["tag"]["facts"]["previous"]
    tell(reception, "orders/FW-2/events", event("x", "cancelled", 12))
    in_time = reception.post(order("FW-3", 4)).json()["tag"]["facts"]["previous"]
    assert (late["promised_at"][:10], late["delivered_at"]) == ("2025-10-19", None)
    assert (in_time["promised_at"][:10], in_time["delivered_at"][:10]) == ("2025-10-29", "2025-10-28")


def test_an_event_of_the_future_is_kept_and_counts_from_its_moment_on(reception: Reception) -> None:
    reception.post(order("FW-1", 3))
    tell(reception, "customers/id:7/events", event("o", "opted_out", -2))
    assert reception.post(order("FW-2", 1)).json()["tag"]["reason"] != "the customer asked for no cards"
    reception.clock.advance(3 * DAY)
    assert reception.post(order("FW-3", -2.5)).json()["tag"]["reason"] == "the customer asked for no cards"


def test_a_backfilled_order_makes_a_diff_and_never_a_card(reception: Reception) -> None:
    assert occasion(reception, "FW-2", 2) == "first"
    before = reception.counts()["inserts"]
    reception.post(order("FW-1", 5))
    assert reception.counts()["inserts"] == before
    assert diffs(reception) == [("order", "first", "first_repeat")]
    assert (
        told(reception, "orders/" + reception.get("/v1/diffs").json()["diffs"][0]["order"])["tag"]["occasion"]
        == "first"
    )
    assert 'tipin_diffs{brand="fernweh",cause="order"} 1.0' in reception.client.get("/metrics").text


def test_a_late_cancellation_makes_a_diff_and_another_event_takes_it_back(reception: Reception) -> None:
    reception.post(order("FW-1", 10))
    assert occasion(reception, "FW-2", 2) == "first_repeat"
    tell(reception, "orders/FW-1/events", event("c", "cancelled", 5))
    assert set(diffs(reception)) == {("cancelled", "first_repeat", "first"), ("cancelled", "first", None)}
    tell(reception, "orders/FW-1/events", event("c", "cancelled", 5))
    assert len(diffs(reception)) == 2
    reception.post(order("FW-0", 11))
    assert diffs(reception)[0] == ("order", "first", "first_repeat")


def test_what_was_so_when_an_order_was_decided_on_and_is_heard_later_makes_a_diff_for_itself(
    reception: Reception,
) -> None:
    assert occasion(reception, "FW-1", 10) == "first"
    tell(reception, "orders/FW-1/events", event("c", "cancelled", -1))
    tell(reception, "customers/id:7/events", event("b", "bereavement_set", -1))
    assert diffs(reception) == []
    tell(reception, "customers/id:7/events", event("o", "opted_out", 5))
    assert diffs(reception) == [("opted_out", "first", None)]
    tell(reception, "customers/id:7/events", event("i", "opted_in", 4))
    assert diffs(reception)[0] == ("opted_in", None, "first")
    tell(reception, "orders/FW-1/events", event("d", "cancelled", 3))
    assert diffs(reception)[0] == ("cancelled", "first", None)
    asked = reception.get("/v1/diffs").json()["diffs"][0]
    assert (asked["tagged"], asked["reason"]) == ("first", "the order was cancelled")


def test_a_guests_order_that_had_been_cancelled_makes_a_diff_too(reception: Reception) -> None:
    late = {"promised_at": (NOW - DAY).isoformat(), "customer": {}}
    assert occasion(reception, "FW-1", 10, **late) == "running_late"
    tell(reception, "orders/FW-1/events", event("c", "cancelled", 5))
    assert diffs(reception) == [("cancelled", "running_late", None)]


def test_a_merge_and_an_unmerge_make_diffs(reception: Reception) -> None:
    reception.post(order("FW-1", 10, customer={"id": "8"}))
    assert occasion(reception, "FW-2", 2) == "first"
    tell(reception, "customers/id:8/events", event("m", "merged", 1, into="id:7"))
    assert diffs(reception) == [("merged", "first", "first_repeat")]
    assert told(reception, "customers/id:7")["keys"] == ["id:7", "id:8"]
    tell(reception, "customers/id:8/events", event("u", "unmerged", 0))
    assert diffs(reception)[0] == ("unmerged", "first_repeat", "first")
    assert occasion(reception, "FW-3", 0) == "first_repeat"


def test_a_circle_of_merges_is_refused_and_says_how_to_mend_it(reception: Reception) -> None:
    tell(reception, "customers/id:7/events", event("m1", "merged", 3, into="id:8"))
    tell(reception, "customers/id:8/events", event("m2", "merged", 2, into="id:9"))
    for key, into in (("id:9", "id:7"), ("id:9", "id:9")):
        refused = tell(reception, f"customers/{key}/events", event("m3", "merged", 1, into=into))
        assert refused.status_code == 409
        assert "circle" in refused.json()["detail"]
        assert refused.json()["mend"]
    assert told(reception, "customers/id:9").get("keys", []) == ["id:7", "id:8", "id:9"]
    assert len(told(reception, "customers/id:9")["events"]) == 2


def test_the_same_event_id_with_another_content_is_refused(reception: Reception) -> None:
    assert tell(reception, "orders/FW-1/events", event("c", "cancelled", 2)).status_code == 202
    assert tell(reception, "orders/FW-1/events", event("c", "cancelled", 1)).status_code == 409
    tell(reception, "customers/id:7/events", event("o", "opted_out", 2))
    assert tell(reception, "customers/id:7/events", event("o", "opted_in", 2)).status_code == 409


def test_brands_know_nothing_of_each_others_orders_and_customers(reception: Reception) -> None:
    reception.post(order("FW-1", 10))
    tell(reception, "customers/id:7/events", event("o", "opted_out", 9))
    reception.client.post(
        "/v1/orders/FW-1/events?brand=maple-row",
        json={"events": [event("c", "cancelled", 9)]},
        headers={"X-Api-Key": reception.key},
    )
    assert told(reception, "orders/FW-1/events")["state"]["cancelled_at"] is None
    assert reception.get("/v1/customers/id:7?brand=maple-row").status_code == 404
    key = reception.add_key(brand="maple-row")
    asked = reception.client.get(f"/v1/orders/FW-1/events{BRAND}", headers={"X-Api-Key": key})
    assert asked.status_code == 403


def test_cards_that_the_press_does_not_have_stop_with_the_order_or_the_customers_wish(
    reception: Reception,
) -> None:
    first = reception.post(order("FW-1", 1)).json()["id"]
    tell(reception, "orders/FW-1/events", event("c", "cancelled", 0))
    assert told(reception, f"orders/{first}")["card"]["reason"] == "the order was cancelled"
    second = reception.post(order("FW-2", 0.5)).json()["id"]
    tell(reception, "customers/id:7/events", event("b", "bereavement_set", 0))
    assert told(reception, f"orders/{second}")["card"]["state"] == "failed"
    assert told(reception, f"orders/{second}")["card"]["reason"] == "the customer is bereaved"


def test_an_erased_customer_leaves_counts_and_no_word(reception: Reception) -> None:
    named = {"id": "7", "given_name": "Jonna", "family_name": "Lindqvist", "birthday": "05-17"}
    gift = {"recipient_name": "Mika", "message": "Herzlich"}
    reception.post(order("FW-1", 3, customer=named))
    kept = reception.post(order("FW-2", 2, customer=named, gift=gift)).json()["id"]
    broken = order("FW-3", 1, customer=named) | {"value": {"minor": 1}}
    others = order("FW-4", 1, customer={"id": "8", "given_name": "Ola"}) | {"value": {"minor": 1}}
    assert [reception.post(body).status_code for body in (broken, others)] == [422, 422]
    tell(
        reception,
        "customers/id:7/events",
        event("s", "story_told", 2, story={"on": "1961-06-14", "about": "wedding"}, story_id="a"),
        event("e", "erased", 0),
    )
    assert _stored_text(reception, "Jonna", "Lindqvist", "Mika", "Herzlich", "1961") == set()
    assert len(reception.letters()) == 1
    assert reception.counts()["orders"] == 2
    read = reception.get(f"/v1/orders/{kept}").json()
    assert read["value"] == {"minor": 4590, "currency": "EUR"}
    again = tell(
        reception,
        "customers/id:7/events",
        event("s", "story_told", 2, story={"on": "1961-06-14", "about": "wedding"}, story_id="a"),
    )
    assert again.json()["new"] == []


def test_an_erased_customer_who_orders_again_is_neither_new_nor_known(reception: Reception) -> None:
    reception.post(order("FW-1", 3))
    tell(reception, "customers/id:7/events", event("e", "erased", 2))
    tag = reception.post(order("FW-2", 1)).json()["tag"]
    assert tag["facts"]["n_prior"] == 0
    assert tag["occasion"] != "first"


def _stored_text(reception: Reception, *words: str) -> set[str]:
    """Which of the words stand anywhere in the database."""
    found = set()
    with reception.services.store.engine.connect() as connection:
        for table in ("orders", "jobs", "customers", "customer_events", "inserts", "tags", "dead_letters"):
            text = repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            found |= {word for word in words if word in text}
    return found


def test_a_customer_may_be_known_before_any_order_and_by_an_address_that_is_not_stored(
    reception: Reception,
) -> None:
    headers = {"X-Api-Key": reception.key}
    asked = {"email": "Jonna@Example.com "}
    key = reception.client.post(f"/v1/customers/lookup{BRAND}", json=asked, headers=headers).json()["key"]
    said = {"given_name": "Jonna", "birthday": "02-29"}
    answer = reception.client.post(f"/v1/customers/{key}{BRAND}", json=said, headers=headers)
    assert answer.json()["standing"]["birthday"] == "02-29"
    tell(reception, f"customers/{key}/events", event("o", "opted_out", 1))
    posted = reception.post(order("FW-1", 0, customer={"email": "jonna@example.com"})).json()
    assert posted["tag"]["reason"] == "the customer asked for no cards"
