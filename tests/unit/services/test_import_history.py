from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.past import Past, Placed
from app.errors import MalformedOrder
from app.formats.native import PLUGIN as NATIVE
from app.registry.brands import load_brands
from app.services.import_history import Imported, ImportHistory
from app.store.database import Store

ACORN = load_brands(Path(__file__).parents[2] / "data" / "brands")["acorn"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = b"0" * 32


class Stopped:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store("sqlite://")
    store.create()
    yield store
    store.close()


@pytest.fixture
def importer(store: Store) -> ImportHistory:
    return ImportHistory(store=store, parse=NATIVE.parse, customer_secret=SECRET, clock=Stopped())


def order(name: str = "A-1", **fields: Any) -> dict[str, Any]:
    return {
        "id": name,
        "placed_at": "2025-06-01T12:00:00Z",
        "value": {"minor": 2500, "currency": "EUR"},
        "customer": {"id": "7"},
        "jobs": [{"id": "1", "sku": "BOOK-A4"}],
    } | fields


def lines(path: Path, *orders: dict[str, Any] | str) -> Path:
    text = "\n".join(o if isinstance(o, str) else json.dumps(o) for o in orders)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def past(store: Store, brand: str = "acorn") -> Past:
    placed = Placed(source_order_id="now", customer_key="id:7", at=NOW, eligible=True, categories=frozenset())
    with store.transaction() as tx:
        return tx.history.past(brand, placed, currency="EUR", new_year=datetime(2026, 1, 1, tzinfo=UTC))


def test_imported_orders_give_facts(store: Store, importer: ImportHistory, tmp_path: Path) -> None:
    file = lines(
        tmp_path / "past.jsonl",
        order("A-1"),
        order("A-2", promised_at="2025-06-03T12:00:00Z", delivered_at="2025-06-09T12:00:00Z"),
        order("A-3", cancelled_at="2025-06-02T12:00:00Z"),
        order("A-4", kind="reprint"),
    )
    assert importer(ACORN, file, tmp_path / "bad") == Imported(new=4, known=0, rejected=0)
    found = past(store)
    assert (found.n, found.spent, found.categories) == (2, 5000, frozenset({"books"}))
    assert found.previous is not None
    assert found.previous.delivered_at == datetime(2025, 6, 9, 12, tzinfo=UTC)
    assert not (tmp_path / "bad").exists()


def test_the_same_file_again_changes_nothing(store: Store, importer: ImportHistory, tmp_path: Path) -> None:
    file = lines(tmp_path / "past.jsonl", order("A-1"), order("A-2"))
    importer(ACORN, file, tmp_path / "bad")
    before = past(store)
    assert importer(ACORN, file, tmp_path / "bad") == Imported(new=0, known=2, rejected=0)
    assert past(store) == before


def test_a_broken_off_import_goes_on_where_it_stopped(
    store: Store, importer: ImportHistory, tmp_path: Path
) -> None:
    file = lines(tmp_path / "past.jsonl", *(order(f"A-{n}") for n in range(2500)))

    def unplugged(_position: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer(ACORN, file, tmp_path / "bad", unplugged)
    assert past(store).n == 1000
    assert importer(ACORN, file, tmp_path / "bad") == Imported(new=1500, known=1000, rejected=0)
    assert [path.name for path in tmp_path.iterdir()] == ["past.jsonl"]


def test_what_cannot_be_understood_goes_to_the_rejects_with_its_mend(
    store: Store, importer: ImportHistory, tmp_path: Path
) -> None:
    file = lines(
        tmp_path / "past.jsonl",
        order("A-1"),
        "{broken",
        order("A-2", delivered_at="yesterday"),
        order("A-3", value={"minor": 1, "currency": "EURO"}),
    )
    assert importer(ACORN, file, tmp_path / "bad") == Imported(new=1, known=0, rejected=3)
    rejects = [json.loads(line) for line in (tmp_path / "bad").read_text().splitlines()]
    assert [(r["line"], r["problems"][0]["pointer"]) for r in rejects] == [
        (2, ""),
        (3, "/delivered_at"),
        (4, "/value/currency"),
    ]
    assert all(problem["mend"] for reject in rejects for problem in reject["problems"])
    assert past(store).n == 1


def test_an_earlier_rejects_file_does_not_outlive_its_mending(
    importer: ImportHistory, tmp_path: Path
) -> None:
    importer(ACORN, lines(tmp_path / "past.jsonl", "{broken"), tmp_path / "bad")
    assert (tmp_path / "bad").exists()
    importer(ACORN, lines(tmp_path / "past.jsonl", order()), tmp_path / "bad")
    assert not (tmp_path / "bad").exists()


def test_csv_rows_are_orders_too(store: Store, importer: ImportHistory, tmp_path: Path) -> None:
    text = (
        "id,placed_at,value_minor,currency,customer_id,skus,categories,delivered_at\n"
        "A-1,2025-06-01T12:00:00Z,2500,EUR,7,BOOK-A4|CAL-A3,,2025-06-03T12:00:00Z\n"
        "A-2,2025-06-02T12:00:00Z,1000,EUR,7,,mugs,\n"
        "A-3,2025-06-02T12:00:00Z,ten,EUR,7,,mugs,\n"
    )
    path = tmp_path / "past.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    assert importer(ACORN, path, tmp_path / "bad") == Imported(new=2, known=0, rejected=1)
    found = past(store)
    assert (found.n, found.spent) == (2, 3500)
    assert found.categories == {"books", "calendars", "mugs"}
    assert json.loads((tmp_path / "bad").read_text())["problems"][0]["pointer"] == "/value/minor"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("past.txt", b"", "neither JSON Lines nor CSV"),
        ("past.csv", b"id,placed_at\n", "lacks the column value_minor, currency"),
        ("past.csv", b"id,placed_at,value_minor,currency\n", "lacks the column skus or categories"),
        ("past.jsonl.gz", b"\x1f\x8b broken", "cannot be read"),
        ("past.jsonl", b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_file_that_is_no_history_is_refused(
    importer: ImportHistory, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MalformedOrder, match=says):
        importer(ACORN, path, tmp_path / "bad")
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_another_brands_line_is_refused(importer: ImportHistory, tmp_path: Path) -> None:
    file = lines(tmp_path / "past.jsonl", order(brand="oak"))
    assert importer(ACORN, file, tmp_path / "bad").rejected == 1


def test_history_is_the_brands_own(store: Store, importer: ImportHistory, tmp_path: Path) -> None:
    importer(ACORN, lines(tmp_path / "past.jsonl", order()), tmp_path / "bad")
    importer(replace(ACORN, code="oak"), lines(tmp_path / "past.jsonl", order()), tmp_path / "bad")
    assert past(store, "oak").n == past(store).n == 1


def test_an_opt_out_in_the_history_holds(store: Store, importer: ImportHistory, tmp_path: Path) -> None:
    out = order(customer={"id": "7", "opted_out": True})
    importer(ACORN, lines(tmp_path / "past.jsonl", out), tmp_path / "bad")
    assert past(store).opted_out


def test_older_truth_drops_a_remembered_threshold(
    store: Store, importer: ImportHistory, tmp_path: Path
) -> None:
    day = datetime(2026, 3, 1, 23, tzinfo=UTC)
    few = replace(ACORN.policy, smallest_population=1)
    with store.transaction() as tx:
        assert tx.thresholds.at("acorn", day, "EUR", few).population == 0
    importer(ACORN, lines(tmp_path / "past.jsonl", order()), tmp_path / "bad")
    with store.transaction() as tx:
        assert tx.thresholds.at("acorn", day, "EUR", few).minor == 2500
