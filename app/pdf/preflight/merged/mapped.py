"""A file that is mapped, not loaded: its cross-reference table, and where each object's bytes are."""

from __future__ import annotations

import mmap
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int64]

_ROW = 20
"""Bytes of a line of the table (ISO 32000-1, 7.5.4)."""
_SLICE = 65_536
_TAIL = 2048
_START = re.compile(rb"startxref\r?\n(\d+)\r?\n%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\r?\n0 (\d+) ?\r?\n")
_TRAILER = re.compile(rb"\s*trailer\s*(<<.*>>)\s*startxref\r?\n", re.DOTALL)
_OBJECT = re.compile(rb"(\d+) 0 obj\n")
_REFERENCE = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]+>|(\d+) 0 R\b", re.DOTALL)
_LENGTH = re.compile(rb"/Length (\d+)(?! 0 R)")
_STREAM = b">>\nstream\n"
_END_STREAM = b"\nendstream"
_END = b"\nendobj\n"
_LATER = (b"/Prev ", b"/XRefStm ", b"/Encrypt ")


class NotPlain(Exception):
    """The file is written otherwise than with one table of whole objects; it is read in the general way."""


class Broken(Exception):
    """An object is not what the table, or it itself, says."""


@dataclass(frozen=True, slots=True)
class Body:
    """An object: its value as text (a stream's dictionary), and a stream's data as they stand in the file."""

    text: bytes
    stream: slice | None

    def references(self) -> list[int]:
        """The objects that it refers to."""
        return [int(number) for number in _REFERENCE.findall(self.text) if number]


class MappedFile:
    """A PDF on disk. Use as a context manager.

    Args:
        path: the file.

    Raises:
        NotPlain: it has no plain cross-reference table, or several, or is encrypted.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            try:
                self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # an empty file cannot be mapped
                raise NotPlain(str(error)) from error
        try:
            self._read_table()
        except NotPlain:
            self.data.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.data.close()

    def _read_table(self) -> None:
        found = _START.search(self.data, max(0, len(self.data) - _TAIL))
        table = None if found is None else _TABLE.match(self.data, int(found[1]))
        if found is None or table is None:
            raise NotPlain("there is no plain cross-reference table")
        self.table_at, count = int(found[1]), int(table[1])
        end = table.end() + count * _ROW
        trailer = _TRAILER.match(self.data, end)
        if trailer is None or any(word in trailer[1] for word in _LATER):
            raise NotPlain("the cross-reference table has several parts")
        self.trailer = trailer[1]
        self.offsets = self._offsets(table.end(), count)
        used = np.flatnonzero(self.offsets)
        if not len(used) or not _OBJECT.match(self.data, int(self.offsets[used[0]])):
            raise NotPlain("the objects are spaced otherwise than they are read here")
        order = np.argsort(self.offsets[used], kind="stable")
        self._order = used.astype(np.int32)[order]
        """The numbers of the objects in the file, in the order of their bytes."""
        if int(self.offsets[self._order[-1]]) >= self.table_at:
            raise NotPlain("objects stand behind the table")

    def _offsets(self, start: int, count: int) -> Offsets:
        """The table's rows as offsets; 0 for a free entry."""
        offsets = np.zeros(count, np.int64)
        powers = 10 ** np.arange(9, -1, -1, dtype=np.int64)
        for first in range(0, count, _SLICE):
            rows = min(_SLICE, count - first)
            raw = self.data[start + first * _ROW : start + (first + rows) * _ROW]
            lines = np.frombuffer(raw, np.uint8).reshape(rows, _ROW)
            digits = lines[:, [*range(10), *range(11, 16)]] - np.uint8(48)
            spaced = (lines[:, 10] == 32) & (lines[:, 16] == 32)  # noqa: PLR2004  blanks
            used = lines[:, 17] == ord("n")
            if (digits > 9).any() or not spaced.all() or not (used | (lines[:, 17] == ord("f"))).all():  # noqa: PLR2004
                raise NotPlain("a line of the cross-reference table is misspelt")
            if digits[used, 10:].any():
                raise NotPlain("objects have generations")
            offsets[first : first + rows] = np.where(used, digits[:, :10] @ powers, 0)
        return offsets

    @property
    def header(self) -> bytes:
        """What stands before the first object."""
        return self.data[: self._start(0)]

    def root(self, key: str) -> int:
        """The object that the trailer names; 0 for none."""
        return _named(key, self.trailer)

    def reference(self, number: int, key: str) -> int:
        """The object that another one names; 0 for none.

        Raises:
            Broken: that other one is not there.
        """
        return _named(key, self.body(number).text)

    def spans(self, chunk: int = 4096) -> Iterator[list[tuple[int, int, int]]]:
        """Number, start and end of each object in file order; what is behind is given back to the system."""
        for first in range(0, len(self._order), chunk):
            numbers = self._order[first : first + chunk]
            starts = self.offsets[numbers].tolist()
            ends = [*starts[1:], self._start(first + chunk)]
            yield list(zip(numbers.tolist(), starts, ends, strict=True))
            self._forget(starts[0], ends[-1])

    def _start(self, place: int) -> int:
        """Where the so-manieth object starts, or the table behind the last."""
        return int(self.offsets[self._order[place]]) if place < len(self._order) else self.table_at

    def _forget(self, start: int, end: int) -> None:
        """Let the system take the memory of these bytes: a gigabyte must not stand in it at once."""
        start -= start % mmap.PAGESIZE
        if hasattr(self.data, "madvise"):
            self.data.madvise(mmap.MADV_DONTNEED, start, end - start)

    def has(self, number: int) -> bool:
        """Whether there is such an object."""
        return 0 < number < len(self.offsets) and self.offsets[number] > 0

    def body(self, number: int) -> Body:
        """An object, by its number.

        Raises:
            Broken: it is not there, or not as the table says.
        """
        if not self.has(number):
            raise Broken(f"object {number} is not there")
        start = int(self.offsets[number])
        at = bisect_left(range(len(self._order)), start, key=self._start)
        return self.body_at(number, start, self._start(at + 1))

    def body_at(self, number: int, start: int, end: int) -> Body:
        """An object, by its place.

        Raises:
            Broken: it is not there.
        """
        data = self.data
        head = _OBJECT.match(data, start, end)
        if head is None or int(head[1]) != number:
            raise Broken(f"the table says that object {number} is at byte {start:,}; it is not")
        if data[end - len(_END) : end] != _END:
            raise Broken(f"object {number} does not end where the next one starts")
        text_end = end - len(_END)
        if data[text_end - len(_END_STREAM) : text_end] != _END_STREAM:
            return Body(data[head.end() : text_end], None)
        opened = data.find(_STREAM, head.end(), end)
        if opened < 0:
            raise Broken(f"object {number} ends like a stream, but does not start like one")
        text = data[head.end() : opened + 2]
        inside = slice(opened + len(_STREAM), text_end - len(_END_STREAM))
        said, there = _LENGTH.search(text), inside.stop - inside.start
        if said is None or int(said[1]) != there:
            length = "missing" if said is None else int(said[1])
            raise Broken(f"/Length of object {number} is {length}, there are {there} bytes")
        return Body(text, inside)


def _named(key: str, text: bytes) -> int:
    found = re.search(re.escape(key.encode("ascii")) + rb" (\d+) 0 R\b", text)
    return 0 if found is None else int(found[1])
