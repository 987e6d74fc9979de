from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of this test process's own."""
    with cluster() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database setting: SQLite in the data folder, then an empty PostgreSQL database."""
    if request.param == "sqlite":
        yield ""
        return
    server: Cluster = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url
