"""A photo item whose making is cut short at any step is made once, whole, when it is taken up again."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.domain.insert import InsertState
from app.errors import StorageUnavailable
from app.photo.develop import Developed, develop
from app.photo.lab import PhotoLab
from app.store.artifacts import ArtifactStore, write_durably
from app.store.database import Store, Transaction
from tests.photo_plant import PhotoPlant, open_photo_plant, read_photos_here
from tests.photos import saved, scene

CUP = "latte-foam"


class Killed(BaseException):
    """The process ends here."""


class Steps:
    """Counts what lasts (files stored or deleted, transactions committed); ends the run at one of them."""

    def __init__(self) -> None:
        self.left = -1

    def at(self) -> None:
        """One step; the last one that is done."""
        self.left -= 1
        if self.left == 0:
            raise Killed

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, with an end before it and one behind it."""

        def stepped(*args: Any, **named: Any) -> Any:
            self.at()
            result = real(*args, **named)
            self.at()
            return result

        return stepped


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps, commit = Steps(), Store.transaction

    @contextmanager
    def transaction(store: Store) -> Iterator[Transaction]:
        with commit(store) as tx:
            yield tx
            steps.at()
        steps.at()

    monkeypatch.setattr(Store, "transaction", transaction)
    for name in ("put", "remove"):
        monkeypatch.setattr(ArtifactStore, name, steps.around(getattr(ArtifactStore, name)))
    return steps


@pytest.fixture
def plant(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PhotoPlant]:
    read_photos_here(monkeypatch)
    monkeypatch.setattr(PhotoLab, "develop", lambda _lab, _data, *asked: developed(*asked))
    with open_photo_plant(tmp_path, database=database) as plant:
        yield plant


@cache
def developed(*asked: Any) -> Developed:
    """Every photo comes out as this one."""
    return develop(saved(scene(560, 560)), *asked)


def photo(number: int) -> str:
    """A photo of its own, as it stands in an order."""
    return base64.b64encode(saved(scene(80 + number, 80))).decode()


def files(plant: PhotoPlant, kind: str) -> list[Path]:
    return list(plant.reception.services.artifacts.folder.rglob(f"*{kind}"))


def test_cut_short_at_every_step(plant: PhotoPlant, steps: Steps) -> None:
    number, ended_by_itself = 0, False
    while not ended_by_itself:
        number += 1
        asked = {"data": photo(number), "product": CUP}
        record = plant.order(asked, number=f"K-{number}")["jobs"][0]["id"]
        steps.left = number
        try:
            plant.make(record, 1, 0, 0, 0)
            ended_by_itself = True
        except Killed:
            plant.make(record, 1, 0, 0, 0)
        steps.left = -1
        with plant.reception.services.store.reading() as tx:
            changes = [change.after for change in tx.components.changes(tx.components.get(record, 1))]
        assert changes == [InsertState.PLANNED, InsertState.READY], number
    assert number > 12
    assert len(files(plant, ".pdf")) == number
    assert len(files(plant, ".photo")) == number
    # A kill between keeping the photo and taking it out of the spool leaves it there for the sweep.
    plant.reception.clock.at = plant.reception.clock.at.replace(year=2100)
    plant.flow.clear()
    assert files(plant, ".spooled") == []
    assert len(files(plant, ".pdf")) == number


def test_a_full_disk_delays_an_item_and_loses_nothing(
    plant: PhotoPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = plant.order({"data": photo(0), "product": CUP}, number="F")["jobs"][0]["id"]
    for suffix in (".photo", ".pdf"):
        with monkeypatch.context() as full:
            write = "app.store.artifacts.write_durably"
            full.setattr(write, _full_for(suffix))
            with pytest.raises(StorageUnavailable, match="No space left"):
                plant.make(record, 1, 0, 0, 0)
        assert plant.item(record).state is InsertState.PLANNED
    plant.make(record, 1, 0, 0, 0)
    assert plant.item(record).state is InsertState.READY


def _full_for(suffix: str) -> Callable[[Path, bytes], None]:
    def write(path: Path, content: bytes) -> None:
        if path.suffix == suffix:
            raise OSError(28, "No space left on device")
        write_durably(path, content)

    return write
