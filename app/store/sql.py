"""Hand-written SQL on both databases, and the locks that only one of them needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

_WORDS = {
    "sqlite": {
        "{join_categories}": "group_concat(categories, char(31))",
        "{members_of_names}": "(SELECT value FROM json_each(:names))",
        "{table_of_names}": "json_each(:names) AS names",
    },
    "postgresql": {
        "{join_categories}": "string_agg(categories, chr(31))",
        "{members_of_names}": "(SELECT json_array_elements_text(CAST(:names AS json)))",
        "{table_of_names}": "json_array_elements_text(CAST(:names AS json)) AS names(value)",
    },
}
"""What the databases call differently; char 31 is `columns.CATEGORY_SEPARATOR`, `:names` a list as JSON."""
_BY_INDEX = re.compile(r" \{by (\w+)\}")
"""`orders {by orders_tagged}`: of several indexes that begin alike, SQLite would take the one made last."""

MEMBERS = """
WITH RECURSIVE members(key) AS (
  SELECT CAST(:key AS VARCHAR)
  UNION
  SELECT CASE WHEN customers.key = members.key THEN coalesce(canonical_key, customers.key)
    ELSE customers.key END
  FROM members JOIN customers
    ON (customers.brand = :brand AND customers.key = members.key)
    OR (customers.brand = :brand AND canonical_key = members.key)
)
"""
"""Everyone joined to `:key` by merges, however chained; UNION ends it even where they run in a circle."""


def connected(session: Session) -> Connection:
    """The session's connection, with all that the session holds back written to it first."""
    session.flush()
    return session.connection()


class Statement:
    """SQL with `:name` parameters, brought to a database's dialect once and run by its driver.

    For a statement that runs with every order: SQLAlchemy's own way through expressions and result metadata
    takes three times as long as the query. Moments go in and come out as integer microseconds.
    """

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._compiled: dict[str, tuple[str, tuple[str, ...]]] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Every row of the answer, in the transaction of `connection`, with `values` by parameter name."""
        sql, positions = self._for(connection.dialect)
        with closing(connection.connection.cursor()) as cursor:
            try:
                cursor.execute(sql, [values[name] for name in positions] if positions else values)
                return list(cursor.fetchall())
            except connection.dialect.loaded_dbapi.Error as error:
                raise _told(error, sql, connection) from error

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Execute once, without an answer."""
        self.many(connection, [values])

    def many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> int:
        """Execute once for each of `rows`, without an answer; returns how many rows of the table changed."""
        sql, positions = self._for(connection.dialect)
        pick = itemgetter(*positions) if positions else dict
        return _execute_many(connection, sql, [pick(values) for values in rows])

    def many_in_order(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> int:
        """`many` with the values of each row in the order in which the SQL names them, each name once."""
        sql, positions = self._for(connection.dialect)
        given: list[Any] = list(rows)
        if not positions:
            names = tuple(text(self._sql).compile(dialect=connection.dialect).params)
            given = [dict(zip(names, values, strict=True)) for values in given]
        return _execute_many(connection, sql, given)

    def _for(self, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = self._compile(dialect)
        return self._compiled[dialect.name]

    def _compile(self, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
        """The driver's SQL, and the parameters' names in order where the driver counts them."""
        sql = self._sql
        for word, said in _WORDS[dialect.name].items():
            sql = sql.replace(word, said)
        sql = _BY_INDEX.sub(r" INDEXED BY \1" if dialect.name == "sqlite" else "", sql)
        compiled = text(sql).compile(dialect=dialect)
        return str(compiled), tuple(compiled.positiontup or ())


def _execute_many(connection: Connection, sql: str, rows: list[Any]) -> int:
    with closing(connection.connection.cursor()) as cursor:
        try:
            cursor.executemany(sql, rows)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _told(error, sql, connection) from error
        return max(cursor.rowcount, 0)


def _told(error: Exception, sql: str, connection: Connection) -> Exception:
    """A driver's error as every other statement's are told, so that it is known for what it is."""
    base = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(sql, None, error, base, hide_parameters=True, dialect=connection.dialect)


def lock_file(connection: Connection, sha256: str | None) -> None:
    """Keep a stored file to this transaction: nobody else names it, or deletes it because nothing does."""
    lock(connection, f"file {sha256}")


def needs_locks(connection: Connection) -> bool:
    """Whether several transactions write at once; SQLite has one writer."""
    return connection.dialect.name != "sqlite"


def lock(connection: Connection, name: str, *, shared: bool = False) -> bool:
    """Take a named lock of this transaction; False where the database has one writer and needs none."""
    if not needs_locks(connection):
        return False
    kind = "_shared" if shared else ""
    connection.execute(
        text(f"SELECT pg_advisory_xact_lock{kind}(hashtextextended(:name, 0))"), {"name": name}
    )
    return True
