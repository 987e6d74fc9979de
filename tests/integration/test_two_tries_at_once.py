"""Two tasks hand one piece over at the same moment, in two transactions: it goes out once, on one sheet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.insert import InsertState
from app.domain.ticket import Receipt, SilentTarget, Ticket
from app.flow.queue import HAND_OVER, MAKE, TEND
from app.services.tend_target import tend
from app.settings import GangSettings
from app.store.database import Store
from tests import plant
from tests.plant import BRAND, Plant
from tests.postgres import Cluster, cluster
from tests.sheets import SmallCards, unchecked

_PATIENCE = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as started:
        yield started


@pytest.fixture
def database(server: Cluster) -> Iterator[str]:
    with server.database() as url:
        yield url


@pytest.fixture
def plain(tmp_path: Path, database: str) -> Iterator[Plant]:
    made = plant.build(tmp_path, database=database)
    yield made
    made.store.close()


@pytest.fixture
def ganging(tmp_path: Path, database: str) -> Iterator[Plant]:
    sheets = GangSettings(sheet="SRA4", sheets=3)
    made = plant.build(tmp_path, database=database, gang=sheets, renderer=SmallCards(tmp_path))
    yield unchecked(made)
    made.store.close()


def _ready(made: Plant, number: int) -> str:
    job = made.accept(number)
    made.run(MAKE, job, 0)
    return job


def _waits_for_a_lock(store: Store) -> bool:
    with store.engine.connect() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(connection.execute(text(asked)).scalar())


def _until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_two_runs_of_one_try_put_a_piece_on_one_sheet(ganging: Plant) -> None:
    """As where a process is killed in the middle of a commit, and the next one takes its task up."""
    ganging.hand_over(_ready(ganging, 1))  # so that there is a sheet, which both find
    job = _ready(ganging, 2)
    hand_over = ganging.flow.tasks[HAND_OVER].run
    other = threading.Thread(target=ganging.hand_over, args=(job,))
    with ganging.store.transaction() as tx:
        component = tx.components.get(job, locked=True)
        hand_over._wait_for_sheet(tx, component)  # type: ignore[attr-defined]
        other.start()
        _until(lambda: _waits_for_a_lock(ganging.store))
    other.join(_PATIENCE)
    with ganging.store.reading() as tx:
        (sheet,) = tx.gang_sheets.page(scope=BRAND.code, state=None, limit=9)
    assert [place.record for place in sheet.places].count(job) == 1


def test_who_looks_after_a_target_starts_nothing_that_is_being_handed_over(plain: Plant) -> None:
    """A look let out all that was ready: a second task found the first one's try "cut short"."""
    job = _ready(plain, 1)
    asked, go = threading.Event(), threading.Event()
    taken: list[str] = []

    class Slow(SilentTarget):
        def deliver(self, ticket: Ticket, _pdf: Path) -> Receipt:
            taken.append(ticket.name)
            asked.set()
            assert go.wait(_PATIENCE)
            return Receipt(reference="1")

    plain.targets["press"] = Slow()
    first = threading.Thread(target=plain.hand_over, args=(job,))

    def look() -> None:
        with plain.store.transaction() as tx:
            tend(tx, plain.flow.queue, "press", now=plain.clock.now())
        with plain.store.reading() as tx:
            turn = tx.targets.get("press").turn
        plain.run(TEND, "press", turn)

    look()  # while it is ready
    first.start()
    assert asked.wait(_PATIENCE)
    look()  # while it goes out
    tries = [name for name in plain.queued() if name.startswith(f"{job}-0-hand-over-")]
    for name in tries[1:]:
        plain.run(HAND_OVER, job, 0, int(name.split("-")[4]))
    go.set()
    first.join(_PATIENCE)
    assert taken == [f"{job}-0"]
    assert len(tries) == 1
    assert plain.insert(job).state is InsertState.ACCEPTED
