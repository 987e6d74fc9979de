"""Addresses that need no key, because they are signed: of one stored file until a moment, or of one name.

A signed address gives its holder that one thing and nothing else. The signature is HMAC-SHA256 under a key of
this use alone.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

_TOKEN_LENGTH = 43


def file_address(secret: bytes, name: str, *, now: datetime, lasts: timedelta) -> str:
    """The path of a stored file, from `/v1/artifacts/` on.

    Args:
        secret: the key of this use.
        name: the file's SHA-256 in hex and its suffix.
        now: the moment.
        lasts: how long the address serves.
    """
    until = int((now + lasts).timestamp())
    return f"/v1/artifacts/{name}?until={until}&signature={_signed(secret, f'file {name} {until}')}"


def file_granted(secret: bytes, name: str, *, until: int, signature: str, now: datetime) -> bool:
    """Whether an address was made by us and still serves."""
    expected = _signed(secret, f"file {name} {until}")
    # In bytes, for a stranger's text may hold what `compare_digest` does not take as text.
    return hmac.compare_digest(expected.encode(), signature.encode()) and now.timestamp() < until


def name_token(secret: bytes, name: str) -> str:
    """What must be known to speak about `name`: nobody can guess it, and it never ends."""
    return _signed(secret, f"name {name}")[:_TOKEN_LENGTH]


def name_granted(secret: bytes, name: str, token: str) -> bool:
    """Whether a token is the one of that name."""
    return hmac.compare_digest(name_token(secret, name).encode(), token.encode())


def _signed(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), "sha256").hexdigest()
