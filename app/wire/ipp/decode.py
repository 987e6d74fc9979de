"""Octets to messages: strict about structure, bounded in depth and number, whatever the other side sends.

Texts that are not UTF-8 come out with replacement characters rather than as an error: printers send their
location in all sorts of encodings, and one of them must not keep a card from being printed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone

from app.errors import TargetUnavailable
from app.wire.ipp.message import (
    Attributes,
    Collection,
    Content,
    Extended,
    InLanguage,
    Message,
    Range,
    Resolution,
    Value,
)
from app.wire.ipp.tags import LAST_GROUP, OUT_OF_BAND, STRINGS, Group, Tag

_DEEPEST = 16
"""Collections inside collections; the PWG's own go three deep."""
_MOST_VALUES = 50_000
_LONGEST = 0x7FFF


class NotIpp(TargetUnavailable):
    """What came back is not an IPP message."""


def decode(octets: bytes) -> Message:
    """The message that these octets are.

    Args:
        octets: a whole message.

    Raises:
        NotIpp: they are none; the message says where.
    """
    return _Reader(octets).message()


class _Reader:
    """Reads one message from front to back."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0
        self._values = 0

    def message(self) -> Message:
        major, minor, code, request_id = struct.unpack(">BBHI", self._take(8))
        groups: list[tuple[int, Attributes]] = []
        tag = self._byte()
        while tag != Group.END:
            if tag == 0 or tag > LAST_GROUP:
                raise self._wrong(f"tag 0x{tag:02x} stands where a group of attributes begins")
            attributes, following = self._attributes()
            groups.append((tag, attributes))
            tag = following
        return Message(code, request_id, tuple(groups), (major, minor), self._octets[self._at :])

    def _attributes(self) -> tuple[Attributes, int]:
        """The attributes of a group, and the delimiter behind them."""
        found: dict[str, list[Value]] = {}
        current: list[Value] | None = None
        while (tag := self._byte()) > LAST_GROUP:
            name = self._name()
            if name:
                current = []
                # Printers are known to say an attribute twice; then the first counts.
                found.setdefault(name, current)
            elif current is None:
                raise self._wrong("a further value stands before any attribute")
            current.append(self._value(tag, depth=0))
        return {name: tuple(values) for name, values in found.items()}, tag

    def _value(self, tag: int, *, depth: int) -> Value:
        self._values += 1
        if self._values > _MOST_VALUES:
            raise self._wrong(f"there are more than {_MOST_VALUES} values")
        octets = self._sized()
        if tag == Tag.BEGIN_COLLECTION:
            if octets:
                raise self._wrong("the beginning of a collection has octets of its own")
            return Value(Tag.BEGIN_COLLECTION, self._collection(depth + 1))
        if tag in {Tag.END_COLLECTION, Tag.MEMBER_NAME}:
            raise self._wrong("part of a collection stands outside of one")
        try:
            return Value(tag, _content(tag, octets))
        except struct.error as error:
            raise self._wrong(f"a value of tag 0x{tag:02x} has {len(octets)} octets") from error

    def _collection(self, depth: int) -> Collection:
        if depth > _DEEPEST:
            raise self._wrong(f"collections are more than {_DEEPEST} deep")
        members: dict[str, list[Value]] = {}
        current: list[Value] | None = None
        while (tag := self._byte()) != Tag.END_COLLECTION:
            if tag <= LAST_GROUP:
                raise self._wrong("a collection does not end")
            self._no_name()
            if tag == Tag.MEMBER_NAME:
                self._check_values(current)
                current = []
                members.setdefault(_text(self._sized()), current)
            elif current is None:
                raise self._wrong("a member's value stands before its name")
            else:
                current.append(self._value(tag, depth=depth))
        self._no_name()
        self._sized()
        self._check_values(current)
        if "" in members:
            raise self._wrong("a member of a collection has no name")
        return Collection({name: tuple(values) for name, values in members.items()})

    def _check_values(self, member: list[Value] | None) -> None:
        if member is not None and not member:
            raise self._wrong("a member of a collection has no value")

    def _no_name(self) -> None:
        if self._name():
            raise self._wrong("a member of a collection has its name in the wrong place")

    def _name(self) -> str:
        return _text(self._sized())

    def _sized(self) -> bytes:
        (length,) = struct.unpack(">H", self._take(2))
        if length > _LONGEST:
            raise self._wrong("a length is negative")
        return self._take(length)

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        taken = self._octets[self._at : self._at + count]
        if len(taken) < count:
            raise self._wrong("it ends in the middle")
        self._at += count
        return taken

    def _wrong(self, what: str) -> NotIpp:
        return NotIpp(f"the answer is no IPP message: {what} (octet {self._at} of {len(self._octets)})")


def _content(tag: int, octets: bytes) -> Content:
    """What a value says; `struct.error` where its length is wrong."""
    if tag in OUT_OF_BAND:
        # RFC 8010, section 3.8: without octets; what a printer sends all the same means nothing.
        return None
    if tag in STRINGS:
        return _text(octets)
    reader = _READERS.get(tag)
    return octets if reader is None else reader(octets)


def _integer(octets: bytes) -> int:
    (number,) = struct.unpack(">i", octets)
    return int(number)


def _boolean(octets: bytes) -> bool:
    (value,) = struct.unpack(">B", octets)
    return bool(value)


def _resolution(octets: bytes) -> Resolution:
    return Resolution(*struct.unpack(">iib", octets))


def _range(octets: bytes) -> Range:
    return Range(*struct.unpack(">ii", octets))


def _extended(octets: bytes) -> Extended:
    (tag,) = struct.unpack(">I", octets[:4])
    return Extended(tag, octets[4:])


def _in_language(octets: bytes) -> InLanguage:
    language, rest = _counted(octets)
    text, rest = _counted(rest)
    if rest:
        raise struct.error("more than a language and a text")
    return InLanguage(_text(language), _text(text))


def _counted(octets: bytes) -> tuple[bytes, bytes]:
    (length,) = struct.unpack(">H", octets[:2])
    if len(octets) < 2 + length:
        raise struct.error("shorter than it says")
    return octets[2 : 2 + length], octets[2 + length :]


def _date_time(octets: bytes) -> datetime | bytes:
    """RFC 2579's DateAndTime; the octets themselves where they name no moment."""
    *clock, tenths, sign, hours, minutes = struct.unpack(">HBBBBBBcBB", octets)
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if sign == b"-" else 1)
    if sign not in {b"+", b"-"} or (sign == b"-" and not offset):
        return octets
    try:
        year, month, day, hour, minute, second = clock
        return datetime(year, month, day, hour, minute, second, tenths * 100_000, tzinfo=timezone(offset))
    except ValueError:
        return octets


def _text(octets: bytes) -> str:
    return octets.decode(errors="replace")


_READERS: Mapping[int, Callable[[bytes], Content]] = {
    Tag.INTEGER: _integer,
    Tag.ENUM: _integer,
    Tag.BOOLEAN: _boolean,
    Tag.DATE_TIME: _date_time,
    Tag.RESOLUTION: _resolution,
    Tag.RANGE: _range,
    Tag.TEXT_WITH_LANGUAGE: _in_language,
    Tag.NAME_WITH_LANGUAGE: _in_language,
    Tag.EXTENSION: _extended,
}
