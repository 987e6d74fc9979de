from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.services.bench_health import BenchHealth
from app.services.brands_in_force import BrandsInForce
from app.services.recognise_scan import RecogniseScan
from app.store.database import Store
from tests.bench import BRANDS, SECRET, Bench, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.create()
    bench = open_bench(store)
    bench.clock.at = datetime.now(UTC)  # moves are written down by the machine's own clock
    yield bench
    store.close()


def _made(bench: Bench) -> None:
    record = bench.put("A-1", state=InsertState.PLANNED)
    with bench.store.transaction() as tx:
        tx.components.move(tx.components.get(record), InsertState.READY)


def _with(bench: Bench, secret: bytes) -> BenchHealth:
    recognise = RecogniseScan(brands=BrandsInForce(BRANDS), secret=secret)
    return BenchHealth(store=bench.store, recognise=recognise, clock=bench.clock)


def test_nothing_is_wrong_before_and_after_the_first_print(bench: Bench) -> None:
    assert bench.desk.health.troubles() == ()
    _made(bench)
    assert bench.desk.health.troubles() == ()


def test_prints_of_another_secret_are_told_of(bench: Bench) -> None:
    _made(bench)
    (trouble,) = _with(bench, b"restored without its secret").troubles()
    assert "secret.key" in trouble
    assert _with(bench, SECRET).troubles() == ()


def test_a_clock_that_went_back_is_told_of(bench: Bench) -> None:
    _made(bench)
    bench.clock.at -= timedelta(minutes=1)
    assert bench.desk.health.troubles() == ()
    bench.clock.at -= timedelta(minutes=29)
    (trouble,) = bench.desk.health.troubles()
    assert "30 minutes behind" in trouble


def test_a_card_that_was_erased_says_nothing(bench: Bench) -> None:
    _made(bench)
    with bench.store.transaction() as tx:
        tx.session.connection().exec_driver_sql("UPDATE inserts SET card = NULL")
    assert _with(bench, b"another").troubles() == ()
