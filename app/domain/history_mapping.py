"""How a file of past orders is read: its columns as fields, and how its dates and amounts are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ISO, UNIX, UNIX_MS = "iso", "unix", "unix_ms"
"""Date formats beside those of strptime: ISO 8601, seconds and milliseconds since 1970."""

ORDER_FIELDS: Mapping[str, str] = {
    "id": "the order's id, as it is posted when live",
    "group": "what an order's rows have in common, where the id stands in only one of them",
    "brand": "the brand; rows of another one are refused",
    "placed_at": "when the customer ordered",
    "value": "what the customer paid, in major units: 45.90",
    "value_minor": "the same in minor units: 4590",
    "currency": "ISO 4217 code of the value",
    "customer_id": "the merchant's own id of the customer",
    "email": "keys the customer where there is no id; only a keyed hash of it is kept",
    "channel": "where it was sold, as it is posted when live",
    "country": "where it went, as two letters of ISO 3166-1: DE",
    "gift": "whether it was for somebody else: yes or no",
    "kind": "sale, reprint, credit_note or test",
    "status": "a word that says whether the order counts, see [status]",
    "opted_out": "whether the customer wants no cards",
    "promised_at": "when the customer was promised to have it",
    "shipped_at": "when it left the plant",
    "delivered_at": "when it arrived",
    "cancelled_at": "when it was cancelled",
    "credit": "what was given back, in major units",
    "credited_at": "when it was given back; else the order's own moment",
}
"""What a file may say of an order."""
ITEM_FIELDS: Mapping[str, str] = {
    "sku": "what was made; its prefix tells the brand's category",
    "category": "the category code, where the file knows it",
    "item_total": "what the item cost in all, where no column has the order's value",
    "item_price": "what one piece cost; times `item_quantity`",
    "item_quantity": "how many pieces",
}
"""What it may say of each of an order's items."""
FIELDS: Mapping[str, str] = {**ORDER_FIELDS, **ITEM_FIELDS}
MOMENTS = ("placed_at", "promised_at", "shipped_at", "delivered_at", "cancelled_at", "credited_at")
_VALUES = (("value",), ("value_minor",), ("item_total",), ("item_price", "item_quantity"))


class RowsPer(StrEnum):
    """What one row of the file is."""

    ORDER = "order"
    ITEM = "item"
    """One of an order's items; rows of an order stand together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryMapping:
    """A mapping, as a `MAP.toml` says it. Words of `cancelled`, `test` and `skipped` are in lower case."""

    columns: Mapping[str, str]
    """Field → column, or path such as `customer.id` or `jobs[].sku` in JSON."""
    title: str = ""
    rows: RowsPer = RowsPer.ORDER
    encoding: str = ""
    """Of a CSV file; found out where it is empty."""
    delimiter: str = ""
    """Of a CSV file; found out where it is empty."""
    dates: str = ISO
    dates_of: Mapping[str, str] = field(default_factory=dict)
    """Field → date format, where it differs from `dates`."""
    decimal: str = "."
    currency: str = ""
    """Where no column says it; else the brand's."""
    time_zone: str = ""
    """Of moments that name none; else the brand's."""
    list_mark: str = "|"
    """Between the SKUs or categories of one cell."""
    guests: frozenset[str] = frozenset()
    """Customer ids that stand for nobody."""
    cancelled: frozenset[str] = frozenset()
    test: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    """Status words of what never became an order, such as an abandoned payment."""
    categories: Mapping[str, str] = field(default_factory=dict)
    """The file's word → the brand's category code."""

    def date_format(self, name: str) -> str:
        """How a field's moments are written."""
        return self.dates_of.get(name, self.dates)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it takes to read an order and is not mapped; empty for a mapping that can be used."""
        missing = [name for name in ("id", "placed_at") if name not in self.columns]
        if not any(all(name in self.columns for name in names) for names in _VALUES):
            missing.append("value")
        if not {"customer_id", "email"} & self.columns.keys():
            missing.append("customer_id or email")
        return tuple(missing)
