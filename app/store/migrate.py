"""Brings a database's tables to what this version of tipin needs, and writes the next such step.

A step is a file in `migrations/versions` whose name begins with its number. After a change in `tables.py`:

    python -m app.store.migrate "say what changed"
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.errors import SetupError
from app.store.database import Store
from app.store.sql import lock

STEPS = "tipin_steps"
"""The table that says which step the database is at; not alembic's own name, which others may use here."""
SCRIPTS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> None:
    """Apply the steps that the database does not have yet, in one transaction.

    Of several processes that start at once the first does it and the others wait.

    Raises:
        SetupError: a later version of tipin has had this database.
    """
    with store.engine.begin() as connection:
        lock(connection, "migrations")
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    at, known = _step(connection), {path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py")}
    if at is not None and at not in known:
        raise SetupError(
            f"the database is at step {at}, which this version of tipin does not know",
            mend="start the version that was here before, or a later one",
        )
    if at != max(known):
        from app.store.steps import upgrade  # noqa: PLC0415 -- loads alembic

        upgrade(connection)


def _step(connection: Connection) -> str | None:
    """The newest step that the database has had; None for an empty one."""
    if not inspect(connection).has_table(STEPS):
        return None
    step: str | None = connection.execute(text(f"SELECT version_num FROM {STEPS}")).scalar()  # noqa: S608 -- our own name
    return step


if __name__ == "__main__":
    from app.store.steps import write_step

    write_step(" ".join(sys.argv[1:]))
