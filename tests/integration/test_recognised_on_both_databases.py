"""Customers whom a history export knows by e-mail alone and live orders by id, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.history_import import ImportState
from tests.reception import NOW, Reception, native_order, open_reception

DAY = timedelta(days=1)
BRAND = "?brand=fernweh"
MAIL, ID = {"email": "jonna@example.org"}, {"id": "7"}
BOTH = MAIL | ID
NOTHING_SAID: dict[str, Any] = {"promised_at": None, "needed_by": None}


@pytest.fixture
def reception(tmp_path: Path, database: str) -> Iterator[Reception]:
    with open_reception(tmp_path, database_url=database) as reception:
        yield reception


def order(number: str, days_ago: float, customer: dict[str, Any] = BOTH) -> dict[str, Any]:
    placed = (NOW - days_ago * DAY).isoformat()
    return native_order(id=number, placed_at=placed, customer=customer) | NOTHING_SAID


def tag(reception: Reception, *args: Any) -> dict[str, Any]:
    answer = reception.post(order(*args))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["tag"]
    return found


def keys(reception: Reception, key: str) -> list[str]:
    found: list[str] = reception.get(f"/v1/customers/{key}{BRAND}").json()["keys"]
    return found


def diffs(reception: Reception) -> list[tuple[str, str | None, str | None]]:
    return [
        (d["cause"], d["before"], d["after"]) for d in reception.get("/v1/diffs?limit=100").json()["diffs"]
    ]


def test_a_customer_of_an_export_is_not_new_to_the_first_live_order(reception: Reception) -> None:
    reception.import_history(order("H-1", 700, MAIL), order("H-2", 600, MAIL))
    found = tag(reception, "L-1", 1)
    assert (found["facts"]["n_prior"], found["occasion"]) == (2, "win_back")
    assert tag(reception, "L-2", 0.5, ID)["facts"]["n_prior"] == 3
    assert len(keys(reception, "id:7")) == 2
    assert "jonna" not in reception.get(f"/v1/customers/id:7{BRAND}").text.replace("Jonna", "")


def test_a_guest_order_by_the_same_address_is_the_customers(reception: Reception) -> None:
    assert tag(reception, "L-1", 3)["occasion"] == "first"
    assert tag(reception, "L-2", 2, MAIL)["facts"]["n_prior"] == 1
    assert tag(reception, "L-3", 1, {"email": "Jonna@Example.ORG "})["facts"]["n_prior"] == 2


def test_an_export_that_comes_after_the_live_orders_tells_what_they_would_be_now(
    reception: Reception,
) -> None:
    assert tag(reception, "L-1", 3)["occasion"] == "first"
    assert tag(reception, "L-9", 3, {"id": "8"})["occasion"] == "first"
    one = reception.import_history(order("H-1", 60, MAIL), order("H-0", 20, {"email": "b@example.org"}))
    assert diffs(reception) == [("history_import", "first", "first_repeat")]
    (diff,) = reception.get("/v1/diffs").json()["diffs"]
    assert diff["cause_id"] == one.id
    reception.clock.advance(DAY)
    again = reception.import_history(order("H-1", 60, MAIL), order("H-0", 20, {"email": "b@example.org"}))
    assert (again.progress.known, len(diffs(reception))) == (2, 1)


def test_the_order_that_tells_who_somebody_is_changes_what_was_tagged(reception: Reception) -> None:
    assert tag(reception, "L-1", 9, ID)["occasion"] == "first"
    assert tag(reception, "L-2", 5, MAIL)["occasion"] == "first"
    assert tag(reception, "L-3", 1)["facts"]["n_prior"] == 2
    assert diffs(reception) == [("order", "first", "first_repeat")]


def test_an_import_that_broke_off_tells_its_differences_once_when_it_goes_on(reception: Reception) -> None:
    for number in range(52):
        tag(reception, f"L-{number}", 3, {"id": str(number)})
    past = [order(f"H-{number}", 60, {"id": str(number)}) for number in range(52)]
    stopped = reception.import_history(*past, on_progress=lambda _: False)
    assert (stopped.state, diffs(reception)) == (ImportState.RUNNING, [])
    # One stretch tells the first fifty, another the rest.
    stopped = reception.import_history(*past, on_progress=lambda _: False)
    assert (stopped.state, len(diffs(reception))) == (ImportState.RUNNING, 50)
    done = reception.import_history(*past)
    assert (done.state, done.id) == (ImportState.DONE, stopped.id)
    assert diffs(reception) == [("history_import", "first", "first_repeat")] * 52


def test_two_ids_of_one_address_are_not_merged_and_neither_is_greeted_as_new(reception: Reception) -> None:
    assert tag(reception, "L-1", 9, BOTH)["occasion"] == "first"
    other = tag(reception, "L-2", 5, MAIL | {"id": "8"})
    assert other["occasion"] is None
    assert "e-mail address" in other["reason"]
    assert keys(reception, "id:8") == ["id:8"]
    # What is ordered by the address alone is of the one who said it first.
    assert tag(reception, "L-3", 1, MAIL)["facts"]["n_prior"] == 1
    merge = {"id": "m", "type": "merged", "at": NOW.isoformat(), "into": "id:7"}
    told = reception.client.post(
        f"/v1/customers/id:8/events{BRAND}", json={"events": [merge]}, headers={"X-Api-Key": reception.key}
    )
    assert told.status_code == 200, told.text
    found = tag(reception, "L-4", 0.5, MAIL | {"id": "8"})["facts"]
    assert (found["n_prior"], found["history_complete"]) == (3, True)


def test_a_persons_word_goes_before_an_address(reception: Reception) -> None:
    tag(reception, "L-1", 9, MAIL)
    (mail,) = _mails(reception)
    tag(reception, "L-2", 8, BOTH)
    assert keys(reception, "id:7") == ["id:7", mail]
    _tell(reception, mail, {"id": "u", "type": "unmerged", "at": (NOW - DAY).isoformat()})
    assert keys(reception, "id:7") == ["id:7"]
    tag(reception, "L-0", 10, BOTH)
    assert keys(reception, "id:7") == ["id:7"]
    # Merged the other way round than the address leads: one customer either way, and no circle is refused.
    _tell(reception, mail, {"id": "m", "type": "merged", "at": NOW.isoformat(), "into": "id:7"})
    _tell(reception, "id:9", {"id": "m", "type": "merged", "at": NOW.isoformat(), "into": mail})
    assert keys(reception, "id:9") == ["id:7", "id:9", mail]


def test_who_opted_out_by_address_gets_no_card_under_their_id(reception: Reception) -> None:
    tag(reception, "L-1", 9, MAIL)
    (mail,) = _mails(reception)
    _tell(reception, mail, {"id": "o", "type": "opted_out", "at": (NOW - 2 * DAY).isoformat()})
    found = tag(reception, "L-2", 1)
    assert found["reason"] == "the customer asked for no cards"


def test_an_erased_customers_address_leads_nowhere(reception: Reception) -> None:
    tag(reception, "L-1", 9, BOTH)
    tag(reception, "L-2", 8, MAIL)
    _tell(reception, "id:7", {"id": "e", "type": "erased", "at": NOW.isoformat()})
    with reception.services.store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mail_claims").scalar_one() == 0
    assert tag(reception, "L-3", 1, MAIL)["facts"]["n_prior"] == 0


def _mails(reception: Reception) -> list[str]:
    with reception.services.store.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT key FROM customers WHERE key LIKE 'mail:%%'")
        return [key for (key,) in found]


def _tell(reception: Reception, key: str, event: dict[str, Any]) -> None:
    answer = reception.client.post(
        f"/v1/customers/{key}/events{BRAND}", json={"events": [event]}, headers={"X-Api-Key": reception.key}
    )
    assert answer.status_code == 200, answer.text
