"""The flow as a whole, on both databases: real DBOS, real hot folder, real HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dbos import DBOS
from sqlalchemy import text

from app.domain import target_state
from app.domain.call_back import DeliveryState
from app.domain.card import Card
from app.domain.ids import job_id
from app.domain.insert import InsertState
from app.domain.ticket import Receipt, SilentTarget, Ticket
from app.errors import StorageUnavailable
from app.flow import watch
from app.flow.queue import MAKE, SUSPECT
from tests import plant
from tests.listener import Listener
from tests.plant import NO_CARD, Plant
from tests.postgres import Cluster


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_LOOK_EVERY", 0.5)


@pytest.fixture
def running(tmp_path: Path, database: str) -> Iterator[Plant]:
    made = plant.build(tmp_path, database=database)
    made.flow.worker.start()
    yield made
    made.flow.worker.stop()
    made.store.close()


def tasks(database: str) -> str:
    """The name of DBOS's table of tasks."""
    return "dbos.workflow_status" if database else "workflow_status"


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_an_order_becomes_a_card_in_the_hot_folder_and_a_call_back(running: Plant) -> None:
    with Listener() as listener:
        listener.secret = running.listen_at(listener.url)
        job = running.accept(1)
        until(lambda: listener.count == 1)
        insert = running.insert(job)
        assert insert.state is InsertState.ACCEPTED
        assert insert.pdf_sha256 is not None
        pdf = running.press / f"{job}-0.pdf"
        assert pdf.read_bytes() == running.artifacts.read(insert.pdf_sha256, ".pdf")
        assert sorted(path.suffix for path in running.press.iterdir()) == [".json", ".pdf", ".xjdf"]
        assert listener.told == {f"msg_{job}_0_insert_ready": "insert.ready"}
        until(lambda: running.call_backs(job)[0].state is DeliveryState.DELIVERED)


def test_an_order_without_a_card_is_told_of(running: Plant) -> None:
    with Listener() as listener:
        listener.secret = running.listen_at(listener.url)
        job = running.accept(1, decision=NO_CARD)
        until(lambda: listener.told == {f"msg_{job}_0_insert_none": "insert.none"})


def test_a_fault_in_drawing_stops_one_card_and_no_other(running: Plant) -> None:
    def faulty(card: Card) -> None:
        if "A-1" in card.wordings[0].message or card.id.startswith(bad):
            raise ZeroDivisionError("Amira")

    bad = "none"
    running.renderer.before = faulty
    good_job = running.accept(2)
    bad = job_id(plant.BRAND.code, "A-1", "1")
    running.accept(1)
    until(lambda: running.insert(bad).state is InsertState.FAILED)
    assert running.insert(bad).reason == "a fault in tipin stopped it (ZeroDivisionError); its log says where"
    until(lambda: running.insert(good_job).state is InsertState.ACCEPTED)


def test_a_disk_that_was_full_for_a_while_costs_nothing(running: Plant) -> None:
    tries: list[str] = []

    def full_twice(card: Card) -> None:
        tries.append(card.id)
        if len(tries) < 3:
            raise StorageUnavailable("full")

    running.renderer.before = full_twice
    job = running.accept(1)
    until(lambda: running.insert(job).state is InsertState.ACCEPTED)
    assert tries == [f"{job}-0"] * 3


def test_a_press_that_was_away_gets_its_card_when_it_is_back(
    running: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target_state, "_FIRST_PAUSE", timedelta(seconds=0.2))
    running.press.rmdir()
    job = running.accept(1)
    until(lambda: str(running.press) in running.insert(job).reason)
    running.press.mkdir()
    until(lambda: running.insert(job).state is InsertState.ACCEPTED)
    assert (running.press / f"{job}-0.json").exists()


def test_what_waits_is_taken_up_by_the_next_worker(tmp_path: Path, database: str) -> None:
    made = plant.build(tmp_path, database=database)
    jobs = [made.accept(number) for number in range(5)]
    made.flow.worker.start()
    until(lambda: all(made.insert(job).state is InsertState.ACCEPTED for job in jobs))
    made.flow.worker.stop()
    made.store.close()


def test_a_dead_worker_s_tasks_are_taken_over(tmp_path: Path, postgres: Cluster) -> None:
    with postgres.database() as url:
        made = plant.build(tmp_path, database=url)
        job = made.accept(1)
        with made.store.transaction() as tx:
            # As a worker leaves it that died in the middle, on a machine that does not come back.
            tx.session.execute(
                text("UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'elsewhere-0'")
            )
            tx.workers.beat("elsewhere-0", datetime.now(UTC) - timedelta(minutes=1))
        made.flow.worker.start()
        until(lambda: made.insert(job).state is InsertState.ACCEPTED)
        with made.store.reading() as tx:
            assert tx.workers.silent_since(datetime.now(UTC) - timedelta(seconds=50)) == ()
        made.flow.worker.stop()
        made.store.close()


def test_a_task_that_ends_its_process_again_and_again_is_given_up_alone(
    tmp_path: Path, database: str
) -> None:
    made = plant.build(tmp_path, database=database)
    poison, neighbour = made.accept(1), made.accept(2)
    with made.store.transaction() as tx:
        # As the last process of this name leaves them that ended in the middle of both.
        tx.session.execute(
            text(f"UPDATE {tasks(database)} SET status = 'PENDING', executor_id = :name"),
            {"name": f"{socket.gethostname()}-0"},
        )
        for _ in range(watch._MOST_TAKE_OVERS):
            tx.workers.take_over(poison)
        tx.workers.take_over(neighbour)
    made.flow.worker.start()
    until(lambda: made.insert(neighbour).state is InsertState.ACCEPTED)
    assert made.insert(poison).state is InsertState.FAILED
    assert "again and again" in made.insert(poison).reason
    assert [each.id for each in made.call_backs(poison)] == [f"msg_{poison}_0_insert_failed"]
    assert DBOS.list_workflows(workflow_ids=[neighbour])[0].queue_name == SUSPECT
    made.flow.worker.stop()
    made.store.close()


def test_a_task_whose_end_was_never_written_down_is_run_again(running: Plant, database: str) -> None:
    job = running.accept(1)
    until(lambda: running.insert(job).state is InsertState.ACCEPTED)
    until(lambda: DBOS.list_workflows(workflow_ids=[job])[0].status == "SUCCESS")
    with running.store.transaction() as tx:
        change = f"UPDATE {tasks(database)} SET status = 'PENDING', completed_at = NULL"
        tx.session.execute(text(f"{change} WHERE workflow_uuid = :job"), {"job": job})
    until(lambda: DBOS.list_workflows(workflow_ids=[job])[0].status == "SUCCESS")
    assert len(list(running.press.iterdir())) == 3


def test_finished_tasks_are_forgotten(running: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    job = running.accept(1)
    until(lambda: running.insert(job).state is InsertState.ACCEPTED)
    until(lambda: not DBOS.list_workflows(status=["PENDING", "ENQUEUED"]))
    monkeypatch.setattr(watch, "_KEEP", timedelta(seconds=-5))
    made = running.flow.worker._watch
    assert made is not None
    made._forget(datetime.now(UTC))
    assert DBOS.list_workflows(name=MAKE) == []


class _Slow(SilentTarget):
    """Takes a while for each piece, and counts those that it is given at once."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.now = self.most = self.taken = 0

    def deliver(self, ticket: Ticket, _pdf: Path) -> Receipt:
        with self.turn:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.1)
        with self.turn:
            self.now -= 1
            self.taken += 1
        return Receipt(reference=ticket.name)


def test_a_target_is_given_as_much_at_once_and_a_minute_as_it_takes(tmp_path: Path, database: str) -> None:
    made = plant.build(tmp_path, database=database, at_once=1, a_minute=3)
    made.targets["press"] = press = _Slow()
    jobs = [made.accept(number) for number in range(5)]
    made.flow.worker.start()
    until(lambda: press.taken == 3 and all(made.insert(job).pdf_sha256 for job in jobs))
    time.sleep(0.5)
    made.flow.worker.stop()
    states = sorted(made.insert(job).state for job in jobs)
    made.store.close()
    assert (press.taken, press.most) == (3, 1)
    assert states == [InsertState.ACCEPTED] * 3 + [InsertState.READY] * 2
