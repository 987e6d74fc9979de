"""The object writer: offsets that are right, numbers of its own, prefixes that are shared."""

from __future__ import annotations

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pdf.file.objects import FREE, ObjectFile, table_rows
from app.pdf.file.syntax import deflate, number, string


@given(st.lists(st.integers(0, 10**10 - 1), max_size=20), st.sets(st.integers(0, 19)))
def test_a_table_has_twenty_bytes_for_each_object_and_free_ones_lead_to_object_0(
    places: list[int], free: set[int]
) -> None:
    offsets = [FREE if index in free else place for index, place in enumerate(places)]
    rows = table_rows(offsets)
    assert rows == b"".join(
        b"0000000000 65535 f \n" if place == FREE else b"%010d 00000 n \n" % place for place in offsets
    )


def test_offsets_are_moved_to_where_the_stretch_starts() -> None:
    assert table_rows([0, FREE], 15) == b"0000000015 00000 n \n0000000000 65535 f \n"


def test_a_reserved_object_is_written_later() -> None:
    file = ObjectFile()
    first = file.reserve()
    second = file.add("[1]")
    file.write(first, b"<<>>")
    data = b"".join(file.parts)
    assert [data[place:].split(b" ", 1)[0] for place in file.offsets] == [b"%d" % first, b"%d" % second]
    assert data.index(b"2 0 obj") < data.index(b"1 0 obj")


def test_a_known_digest_stands_for_its_object_alone() -> None:
    def digest(first: bytes, known: bytes | None, second: bytes = b"[2]") -> bytes:
        file = ObjectFile()
        file.add(first, digest=known)
        file.add(second)
        return file.digest()

    told = digest(b"[1]", b"one")
    assert told == digest(b"[1]", b"one") != digest(b"[1]", None)
    assert told not in {digest(b"[1]", b"two"), digest(b"[1]", b"one", b"[3]")}


def test_a_stretch_of_a_file_has_no_header_and_its_own_numbers() -> None:
    file = ObjectFile(header=b"", first=40)
    assert file.reserve(3) == 40
    assert file.add("[1]") == 43
    assert (b"".join(file.parts), file.offsets) == (b"43 0 obj\n[1]\nendobj\n", [FREE, FREE, FREE, 0])


def test_files_go_on_from_a_prefix() -> None:
    shared = ObjectFile()
    shared.add("(shared)")
    made = [ObjectFile(shared.prefix()) for _ in range(2)]
    assert [file.add(f"({index})") for index, file in enumerate(made)] == [2, 2]
    assert all(b"(shared)" in b"".join(file.parts) for file in made)


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
