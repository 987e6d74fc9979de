"""Lines of a history file as the bodies of orders: JSON Lines as they stand, CSV rows put into shape."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from app.errors import MalformedOrder
from app.services.text_file import opened

_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_LIST_MARK = "|"
_CUSTOMER = {
    "customer_id": "id",
    "email": "email",
    "given_name": "given_name",
    "family_name": "family_name",
    "language": "language",
}
_AS_THEY_ARE = ("id", "kind", "placed_at", "promised_at", "shipped_at", "delivered_at", "cancelled_at")
COLUMNS = (*_AS_THEY_ARE, "value_minor", "currency", *_CUSTOMER, "opted_out", "skus", "categories")
"""The CSV columns that are understood; `skus` and `categories` are lists with `|` between."""
_NEEDED = ("id", "placed_at", "value_minor", "currency")


@dataclass(frozen=True, slots=True)
class Line:
    """One order of the file: its line number, its text, the order as JSON, and the position behind it."""

    number: int
    text: str
    body: bytes
    position: int


def read_lines(path: Path) -> Iterator[Line]:
    """The orders of a `.jsonl` or `.csv` file, plain or gzipped; empty lines are passed over.

    Raises:
        MalformedOrder: the file as a whole cannot be read.
    """
    kind = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if kind not in _JSON_LINES | {".csv"}:
        raise MalformedOrder(
            f"{path.name} is neither JSON Lines nor CSV by its name",
            mend="name it .jsonl or .csv, with .gz behind it where it is gzipped",
        )
    try:
        with opened(path) as (text, position):
            yield from (_csv if kind == ".csv" else _json_lines)(path, text, position)
    except (csv.Error, UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise MalformedOrder(f"{path.name} cannot be read: {error}", mend="save it as UTF-8") from error


def _json_lines(_path: Path, text: TextIO, position: Callable[[], int]) -> Iterator[Line]:
    for number, line in enumerate(text, 1):
        stripped = line.strip()
        if stripped:
            yield Line(number, stripped, stripped.encode(), position())


def _csv(path: Path, text: TextIO, position: Callable[[], int]) -> Iterator[Line]:
    reader = csv.DictReader(text, strict=True)
    missing = [column for column in _NEEDED if column not in (reader.fieldnames or ())]
    if missing or not {"skus", "categories"} & {*(reader.fieldnames or ())}:
        raise MalformedOrder(
            f"{path.name} lacks the column {', '.join(missing) or 'skus or categories'}",
            mend=f"its first line names some of: {', '.join(COLUMNS)}",
        )
    for row in reader:
        cells = {name: cell for name, cell in row.items() if name is not None and cell}
        body = json.dumps(_document(cells), ensure_ascii=False)
        yield Line(reader.line_num, body, body.encode(), position())


def _document(cells: dict[str, str]) -> dict[str, Any]:
    """The row as an order. What should be a number and is none is left as text, for the parser to refuse."""
    document: dict[str, Any] = {name: cells[name] for name in _AS_THEY_ARE if name in cells}
    document["value"] = {"minor": _number(cells.get("value_minor")), "currency": cells.get("currency")}
    customer: dict[str, Any] = {name: cells[column] for column, name in _CUSTOMER.items() if column in cells}
    if cells.get("opted_out", "").lower() in {"1", "true", "yes"}:
        customer["opted_out"] = True
    document["customer"] = customer
    document["jobs"] = list(_jobs(_list(cells.get("skus")), _list(cells.get("categories"))))
    return document


def _jobs(skus: list[str], categories: list[str]) -> Iterator[dict[str, str]]:
    """A job a SKU, then one a category, which stands for its own SKU where no other is known."""
    for number, sku in enumerate(skus, 1):
        yield {"id": str(number), "sku": sku}
    for number, category in enumerate(categories, len(skus) + 1):
        yield {"id": str(number), "sku": category, "category": category}


def _list(cell: str | None) -> list[str]:
    return [part for part in (cell or "").split(_LIST_MARK) if part]


def _number(cell: str | None) -> int | str | None:
    try:
        return int(cell or "")
    except ValueError:
        return cell
