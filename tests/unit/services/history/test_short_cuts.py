"""The short cuts of reading give what the careful reading gives, the same faults included.

A blank around a cell leads past each short cut, and is no part of what the cell says; so the same rows are
read with and without blanks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.history_mapping import ISO, HistoryMapping
from app.registry.brands import load_brands
from app.services.history.cells import Fault, amount, moment_reader, quick_moment_reader, whole
from app.services.history.understand import Refused, Understanding
from app.wire.fields import EARLIEST
from app.wire.tables import json_table
from app.wire.tables.json_table import document_of

ACORN = load_brands(Path(__file__).parents[3] / "data" / "brands")["acorn"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
COLUMNS = {
    "id": "id", "placed_at": "at", "value": "total", "currency": "money", "customer_id": "who",
    "email": "mail", "promised_at": "promised", "cancelled_at": "cancelled", "credit": "back", "sku": "skus",
    "category": "kinds", "item_quantity": "n", "status": "status", "country": "to", "gift": "gift",
}  # fmt: skip

MOMENTS = st.datetimes(datetime(1999, 12, 30), datetime(2027, 1, 1))  # noqa: DTZ001 -- each is written with its zone
ZONES = st.sampled_from(["", "Z", "+00:00", "-00:00", "+0100", " +0100", " -0930", " +01:00", " UTC", "+01"])
WRITTEN = st.builds(lambda at, mark, zone: at.isoformat(mark) + zone, MOMENTS, st.sampled_from("T "), ZONES)
SPOILT = st.builds(
    lambda text, place, mark: text[:place] + mark + text[place + len(mark) :],
    WRITTEN,
    st.integers(0, 25),
    st.sampled_from(["", " ", "+", "-", ":", "0", "9", "24", "60", "Z", "١"]),
)
SHORT = st.sampled_from(
    ["", " ", "2025-06-01", "20250601", "2025-W09-5", "2025-06-01T12", "0001-01-01T00:00+14:00"]
)
SAID_MOMENTS = st.one_of(WRITTEN, SPOILT, SHORT)
NUMBERS = st.one_of(
    st.integers(-(10**14), 10**14).map(str),
    st.builds("{}{}.{}".format, st.sampled_from(["", "-", "+"]), st.integers(0, 10**13), st.integers(0, 999)),
    st.sampled_from(["", "0", "0.00", "-5.00", "٣", "1_000", "1,234.50", "1 234", "1e3", "9" * 13, "0" * 20]),
)
ROWS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["A-1", "7", "", "x" * 129, "a\u200bb", "ä"]),
        "at": SAID_MOMENTS,
        "total": NUMBERS,
        "who": st.sampled_from(["", "7", "0", "guest"]),
        "mail": st.sampled_from(["", "jo@a.example", "JO@A.example", "nobody"]),
    },
    optional={
        "promised": SAID_MOMENTS,
        "cancelled": SAID_MOMENTS,
        "money": st.sampled_from(["", "EUR", "eur", "JPY", "EURO"]),
        "back": NUMBERS,
        "skus": st.sampled_from(["", "BOOK-A4", "BOOK-A4|CAL-A3", "unknown"]),
        "kinds": st.sampled_from(["", "mugs", "mugs|", "a|b"]),
        "n": NUMBERS,
        "status": st.sampled_from(["", "paid", "storno", "draft", "trial"]),
        "to": st.sampled_from(["", "de", "DE", "Germany"]),
        "gift": st.sampled_from(["", "yes", "1", "perhaps"]),
    },
)  # fmt: skip


def outcome(read: Callable[[], Any]) -> Any:
    """What was read, or every fault: its field, what is wrong, the mend, and what the cell says."""
    try:
        return read()
    except Fault as fault:
        return _told(fault)
    except Refused as refused:
        return [_told(fault) for fault in refused.faults]


def _told(fault: Fault) -> tuple[str, str, str, str]:
    return fault.field, fault.detail, fault.mend, fault.said.strip()


@given(SAID_MOMENTS)
def test_moments(said: str) -> None:
    how: dict[str, Any] = {"latest": NOW + timedelta(days=1), "ends_day": True}
    careful, quick = (read("at", ISO, ZONE, **how) for read in (moment_reader, quick_moment_reader))
    assert outcome(lambda: quick(said)) == outcome(lambda: careful(said))


def test_moments_at_the_edges_of_what_is_taken() -> None:
    quick = quick_moment_reader("at", ISO, ZONE, latest=NOW, ends_day=False)
    assert quick(EARLIEST.isoformat()) == EARLIEST
    assert quick(NOW.isoformat()) == NOW
    for outside in (EARLIEST - timedelta(microseconds=1), NOW + timedelta(microseconds=1)):
        with pytest.raises(Fault, match="lies outside"):
            quick(outside.isoformat())


@given(NUMBERS, st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from([".", ","]))
def test_numbers(said: str, currency: str, decimal: str) -> None:
    assert outcome(lambda: whole("n", said)) == outcome(lambda: whole("n", f" {said} "))
    assert outcome(lambda: amount("v", said, currency, decimal)) == outcome(
        lambda: amount("v", f" {said} ", currency, decimal)
    )


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_orders(rows: list[dict[str, str]]) -> None:
    mapping = HistoryMapping(
        columns=COLUMNS,
        guests=frozenset({"guest"}),
        cancelled=frozenset({"storno"}),
        skipped=frozenset({"draft"}),
        test=frozenset({"trial"}),
    )
    understand = Understanding(mapping, ACORN, secret=b"0" * 32, received_at=NOW)
    as_written = [[row.get(name) for name in understand.wanted] for row in rows]
    with_blanks = [[cell and f" {cell} " for cell in row] for row in as_written]
    assert outcome(lambda: understand(as_written)) == outcome(lambda: understand(with_blanks))


LINES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
).map(json.dumps)


BEFORE, BEHIND = (
    st.sampled_from(["", " ", "\ufeff", "]"]),
    st.sampled_from(["", "\n", " \r\n", "x", " {}", "\x0b"]),
)


@given(LINES, BEHIND, BEFORE)
def test_lines_of_json(line: str, behind: str, before: str) -> None:
    text = before + line + behind

    def read(of: Callable[[str], Any]) -> Any:
        try:
            return of(text)
        except ValueError as error:
            return repr(error)

    assert read(document_of) == read(json_table._DECODER.decode)


def test_an_object_where_a_code_should_stand_is_taken_as_its_text() -> None:
    understand = Understanding(HistoryMapping(columns=COLUMNS), ACORN, secret=b"0" * 32, received_at=NOW)
    row: dict[str, Any] = {"id": "A-1", "at": "2025-06-01", "total": "1", "who": "7"}
    for odd in ({"a": 1}, [{"a": 1}], [["x"]]):
        found = understand([[(row | {"skus": odd, "kinds": "mugs"}).get(name) for name in understand.wanted]])
        assert found is not None
        assert found.entry.categories == {"mugs"}


def test_an_id_that_is_a_number_is_taken_as_its_text() -> None:
    understand = Understanding(HistoryMapping(columns=COLUMNS), ACORN, secret=b"0" * 32, received_at=NOW)
    row: dict[str, Any] = {"at": "2025-06-01", "total": "1", "who": "7"}
    for odd, said in ((float("nan"), "nan"), (float("inf"), "inf"), (Decimal("7.0"), "7"), (2.0, "2")):
        found = understand([[(row | {"id": odd}).get(name) for name in understand.wanted]])
        assert found is not None
        assert found.entry.source_order_id == said
