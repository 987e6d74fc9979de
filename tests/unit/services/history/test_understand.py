from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.history_mapping import HistoryMapping, RowsPer
from app.domain.money import Money
from app.domain.order import OrderKind
from app.errors import MappingUnusable
from app.registry.brands import load_brands
from app.services.history.cells import Fault, amount, moment_reader
from app.services.history.understand import Refused, Understanding, Understood

ACORN = load_brands(Path(__file__).parents[3] / "data" / "brands")["acorn"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEAST = {"id": "id", "placed_at": "at", "value": "total", "customer_id": "who"}


def understand(*rows: dict[str, Any], columns: dict[str, str] | None = None, **how: Any) -> Understood | None:
    mapping = HistoryMapping(columns=LEAST | (columns or {}), **how)
    understanding = Understanding(mapping, ACORN, secret=b"0" * 32, received_at=NOW)
    given = {"id": "A-1", "at": "2025-06-01T12:00:00Z", "total": "25.00", "who": "7"}
    first = given | rows[0] if rows else given
    return understanding([[row.get(name) for name in understanding.wanted] for row in (first, *rows[1:])])


def understood(*rows: dict[str, Any], columns: dict[str, str] | None = None, **how: Any) -> Understood:
    found = understand(*rows, columns=columns, **how)
    assert found is not None
    return found


def faults(*rows: dict[str, Any], columns: dict[str, str] | None = None, **how: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        understand(*rows, columns=columns, **how)
    return [f"{fault.field} {fault.detail}" for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("said", "currency", "decimal", "minor"),
    [
        ("25.00", "EUR", ".", 2500),
        ("25", "EUR", ".", 2500),
        ("25.5", "EUR", ".", 2550),
        ("-5.00", "EUR", ".", -500),
        ("(5.00)", "EUR", ".", -500),
        ("$1,234.50", "USD", ".", 123450),
        ("-$5.00", "USD", ".", -500),
        ("$-5.00", "USD", ".", -500),
        ("1.234,50 €", "EUR", ",", 123450),
        ("1 234,50", "EUR", ",", 123450),
        ("1\u202f234,50 EUR", "EUR", ",", 123450),
        ("CHF 1’234.50", "CHF", ".", 123450),
        ("12.3400", "EUR", ".", 1234),
        ("1500", "JPY", ".", 1500),
        ("1.234", "KWD", ".", 1234),
        (25, "EUR", ".", 2500),
        (Decimal("25.5"), "EUR", ",", 2550),
        (19.99, "EUR", ".", 1999),
    ],
)
def test_amounts_however_they_are_written(said: Any, currency: str, decimal: str, minor: int) -> None:
    assert amount("value", said, currency, decimal) == minor


@pytest.mark.parametrize(
    ("said", "currency", "decimal"),
    [
        ("", "EUR", "."),
        (None, "EUR", "."),
        ("ten", "EUR", "."),
        ("12,50", "EUR", "."),
        ("12.50", "EUR", ","),
        ("1,23,456.00", "EUR", "."),
        ("25.005", "EUR", "."),
        ("15.5", "JPY", "."),
        ("--5", "EUR", "."),
        ("9" * 20, "EUR", "."),
        (True, "EUR", "."),
        (float("nan"), "EUR", "."),
        (float("inf"), "EUR", "."),
        ("２５", "EUR", "."),
    ],
)
def test_what_is_no_amount_is_refused_not_guessed(said: Any, currency: str, decimal: str) -> None:
    with pytest.raises(Fault):
        amount("value", said, currency, decimal)


@pytest.mark.parametrize(
    ("said", "written", "moment"),
    [
        ("2025-06-01T12:00:00Z", "iso", "2025-06-01T12:00:00+00:00"),
        ("2025-06-01 12:00:00 +0200", "iso", "2025-06-01T10:00:00+00:00"),
        ("2025-06-01 12:00:00 UTC", "iso", "2025-06-01T12:00:00+00:00"),
        ("2025-06-01 12:00", "iso", "2025-06-01T10:00:00+00:00"),
        ("2025-06-01", "iso", "2025-05-31T22:00:00+00:00"),
        ("2025-03-30 02:30", "iso", "2025-03-30T01:30:00+00:00"),
        ("2025-10-26 02:30", "iso", "2025-10-26T00:30:00+00:00"),
        ("01.06.2025 12:00", "%d.%m.%Y %H:%M", "2025-06-01T10:00:00+00:00"),
        ("06/01/25", "%m/%d/%y", "2025-05-31T22:00:00+00:00"),
        ("1748779200", "unix", "2025-06-01T12:00:00+00:00"),
        (1748779200, "unix", "2025-06-01T12:00:00+00:00"),
        ("1748779200500", "unix_ms", "2025-06-01T12:00:00.500000+00:00"),
        (datetime(2025, 6, 1, 12), "iso", "2025-06-01T10:00:00+00:00"),  # noqa: DTZ001 -- as Parquet has it
        (datetime(2025, 6, 1, tzinfo=UTC).date(), "iso", "2025-05-31T22:00:00+00:00"),
    ],
)
def test_moments_however_they_are_written(said: Any, written: str, moment: str) -> None:
    read = moment_reader("placed_at", written, ACORN.time_zone, latest=NOW, ends_day=False)
    assert read(said) == datetime.fromisoformat(moment)


def test_a_promised_day_ends_and_a_delivered_day_begins_but_not_before_its_order() -> None:
    moments = {"promised_at": "p", "delivered_at": "d", "shipped_at": "s"}
    row = {"p": "2025-06-03", "d": "2025-06-03", "s": "2025-06-01"}
    recorded = understood(row, columns=moments).entry
    assert recorded.promised_at == datetime(2025, 6, 3, 21, 59, 59, tzinfo=UTC)
    assert recorded.delivered_at == datetime(2025, 6, 2, 22, tzinfo=UTC)
    assert recorded.shipped_at == recorded.placed_at


def test_the_least_order() -> None:
    found = understood()
    assert (found.entry.value_minor, found.entry.currency) == (2500, "EUR")
    assert found.entry.customer_key == "id:7"
    assert (found.credit, found.opted_out, found.entry.kind) == (None, False, OrderKind.SALE)


def test_every_fault_of_an_order_is_told() -> None:
    row = {"at": "yesterday", "d": "tomorrow"}
    assert faults(row, columns={"delivered_at": "d"}) == [
        "placed_at is no moment of the form iso",
        "delivered_at is no moment of the form iso",
    ]


@pytest.mark.parametrize(
    ("row", "columns", "says"),
    [
        ({"id": ""}, {}, "id is empty"),
        ({"id": "x" * 200}, {}, "id is over 128 characters"),
        ({"id": "a\x00b"}, {}, "id holds a control character"),
        ({"at": ""}, {}, "placed_at is empty"),
        ({"total": "-1"}, {}, "value is below zero for a sale"),
        ({"c": "EURO"}, {"currency": "c"}, "currency is no currency code of ISO 4217"),
        ({"k": "gift"}, {"kind": "k"}, "kind is no kind of order"),
        ({"m": "nobody"}, {"email": "m"}, "email is no e-mail address"),
        ({"o": "perhaps"}, {"opted_out": "o"}, "opted_out is neither yes nor no"),
        ({"b": "oak"}, {"brand": "b"}, "brand is another brand"),
    ],
)
def test_faults_name_their_field(row: dict[str, Any], columns: dict[str, str], says: str) -> None:
    assert faults(row, columns=columns) == [says]


def test_status_words_say_what_never_became_an_order_and_what_ended() -> None:
    words = {
        "cancelled": frozenset({"storno"}),
        "skipped": frozenset({"draft"}),
        "test": frozenset({"trial"}),
    }
    columns = {"status": "s"}
    assert understand({"s": "Draft", "at": "nonsense"}, columns=columns, **words) is None
    cancelled = understood({"s": "STORNO "}, columns=columns, **words).entry
    assert cancelled.cancelled_at == cancelled.placed_at
    assert understood({"s": "trial"}, columns=columns, **words).entry.kind is OrderKind.TEST
    assert understood({"s": "paid"}, columns=columns, **words).entry.cancelled_at is None


def test_rows_of_items_are_one_order() -> None:
    columns = {"sku": "sku", "item_price": "price", "item_quantity": "n"}
    mapping = HistoryMapping(
        columns={k: v for k, v in (LEAST | columns).items() if k != "value"}, rows=RowsPer.ITEM
    )
    understanding = Understanding(mapping, ACORN, secret=b"0" * 32, received_at=NOW)
    rows = [
        {"id": "A-1", "at": "2025-06-01", "who": "7", "sku": "BOOK-A4", "price": "12.50", "n": "2"},
        {"sku": "CAL-A3", "price": "1.00", "n": "1"},
    ]
    found = understanding([[row.get(name) for name in understanding.wanted] for row in rows])
    assert found is not None
    assert (found.entry.value_minor, found.entry.currency) == (2600, "EUR")
    assert found.entry.categories == {"books", "calendars"}


def test_categories_come_from_the_file_or_else_from_the_skus() -> None:
    columns = {"sku": "sku", "category": "cat"}
    row = {"sku": "BOOK-A4|CAL-A3", "cat": "Tassen|"}
    found = understood(row, columns=columns, categories={"Tassen": "mugs"})
    assert found.entry.categories == {"mugs", "calendars"}
    found = understood({"sku": "BOOK-A4", "cat": "a|b"}, columns=columns)
    assert found.entry.categories == {"books", "a", "b"}


def test_a_guest_is_nobody_and_a_credit_is_below_zero() -> None:
    columns = {"credit": "credit", "credited_at": "on"}
    assert understood({"who": "0"}, guests=frozenset({"0"})).entry.customer_key is None
    assert understood({"who": "0", "credit": "3"}, columns=columns, guests=frozenset({"0"})).credit is None
    credit = understood({"credit": "3.00", "on": "2025-07-01T00:00:00Z"}, columns=columns).credit
    assert credit is not None
    assert (credit.value, credit.at) == (Money(-300, "EUR"), datetime(2025, 7, 1, tzinfo=UTC))
    assert understood({"credit": "0.00"}, columns=columns).credit is None


def test_a_mapping_without_what_an_order_needs_is_refused() -> None:
    with pytest.raises(MappingUnusable, match="placed_at, value, customer_id or email"):
        Understanding(HistoryMapping(columns={"id": "id"}), ACORN, secret=b"0" * 32, received_at=NOW)


BESIDE = {"country": "to", "channel": "via", "gift": "present", "item_quantity": "n"}


def test_what_rules_may_ask_of_an_order_is_read_where_the_file_says_it() -> None:
    told = understood({"to": "fr", "via": "web", "present": "yes", "n": "3"}, columns=BESIDE).entry
    assert (told.country, told.channel, told.gift, told.quantity) == ("FR", "web", True, 3)
    silent = understood({}, columns=BESIDE).entry
    assert (silent.country, silent.channel, silent.gift, silent.quantity) == (None, None, False, None)


def test_pieces_are_added_up_over_rows_and_lists() -> None:
    assert understood({"n": "3"}, {"n": "4"}, columns=BESIDE).entry.quantity == 7
    listed = understood({"n": [2, None]}, columns=BESIDE).entry
    assert listed.quantity == 3, "a job is one piece unless it says otherwise"


def test_an_object_tells_of_a_gift() -> None:
    assert understood({"present": {}}, columns=BESIDE).entry.gift


def test_what_is_no_country_or_no_answer_is_refused() -> None:
    assert faults({"to": "France"}, columns=BESIDE) == ["country is no country of two letters"]
    assert faults({"present": "perhaps"}, columns=BESIDE) == ["gift is neither yes nor no"]
