"""Hand-written SQL: a driver's errors are told as SQLAlchemy tells them, whatever way a statement is run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import IntegrityError, OperationalError

from app.store.sql import Statement

_ADD = Statement("INSERT INTO things (id, name) VALUES (:id, :name)")


@pytest.mark.parametrize(
    "add",
    [
        lambda to: _ADD.run(to, {"id": 1, "name": "b"}),
        lambda to: _ADD.many(to, [{"id": 1, "name": "b"}]),
        lambda to: _ADD.many_in_order(to, [(1, "b")]),
    ],
    ids=["run", "many", "many_in_order"],
)
def test_what_is_there_already_is_told_as_elsewhere(add: Callable[[Connection], object]) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)")
        assert _ADD.many_in_order(connection, [(1, "a"), (2, "a")]) == 2
        with pytest.raises(IntegrityError):
            add(connection)
    engine.dispose()


def test_a_question_that_cannot_be_asked_is_told_as_elsewhere() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(OperationalError):
        Statement("SELECT 1 FROM nothing").rows(connection, {})
    engine.dispose()
