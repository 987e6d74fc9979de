"""Rules and their versions, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.rule_version import RuleState, RuleVersion
from app.errors import NotFound
from app.store.database import Store
from app.store.migrate import migrate
from tests.custom_rules import RULE

AT = datetime(2026, 3, 2, 9, 30, 0, 123_456, tzinfo=UTC)
FIRST = RuleVersion(
    brand="acorn",
    name="third-order",
    version=1,
    state=RuleState.DRAFT,
    document=RULE,
    made_by="ida",
    made_at=AT,
    why="try it",
)


@pytest.fixture
def store(tmp_path: Path, database: str) -> Iterator[Store]:
    store = Store(database or f"sqlite:///{tmp_path / 'tipin.db'}")
    migrate(store)
    yield store
    store.close()


def test_a_version_comes_back_as_it_was_kept(store: Store) -> None:
    with store.transaction() as tx:
        tx.rules.one_at_a_time("acorn")
        tx.rules.add(FIRST)
    with store.reading() as tx:
        assert tx.rules.get("acorn", "third-order", 1) == FIRST
        assert tx.rules.versions("acorn", "third-order") == [FIRST]
        assert tx.rules.all("oak") == []
        assert tx.rules.published("acorn") == []
        with pytest.raises(NotFound):
            tx.rules.get("acorn", "third-order", 2)


def test_one_version_is_in_force_at_a_time_and_its_time_is_kept(store: Store) -> None:
    second = replace(FIRST, version=2)
    later = AT + timedelta(hours=1)
    with store.transaction() as tx:
        tx.rules.add(FIRST)
        tx.rules.publish(FIRST, who="ida", at=AT)
        tx.rules.add(second)
        tx.rules.publish(second, who="ole", at=later)
    with store.reading() as tx:
        one, two = tx.rules.published("acorn")
        assert (one.held(None), two.held(None)) == (False, True)
        assert (one.held(AT), two.held(AT)) == (True, False)
        assert (one.held(later), two.held(later)) == (False, True)
        assert not one.held(AT - timedelta(microseconds=1))
        latest, first = tx.rules.all("acorn")
        assert (latest.published_by, first.ended_by, first.ended_at) == ("ole", "ole", later)
