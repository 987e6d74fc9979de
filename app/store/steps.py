"""The steps from one version's tables to the next one's: alembic applies them, and writes the next.

A module of its own: alembic takes a third of a second to load, and nearly always there is nothing to do.
"""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Connection, String, Text, create_engine
from sqlmodel import SQLModel

from app.store.columns import CategorySet, Moment
from app.store.migrate import SCRIPTS, STEPS


def upgrade(connection: Connection) -> None:
    """Apply every step that the database does not have yet."""
    command.upgrade(config(connection), "head")


def options() -> dict[str, Any]:
    """What alembic's environment is configured with: types compared, tables of others left alone."""
    return {
        "target_metadata": SQLModel.metadata,
        "version_table": STEPS,
        "compare_type": True,
        "include_object": _is_ours,
        "render_item": _render,
        "render_as_batch": True,
    }


def write_step(message: str) -> None:
    """Write the step from the last one to the tables as they are now."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(config(connection), "head")
        step = f"{len(list(ScriptDirectory.from_config(config(connection)).walk_revisions())) + 1:04d}"
        command.revision(config(connection), message, autogenerate=True, rev_id=step)


def config(connection: Connection) -> Config:
    """What alembic is told: where the steps are, and the connection that its environment shall use."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _is_ours(thing: Any, _name: str | None, kind: str, reflected: bool, counterpart: Any) -> bool:  # noqa: FBT001 -- alembic's signature
    """Whether to compare it.

    A table that only the database has belongs to another program, such as DBOS. An index that only the tables
    have may be for another database; its steps are written by hand.
    """
    if counterpart is not None:
        return True
    return kind != "table" if reflected else not (kind == "index" and "dialect" in thing.info)


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
