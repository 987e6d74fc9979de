from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.access import Caller, Role
from app.domain.format import HookSecret
from app.store.database import Store

NOW = datetime(2025, 11, 3, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    store = Store("sqlite://")
    store.create()
    return store


def test_a_key_is_found_by_itself_and_stored_as_a_hash(store: Store) -> None:
    caller = Caller(name="plant", role=Role.PLANT, brand="fernweh")
    with store.transaction() as tx:
        tx.access.add_key("tipin_secret", caller, made_at=NOW)
    with store.reading() as tx:
        assert tx.access.caller("tipin_secret") == caller
        assert tx.access.caller("tipin_other") is None
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("select * from api_keys").fetchall()
    assert "tipin_secret" not in str(rows)


def test_a_revoked_key_opens_nothing(store: Store) -> None:
    with store.transaction() as tx:
        tx.access.add_key("tipin_secret", Caller(name="plant", role=Role.PLANT), made_at=NOW)
        tx.session.flush()
        assert tx.access.revoke_keys("plant", at=NOW) == 1
    with store.transaction() as tx:
        assert tx.access.caller("tipin_secret") is None
        assert tx.access.revoke_keys("plant", at=NOW) == 0


def test_a_brand_may_have_several_secrets_while_one_is_rotated(store: Store) -> None:
    with store.transaction() as tx:
        tx.access.set_hook_secret("fernweh", "siteflow", HookSecret(token="old", secret="a"))
        tx.access.set_hook_secret("fernweh", "siteflow", HookSecret(token="new", secret="b"))
        tx.access.set_hook_secret("fernweh", "siteflow", HookSecret(token="new", secret="c"))
        tx.access.set_hook_secret("other", "siteflow", HookSecret(token="x", secret="d"))
    with store.reading() as tx:
        assert {s.secret for s in tx.access.hook_secrets("fernweh", "siteflow")} == {"a", "c"}
        assert tx.access.hook_secrets("fernweh", "shopify") == ()
