"""The object writer: offsets that are right, ids that follow content, prefixes that are shared."""

from __future__ import annotations

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import deflate, number, string


def _finished(*bodies: str, key: str = "k") -> bytes:
    file = ObjectFile()
    numbers = [file.add(body) for body in bodies]
    return file.finish(root=numbers[0], info=numbers[-1], key=key)


def test_the_cross_reference_points_at_each_object() -> None:
    pdf = _finished("<</Type/Catalog>>", "[1 2 3]", "<<>>")
    rows = re.findall(rb"(\d{10}) 00000 n ", pdf)
    for index, row in enumerate(rows, start=1):
        assert pdf[int(row) :].startswith(b"%d 0 obj\n" % index)
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert pdf[start:].startswith(b"xref\n0 4\n")


def test_a_reserved_object_is_written_later() -> None:
    file = ObjectFile()
    first = file.reserve()
    second = file.add("[1]")
    file.write(first, b"<<>>")
    pdf = file.finish(root=first, info=second, key="k")
    assert pdf.index(b"2 0 obj") < pdf.index(b"1 0 obj")


def test_files_go_on_from_a_prefix() -> None:
    shared = ObjectFile()
    shared.add("(shared)")
    made = [ObjectFile(shared.prefix()) for _ in range(2)]
    assert [file.add(f"({index})") for index, file in enumerate(made)] == [2, 2]
    pdfs = [file.finish(root=1, info=2, key="k") for file in made]
    assert all(b"(shared)" in pdf for pdf in pdfs)
    assert pdfs[0] != pdfs[1]


@pytest.mark.parametrize(
    ("left", "right"), [((("[1]",), "a"), (("[1]",), "b")), ((("[1]",), "a"), (("[2]",), "a"))]
)
def test_the_id_follows_key_and_content(
    left: tuple[tuple[str, ...], str], right: tuple[tuple[str, ...], str]
) -> None:
    ids = [re.search(rb"/ID\[<(\w+)><(\w+)>\]", _finished(*bodies, key=key)) for bodies, key in (left, right)]
    assert ids[0] is not None
    assert ids[1] is not None
    assert ids[0].group(2) != ids[1].group(2)
    assert _finished(*left[0], key=left[1]) == _finished(*left[0], key=left[1])


@given(st.binary(max_size=3000))
def test_streams_come_back(data: bytes) -> None:
    assert zlib.decompress(deflate(data)) == data


@given(st.floats(-1e6, 1e6))
def test_numbers_are_short_and_close(value: float) -> None:
    said = number(value)
    assert float(said) == pytest.approx(value, abs=0.0005001)
    assert re.fullmatch(r"-?\d+(\.\d{1,3})?", said)
    assert said != "-0"
    assert not said.endswith(".0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", "(plain)"),
        ("a(b)c\\", r"(a\(b\)c\\)"),
        ("Zoë", "<FEFF005A006F00EB>"),
        ("\U0001f600", "<FEFFD83DDE00>"),
        ("tab\t", "<FEFF0074006100620009>"),
    ],
)
def test_strings(text: str, said: str) -> None:
    assert string(text) == said
