from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.component import component_key, read_key
from app.domain.insert import BY_ITSELF, Degradation, InsertState
from app.errors import NotFound
from app.store.database import Store
from tests.stored import NOW, planned, planned_item, put_order

BOTH = pytest.mark.parametrize("number", [0, 2])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.create()
    with store.transaction() as tx:
        put_order(tx, "O1", "J1")
        tx.inserts.plan(planned("O1", "J1"))
        tx.items.plan(planned_item("O1", "J1", 2))
        tx.items.plan(planned_item("O1", "J1", 1))
    yield store
    store.close()


@pytest.mark.parametrize(("record", "number"), [("J1", 0), ("J1", 1), ("0123456789ABC", 31)])
def test_a_key_names_record_and_number(record: str, number: int) -> None:
    assert read_key(component_key(record, number)) == (record, number)


def test_an_orders_components_are_its_card_and_its_items(store: Store) -> None:
    with store.reading() as tx:
        found = tx.components.of_order("O1")
    assert [(each.key, each.design, each.copies) for each in found] == [
        ("J1", "hearth", 1),
        ("J1-1", "edible-cookie", 3),
        ("J1-2", "edible-cookie", 3),
    ]
    assert [each.name for each in found] == ["J1-0", "J1-1-0", "J1-2-0"]


@pytest.mark.parametrize("key", ["J1-3", "J9", "J1-x", "J9-1"])
def test_what_is_not_there_is_not_found(store: Store, key: str) -> None:
    with store.reading() as tx, pytest.raises(NotFound):
        tx.components.by_key(key)


@BOTH
def test_a_move_from_a_stale_state_changes_nothing(store: Store, number: int) -> None:
    with store.transaction() as tx:
        stale = tx.components.get("J1", number)
        assert tx.components.move(stale, InsertState.HELD, reason="an operator holds it", who="Mina")
        assert not tx.components.move(stale, InsertState.SUBMITTING)
        assert not tx.components.move(replace(stale, generation=1, state=InsertState.HELD), InsertState.READY)
    with store.reading() as tx:
        held = tx.components.get("J1", number)
        assert (held.state, held.reason) == (InsertState.HELD, "an operator holds it")
        assert [(one.before, one.after, one.who) for one in tx.components.changes(held)] == [
            (None, InsertState.PLANNED, BY_ITSELF),
            (InsertState.PLANNED, InsertState.HELD, "Mina"),
        ]
        others = [each for each in tx.components.of_order("O1") if each.number != number]
        assert {each.state for each in others} == {InsertState.PLANNED}


@BOTH
def test_what_the_target_took_keeps_its_reason(store: Store, number: int) -> None:
    with store.transaction() as tx:
        component = replace(tx.components.get("J1", number), reason="in words of its own")
        assert tx.components.accepted(component, reference="tray 2", at=NOW)
    with store.reading() as tx:
        found = tx.components.get("J1", number)
    assert (found.state, found.target_reference, found.accepted_at) == (InsertState.ACCEPTED, "tray 2", NOW)
    assert found.reason == "in words of its own"


def test_only_what_the_target_does_not_have_waits(store: Store) -> None:
    with store.transaction() as tx:
        tx.components.move(tx.components.get("J1", 1), InsertState.SUBMITTING)
    with store.reading() as tx:
        assert [each.number for each in tx.components.waiting_of_order("O1")] == [0, 2]
        assert [each.key for each in tx.components.waiting_inserts("acme", ["id:7"])] == ["J1"]
        assert tx.components.waiting_inserts("acme", ["id:8"]) == ()


def test_a_card_that_is_let_down_says_so(store: Store) -> None:
    with store.transaction() as tx:
        tx.inserts.let_down(tx.inserts.get("J1"), Degradation.NO_CARD)
    with store.reading() as tx:
        assert tx.inserts.get("J1").degradation is Degradation.NO_CARD
