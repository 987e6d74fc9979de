"""Names of things, derived from what they name, so that a retry makes the same name again.

Ids are Crockford base32 without the letters I, L, O, U: short enough for a 2 mm Data Matrix module, safe
to read aloud at the bench, and safe as a file name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
JOB_ID_LENGTH = 13
BRAND_KEY_LENGTH = 2


def base32(number: int, length: int) -> str:
    """The lowest `5 × length` bits of `number`, most significant first."""
    pairs = [_PAIRS[(number >> shift) & 1023] for shift in range(10 * (length // 2 - 1), -1, -10)]
    odd = ALPHABET[(number >> 5 * (length - 1)) & 31] if length % 2 else ""
    return odd + "".join(pairs)


def _hash(*parts: str) -> hashlib.blake2b:
    joined = b"".join(len(p).to_bytes(4, "big") + p for p in (s.encode() for s in parts))
    return hashlib.blake2b(joined, digest_size=16)


def _digest(*parts: str) -> int:
    return int.from_bytes(_hash(*parts).digest(), "big")


def order_id(brand: str, source_order_id: str) -> str:
    """Tipin's id of an order: 65 bits of the hash of (brand, source order id)."""
    return order_ids(brand, (source_order_id,))[0]


def order_ids(brand: str, source_order_ids: Iterable[str]) -> list[str]:
    """Tipin's ids of many orders of a brand."""
    begun = _hash("order", brand)
    found = []
    for name in source_order_ids:
        each = begun.copy()
        part = name.encode()
        each.update(len(part).to_bytes(4, "big") + part)
        found.append(_job_length(int.from_bytes(each.digest()[-9:], "big")))
    return found


def _job_length(number: int) -> str:
    """`base32` of `JOB_ID_LENGTH`, without a loop: each import asks it of every order."""
    return (
        ALPHABET[number >> 60 & 31]
        + _PAIRS[number >> 50 & 1023]
        + _PAIRS[number >> 40 & 1023]
        + _PAIRS[number >> 30 & 1023]
        + _PAIRS[number >> 20 & 1023]
        + _PAIRS[number >> 10 & 1023]
        + _PAIRS[number & 1023]
    )


def job_id(brand: str, source_order_id: str, source_item_id: str) -> str:
    """Tipin's id of a manufacturing job: 65 bits of the hash of what the sender calls it."""
    return base32(_digest("job", brand, source_order_id, source_item_id), JOB_ID_LENGTH)


def photo_id(brand: str, sha256: str) -> str:
    """Tipin's id of a photo: 65 bits of the hash of (brand, SHA-256 of what was sent)."""
    return base32(_digest("photo", brand, sha256), JOB_ID_LENGTH)


def webhook_id(component: str, generation: int, event: str) -> str:
    """One logical call-back keeps one id over every retry (Standard Webhooks, `webhook-id`)."""
    return f"msg_{component}_{generation}_{event.replace('.', '_')}"
