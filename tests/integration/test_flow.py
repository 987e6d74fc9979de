"""The flow as a whole: real DBOS, real database, real hot folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from tests import plant
from tests.plant import Plant


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Plant]:
    made = plant.build(tmp_path)
    made.flow.worker.start()
    yield made
    made.flow.worker.stop()
    made.store.close()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_an_order_becomes_a_card_in_the_hot_folder(running: Plant) -> None:
    job = running.accept(1)
    until(lambda: running.insert(job).state is InsertState.ACCEPTED)
    insert = running.insert(job)
    assert insert.pdf_sha256 is not None
    pdf = running.press / f"{job}-0.pdf"
    assert pdf.read_bytes() == running.artifacts.read(insert.pdf_sha256, ".pdf")
    assert sorted(path.suffix for path in running.press.iterdir()) == [".json", ".pdf", ".xjdf"]
