"""Reading records: every line is a record or a fault of its own, and reading can begin anywhere."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RecordsUnreadable
from app.services.record_file import RecordFile, Row


def _read(tmp_path: Path, name: str, data: bytes) -> list[Row]:
    path = tmp_path / name
    path.write_bytes(data)
    file = RecordFile.open(path)
    return list(file.rows(file.start, None, file.first_line))


def _said(rows: list[Row]) -> list[tuple[int, object]]:
    """Each record's line with its fields or its fault."""
    return [(row.line, row.fault.detail if row.fault else row.fields) for row in rows if not row.is_empty]


def test_json_lines_with_a_byte_order_mark_and_an_empty_line(tmp_path: Path) -> None:
    rows = _read(tmp_path, "r.jsonl", b'\xef\xbb\xbf{"id":"1"}\r\n\n{"id":"2"}')
    assert _said(rows) == [(1, {"id": "1"}), (3, {"id": "2"})]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{", "the line is not JSON: Expecting property name"),
        (b'{"id":"1","id":"2"}', "id is there twice"),
        (b'{"n":NaN}', "NaN is no JSON number"),
        (b"[1]", "the line is JSON, but no object"),
        (b'{"id":"\xff"}', "the line is not UTF-8: byte 8 is wrong"),
        (b"[" * 50_000, "nested too deeply"),
        (b'{"id":"' + b"x" * 1_000_001 + b'"}', "line 2 is over 1,000,000 bytes"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_read(tmp_path: Path, line: bytes, fault: str) -> None:
    (first, bad, last) = _said(_read(tmp_path, "r.jsonl", b'{"id":"1"}\n' + line + b'\n{"id":"2"}\n'))
    assert (first, last) == ((1, {"id": "1"}), (3, {"id": "2"}))
    assert bad[0] == 2
    assert fault in str(bad[1]) or "recursion" in str(bad[1])


def test_a_last_line_cut_off_is_told_as_such(tmp_path: Path) -> None:
    *_, row = _read(tmp_path, "r.jsonl", b'{"id":"1"}\n{"id":"2","ur')
    assert row.fault is not None
    assert "it is the last line and was cut off" in row.fault.detail
    *_, row = _read(tmp_path, "r.csv", b"id,url,language\n1,u,en\n2,u")
    assert row.fault is not None
    assert row.fault.mend == "the file was not written to its end: write it again"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_tells_its_delimiter(tmp_path: Path, delimiter: str) -> None:
    text = f"id{delimiter}given_name\n1{delimiter}Zoë\n2{delimiter}Ann\n"
    for encoding in ("utf-8", "utf-8-sig"):
        rows = _read(tmp_path, "r.csv", text.encode(encoding))
        assert _said(rows) == [(2, {"id": "1", "given_name": "Zoë"}), (3, {"id": "2", "given_name": "Ann"})]


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (b"2,x,y\n", "3 cells, the first line 2 columns"),
        (b'2,"x\n', "quotes cannot be understood"),
        (b'2,"x"y\n', "quotes cannot be understood"),
        (b"2,\xff\n", "not UTF-8"),
        (b'2,"\n\xff"\n', "not UTF-8"),
        (b'2,"' + b"\n" * 500 + b'"\n', "quotes cannot be understood"),
        (b"2," + b"x" * 1_000_001 + b"\n", "over 1,000,000 bytes"),
    ],
)
def test_a_bad_csv_record_costs_no_other(tmp_path: Path, bad: bytes, fault: str) -> None:
    rows = _said(_read(tmp_path, "r.csv", b"id,name\n1,a\n" + bad + b"3,c\n"))
    assert rows[0] == (2, {"id": "1", "name": "a"})
    assert rows[-1][1] == {"id": "3", "name": "c"}
    assert rows[1][0] == 3
    assert fault in str(rows[1][1])


_CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)


@given(st.lists(st.tuples(st.integers(1, 99), _CELLS), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_writes_comes_back_from_wherever_reading_begins(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]], end: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([("id", "name"), *rows])
    path = tmp_path_factory.mktemp("csv") / "r.csv"
    path.write_bytes(text.getvalue().encode())
    file = RecordFile.open(path)
    read = list(file.rows(file.start, None, file.first_line))
    assert [row.fields for row in read] == [{"id": str(number), "name": name} for number, name in rows]
    at = file.start
    for place, row in enumerate(read):
        assert list(file.rows(at, at + row.size, row.line)) == [row], place
        at += row.size
    assert at == path.stat().st_size


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("r.xlsx", b"PK", "neither JSON Lines nor CSV"),
        ("r.csv", b"", "is empty"),
        ("r.jsonl", b"", "is empty"),
        ("r.csv", "id,name\n".encode("utf-16"), "is UTF-16"),
        ("r.csv", b"name,city\n", "line 1: there is no column id"),
        ("r.csv", b"id,name,name\n", "line 1: the column 'name' is there twice"),
        ("r.csv", b"id,\xff\n", "is not UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(
    tmp_path: Path, name: str, data: bytes, fault: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RecordsUnreadable, match=fault):
        RecordFile.open(path)
