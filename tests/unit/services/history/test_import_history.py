from __future__ import annotations

import csv
import gzip
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import create_autospec

import pytest

from app.domain.brand import Brand
from app.domain.history_import import HistoryImport, ImportState, Progress
from app.domain.history_mapping import HistoryMapping
from app.domain.past import Past, Placed
from app.errors import HistoryUnreadable
from app.registry.brands import load_brands
from app.registry.mappings import ready_mappings
from app.services.history.import_history import CHUNK, ImportHistory
from app.services.history.watch_import import WatchImport
from app.services.watch_tags import Retagger
from app.store.database import Store

ACORN = load_brands(Path(__file__).parents[3] / "data" / "brands")["acorn"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = b"0" * 32
NOBODY_WATCHES = WatchImport(create_autospec(Retagger, instance=True))
"""No order of these tests came live, so none has a tag."""
READY = ready_mappings()
JSON, CSV = READY["tipin-json"], READY["tipin-csv"]
Run = Callable[..., HistoryImport]


class Ticking:
    """A second later each time, so that two imports never begin at one moment."""

    ticks = 0

    def now(self) -> datetime:
        self.ticks += 1
        return NOW.replace(second=self.ticks % 60)


class Counts(NamedTuple):
    new: int
    known: int
    rejected: int


def counts(one: HistoryImport) -> Counts:
    return Counts(one.progress.new, one.progress.known, one.progress.rejected)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store("sqlite://")
    store.create()
    yield store
    store.close()


@pytest.fixture
def importer(store: Store) -> ImportHistory:
    return ImportHistory(store=store, watch=NOBODY_WATCHES, customer_secret=SECRET, clock=Ticking())


@pytest.fixture
def run(importer: ImportHistory, tmp_path: Path) -> Run:
    def run(
        file: Path,
        mapping: HistoryMapping = JSON,
        *,
        brand: Brand = ACORN,
        on_progress: Callable[[Progress], bool | None] = lambda _: None,
    ) -> HistoryImport:
        one = importer.begin(brand, file, mapping)
        return importer.run(one, brand, mapping, file, tmp_path / "bad.x", on_progress=on_progress)

    return run


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


def past(store: Store, brand: str = "acorn", key: str = "id:7") -> Past:
    placed = Placed(
        source_order_id="now",
        customer_key=key,
        at=NOW,
        eligible=True,
        categories=frozenset({"books", "calendars", "mugs"}),
    )
    with store.transaction() as tx:
        return tx.history.past(brand, placed, currency="EUR", new_year=datetime(2026, 1, 1, tzinfo=UTC))


def test_imported_orders_give_facts(store: Store, run: Run, tmp_path: Path) -> None:
    file = lines(
        tmp_path / "past.jsonl",
        order("A-1"),
        order("A-2", promised_at="2025-06-03T12:00:00Z", delivered_at="2025-06-09T12:00:00Z"),
        order("A-3", cancelled_at="2025-06-02T12:00:00Z"),
        order("A-4", kind="reprint"),
    )
    one = run(file)
    assert (counts(one), one.state) == (Counts(4, 0, 0), ImportState.DONE)
    found = past(store)
    assert (found.n, found.spent, found.categories) == (2, 5000, frozenset({"books"}))
    assert found.previous is not None
    assert found.previous.delivered_at == datetime(2025, 6, 9, 12, tzinfo=UTC)
    assert [path.name for path in tmp_path.iterdir()] == ["past.jsonl"]


def test_the_same_file_again_changes_nothing(store: Store, run: Run, tmp_path: Path) -> None:
    credited = replace(CSV, columns={**CSV.columns, "value": "value", "credit": "credit"})
    credited = replace(credited, columns={k: v for k, v in credited.columns.items() if k != "value_minor"})
    file = tmp_path / "past.csv"
    file.write_text(
        "id,placed_at,value,currency,customer_id,skus,credit\n"
        "A-1,2025-06-01T12:00:00Z,25.00,EUR,7,BOOK-A4,5.00\n"
        "A-2,2025-06-01T12:00:00Z,25.00,EUR,7,BOOK-A4,\n"
    )
    run(file, credited)
    before = past(store)
    assert (before.n, before.spent, before.credited) == (2, 5000, -500)
    assert counts(run(file, credited)) == Counts(0, 2, 0)
    assert past(store) == before


def test_a_broken_off_import_goes_on_where_it_stopped(store: Store, run: Run, tmp_path: Path) -> None:
    file = lines(tmp_path / "past.jsonl", *(order(f"A-{n}") for n in range(CHUNK + 5)), "{broken")

    def unplugged(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(file, on_progress=unplugged)
    assert past(store).n == CHUNK
    seen: list[Progress] = []
    one = run(file, on_progress=lambda progress: seen.append(progress))  # noqa: PLW0108 -- the answer must be None
    assert counts(one) == Counts(CHUNK + 5, 0, 1)
    assert [progress.rows for progress in seen] == [CHUNK + 6]
    assert past(store).n == CHUNK + 5
    assert counts(run(file)) == Counts(0, CHUNK + 5, 1)


def test_it_stops_when_told_and_says_that_it_is_not_done(run: Run, tmp_path: Path) -> None:
    file = lines(tmp_path / "past.jsonl", *(order(f"A-{n}") for n in range(CHUNK + 5)))
    one = run(file, on_progress=lambda _: False)
    assert (one.state, one.progress.new) == (ImportState.RUNNING, CHUNK)


def test_rejects_that_a_break_left_half_written_are_written_once(run: Run, tmp_path: Path) -> None:
    file = lines(tmp_path / "past.jsonl", "{first", *(order(f"A-{n}") for n in range(CHUNK)), "{last")
    run(file, on_progress=lambda _: False)
    draft = tmp_path / ".bad.jsonl.part"
    draft.write_bytes(draft.read_bytes() + b'{"tipin_line": 99, "half')
    run(file)
    rejects = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert [reject["tipin_line"] for reject in rejects] == [1, CHUNK + 2]


def test_lost_rejects_of_a_broken_off_import_are_found_again(run: Run, tmp_path: Path) -> None:
    file = lines(tmp_path / "past.jsonl", "{first", *(order(f"A-{n}") for n in range(CHUNK + 1)))
    run(file, on_progress=lambda _: False)
    (tmp_path / ".bad.jsonl.part").unlink()
    one = run(file)
    assert (one.progress.rejected, one.progress.new + one.progress.known) == (CHUNK, 2)
    assert (tmp_path / "bad.jsonl").exists()


def test_what_cannot_be_understood_goes_to_the_rejects_and_back_once_mended(
    store: Store, run: Run, tmp_path: Path
) -> None:
    file = lines(
        tmp_path / "past.jsonl",
        order("A-1"),
        "{broken",
        order("A-2", delivered_at="yesterday"),
        order("A-3", value={"minor": 1, "currency": "EURO"}),
    )
    one = run(file)
    assert counts(one) == Counts(1, 0, 3)
    assert dict(one.progress.reasons) == {
        "the line is not JSON": 1,
        "delivered_at is no moment of the form iso": 1,
        "currency is no currency code of ISO 4217": 1,
    }
    rejected = (tmp_path / "bad.jsonl").read_text()
    rejects = [json.loads(line) for line in rejected.splitlines()]
    assert [reject["tipin_line"] for reject in rejects] == [2, 3, 4]
    assert rejects[0]["tipin_text"] == "{broken"
    assert "'yesterday'" in rejects[1]["tipin_reason"]
    mended = tmp_path / "mended.jsonl"
    mended.write_text(rejected.replace("yesterday", "2025-06-05T12:00:00Z").replace("EURO", "EUR"))
    assert counts(run(mended)) == Counts(2, 0, 1)
    assert past(store).n == 3


def test_csv_rejects_are_a_csv_that_can_be_mended(store: Store, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "past.csv.gz"
    file.write_bytes(
        gzip.compress(
            b"id;placed_at;value_minor;currency;customer_id;skus;categories;delivered_at\r\n"
            b"A-1;2025-06-01T12:00:00Z;2500;EUR;7;BOOK-A4|CAL-A3;;2025-06-03T12:00:00Z\r\n"
            b"A-2;2025-06-02T12:00:00Z;1000;EUR;7;;mugs;\r\n"
            b"A-3;2025-06-02T12:00:00Z;ten;EUR;7;;mugs;\r\n"
            b"A-4;2025-06-02T12:00:00Z\r\n"
        )
    )
    assert counts(run(file, CSV)) == Counts(2, 0, 2)
    found = past(store)
    assert (found.n, found.spent) == (2, 3500)
    assert found.categories == {"books", "calendars", "mugs"}
    rejected = (tmp_path / "bad.csv").read_text()
    rows = list(csv.reader(rejected.splitlines(), delimiter=";"))
    assert [row[0] for row in rows] == ["tipin line", "4", "5"]
    assert rows[1][2:6] == ["A-3", "2025-06-02T12:00:00Z", "ten", "EUR"]
    mended = tmp_path / "mended.csv"
    mended.write_text(rejected.replace(";ten;", ";700;"))
    assert counts(run(mended, CSV)) == Counts(1, 0, 1)
    again = list(csv.reader((tmp_path / "bad.csv").read_text().splitlines(), delimiter=";"))
    assert again[0].count("tipin line") == 1
    assert again[1][2:] == ["A-4", "2025-06-02T12:00:00Z"]


def test_an_earlier_rejects_file_does_not_outlive_its_mending(run: Run, tmp_path: Path) -> None:
    run(lines(tmp_path / "past.jsonl", "{broken"))
    assert (tmp_path / "bad.jsonl").exists()
    run(lines(tmp_path / "past.jsonl", order()))
    assert not (tmp_path / "bad.jsonl").exists()


def test_an_id_that_stands_twice_in_a_file_is_taken_once_and_told(
    store: Store, run: Run, tmp_path: Path
) -> None:
    far = (order(f"B-{n}", customer={"id": "9"}) for n in range(CHUNK))
    second = order("A-1", value={"minor": 1, "currency": "EUR"})
    one = run(lines(tmp_path / "past.jsonl", order("A-1"), second, *far, second))
    assert counts(one) == Counts(CHUNK + 1, 0, 2)
    assert list(one.progress.reasons) == ["the order’s id stands in the file twice"]
    assert past(store).spent == 2500


def test_an_order_that_is_there_already_is_never_overwritten(store: Store, run: Run, tmp_path: Path) -> None:
    run(lines(tmp_path / "one.jsonl", order("A-1")))
    other = order("A-1", value={"minor": 99, "currency": "EUR"}, customer={"id": "8"})
    assert counts(run(lines(tmp_path / "two.jsonl", other))) == Counts(0, 1, 0)
    assert (past(store).spent, past(store, key="id:8").n) == (2500, 0)


def test_two_currencies_of_one_customer_are_orders_but_only_the_brands_is_money(
    store: Store, run: Run, tmp_path: Path
) -> None:
    run(lines(tmp_path / "past.jsonl", order("A-1"), order("A-2", value={"minor": 900, "currency": "USD"})))
    assert (past(store).n, past(store).spent) == (2, 2500)


@pytest.mark.parametrize("moment", ["1969-12-31T23:00:00Z", "1999-12-31T23:59:59Z", "2027-01-01T00:00:00Z"])
def test_dates_before_1970_or_otherwise_beyond_belief_are_refused(
    run: Run, tmp_path: Path, moment: str
) -> None:
    one = run(lines(tmp_path / "past.jsonl", order(placed_at=moment), order("A-2")))
    assert counts(one) == Counts(1, 0, 1)
    assert next(iter(one.progress.reasons)).startswith("placed_at lies outside 2000-01-01 to 2026-03-03")


def test_a_file_that_is_cut_off_fails_behind_what_it_holds(store: Store, run: Run, tmp_path: Path) -> None:
    text = "".join(json.dumps(order(f"A-{n * 7919 % 100_003}")) + "\n" for n in range(CHUNK * 3))
    packed = gzip.compress(text.encode())
    file = tmp_path / "past.jsonl.gz"
    file.write_bytes(packed[: len(packed) * 2 // 3])
    with pytest.raises(HistoryUnreadable, match="cut off"):
        run(file)
    assert past(store).n == CHUNK
    with store.reading() as tx:
        (one,) = tx.history_imports.page(scope="acorn", limit=9)
    assert (one.state, one.progress.new) == (ImportState.FAILED, CHUNK)
    assert "cut off" in one.problem


def test_another_brands_line_is_refused(run: Run, tmp_path: Path) -> None:
    assert counts(run(lines(tmp_path / "past.jsonl", order(brand="oak")))).rejected == 1


def test_history_is_the_brands_own(store: Store, run: Run, tmp_path: Path) -> None:
    file = lines(tmp_path / "past.jsonl", order())
    run(file)
    run(file, brand=replace(ACORN, code="oak"))
    assert past(store, "oak").n == past(store).n == 1


def test_an_opt_out_in_the_history_holds(store: Store, run: Run, tmp_path: Path) -> None:
    run(lines(tmp_path / "past.jsonl", order(customer={"id": "7", "opted_out": True})))
    assert past(store).opted_out


def test_e_mails_key_customers_as_at_the_intake_and_are_nowhere_else(
    store: Store, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = lines(tmp_path / "past.jsonl", order(customer={"email": " Jo@Example.com"}))
    one = run(file)
    with store.reading() as tx:
        (key,) = tx.session.connection().exec_driver_sql("SELECT customer_key FROM orders").one()
        kept = "\n".join(tx.session.connection().connection.iterdump())
    assert key.startswith("mail:")
    assert past(store, key=key).n == 1
    assert "example.com" not in kept.lower() + caplog.text.lower() + one.id.lower()


def test_older_truth_drops_a_remembered_threshold(store: Store, run: Run, tmp_path: Path) -> None:
    day = datetime(2026, 3, 1, 23, tzinfo=UTC)
    few = replace(ACORN.policy, smallest_population=1)
    with store.transaction() as tx:
        assert tx.thresholds.at("acorn", day, "EUR", few).population == 0
    run(lines(tmp_path / "past.jsonl", order()))
    with store.transaction() as tx:
        assert tx.thresholds.at("acorn", day, "EUR", few).minor == 2500


def test_as_many_reasons_as_there_may_be_stay_few(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"#{n},2025-13-01,1.00,a@b.example,{n}\n" for n in range(200))
    file = tmp_path / "past.csv"
    file.write_text("Name,Created at,Total,Email,Id\n" + rows)
    assert counts(run(file, READY["shopify"])) == Counts(0, 0, 200)
    assert len(list(csv.reader((tmp_path / "bad.csv").read_text().splitlines()))) == 201
