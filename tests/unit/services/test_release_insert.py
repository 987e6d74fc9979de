"""A held order is released by a person, once, and its sender is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.ids import job_id, order_id
from app.domain.insert import Degradation, InsertState
from tests.reception import Reception, native_order, open_reception

JOB = job_id("fernweh", native_order()["id"], native_order()["jobs"][0]["id"])


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        assert reception.post(native_order()).status_code == 201
        with reception.services.store.transaction() as tx:
            component = tx.components.get(JOB)
            assert tx.components.move(component, InsertState.HELD, reason="the name does not fit")
        yield reception


def release(reception: Reception) -> tuple[int, str]:
    answer = reception.client.post(f"/v1/jobs/{JOB}/release", headers={"X-Api-Key": reception.key})
    return answer.status_code, answer.text


def test_a_held_order_goes_out_without_its_card(held: Reception) -> None:
    status, said = release(held)
    assert status == 200, said
    with held.services.store.reading() as tx:
        insert, changes = tx.inserts.get(JOB), tx.inserts.changes(JOB)
    assert (insert.state, insert.degradation) == (InsertState.CANCELLED, Degradation.NO_CARD)
    assert insert.reason == "released without its card: the name does not fit"
    assert (changes[-1].who, changes[-1].before) == ("plant", InsertState.HELD)
    assert held.counts()["deliveries"] == 1


def test_it_is_released_once(held: Reception) -> None:
    release(held)
    status, said = release(held)
    assert status == 409
    assert "not held" in said
    assert held.counts()["deliveries"] == 1


def test_another_brands_key_releases_nothing(held: Reception) -> None:
    key = held.add_key(brand="maple-row")
    assert held.client.post(f"/v1/jobs/{JOB}/release", headers={"X-Api-Key": key}).status_code == 404
    with held.services.store.reading() as tx:
        assert tx.inserts.get(JOB).state is InsertState.HELD
        assert tx.orders.exists(order_id("fernweh", native_order()["id"]))
