"""IPP messages written octet by octet, as RFC 8010 prints them: a second hand beside the encoder's."""

from __future__ import annotations

import struct


def row(tag: int, name: str, value: bytes | str | int) -> bytes:
    """One row of RFC 8010's tables: value-tag, name with its length, value with its length."""
    octets = struct.pack(">i", value) if isinstance(value, int) else value
    octets = octets.encode() if isinstance(octets, str) else octets
    return (
        bytes([tag]) + struct.pack(">H", len(name)) + name.encode() + struct.pack(">H", len(octets)) + octets
    )


def head(code: int, *, version: bytes = b"\x01\x01", request_id: int = 1) -> bytes:
    """Version, operation or status, request id; then the operation attributes that every message has."""
    return (
        version
        + struct.pack(">HI", code, request_id)
        + b"\x01"
        + row(0x47, "attributes-charset", "utf-8")
        + row(0x48, "attributes-natural-language", "en-us")
    )
