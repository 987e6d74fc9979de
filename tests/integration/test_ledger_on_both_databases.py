"""History, thresholds and migrations on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from app.store.database import Store
from app.store.migrate import migrate
from app.store.steps import options
from tests import ledger, naive
from tests.naive import Purchase, Rules
from tests.postgres import Cluster
from tests.shop import ORDERS, REFUNDS, RULES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:
    store = Store(database or f"sqlite:///{tmp_path / 'tipin.db'}")
    migrate(store)
    yield store
    store.close()


def test_migrations_lead_to_the_tables(store: Store) -> None:
    opts = {key: value for key, value in options().items() if key != "target_metadata"}
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrated_and_created_postgresql_tables_are_alike(postgres: Cluster) -> None:
    found = []
    for make in (migrate, Store.create):
        with postgres.database() as url:
            store = Store(url)
            make(store)
            with store.engine.connect() as connection:
                columns = connection.execute(
                    text(
                        "SELECT table_name, column_name, data_type, collation_name, is_nullable "
                        "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
                    )
                ).all()
                indexes = connection.execute(
                    text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
                ).all()
            found.append(
                (
                    [row for row in columns if row[0] != "tipin_steps"],
                    [row for row in indexes if "tipin_steps" not in row[0]],
                )
            )
            store.close()
    assert found[0] == found[1]


def test_the_engine_agrees_with_the_naive_reference(store: Store) -> None:
    brand = ledger.brand_of(RULES)
    with ledger.ledger(store) as tx:
        ledger.record(tx, brand.code, ORDERS, REFUNDS)
        ledger.record_told(tx, brand.code, RULES.told)
        tagged = {order.id: ledger.engine_tags(tx, order, brand) for order in ORDERS}
    assert tagged == naive.tags(ORDERS, REFUNDS, RULES)


def test_ties_are_broken_by_bytes_whatever_the_databases_language(store: Store) -> None:
    names = ["a", "B", "b", "É", "ä", "z", "_", "Z1", "\U0001f600", "\uffff"]
    orders = [Purchase(id=name, customer="id:1", at=NOON) for name in names]
    brand = ledger.brand_of(Rules())
    with ledger.ledger(store) as tx:
        ledger.record(tx, brand.code, orders)
        places = {order.id: ledger.engine_tags(tx, order, brand).n_prior for order in orders}
    assert sorted(places, key=lambda name: places[name]) == sorted(names, key=str.encode)


def test_merged_customers_are_one(store: Store) -> None:
    rules = Rules(same=(frozenset({"id:1", "mail:x", "mail:y"}),), population=1)
    orders = [
        Purchase(id="1", customer="id:1", at=NOON - timedelta(days=9)),
        Purchase(id="2", customer="mail:x", at=NOON - timedelta(days=5)),
        Purchase(id="3", customer="mail:y", at=NOON),
    ]
    brand = ledger.brand_of(rules)
    with ledger.ledger(store) as tx:
        ledger.record(tx, brand.code, orders)
        ledger.merge(tx, brand.code, rules.same)
        tagged = {order.id: ledger.engine_tags(tx, order, brand) for order in orders}
    assert tagged == naive.tags(orders, [], rules)
    assert tagged["3"].n_prior == 2


def test_two_first_orders_at_once_are_not_both_the_first(store: Store) -> None:
    """Each tags in its own transaction, started before the other's is committed."""
    brand = ledger.brand_of(Rules())
    orders = [
        Purchase(id=name, customer="id:1", at=NOON + timedelta(seconds=n)) for n, name in enumerate("ab")
    ]
    first_has_tagged, found = threading.Event(), {}

    def take(order: Purchase) -> None:
        with store.transaction() as tx:
            tx.history.one_at_a_time(brand.code, "id:1")
            ledger.record(tx, brand.code, [order])
            found[order.id] = ledger.engine_tags(tx, order, brand).occasions
            first_has_tagged.set()

    with store.transaction() as tx:
        tx.history.one_at_a_time(brand.code, "id:1")
        second = threading.Thread(target=take, args=(orders[1],))
        second.start()
        ledger.record(tx, brand.code, [orders[0]])
        found["a"] = ledger.engine_tags(tx, orders[0], brand).occasions
        assert not first_has_tagged.wait(0.3)
    second.join(20)
    assert found == {"a": frozenset({"first"}), "b": frozenset({"first_repeat"})}


def test_a_threshold_that_missed_an_uncommitted_order_is_dropped(postgres: Cluster) -> None:
    """The order's transaction is still open while another computes T: whoever is later puts it right."""
    brand = ledger.brand_of(Rules(population=1))
    late = Purchase(id="late", customer="id:1", at=NOON - timedelta(days=1))
    today = Purchase(id="today", customer="id:1", at=NOON)
    with postgres.database() as url:
        store = Store(url)
        migrate(store)
        with store.transaction() as tx:
            ledger.record(tx, brand.code, [late])
            with store.transaction() as other:
                assert ledger.engine_tags(other, today, brand).population == 0
            tx.thresholds.older_truth(brand.code, late.at)
        with store.transaction() as tx:
            assert ledger.engine_tags(tx, today, brand).population == 1
        store.close()
