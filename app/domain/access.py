"""Who may do what: roles, the rights that go with them, and the secrets that prove who somebody is."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ALL_BRANDS = ""
"""The brand scope of somebody who serves every brand of the plant."""
_KEY_PREFIX = "tipin_"
_SCRYPT = (2**14, 8, 5)
"""n, r and p as OWASP's cheat sheet on password storage has them for 16 MiB of memory."""
_PASSWORD_BYTES = 32


class Role(StrEnum):
    """What a key or a person is for."""

    PLANT = "plant"
    """A machine: the plant's workflow system or a shop."""
    OPERATOR = "operator"
    """A person at the press or the packing bench."""
    DESIGNER = "designer"
    """A person who makes cards; sees no orders."""
    ADMIN = "admin"


class Right(StrEnum):
    """One thing that a role may do."""

    SEND_ORDERS = "send orders"
    READ_ORDERS = "read orders"
    TELL_EVENTS = "tell what happened to orders and customers"
    FETCH_INSERTS = "fetch inserts"
    CHANGE_ITEMS = "crop, hold, release and stop photo items"
    REPLAY = "see and replay dead letters"
    PACK = "scan at the packing bench"
    REPRINT = "print cards and items again"
    CLEAR_PARCELS = "clear blocked parcels"
    IMPORT_HISTORY = "import past orders"
    RUN_TARGETS = "pause and resume targets"
    SEE_SETTINGS = "see brands and their settings"
    DESIGN = "change cards and brands"
    MANAGE = "manage keys and people"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.PLANT: frozenset(
        {
            Right.SEND_ORDERS,
            Right.READ_ORDERS,
            Right.TELL_EVENTS,
            Right.FETCH_INSERTS,
            Right.CHANGE_ITEMS,
            Right.REPLAY,
            Right.PACK,
            Right.REPRINT,
            Right.IMPORT_HISTORY,
            Right.SEE_SETTINGS,
        }
    ),
    Role.OPERATOR: frozenset(
        {
            Right.READ_ORDERS,
            Right.TELL_EVENTS,
            Right.FETCH_INSERTS,
            Right.CHANGE_ITEMS,
            Right.REPLAY,
            Right.PACK,
            Right.REPRINT,
            Right.CLEAR_PARCELS,
            Right.RUN_TARGETS,
            Right.SEE_SETTINGS,
        }
    ),
    Role.DESIGNER: frozenset({Right.SEE_SETTINGS, Right.DESIGN}),
    Role.ADMIN: frozenset(Right),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who proved who they are. `brand` is ALL_BRANDS or the one brand they serve."""

    name: str
    role: Role
    brand: str = ALL_BRANDS

    def may(self, right: Right) -> bool:
        """Whether their role has this right."""
        return right in RIGHTS[self.role]

    def serves(self, brand: str) -> bool:
        """Whether they may see this brand's things."""
        return self.brand in (ALL_BRANDS, brand)


def new_api_key() -> str:
    """A fresh API key: 256 random bits behind a prefix that secret scanners can look for."""
    return _KEY_PREFIX + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a random token: its SHA-256 in hex. Random tokens need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """A password as it is stored: scrypt with its parameters and a fresh salt (RFC 7914)."""
    salt = os.urandom(16)
    n, r, p = _SCRYPT
    return f"scrypt${n}${r}${p}${salt.hex()}${_scrypt(password, salt, n, r, p).hex()}"


def password_matches(password: str, stored: str) -> bool:
    """Whether `password` is the one behind `stored`, as `hash_password` made it."""
    _, n, r, p, salt, digest = stored.split("$")
    found = _scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, dklen=_PASSWORD_BYTES)
