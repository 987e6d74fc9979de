"""The objects of one PDF file, written one after the other, and the table that says where each is.

What many files share (colour profile, art) is kept as a `Prefix`: its bytes are written once and copied. A
block of a merged file is written in the same way, from the number that its first object has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from app.pdf.file.syntax import deflate

BINARY_MARK = b"%\xe2\xe3\xcf\xd3\n"
"""Tells programs that the file is no text (ISO 32000-2, 7.5.2)."""
HEADER = b"%PDF-1.6\n" + BINARY_MARK
FREE = -1
"""Where an object would be that was never written."""
_ENTRY = b"%010d 00000 n \n"
_FREE_ENTRY = b"0000000000 65535 f \n"
"""The second of the two ways to have free entries (ISO 32000-2, 7.5.4): each leads back to object 0."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a file: bytes, and where in them each object starts (object 1 first)."""

    data: bytes
    offsets: tuple[int, ...]
    rows: bytes
    """Of the cross-reference table, for these objects."""
    digest: bytes
    """Of the data, so that each file need not hash them again."""


class ObjectFile:
    """Objects being written. They are numbered from `first` in the order of `reserve` and `add`.

    `parts` are the pieces of the bytes so far, and `offsets` where in them each object is, or `FREE`.
    """

    def __init__(self, prefix: Prefix | None = None, *, header: bytes = HEADER, first: int = 1) -> None:
        """A file with its header, one that goes on from a prefix, or, without a header, a stretch of one."""
        self._first = first
        self.parts = [prefix.data if prefix else header]
        self.length = len(self.parts[0])
        self.offsets: list[int] = list(prefix.offsets) if prefix else []
        self._digests: dict[int, bytes] = {}
        """Of those pieces whose digest is known."""

    @property
    def next(self) -> int:
        """The number of the next object."""
        return self._first + len(self.offsets)

    def reserve(self, count: int = 1) -> int:
        """Numbers for objects that are written later, or never; gives the first."""
        number = self.next
        self.offsets += [FREE] * count
        return number

    def write(self, number: int, body: bytes) -> int:
        """Write a reserved object; gives its number back."""
        self.offsets[number - self._first] = self.length
        part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self.parts.append(part)
        self.length += len(part)
        return number

    def add(self, body: bytes | str, *, digest: bytes | None = None) -> int:
        """Write an object; gives its number. `digest` is the body's, where many files have the same."""
        if digest is not None:
            self._digests[len(self.parts)] = digest
        return self.write(self.reserve(), body.encode("ascii") if isinstance(body, str) else body)

    def add_stream(self, data: bytes, entries: str = "", *, packed: bool = False, plain: bool = False) -> int:
        """Write a stream, deflated unless it is `packed` already or must stay `plain`."""
        return self.add(stream(data, entries, packed=packed, plain=plain))

    def digest(self) -> bytes:
        """What tells these bytes from all others: of a piece whose digest is known, that is taken."""
        digest, known = hashlib.blake2b(digest_size=16), self._digests
        for index, part in enumerate(self.parts):
            digest.update(known.get(index, part))
        return digest.digest()

    def prefix(self) -> Prefix:
        """All that was written so far, as the beginning of other files."""
        data = b"".join(self.parts)
        digest = hashlib.blake2b(data, digest_size=16).digest()
        return Prefix(data, tuple(self.offsets), table_rows(self.offsets), digest)


def stream(data: bytes, entries: str = "", *, packed: bool = False, plain: bool = False) -> bytes:
    """The body of a stream object. `entries` are further entries of its dictionary."""
    coded = data if packed or plain else deflate(data)
    coding = "" if plain else "/Filter/FlateDecode"
    head = f"<<{entries}{coding}/Length {len(coded)}>>\nstream\n".encode("latin-1")
    return b"%b%b\nendstream" % (head, coded)


def table_rows(offsets: Iterable[int], start: int = 0) -> bytes:
    """The rows of the cross-reference table, 20 bytes each, for objects at `offsets` from `start`."""
    return b"".join([_FREE_ENTRY if at == FREE else _ENTRY % (at + start) for at in offsets])


def table_head(size: int) -> bytes:
    """The beginning of the cross-reference table of `size` objects, the unused object 0 among them."""
    return b"xref\n0 %d\n%b" % (size, _FREE_ENTRY)


def trailer(*, size: int, root: int, info: int, file_id: tuple[str, str], table_at: int) -> bytes:
    """The end of a file. `file_id` is what stays when the file changes, and what changes, in hexadecimal."""
    permanent, changing = (half.encode("ascii") for half in file_id)
    return b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        root,
        info,
        permanent,
        changing,
        table_at,
    )
