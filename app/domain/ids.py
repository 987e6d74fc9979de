"""Names of things, derived from what they name, so that a retry makes the same name again.

Ids are Crockford base32 without the letters I, L, O, U: short enough for a 2 mm Data Matrix module, safe
to read aloud at the bench, and safe as a file name.
"""

from __future__ import annotations

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
JOB_ID_LENGTH = 13
BRAND_KEY_LENGTH = 2


def base32(number: int, length: int) -> str:
    """The lowest `5 × length` bits of `number`, most significant first."""
    pairs = [_PAIRS[(number >> shift) & 1023] for shift in range(10 * (length // 2 - 1), -1, -10)]
    odd = ALPHABET[(number >> 5 * (length - 1)) & 31] if length % 2 else ""
    return odd + "".join(pairs)


def _digest(*parts: str) -> int:
    joined = b"".join(len(p).to_bytes(4, "big") + p for p in (s.encode() for s in parts))
    return int.from_bytes(hashlib.blake2b(joined, digest_size=16).digest(), "big")


def order_id(brand: str, source_order_id: str) -> str:
    """Tipin's id of an order: 65 bits of the hash of (brand, source order id)."""
    return base32(_digest("order", brand, source_order_id), JOB_ID_LENGTH)


def job_id(brand: str, source_order_id: str, source_item_id: str) -> str:
    """Tipin's id of a manufacturing job: 65 bits of the hash of what the sender calls it."""
    return base32(_digest("job", brand, source_order_id, source_item_id), JOB_ID_LENGTH)


def photo_id(brand: str, sha256: str) -> str:
    """Tipin's id of a photo: 65 bits of the hash of (brand, SHA-256 of what was sent)."""
    return base32(_digest("photo", brand, sha256), JOB_ID_LENGTH)


def webhook_id(component: str, generation: int, event: str) -> str:
    """One logical call-back keeps one id over every retry (Standard Webhooks, `webhook-id`)."""
    return f"msg_{component}_{generation}_{event.replace('.', '_')}"
