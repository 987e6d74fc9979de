"""What the intake promises about repeats and simultaneous posts, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from tests.reception import Reception, native_order, open_reception


@pytest.fixture
def reception(tmp_path: Path, database: str) -> Iterator[Reception]:
    with open_reception(tmp_path, database_url=database) as reception:
        yield reception


def _post_at_once(reception: Reception, bodies: list[dict[str, Any]], **headers: str) -> list[Any]:
    gate, answers = Barrier(len(bodies)), []

    def post(body: dict[str, Any]) -> None:
        gate.wait()
        answers.append(reception.post(body, **headers))

    threads = [Thread(target=post, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_order_again_is_answered_with_the_same_bytes(reception: Reception) -> None:
    first, again = reception.post(native_order()), reception.post(native_order())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    order = first.json()
    assert reception.get(f"/v1/orders/{order['id']}").json() == order
    assert reception.get("/v1/orders").json()["orders"][0]["id"] == order["id"]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k-1"}], ids=["by order id", "by key"])
def test_one_order_posted_many_times_at_once_is_one_order(
    reception: Reception, headers: dict[str, str]
) -> None:
    answers = _post_at_once(reception, [native_order()] * 6, **headers)
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert len(reception.queue.inserts) == 1


def test_a_new_customers_orders_at_once_are_all_taken_for_one_customer(reception: Reception) -> None:
    bodies = [native_order(id=f"FW-{number}") for number in range(5)]
    answers = _post_at_once(reception, bodies)
    assert [answer.status_code for answer in answers] == [201] * 5
    assert reception.counts()["orders"] == 5
    assert reception.counts()["customers"] == 1


def test_one_key_for_two_orders_at_once_is_taken_for_one(reception: Reception) -> None:
    bodies = [native_order(id=f"FW-{n}") for n in range(4)]
    answers = _post_at_once(reception, bodies, **{"Idempotency-Key": "k-1"})
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert reception.counts()["orders"] == 1


def test_what_is_newly_said_of_a_customer_wins_and_an_opt_out_stays(reception: Reception) -> None:
    said: list[dict[str, Any]] = [
        {"given_name": "Jonna", "language": "de"},
        {"opted_out": True},
        {"given_name": "Joanna"},
    ]
    for number, customer in enumerate(said):
        reception.post(native_order(id=f"FW-{number}", customer={"id": "7", **customer}))
    with reception.services.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT given_name, language FROM customers").all()
    assert rows == [("Joanna", "de")]
    with reception.services.store.reading() as tx:
        assert tx.customers.standing("fernweh", "id:7").opted_out


def test_a_body_is_kept_whole(reception: Reception) -> None:
    letter = reception.post(b"\xff\x00").json()["dead_letter"]["id"]
    assert reception.get(f"/v1/dead-letters/{letter}").json()["body_base64"] == "/wA="
