from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.person_task import PersonTask, PersonTaskKind, PersonTaskState
from app.errors import NotFound, WrongState
from app.store.database import Store, Transaction
from tests.stored import put_order

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TASK = PersonTask(
    brand="acorn",
    kind=PersonTaskKind.NEW_WORDS,
    subject="plain/en/first",
    order_id="O1",
    occasion="first",
    reason="every wording was said",
    made_at=NOW,
    last_at=NOW,
)
OPEN, DONE, DISMISSED = PersonTaskState


@pytest.fixture
def tx() -> Iterator[Transaction]:
    store = Store("sqlite://")
    store.create()
    with store.transaction() as tx:
        put_order(tx, "O1", "J1")
        put_order(tx, "O2", "J2")
        tx.person_tasks.call_for(TASK)
        yield tx
    store.close()


def only(tx: Transaction, state: PersonTaskState = OPEN) -> PersonTask:
    (task,) = tx.person_tasks.page(scope="", state=state, limit=10)
    return task


def test_the_same_is_told_once_and_counted(tx: Transaction) -> None:
    tx.person_tasks.call_for(replace(TASK, order_id="O2", last_at=LATER))
    assert only(tx) == replace(TASK, id=only(tx).id, order_id="O2", last_at=LATER, times=2)
    assert tx.person_tasks.of_order("O1") == ()
    assert tx.person_tasks.of_order("O2") == (only(tx),)
    assert tx.person_tasks.open_by_kind() == {("acorn", PersonTaskKind.NEW_WORDS): 1}


@pytest.mark.parametrize(("end", "again"), [(DONE, OPEN), (DISMISSED, DISMISSED)])
def test_what_is_done_opens_again_and_what_is_dismissed_does_not(
    tx: Transaction, end: PersonTaskState, again: PersonTaskState
) -> None:
    closed = tx.person_tasks.close(only(tx).id, end, scope="acorn", by="Mina", at=LATER)
    assert (closed.state, closed.closed_by, closed.closed_at) == (end, "Mina", LATER)
    assert tx.person_tasks.close(closed.id, end, scope="", by="Nils", at=LATER).closed_by == "Mina"
    tx.person_tasks.call_for(replace(TASK, last_at=LATER))
    assert only(tx, again).times == 2
    assert (only(tx, again).closed_by == "") == (again is OPEN)


def test_two_persons_cannot_end_it_otherwise(tx: Transaction) -> None:
    task = only(tx)
    tx.person_tasks.close(task.id, DONE, scope="", by="Mina", at=LATER)
    with pytest.raises(WrongState, match="done already"):
        tx.person_tasks.close(task.id, DISMISSED, scope="", by="Nils", at=LATER)


def test_other_brands_tasks_are_not_there(tx: Transaction) -> None:
    assert tx.person_tasks.page(scope="oak", state=OPEN, limit=10) == ()
    for scope, id_ in (("oak", only(tx).id), ("", 999)):
        with pytest.raises(NotFound):
            tx.person_tasks.close(id_, DONE, scope=scope, by="Mina", at=LATER)


def test_pages_go_back_in_time(tx: Transaction) -> None:
    tx.person_tasks.call_for(replace(TASK, subject="another"))
    first = tx.person_tasks.page(scope="", state=OPEN, limit=1)
    rest = tx.person_tasks.page(scope="", state=OPEN, limit=9, after=first[0].id)
    assert [task.subject for task in (*first, *rest)] == ["another", "plain/en/first"]
