"""Objects of another file, copied into one of ours. What is the same in several files is written once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from decimal import Decimal
from typing import Protocol

import pikepdf

from app.errors import ArtworkUnusable

_Id = tuple[int, int]


class Objects(Protocol):
    """A file that takes objects."""

    def reserve(self) -> int:
        """The number of an object that is written later."""
        ...

    def write(self, number: int, body: bytes) -> int:
        """Write a reserved object; gives its number back."""
        ...

    def add(self, body: bytes) -> int:
        """Write an object; gives its number."""
        ...


class Known:
    """The objects that a file holds already, by their content; those not met for long are forgotten."""

    def __init__(self, most: int) -> None:
        """At most so many are remembered, of some 200 bytes each."""
        self._most = most
        self._numbers: OrderedDict[bytes, int] = OrderedDict()

    def get(self, digest: bytes) -> int | None:
        """The number of an object of this content."""
        number = self._numbers.get(digest)
        if number is not None:
            self._numbers.move_to_end(digest)
        return number

    def keep(self, digest: bytes, number: int) -> None:
        """Remember one that was written."""
        self._numbers[digest] = number
        if len(self._numbers) > self._most:
            self._numbers.popitem(last=False)


class Copier:
    """Copies what the values of one file refer to, each object once.

    An object is written after those that it refers to, so that its text, their new numbers in it, tells
    whether the same is there already. Objects that lead back to themselves are copied as they come.
    """

    def __init__(
        self, file: Objects, known: Known | None = None, layers: dict[int, None] | None = None
    ) -> None:
        """Nothing is copied yet.

        Args:
            file: takes the objects.
            known: what it holds already from other files; None to look at one file alone.
            layers: is told the number of each layer (`/OCG`) that comes along.
        """
        self._file = file
        self._known = known
        self._layers = layers
        self._copied: dict[_Id, int] = {}
        self._open: dict[_Id, int | None] = {}
        """Objects that are being copied, with the numbers of those that were referred to meanwhile."""

    def spell(self, thing: object) -> bytes:
        """A value as it is written in our file; what it refers to is copied there.

        Raises:
            ArtworkUnusable: it holds what no file can.
        """
        match thing:
            case None:
                return b"null"
            case bool():
                return b"true" if thing else b"false"
            case int() | Decimal():
                return str(thing).encode("ascii")
            case pikepdf.Object() if thing.is_indirect:
                return b"%d 0 R" % self._copy(thing)
            case pikepdf.Object():
                return self.direct(thing)
        raise ArtworkUnusable(f"the file holds a {type(thing).__name__}", mend="save it as PDF again")

    def direct(self, thing: pikepdf.Object, extra: bytes = b"") -> bytes:
        """The object itself, with further entries where it is a stream."""
        match thing:
            case pikepdf.Stream():
                data = thing.read_raw_bytes()
                head = self._entries(thing.stream_dict) + extra
                return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (head, len(data), data)
            case pikepdf.Dictionary():
                return b"<<%b>>" % self._entries(thing)
            case pikepdf.Array():
                return b"[%b]" % b" ".join(map(self.spell, thing))
            case _:
                return thing.unparse()

    def add(self, body: bytes) -> int:
        """Write an object, unless the file holds the same; gives its number."""
        if self._known is None:
            return self._file.add(body)
        digest = hashlib.blake2b(body, digest_size=16).digest()
        number = self._known.get(digest)
        if number is None:
            number = self._file.add(body)
            self._known.keep(digest, number)
        return number

    def _copy(self, thing: pikepdf.Object) -> int:
        place = thing.objgen
        if place in self._copied:
            return self._copied[place]
        if place in self._open:
            number = self._open[place]
            if number is None:
                number = self._open[place] = self._file.reserve()
            return number
        self._open[place] = None
        body = self.direct(thing)
        reserved = self._open.pop(place)
        number = self.add(body) if reserved is None else self._file.write(reserved, body)
        self._copied[place] = number
        if self._layers is not None and _is_layer(thing):
            self._layers[number] = None
        return number

    def _entries(self, dictionary: pikepdf.Object) -> bytes:
        return b"".join(
            pikepdf.Name(key).unparse() + b" " + self.spell(value)
            for key, value in dictionary.items()
            if key != "/Length"
        )


def _is_layer(thing: pikepdf.Object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == pikepdf.Name.OCG
