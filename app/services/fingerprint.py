"""A digest of everything that a run's bytes follow from, so that only the very same run goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

_PROGRAM = Path(__file__).resolve().parents[1]


def fingerprint(*parts: object) -> str:
    """The digest, in hexadecimal, of values built from dataclasses, mappings, sets and plain values."""
    digest = hashlib.sha256(_program())
    for part in parts:
        for piece in _spelled(part):
            digest.update(b"%d:%b" % (len(piece), piece))
    return digest.hexdigest()


@cache
def _program() -> bytes:
    """Of tipin's own source: another program may write other bytes."""
    digest = hashlib.sha256()
    for path in sorted(_PROGRAM.rglob("*.py")):
        digest.update(path.relative_to(_PROGRAM).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


def _spelled(value: object) -> Iterator[bytes]:
    """The value in pieces that are the same in every process; sets have no order of their own."""
    if is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__.encode()
        for each in fields(value):
            yield from _spelled(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for key in sorted(value, key=repr):
            yield repr(key).encode()
            yield from _spelled(value[key])
    elif isinstance(value, frozenset | set):
        yield repr(sorted(value, key=repr)).encode()
    elif isinstance(value, tuple | list):
        yield b"%d" % len(value)
        for member in value:
            yield from _spelled(member)
    else:
        yield repr(value).encode()
