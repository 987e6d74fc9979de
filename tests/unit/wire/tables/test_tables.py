from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from app.errors import HistoryUnreadable
from app.wire.tables import parquet_table
from app.wire.tables.lines import LONGEST_LINE, MOST_LINES
from app.wire.tables.sniff import open_table
from app.wire.tables.table import Row, Table

_OPEN: list[Table] = []


def table_of(path: Path, content: bytes) -> Table:
    path.write_bytes(content)
    _OPEN.append(open_table(path))
    return _OPEN[-1]


@pytest.fixture(autouse=True)
def closed_at_the_end() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.pop().close()


def read(table: Table, *wanted: str) -> list[Row]:
    rows = list(table.rows(wanted or table.columns))
    table.close()
    return rows


def cells(table: Table, *wanted: str) -> list[tuple[object, ...]]:
    return [row.cells for row in read(table, *wanted) if row.broken is None]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = f"id{delimiter}name\n1{delimiter}Jo\n2{delimiter}Al\n"
    table = table_of(tmp_path / "x", text.encode())
    assert (table.columns, table.delimiter) == (("id", "name"), delimiter)
    assert cells(table) == [("1", "Jo"), ("2", "Al")]


def test_a_decimal_comma_is_no_delimiter(tmp_path: Path) -> None:
    table = table_of(tmp_path / "x", b"id;total;name\n1;1,50;a\n2;22,10;b\n")
    assert table.columns == ("id", "total", "name")


@pytest.mark.parametrize(
    ("encoding", "text", "said"),
    [
        ("utf-8", "id,Größe\n1,Müller & Söhne\n", "utf-8"),
        ("utf-8-sig", "id,Größe\n1,Müller & Söhne\n", "utf-8-sig"),
        ("utf-16", "id,Größe\n1,Müller & Söhne\n", "utf-16"),
        ("cp1252", "id,Größe\n" + "1,Müller & Söhne, Straße über Köln\n".replace(", ", " ") * 20, "cp1252"),
        ("shift_jis", "id,商品名\n" + "1,写真集と卓上カレンダーの注文です\n" * 20, "shift_jis"),
        ("cp1251", "id,Название\n" + "1,Календарь настольный и фотокнига для семьи\n" * 20, "cp1251"),
    ],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, encoding: str, text: str, said: str) -> None:
    table = table_of(tmp_path / "x.csv", text.encode(encoding))
    assert table.columns == tuple(text.splitlines()[0].split(","))
    assert cells(table)[0] == tuple(text.splitlines()[1].split(","))
    assert said in table.described


def test_line_ends_of_every_make(tmp_path: Path) -> None:
    for end in ("\n", "\r\n"):
        table = table_of(tmp_path / "x", end.join(["id,n", "1,a", "", "2,b", ""]).encode())
        assert [(row.line, row.cells) for row in read(table)] == [(2, ("1", "a")), (4, ("2", "b"))]


def test_quoted_cells_go_over_lines(tmp_path: Path) -> None:
    table = table_of(tmp_path / "x", b'id,n\n1,"two\nlines, ""quoted"""\n2,b\n')
    assert [(row.line, row.cells) for row in read(table)] == [
        (2, ("1", 'two\nlines, "quoted"')),
        (4, ("2", "b")),
    ]


def test_columns_that_are_not_there_are_empty(tmp_path: Path) -> None:
    table = table_of(tmp_path / "x", b"id,n\n1,a\n")
    assert cells(table, "n", "other", "id") == [("a", None, "1")]


def test_columns_without_a_name_of_their_own_get_one(tmp_path: Path) -> None:
    assert table_of(tmp_path / "x", b"a,a,,a\n1,2,3,4\n").columns == ("a", "a (2)", "column 3", "a (3)")


def test_a_row_of_other_width_is_broken_and_reading_goes_on(tmp_path: Path) -> None:
    rows = read(table_of(tmp_path / "x", b"id,n\n1\n2,b,c\n3,c\n"))
    assert [(row.line, row.broken is None) for row in rows] == [(2, False), (3, False), (4, True)]
    assert rows[1].source == ["2", "b", "c"]
    assert rows[0].broken is not None
    assert rows[0].broken.case == "1 cells under 2 columns"


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    text = 'id,n\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, MOST_LINES + 50))
    rows = read(table_of(tmp_path / "x", text.encode()))
    assert [row.line for row in rows if row.broken] == [2]
    assert rows[0].source == '1,"open\n'
    assert len(rows) == MOST_LINES + 49


def test_a_file_that_ends_within_a_quote_loses_no_other_row(tmp_path: Path) -> None:
    rows = read(table_of(tmp_path / "x", b'id,n\n1,a\n2,"cut off he'))
    assert [(row.line, row.broken is None) for row in rows] == [(2, True), (3, False)]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_line_of_ten_megabytes_is_broken_and_not_kept(tmp_path: Path, ending: str) -> None:
    head, good = ("id,n\n", "2,b\n") if ending == "csv" else ("", '{"id": "2", "n": "b"}\n')
    long = "1," + "x" * 10_000_000 + "\n"
    if ending == "jsonl":
        long = '{"id": "' + long
    rows = read(table_of(tmp_path / "x", (head + good + long + good).encode()), "id", "n")
    assert [row.cells for row in rows if row.broken is None] == [("2", "b"), ("2", "b")]
    (broken,) = [row for row in rows if row.broken is not None]
    assert (broken.line, broken.source) == (3 if ending == "csv" else 2, "")
    assert broken.broken is not None
    assert f"{LONGEST_LINE:,}" in broken.broken.reason


def test_bytes_of_another_encoding_spoil_only_rows_that_need_them(tmp_path: Path) -> None:
    head = b"id,email,name\n" + b"1,a@b.example,Jo\n" * 100_000
    table = table_of(tmp_path / "x", head + b"2,c@d.example,M\xfcller\n" + b"3,m\xfc@d.example,Jo\n")
    rows = read(table, "id", "email")
    assert rows[-2].cells == ("2", "c@d.example")
    assert rows[-1].broken is not None
    assert rows[-1].source[1].encode("utf-8", "surrogateescape") == b"m\xfc@d.example"


def test_json_lines_by_path(tmp_path: Path) -> None:
    order = {
        "id": 7,
        "c": {"id": "x"},
        "jobs": [{"sku": "A"}, {"sku": "B", "k": 1.25}],
        "tags": ["a", "b"],
        "d.e": 1,
    }
    table = table_of(tmp_path / "x", (json.dumps(order) + "\n\n").encode())
    assert table.columns == ("id", "c.id", "jobs[].sku", "jobs[].k", "tags[]", "d.e")
    assert cells(table, "id", "c.id", "jobs[].sku", "jobs[].k", "tags[]", "d.e", "c.no.deeper") == [
        (7, "x", ["A", "B"], [None, Decimal("1.25")], ["a", "b"], 1, None)
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{broken", "the line is not JSON"),
        ("[1]x", "the line is not JSON"),
        ("3", "no object"),
        ('{"a": 1, "a": 2}', "not plain JSON"),
        ('{"a": NaN}', "not plain JSON"),
        ('{"a": ' + "9" * 40 + "}", "not plain JSON"),
        ('{"a": 1e999999999}', "not plain JSON"),
        ('{"a": ' + "[" * 100_000, "not plain JSON"),
        ('{"a": "\udcfc"}', "not UTF-8"),
    ],
)
def test_a_line_that_is_no_object_is_broken(tmp_path: Path, line: str, says: str) -> None:
    good = '{"a": 1}\n'
    text = (good + line + "\n" + good).encode("utf-8", "surrogateescape")
    rows = read(table_of(tmp_path / "x.jsonl", text), "a")
    assert [row.broken is None for row in rows] == [True, False, True]
    assert rows[1].broken is not None
    assert says in rows[1].broken.reason


def test_packed_files_are_read_as_they_are(tmp_path: Path) -> None:
    table = table_of(tmp_path / "x.csv", gzip.compress(b"id,n\n1,a\n"))
    assert "gzipped" in table.described
    assert cells(table) == [("1", "a")]


def test_a_packed_file_that_was_cut_off_says_so_behind_what_it_holds(tmp_path: Path) -> None:
    chance = b"".join(f"{n},{n * 7919 % 10007}\n".encode() for n in range(60_000))
    packed = gzip.compress(b"id,n\n" + chance)
    table = table_of(tmp_path / "x.csv.gz", packed[: len(packed) // 2])
    rows = table.rows(("id",))
    assert next(rows).cells == ("0",)
    with pytest.raises(HistoryUnreadable, match="damaged or cut off"):
        list(rows)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"PK\x03\x04rest", "zip archive or an Excel"),
        (b"%PDF-1.7", "a PDF"),
        (b"[\n{}]", "one JSON list"),
        (b"a\0b\0,\0", "zero bytes"),
        (b"PAR1 and nothing else", "Parquet file is damaged"),
    ],
)
def test_what_is_no_file_of_rows_is_told_with_its_mend(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(HistoryUnreadable, match=says) as found:
        table_of(tmp_path / "x", content)
    assert found.value.mend


def parquet(path: Path) -> Path:
    database = duckdb.connect(":memory:")
    database.execute(
        "COPY (SELECT i::VARCHAR AS id, i * 1.25::DECIMAL(9,2) AS total, ['A', 'B'] AS skus, "
        "TIMESTAMP '2025-03-01 09:30:00' AS at, epoch_ms(1740821400000 + i) AS plain "
        f"FROM range(10000) t(i)) TO '{path}' (FORMAT parquet)"
    )
    database.close()
    return path


def test_parquet_gives_typed_cells(tmp_path: Path) -> None:
    table = open_table(parquet(tmp_path / "x.parquet"))
    assert "10,000 rows" in table.described
    rows = table.rows(("total", "id", "skus", "at", "none"))
    assert next(rows).cells == (Decimal("0.00"), "0", ["A", "B"], datetime(2025, 3, 1, 9, 30), None)  # noqa: DTZ001
    assert sum(1 for _ in rows) == 9_999
    assert table.position() == (tmp_path / "x.parquet").stat().st_size
    table.close()


def test_parquet_with_zones_is_read_in_utc(tmp_path: Path) -> None:
    database = duckdb.connect(":memory:")
    made = "SELECT make_timestamptz(1740821400000000) AS at"
    database.execute(f"COPY ({made}) TO '{tmp_path / 'x.parquet'}' (FORMAT parquet)")
    database.close()
    ((said,),) = cells(open_table(tmp_path / "x.parquet"), "at")
    assert datetime.fromisoformat(str(said)) == datetime.fromtimestamp(1740821400, UTC)


def test_parquet_without_its_reader_names_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    (tmp_path / "x").write_bytes(parquet_table.MAGIC)
    with pytest.raises(HistoryUnreadable) as found:
        open_table(tmp_path / "x")
    assert "tipin[parquet]" in found.value.mend
