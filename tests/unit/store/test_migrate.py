from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from app.errors import SetupError
from app.store.database import Store
from app.store.migrate import migrate
from app.store.steps import config, options

WRITE_A_STEP = (
    "app/store/tables.py and the steps in app/store/migrations differ: write the next step with "
    '`python -m app.store.migrate "what changed"` and `ruff format`, read it, commit it'
)


def schema(store: Store) -> dict[str, str]:
    """Every table and index by name, as SQLite keeps it; constraints without a name in a fixed order."""
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {name: _ordered(sql) for name, sql in rows if name != "tipin_steps"}


def _ordered(sql: str) -> str:
    # A column that was added later stands on the line of the last one before it.
    sql = re.sub(r"^([^()\n]+)$", lambda line: line[0].replace(", ", ",\n"), sql, flags=re.MULTILINE)
    lines = [re.sub(r"\s+", " ", line).strip(" ,").replace('"', "") for line in sql.splitlines()]
    return "\n".join(sorted(filter(None, lines)))


def differences(connection: Connection) -> list[object]:
    opts = {key: value for key, value in options().items() if key != "target_metadata"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=opts), SQLModel.metadata))


def test_the_steps_lead_to_the_tables() -> None:
    migrated, created = Store("sqlite://"), Store("sqlite://")
    migrate(migrated)
    created.create()
    with migrated.engine.connect() as connection:
        assert differences(connection) == [], WRITE_A_STEP
    assert schema(migrated) == schema(created), WRITE_A_STEP


def test_a_change_that_no_step_makes_is_noticed() -> None:
    store = Store("sqlite://")
    migrate(store)
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE orders DROP COLUMN parcel"))
        assert differences(connection)


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'tipin.db'}")
    migrate(store)
    before = schema(store)
    migrate(store)
    assert schema(store) == before
    store.close()


def test_tables_of_others_in_the_same_database_are_left_alone() -> None:
    store = Store("sqlite://")
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('theirs')"))
    migrate(store)
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "theirs"
        assert differences(connection) == []


def test_a_later_versions_database_is_refused() -> None:
    store = Store("sqlite://")
    migrate(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE tipin_steps SET version_num = '9999'"))
    with pytest.raises(SetupError, match="step 9999"):
        migrate(store)


def test_every_step_can_be_undone(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'tipin.db'}")
    migrate(store)
    with store.engine.begin() as connection:
        command.downgrade(config(connection), "base")
    assert schema(store) == {}
    store.close()
