"""Names of things, derived from what they name, so that a retry makes the same name again.

Ids are Crockford base32 without the letters I, L, O, U: short enough for a 2 mm Data Matrix module, safe
to read aloud at the bench, and safe as a file name.
"""

from __future__ import annotations

import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
JOB_ID_LENGTH = 13
_CHECK_LENGTH = 6
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


def webhook_id(job: str, generation: int, event: str) -> str:
    """One logical call-back keeps one id over every retry (Standard Webhooks, `webhook-id`)."""
    return f"msg_{job}_{generation}_{event.replace('.', '_')}"


def bench_code(secret: bytes, brand_key: str, job: str, generation: int) -> str:
    """The text of the bench Data Matrix: brand key, job, generation, check; 22 characters.

    The check is 30 bits of HMAC-SHA256, so a card of another plant, another brand or a voided
    generation cannot be taken for this one. No personal data.

    Args:
        secret: the plant's own key, ≥ 16 bytes.
        brand_key: the brand's two characters.
        job: 13 characters.
        generation: 0 for the first print, 1 for the first reprint, at most 31.
    """
    if len(brand_key) != BRAND_KEY_LENGTH or len(job) != JOB_ID_LENGTH:
        raise ValueError("a bench code needs a 2-character brand key and a 13-character job id")
    if not 0 <= generation < len(ALPHABET):
        raise ValueError("a job can be reprinted 31 times")
    body = f"{brand_key}{job}{ALPHABET[generation]}"
    return body + _check(secret, body)


def read_bench_code(secret: bytes, code: str) -> tuple[str, str, int]:
    """The brand key, job id and generation of a scanned code.

    Raises:
        ValueError: the code is not one of this plant's.
    """
    code = code.strip().upper()
    body, check = code[:-_CHECK_LENGTH], code[-_CHECK_LENGTH:]
    if len(body) != BRAND_KEY_LENGTH + JOB_ID_LENGTH + 1 or not hmac.compare_digest(
        check.encode(), _check(secret, body).encode()
    ):
        raise ValueError("not a card code of this plant")
    brand_key = body[:BRAND_KEY_LENGTH]
    return brand_key, body[BRAND_KEY_LENGTH:-1], ALPHABET.index(body[-1])


def _check(secret: bytes, body: str) -> str:
    mac = hmac.digest(secret, body.encode(), "sha256")
    return base32(int.from_bytes(mac, "big"), _CHECK_LENGTH)
