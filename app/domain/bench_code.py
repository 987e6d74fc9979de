"""The signed text in the Data Matrix of each printed piece: what the packing bench scans.

    brand key 2 · record 13 · component 2 · generation 1 · check 6

24 characters of Crockford base32, which a Data Matrix of 18 × 18 modules holds. No personal data. The check
is 30 bits of HMAC-SHA256 over the rest, so that a piece of another plant, or a code that was misread, is not
taken for one of ours.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from app.domain.ids import ALPHABET, BRAND_KEY_LENGTH, JOB_ID_LENGTH, base32

LAST_GENERATION = len(ALPHABET) - 1
LAST_COMPONENT = len(ALPHABET) ** 2 - 1
_COMPONENT_LENGTH = 2
_CHECK_LENGTH = 6
_BODY_LENGTH = BRAND_KEY_LENGTH + JOB_ID_LENGTH + _COMPONENT_LENGTH + 1
BENCH_CODE_LENGTH = _BODY_LENGTH + _CHECK_LENGTH
_LONGEST_SCAN = 4 * BENCH_CODE_LENGTH
_KEYBOARDS = tuple(
    str.maketrans(typed, meant)
    for typed, meant in (
        ("", ""),
        # A German computer (QWERTZ) behind a scanner that sends the keys of an American keyboard.
        ("YZ", "ZY"),
        # A French one (AZERTY), whose upper row gives digits only with shift.
        ("&É\"'(-È_ÇÀAQWZ,?", "1234567890QAZWMM"),
    )
)
_READ_AS = str.maketrans("OIL", "011")
"""How Crockford's base32 reads the letters that it leaves out: what a person types from paper."""


@dataclass(frozen=True, slots=True)
class BenchCode:
    """Which printed piece it is.

    `record` is the job id that all pieces of an order share, `component` 0 for its card and 1, 2, … for its
    photo items, `generation` 0 for the first print and 1 for the first reprint.
    """

    brand_key: str
    record: str
    component: int = 0
    generation: int = 0

    def signed(self, secret: bytes) -> str:
        """The code's text.

        Args:
            secret: the plant's own key, ≥ 16 bytes.

        Raises:
            ValueError: a part does not fit; a piece can be reprinted 31 times.
        """
        if len(self.brand_key) != BRAND_KEY_LENGTH or len(self.record) != JOB_ID_LENGTH:
            raise ValueError("a bench code needs a 2-character brand key and a 13-character record id")
        if not 0 <= self.component <= LAST_COMPONENT:
            raise ValueError(f"a record has at most {LAST_COMPONENT} components beside its card")
        if not 0 <= self.generation <= LAST_GENERATION:
            raise ValueError(f"a piece can be reprinted {LAST_GENERATION} times")
        component = base32(self.component, _COMPONENT_LENGTH)
        body = f"{self.brand_key}{self.record}{component}{ALPHABET[self.generation]}"
        return body + _check(secret, body)


def bench_code(secret: bytes, brand_key: str, record: str, generation: int, component: int = 0) -> str:
    """The text of the bench Data Matrix of one piece; arguments and errors as for `BenchCode`."""
    return BenchCode(brand_key, record, component, generation).signed(secret)


def read_bench_code(secret: bytes, scanned: str) -> BenchCode:
    """What a scanned or typed code names.

    Hand scanners send lower case, a return or tab at the end, an AIM identifier (`]d2`) or a character of
    their own before it, and the keys of another keyboard than the computer's. The check tells which reading
    is the code, so all of them are tried.

    Raises:
        ValueError: it holds no code of this plant, or two different ones.
    """
    found = {code for code in _readings(scanned) if hmac.compare_digest(*_checks(secret, code))}
    if len(found) != 1:
        raise ValueError("two codes were scanned as one" if found else "not a code of this plant")
    return _parts(found.pop())


def _readings(scanned: str) -> set[str]:
    """Every run of 24 characters that could be a code, as each keyboard would have meant it."""
    kept = "".join(scanned.upper().split())
    if len(kept) > _LONGEST_SCAN:
        return set()
    meant = {kept.translate(keyboard).translate(_READ_AS) for keyboard in _KEYBOARDS}
    runs = {
        text[start : start + BENCH_CODE_LENGTH]
        for text in meant
        for start in range(len(text) - BENCH_CODE_LENGTH + 1)
    }
    return {run for run in runs if set(run) <= set(ALPHABET)}


def _checks(secret: bytes, code: str) -> tuple[str, str]:
    """The check that a code has, and the one that it should have."""
    return code[_BODY_LENGTH:], _check(secret, code[:_BODY_LENGTH])


def _check(secret: bytes, body: str) -> str:
    mac = hmac.digest(secret, body.encode(), "sha256")
    return base32(int.from_bytes(mac, "big"), _CHECK_LENGTH)


def _parts(code: str) -> BenchCode:
    record_end = BRAND_KEY_LENGTH + JOB_ID_LENGTH
    first, second = (ALPHABET.index(letter) for letter in code[record_end : record_end + _COMPONENT_LENGTH])
    return BenchCode(
        brand_key=code[:BRAND_KEY_LENGTH],
        record=code[BRAND_KEY_LENGTH:record_end],
        component=len(ALPHABET) * first + second,
        generation=ALPHABET.index(code[_BODY_LENGTH - 1]),
    )
