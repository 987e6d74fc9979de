"""Who ordered: as the sender names them, and as tipin keys them."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.facts import DayOfYear

MAIL = "mail:"
"""Begins the key of a customer who is known by e-mail alone."""
MOST_SHARE = 5
"""Customers whom an address may be of. One that more have said is nobody's own, but a shop's or a counter's:
it tells nothing of who they are."""


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
        return id_key(self.id) if self.id else self.mail_key(secret)

    def mail_key(self, secret: bytes) -> str | None:
        """The key by which orders that name them by e-mail alone have them; None where no address is said."""
        return mail_key(secret, self.e_mail) if self.e_mail else None

    def claim(self, secret: bytes, *, at: datetime, source_order_id: str) -> Claim | None:
        """That both are keys of one customer; None where an order does not say both."""
        if not self.id or (mail := self.mail_key(secret)) is None:
            return None
        return Claim(mail=mail, customer=id_key(self.id), at=at, source_order_id=source_order_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An order named its customer by id and by e-mail: who ordered by that e-mail alone is the same person.

    An address belongs to the customer whose earliest order said it: whatever comes in first, the answer is
    the same.
    """

    mail: str
    """The key of the address."""
    customer: str
    """The key by the merchant's id."""
    at: datetime
    """When that order was placed."""
    source_order_id: str

    @property
    def rank(self) -> tuple[datetime, str, str]:
        """The claim of lowest rank has the address."""
        return self.at, self.source_order_id, self.customer


def whose_address(claims: Iterable[Claim]) -> str | None:
    """The customer whom an address leads to, by all that was claimed of it; None where it is nobody's own."""
    found = list(claims)
    if not found or len(found) > MOST_SHARE:
        return None
    return min(found, key=lambda claim: claim.rank).customer


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


def id_key(own: str) -> str:
    """The key of a customer whom the merchant calls so."""
    return f"id:{own}"


def mail_key(secret: bytes, e_mail: str) -> str:
    """The key of a customer who is known by this address alone."""
    return MAIL + hash_e_mail(secret, e_mail)


def hash_e_mail(secret: bytes, e_mail: str) -> str:
    """Keyed SHA-256 of the address, NFC, trimmed and case-folded; 32 hex digits."""
    normal = unicodedata.normalize("NFC", e_mail).strip().casefold()
    return hmac.digest(secret, normal.encode(), "sha256").hex()[:32]
