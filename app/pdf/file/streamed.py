"""A file of any length that is written as it grows: neither its bytes nor its table wait in memory."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, Protocol

from app.pdf.file.identity import Identity
from app.pdf.file.objects import ObjectFile, table_head, table_rows, trailer

_ROW = 20
"""Bytes of a row of the cross-reference table (ISO 32000-2, 7.5.4)."""
_AT_ONCE = 1 << 20


class Sink(Protocol):
    """Where a file goes."""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes; gives how many."""
        ...


class StreamedFile:
    """Objects go to `out` when `flush` is called; their rows of the table wait in `rows`, another file."""

    def __init__(self, out: Sink, rows: BinaryIO, beginning: ObjectFile) -> None:
        """Take over a file that was begun: its header and first objects."""
        self._out = out
        self._rows = rows
        self._digest = hashlib.blake2b(digest_size=16)
        self._length = 0
        self._first = 1
        self._waiting = beginning
        self.flush()

    @property
    def stretch(self) -> ObjectFile:
        """What is not flushed yet, for those who write whole fonts and pictures; until the next flush."""
        return self._waiting

    def reserve(self) -> int:
        """The number of an object that is written later."""
        return self._waiting.reserve()

    def write(self, number: int, body: bytes) -> int:
        """Write a reserved object, even after what came behind it was flushed; gives its number back."""
        if number >= self._first:
            return self._waiting.write(number, body)
        self.flush()
        self._rows.seek(_ROW * (number - 1))
        self._rows.write(table_rows([self._length]))
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def add(self, body: bytes | str) -> int:
        """Write an object; gives its number."""
        return self._waiting.add(body)

    def add_stream(self, data: bytes, entries: str = "") -> int:
        """Write a stream, deflated; gives its number."""
        return self._waiting.add_stream(data, entries)

    def flush(self) -> None:
        """Send off what is there."""
        block = self._waiting
        self._rows.seek(_ROW * (self._first - 1))
        self._rows.write(table_rows(block.offsets, self._length))
        for part in block.parts:
            self._put(part)
        self._first = block.next
        self._waiting = ObjectFile(header=b"", first=self._first)

    def finish(self, identity: Identity, *, root: int, info: int) -> None:
        """Write table and trailer. Every reserved object has been written."""
        self.flush()
        table_at, size = self._length, self._first
        self._out.write(table_head(size))
        self._rows.seek(0)
        while rows := self._rows.read(_AT_ONCE):
            self._out.write(rows)
        permanent = hashlib.blake2b(identity.key.encode(), digest_size=16).hexdigest().upper()
        changing = self._digest.hexdigest().upper()
        self._out.write(
            trailer(size=size, root=root, info=info, file_id=(permanent, changing), table_at=table_at)
        )

    def _put(self, part: bytes) -> None:
        self._out.write(part)
        self._digest.update(part)
        self._length += len(part)
