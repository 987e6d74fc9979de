from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from app.domain.history_import import HistoryImport, ImportState
from app.errors import MappingUnusable, WrongState
from app.registry.brands import load_brands
from app.services.brands_in_force import BrandsInForce
from app.services.history.desk import HistoryDesk, HistoryFolder
from app.services.history.import_history import CHUNK, ImportHistory
from app.services.history.import_task import ImportTask
from app.services.history.watch_import import WatchImport
from app.services.watch_tags import Retagger
from app.store.database import Store, Transaction

BRANDS = load_brands(Path(__file__).parents[3] / "data" / "brands")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = b"0" * 32
NOBODY_WATCHES = WatchImport(create_autospec(Retagger, instance=True))
"""No order of these tests came live, so none has a tag."""


class Stopped:
    def now(self) -> datetime:
        return NOW


class Queue:
    def __init__(self) -> None:
        self.started: list[tuple[str, int]] = []

    def import_history(self, _tx: Transaction, import_id: str, *, turn: int) -> None:
        self.started.append((import_id, turn))


class Plant:
    def __init__(self, folder: Path, store: Store, seconds: float) -> None:
        self.store, self.queue, self.folder = store, Queue(), HistoryFolder(folder / "history")
        brands = BrandsInForce(BRANDS)
        self.desk = HistoryDesk(
            store=store,
            brands=brands,
            folder=self.folder,
            queue=self.queue,
            customer_secret=SECRET,
            clock=Stopped(),
        )
        self.task = ImportTask(
            store=store,
            brands=brands,
            folder=self.folder,
            queue=self.queue,
            importer=ImportHistory(
                store=store, watch=NOBODY_WATCHES, customer_secret=SECRET, clock=Stopped()
            ),
            clock=Stopped(),
            seconds=seconds,
        )

    def upload(self, text: str) -> HistoryImport:
        came = self.folder.new()
        came.write_text(text)
        one, _ = self.desk.take("acorn", came)
        return one

    def state(self, import_id: str) -> HistoryImport:
        with self.store.reading() as tx:
            return tx.history_imports.get(import_id)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store("sqlite://")
    store.create()
    yield store
    store.close()


@pytest.fixture
def plant(store: Store, tmp_path: Path) -> Plant:
    return Plant(tmp_path, store, 60.0)


def order(number: int) -> str:
    return json.dumps(
        {
            "id": f"A-{number}",
            "placed_at": "2025-06-01T12:00:00Z",
            "value": {"minor": 2500, "currency": "EUR"},
            "customer": {"id": "7"},
            "jobs": [{"id": "1", "sku": "BOOK-A4"}],
        }
    )


def test_an_upload_is_imported_once_it_is_started_and_then_deleted(plant: Plant) -> None:
    one = plant.upload(f"{order(1)}\n{order(2)}\n{{broken\n")
    assert (one.state, plant.queue.started) == (ImportState.UPLOADED, [])
    plant.desk.start(one, "")
    assert plant.queue.started == [(one.id, 0)]
    plant.task(one.id, 0)
    done = plant.state(one.id)
    assert (done.state, done.progress.new, done.progress.rejected) == (ImportState.DONE, 2, 1)
    assert not plant.folder.file(one.id).exists()
    assert plant.folder.written_rejects(one.id) is not None
    plant.task(one.id, 0)
    assert plant.state(one.id) == done
    plant.desk.remove(one)
    assert plant.folder.written_rejects(one.id) is None


def test_a_long_import_goes_on_in_stretches(store: Store, tmp_path: Path) -> None:
    plant = Plant(tmp_path, store, 0.0)
    one = plant.upload("\n".join(order(number) for number in range(CHUNK + 1)))
    plant.desk.start(one, "tipin-json")
    plant.task(one.id, 0)
    assert plant.queue.started == [(one.id, 0), (one.id, 1)]
    assert plant.state(one.id).progress.new == CHUNK
    plant.task(one.id, 1)
    plant.task(one.id, 2)
    assert (plant.state(one.id).state, plant.state(one.id).progress.new) == (ImportState.DONE, CHUNK + 1)


def test_what_cannot_be_started_is_told(plant: Plant) -> None:
    one = plant.upload("foo,bar\n1,2\n")
    with pytest.raises(MappingUnusable, match="no column for id"):
        plant.desk.start(one, "")
    with pytest.raises(MappingUnusable):
        plant.desk.try_out(one, "[columns")
    good = plant.upload(order(1))
    plant.desk.start(good, "")
    with pytest.raises(WrongState, match="running already"):
        plant.desk.start(good, "")
    with pytest.raises(WrongState, match="is running"):
        plant.desk.remove(good)


def test_a_file_that_is_gone_or_a_worn_task_ends_the_import_with_its_reason(plant: Plant) -> None:
    one = plant.upload(order(1))
    plant.desk.start(one, "")
    plant.folder.file(one.id).unlink()
    plant.task(one.id, 0)
    assert plant.state(one.id).state is ImportState.FAILED
    assert "not on this machine" in plant.state(one.id).problem


def test_a_file_that_is_cut_off_fails_with_its_reason(plant: Plant) -> None:
    one = plant.upload("id,placed_at,value_minor,currency,customer_id,skus\n1,2025-01-01,1,EUR,7,A\n")
    plant.desk.start(one, "")
    plant.folder.file(one.id).write_bytes(b"\x1f\x8b broken")
    plant.task(one.id, 0)
    assert (plant.state(one.id).state, bool(plant.state(one.id).problem)) == (ImportState.FAILED, True)
