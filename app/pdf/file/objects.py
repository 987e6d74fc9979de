"""The objects of one PDF file, written one after the other.

What many files share (colour profile, art) is kept as a `Prefix`: its bytes are written once and copied.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.pdf.file.syntax import deflate

HEADER = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a file: bytes, and where in them each object starts (object 1 first)."""

    data: bytes
    offsets: tuple[int, ...]
    digest: bytes
    """Of the data, so that each file need not hash them again."""


class ObjectFile:
    """A PDF file being written. Objects are numbered from 1 in the order of `reserve` and `add`."""

    def __init__(self, prefix: Prefix | None = None) -> None:
        """An empty file, or one that goes on from a prefix."""
        self._parts = [prefix.data if prefix else HEADER]
        self._prefix_digest = prefix.digest if prefix else HEADER
        self._length = len(self._parts[0])
        self._offsets: list[int] = list(prefix.offsets) if prefix else []

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets)

    def write(self, number: int, body: bytes) -> int:
        """Write a reserved object; gives its number back."""
        self._offsets[number - 1] = self._length
        part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self._parts.append(part)
        self._length += len(part)
        return number

    def add(self, body: bytes | str) -> int:
        """Write an object; gives its number."""
        return self.write(self.reserve(), body.encode("ascii") if isinstance(body, str) else body)

    def add_stream(self, data: bytes, entries: str = "", *, packed: bool = False, plain: bool = False) -> int:
        """Write a stream, deflated unless it is `packed` already or must stay `plain`."""
        return self.add(stream(data, entries, packed=packed, plain=plain))

    def prefix(self) -> Prefix:
        """All that was written so far, as the beginning of other files."""
        data = b"".join(self._parts)
        return Prefix(data, tuple(self._offsets), hashlib.blake2b(data, digest_size=16).digest())

    def finish(self, *, root: int, info: int, key: str) -> bytes:
        """The whole file. `key` and the content make its `/ID`, so that the same card has the same one."""
        digest = hashlib.blake2b(key.encode(), digest_size=16)
        permanent = digest.hexdigest().upper()
        digest.update(self._prefix_digest)
        for part in self._parts[1:]:
            digest.update(part)
        changing = digest.hexdigest().upper()
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets)
        size = len(self._offsets) + 1
        self._parts.append(
            b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n"
            b"<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (size, rows, size, root, info, permanent.encode(), changing.encode(), self._length)
        )
        return b"".join(self._parts)


def stream(data: bytes, entries: str = "", *, packed: bool = False, plain: bool = False) -> bytes:
    """The body of a stream object. `entries` are further entries of its dictionary."""
    coded = data if packed or plain else deflate(data)
    coding = "" if plain else "/Filter/FlateDecode"
    head = f"<<{entries}{coding}/Length {len(coded)}>>\nstream\n".encode("latin-1")
    return head + coded + b"\nendstream"
