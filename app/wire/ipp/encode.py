"""Messages to octets (RFC 8010, section 3)."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta

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
    Values,
)
from app.wire.ipp.tags import Group, Tag

_LONGEST = 0x7FFF
"""Lengths are SIGNED-SHORT."""


def encode(message: Message) -> bytes:
    """The octets of a message.

    Args:
        message: what to say. Contents must fit their tags; no attribute may be without a value.

    Raises:
        ValueError: a name or value cannot be said in IPP.
    """
    out = bytearray(struct.pack(">BBHI", *message.version, message.code, message.request_id))
    for tag, attributes in message.groups:
        out.append(tag)
        for name, values in attributes.items():
            _add_attribute(out, name, values)
    out.append(Group.END)
    return bytes(out) + message.data


def _add_attribute(out: bytearray, name: str, values: Values) -> None:
    if not name or not values:
        raise ValueError(f"the attribute {name!r} has no name or no value")
    for position, value in enumerate(values):
        _add_value(out, "" if position else name, value)


def _add_value(out: bytearray, name: str, value: Value) -> None:
    if isinstance(value.content, Collection):
        _add(out, Tag.BEGIN_COLLECTION, name, b"")
        _add_members(out, value.content.members)
        _add(out, Tag.END_COLLECTION, "", b"")
    elif isinstance(value.content, Extended):
        _add(out, Tag.EXTENSION, name, struct.pack(">I", value.content.tag) + value.content.content)
    else:
        _add(out, value.tag, name, _octets(value.content))


def _add_members(out: bytearray, members: Attributes) -> None:
    for name, values in members.items():
        if not name or not values:
            raise ValueError(f"the member {name!r} has no name or no value")
        _add(out, Tag.MEMBER_NAME, "", name.encode())
        for value in values:
            _add_value(out, "", value)


def _add(out: bytearray, tag: int, name: str, octets: bytes) -> None:
    encoded = name.encode()
    if len(encoded) > _LONGEST or len(octets) > _LONGEST:
        raise ValueError(f"the attribute {name[:40]!r} is longer than IPP can say")
    out += struct.pack(">BH", tag, len(encoded)) + encoded + struct.pack(">H", len(octets)) + octets


def _octets(content: Content) -> bytes:  # noqa: PLR0911 -- one line a kind of value
    match content:
        case None:
            return b""
        case bool():
            return b"\x01" if content else b"\x00"
        case int():
            return struct.pack(">i", content)
        case str():
            return content.encode()
        case bytes():
            return content
        case datetime():
            return _date_time(content)
        case Resolution():
            return struct.pack(">iib", content.across, content.along, content.unit)
        case Range():
            return struct.pack(">ii", content.low, content.high)
        case InLanguage():
            language, text = content.language.encode(), content.text.encode()
            return struct.pack(">H", len(language)) + language + struct.pack(">H", len(text)) + text
        case _:
            raise ValueError(f"{type(content).__name__} is no simple value")


def _date_time(moment: datetime) -> bytes:
    """RFC 2579's DateAndTime: to a tenth of a second, with the hours and minutes from UTC."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment needs its time zone")
    minutes = abs(offset) // timedelta(minutes=1)
    return struct.pack(
        ">HBBBBBBcBB",
        *moment.timetuple()[:6],
        moment.microsecond // 100_000,
        b"-" if offset < timedelta() else b"+",
        *divmod(minutes, 60),
    )
