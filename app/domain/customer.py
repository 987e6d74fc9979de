"""Who ordered: as the sender names them, and as tipin keys them."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.facts import DayOfYear


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer as an inbound order names them. All fields may be missing (a guest).

    `e_mail` is used to key a customer and is never stored.
    """

    id: str | None = None
    e_mail: str | None = None
    given_name: str = ""
    family_name: str = ""
    display_name: str = ""
    language: str | None = None
    opted_out: bool = False
    birthday: DayOfYear | None = None
    """Only where they gave it to be written to on it."""

    def key(self, secret: bytes) -> str | None:
        """The customer's key within the brand, or None for a guest.

        The merchant's own id wins; else a keyed hash of the normalised e-mail.
        """
        if self.id:
            return f"id:{self.id}"
        if self.e_mail:
            return "mail:" + hash_e_mail(secret, self.e_mail)
        return None


@dataclass(frozen=True, slots=True)
class Identity:
    """A customer under all keys that were merged. `remains` is the key that the merges lead to."""

    remains: str
    keys: frozenset[str]

    @classmethod
    def of(cls, key: str, members: Mapping[str, str | None]) -> Identity:
        """Follow the merges from `key`; where they run in a circle, its smallest key is the one who remains.

        Args:
            key: any of the customer's keys.
            members: each of them, and the one that it was merged into.
        """
        keys = frozenset(members) | {key}
        path = [key]
        while (into := members.get(path[-1])) is not None:
            if into in path:
                return cls(min(path[path.index(into) :]), keys)
            path.append(into)
        return cls(path[-1], keys)


def hash_e_mail(secret: bytes, e_mail: str) -> str:
    """Keyed SHA-256 of the address, NFC, trimmed and case-folded; 32 hex digits."""
    normal = unicodedata.normalize("NFC", e_mail).strip().casefold()
    return hmac.new(secret, normal.encode(), hashlib.sha256).hexdigest()[:32]
