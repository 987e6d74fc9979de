from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.insert import BY_ITSELF, Degradation, InsertState
from app.errors import NotFound
from app.store.database import Store
from tests.stored import NOW, planned, put_order


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.create()
    with store.transaction() as tx:
        put_order(tx, "O1", "J1")
        tx.inserts.plan(planned("O1", "J1"))
    yield store
    store.close()


def test_a_planned_insert_comes_back_as_it_went_in(store: Store) -> None:
    with store.reading() as tx:
        assert tx.inserts.get("J1") == planned("O1", "J1")
        assert tx.inserts.of_order("O1") == (planned("O1", "J1"),)
        assert tx.inserts.of_order("O2") == ()
        with pytest.raises(NotFound):
            tx.inserts.get("J2")


def test_made_moves_once(store: Store) -> None:
    made = replace(planned("O1", "J1"), pdf_sha256="ab", degradation=Degradation.GENERIC, ready_at=NOW)
    with store.transaction() as tx:
        assert tx.inserts.made(made)
        assert not tx.inserts.made(made)
    with store.reading() as tx:
        assert tx.inserts.get("J1") == replace(made, state=InsertState.READY)


def test_a_move_from_a_stale_state_changes_nothing(store: Store) -> None:
    with store.transaction() as tx:
        stale = tx.inserts.get("J1")
        assert tx.inserts.move(stale, InsertState.HELD, reason="an operator holds it")
        assert not tx.inserts.move(stale, InsertState.SUBMITTING)
        assert tx.inserts.get("J1").state is InsertState.HELD


def test_a_move_of_an_older_generation_changes_nothing(store: Store) -> None:
    with store.transaction() as tx:
        older = replace(tx.inserts.get("J1"), generation=1)
        assert not tx.inserts.move(older, InsertState.HELD)


def test_addressee_names_the_sender_s_own_ids_and_the_parcel(store: Store) -> None:
    with store.reading() as tx:
        addressee = tx.inserts.addressee("J1")
        assert (addressee.order_id, addressee.source_order_id, addressee.parcel) == ("O1", "S-O1", "P-J1")
        with pytest.raises(NotFound):
            tx.inserts.addressee("J9")


@pytest.mark.parametrize(
    ("needed_by", "until"),
    [
        (NOW + timedelta(hours=4), NOW + timedelta(hours=4)),
        (NOW - timedelta(hours=4), NOW + timedelta(days=3)),
        (None, NOW + timedelta(days=3)),
    ],
)
def test_trying_stops_when_the_order_is_due_unless_it_came_late(
    needed_by: datetime | None, until: datetime
) -> None:
    assert replace(planned("O1", "J1"), needed_by=needed_by).try_until == until


def test_what_is_due_first_runs_first() -> None:
    def priority(needed_by: datetime | None) -> int:
        return replace(planned("O1", "J1"), needed_by=needed_by).priority

    assert priority(NOW) < priority(NOW + timedelta(minutes=2)) < priority(NOW + timedelta(days=1)) < 2**31
    assert priority(datetime(1999, 1, 1, tzinfo=UTC)) == 1


def test_every_move_is_written_down_with_who_and_why(store: Store) -> None:
    with store.transaction() as tx:
        insert = tx.inserts.get("J1")
        assert tx.inserts.move(insert, InsertState.HELD, reason="the paper is out", who="Mina")
        assert not tx.inserts.move(insert, InsertState.SUBMITTING), "what changes nothing is no move"
        assert tx.inserts.move(replace(insert, state=InsertState.HELD), InsertState.PLANNED, who="Ada")
    with store.reading() as tx:
        told = planned_, held, released = tx.inserts.changes("J1")
        assert tx.inserts.changes("J9") == ()
    assert [(one.before, one.after, one.who) for one in told] == [
        (None, InsertState.PLANNED, BY_ITSELF),
        (InsertState.PLANNED, InsertState.HELD, "Mina"),
        (InsertState.HELD, InsertState.PLANNED, "Ada"),
    ]
    assert (held.reason, released.reason) == ("the paper is out", "")
    assert planned_.at <= held.at <= released.at
