from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from app.errors import Overtaken, StorageUnavailable
from app.flow import shelter
from app.flow.shelter import Shelter, Stopping, passes


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelter, "_FIRST_PAUSE", 0.001)


def no_fault(kind: str) -> None:
    pytest.fail(kind)


def raising(*errors: Exception) -> Callable[[], None]:
    left = list(errors)

    def work() -> None:
        if left:
            raise left.pop(0)

    return work


def sqlite_error(code: int) -> OperationalError:
    inner = sqlite3.OperationalError("…")
    inner.sqlite_errorcode = code
    return OperationalError("INSERT …", {}, inner)


def test_bad_weather_passes() -> None:
    Shelter().run("t", raising(StorageUnavailable("full"), sqlite_error(13), sqlite_error(5)), no_fault)


@pytest.mark.parametrize(("code", "may_help"), [(5, True), (13, True), (778, True), (1, False), (11, False)])
def test_waiting_helps_only_against_some_errors_of_sqlite(code: int, may_help: bool) -> None:  # noqa: FBT001 -- a table of cases
    assert passes(sqlite_error(code)) is may_help


def test_a_lost_connection_to_postgresql_may_come_back() -> None:
    assert passes(OperationalError("SELECT 1", {}, Exception("server closed the connection")))


@pytest.mark.parametrize("error", [ValueError("Amira"), sqlite_error(1)])
def test_a_fault_is_given_up_once_by_its_type(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    faults: list[str] = []
    Shelter().run("t", raising(error, error), faults.append)
    assert faults == [type(error).__name__]
    assert "Amira" not in str([record.msg for record in caplog.records if record.exc_info is None])


def test_tasks_that_met_in_the_database_are_done_again_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelter, "_LONGEST_PAUSE", 0.004)
    Shelter().run("t", raising(Overtaken("first"), Overtaken("second")), no_fault)
    faults: list[str] = []
    Shelter().run("t", raising(*[Overtaken("each time")] * 9), faults.append)
    assert faults == ["Overtaken"]


def test_giving_up_weathers_the_storm_too() -> None:
    told: list[str] = []
    hindered = raising(StorageUnavailable("full"))

    def give_up(kind: str) -> None:
        hindered()
        told.append(kind)

    Shelter().run("t", raising(ValueError("no")), give_up)
    assert told == ["ValueError"]


def test_the_end_of_the_process_leaves_the_task_unfinished() -> None:
    made = Shelter()
    threading.Timer(0.05, made.stop).start()

    def always() -> None:
        raise StorageUnavailable("full")

    with pytest.raises(Stopping):
        made.run("t", always, no_fault)
    assert made.running == set()


def test_it_knows_what_is_running() -> None:
    made = Shelter()
    made.run("t", lambda: pytest.fail("no") if made.running != {"t"} else None, no_fault)
    assert made.running == set()
