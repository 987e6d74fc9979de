"""Databases for tests, made once a process and copied: to apply every step anew takes a fifth of a second."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from app.flow.queue import DbosQueue
from app.store.database import Store
from app.store.migrate import migrate


def lay_out(folder: Path) -> None:
    """Put an empty SQLite database at the newest step into a data folder that has none."""
    database = folder / "tipin.db"
    if not database.exists():
        shutil.copyfile(_empty(), database)


@cache
def _empty() -> Path:
    path = Path(tempfile.mkdtemp(prefix="tipin-")) / "empty.db"
    atexit.register(shutil.rmtree, path.parent)
    store = Store(f"sqlite:///{path}")
    migrate(store)
    DbosQueue(store).prepare()
    store.close()
    return path
