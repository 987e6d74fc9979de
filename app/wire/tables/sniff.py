"""What a file is, by its first bytes: neither names nor endings of files can be relied on."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from charset_normalizer import from_bytes

from app.errors import HistoryUnreadable
from app.wire.tables.csv_table import CsvTable
from app.wire.tables.json_table import JsonTable
from app.wire.tables.lines import LONGEST_LINE
from app.wire.tables.parquet_table import MAGIC, ParquetTable
from app.wire.tables.source import Source
from app.wire.tables.table import Table

_SAMPLE = 1 << 20
_DELIMITERS = ",;\t|:"
_ROWS_LOOKED_AT = 60
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_OTHER_KINDS = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "unpack it, or save the sheet as CSV"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "save the sheet as CSV"),
    b"%PDF": ("a PDF", "export the orders as CSV"),
    b"SQLite format 3": ("a SQLite database", "export its orders as CSV"),
}
_CODE_PAGES = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp437", "cp850",
    "mac_roman", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
_USUAL = "cp1252"


def open_table(path: Path, *, encoding: str = "", delimiter: str = "") -> Table:
    """Open a file of rows; what is not said of it is found out.

    Args:
        path: CSV, JSON Lines or Parquet, the first two also gzipped.
        encoding: of a CSV file.
        delimiter: of a CSV file.

    Raises:
        HistoryUnreadable: it is none of these, or empty.
        OSError: it cannot be opened.
    """
    head = _head(path)
    if head.startswith(MAGIC):
        return ParquetTable(path)
    _refuse_others(head)
    found = encoding or _encoding(head)
    text = head.decode(found, "replace").lstrip("\ufeff")
    if text.lstrip().startswith("["):
        raise HistoryUnreadable(
            "the file is one JSON list",
            mend="write one order a line, such as by: jq -c '.[]' FILE > ORDERS.jsonl",
        )
    source = Source(path)
    try:
        if text.lstrip().startswith("{"):
            return JsonTable(source)
        return CsvTable(source, encoding=found, delimiter=delimiter or _delimiter(text))
    except BaseException:
        source.close()
        raise


def _head(path: Path) -> bytes:
    head = b""
    source = Source(path)
    try:
        while len(head) < _SAMPLE and (piece := source.bytes.read1(_SAMPLE)):
            head += piece
    except HistoryUnreadable:
        if not head:
            raise
        # What a damaged file holds before its damage is read all the same; the reading itself tells of it.
    finally:
        source.close()
    if not head.strip():
        raise HistoryUnreadable("the file is empty", mend="export the orders again")
    return head


def _refuse_others(head: bytes) -> None:
    for magic, (what, mend) in _OTHER_KINDS.items():
        if head.startswith(magic):
            raise HistoryUnreadable(f"the file is {what}", mend=mend)


def _encoding(head: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise HistoryUnreadable(
            "the file holds zero bytes: it is no text, or UTF-16 without its mark", mend="save it as UTF-8"
        )
    whole = head if len(head) < _SAMPLE else head[: head.rfind(b"\n") + 1] or head[:-4]
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return _code_page(whole)
    return "utf-8"


def _code_page(sample: bytes) -> str:
    """The likeliest of the old encodings, by its letters; lines of plain ASCII say nothing of it."""
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:100_000]
    best = from_bytes(telling, cp_isolation=list(_CODE_PAGES)).best()
    if best is None or telling.decode(best.encoding, "replace") == telling.decode(_USUAL, "replace"):
        return _USUAL
    return best.encoding


def _delimiter(text: str) -> str:
    """The one that cuts the first rows into most columns, and all of them into as many."""
    sample = text[:LONGEST_LINE].splitlines(keepends=True)[:-1] or [text]
    return max(_DELIMITERS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: list[str], delimiter: str) -> tuple[float, int]:
    rows = csv.reader(io.StringIO("".join(sample[:_ROWS_LOOKED_AT])), delimiter=delimiter)
    try:
        widths = [len(cells) for cells in rows if cells]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 0
    return round(widths.count(widths[0]) / len(widths), 1), widths[0]
