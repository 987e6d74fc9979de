"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, reached by a socket in it.

PostgreSQL refuses to run as root, so root starts it as the user `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

_NUMBERS = count()


class Cluster:
    """A running server, in which each test gets an empty database of its own."""

    def __init__(self, sockets: Path) -> None:
        self._sockets = sockets

    @contextmanager
    def database(self) -> Iterator[str]:
        """An SQLAlchemy URL; the database is dropped afterwards."""
        name = f"tipin_{os.getpid()}_{next(_NUMBERS)}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://tipin@/{name}?host={self._sockets}"
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        where = f"host={self._sockets} user=tipin dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a server; skips the test, saying what to install, where there is none."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="tipin-postgres-"))
    user = _user()
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    _call(user, programs / "initdb", "-D", data, "-U", "tipin", "-A", "trust", "-E", "UTF8", "--no-sync")
    # Nobody pulls the plug of the machine: what tests lose by kill -9 of tipin, the server has already.
    fast = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200 {fast}"
    _call(user, programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield Cluster(folder)
    finally:
        _call(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    plain = shutil.which("initdb")
    if plain is None:
        pytest.skip("postgresql is missing: apt-get install postgresql")
    return Path(plain).parent


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _call(user: str | None, *command: str | Path) -> None:
    done = subprocess.run(
        [str(part) for part in command], user=user, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stderr or done.stdout}"
