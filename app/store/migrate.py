"""Brings a database's tables to what this version of tipin needs, and writes the next such step.

A step is a file in `migrations/versions`. After a change in `tables.py`:

    python -m app.store.migrate "say what changed"
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Connection, String, Text, create_engine
from sqlmodel import SQLModel

from app.errors import SetupError
from app.store.columns import CategorySet, Moment
from app.store.database import Store
from app.store.sql import lock

_STEPS = "tipin_steps"
"""The table that says which step the database is at; not alembic's own name, which others may use here."""
_SCRIPTS = Path(__file__).parent / "migrations"


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
    scripts = ScriptDirectory.from_config(_config(connection))
    at = MigrationContext.configure(connection, opts={"version_table": _STEPS}).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if at is not None and at not in known:
        raise SetupError(
            f"the database is at step {at}, which this version of tipin does not know",
            mend="start the version that was here before, or a later one",
        )
    if at != scripts.get_current_head():
        command.upgrade(_config(connection), "head")


def options() -> dict[str, Any]:
    """What alembic's environment is configured with: types compared, tables of others left alone."""
    return {
        "target_metadata": SQLModel.metadata,
        "version_table": _STEPS,
        "compare_type": True,
        "include_object": _is_ours,
        "render_item": _render,
        "render_as_batch": True,
    }


def write_step(message: str) -> None:
    """Write the step from the last one to the tables as they are now."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")
        step = f"{len(list(ScriptDirectory.from_config(_config(connection)).walk_revisions())) + 1:04d}"
        command.revision(_config(connection), message, autogenerate=True, rev_id=step)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _is_ours(_thing: Any, _name: str | None, kind: str, reflected: bool, counterpart: Any) -> bool:  # noqa: FBT001 -- alembic's signature
    """Whether to compare it: a table that only the database has belongs to another program, such as DBOS."""
    return not (kind == "table" and reflected and counterpart is None)


def _render(kind: str, item: Any, _context: Any) -> str | bool:
    """Types as the database knows them, so that an old step never changes with the code."""
    if kind != "type":
        return False
    if isinstance(item, Moment):
        return f"sa.{BigInteger.__name__}()"
    if isinstance(item, CategorySet):
        return f"sa.{Text.__name__}()"
    if type(item).__name__ == "AutoString":
        return f"sa.{String.__name__}()"
    return False


if __name__ == "__main__":
    write_step(" ".join(sys.argv[1:]))
