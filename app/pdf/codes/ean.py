"""EAN-13, EAN-8 and UPC-A (ISO/IEC 15420:2009): the digits, their bars, and where they are written below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.errors import ArtworkUnusable

# Widths of space, bar, space, bar for each digit in set A; C has the same with bar first, B is C backwards.
_DIGITS = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"]
# Sets of the six left digits, which say the first.
_LEFT_SETS = [
    "AAAAAA",
    "AABABB",
    "AABBAB",
    "AABBBA",
    "ABAABB",
    "ABBAAB",
    "ABBBAA",
    "ABABAB",
    "ABABBA",
    "ABBABA",
]
_GUARD, _MIDDLE = "111", "11111"
_DIGIT = 7
"""Modules a digit."""
_LENGTHS = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13"}


@dataclass(frozen=True, slots=True)
class Ean:
    """A code by its digits, the check digit among them."""

    digits: str

    @property
    def kind(self) -> str:
        """EAN-13, EAN-8 or UPC-A."""
        return _LENGTHS[len(self.digits)]

    @property
    def quiet(self) -> tuple[int, int]:
        """Least free modules on the left and on the right (table 5)."""
        return {"EAN-8": (7, 7), "UPC-A": (9, 9), "EAN-13": (11, 7)}[self.kind]

    @property
    def modules(self) -> int:
        """From the first bar to the last."""
        return 67 if self.kind == "EAN-8" else 95

    @property
    def widths(self) -> str:
        """Widths of bars and spaces in turn, in modules."""
        full = self.digits.zfill(13)
        if self.kind == "EAN-8":
            left, sets = self.digits[:4], "AAAA"
        else:
            left, sets = full[1:7], _LEFT_SETS[int(full[0])]
        right = self.digits[-len(left) :]
        lefts = (
            _DIGITS[int(digit)][:: 1 if name == "A" else -1] for digit, name in zip(left, sets, strict=True)
        )
        return "".join((_GUARD, *lefts, _MIDDLE, *(_DIGITS[int(digit)] for digit in right), _GUARD))

    @property
    def long(self) -> tuple[range, ...]:
        """Modules whose bars reach down between the digits: the guards, and a UPC-A's outer digits."""
        guard = len(_GUARD) + (_DIGIT if self.kind == "UPC-A" else 0)
        middle = self.modules // 2
        return range(guard), range(middle - 2, middle + 3), range(self.modules - guard, self.modules)

    @property
    def written(self) -> Iterator[tuple[str, int, int]]:
        """The digits below: each group with the modules from and up to which it has room."""
        digits, outer = self.digits, len(_GUARD)
        if self.kind == "UPC-A":
            first, left, right, last = digits[0], digits[1:6], digits[6:11], digits[11]
            yield last, self.modules + 1, self.modules + 1 + _DIGIT + 1
        else:
            middle = (len(digits) + 1) // 2
            first, left, right = digits[: len(digits) % 2], digits[len(digits) % 2 : middle], digits[middle:]
        if first:
            yield first, -_DIGIT - 2, -1
        start = outer + (_DIGIT if self.kind == "UPC-A" else 0)
        yield left, start, self.modules // 2 - 2
        yield right, self.modules // 2 + 3, self.modules - start


def read_ean(text: str, check_digit: Literal["given", "added"]) -> Ean:
    """The code that a text means, with its check digit verified or added.

    Args:
        text: 8, 12 or 13 digits for an EAN-8, UPC-A or EAN-13, or one digit less where it is added.
        check_digit: whether the text ends in its check digit.

    Raises:
        ArtworkUnusable: the text has other characters or another length, or its check digit is wrong.
    """
    missing = int(check_digit == "added")
    if not (text.isascii() and text.isdigit()) or len(text) + missing not in _LENGTHS:
        lengths = ", ".join(f"{length - missing} ({name})" for length, name in _LENGTHS.items())
        raise ArtworkUnusable(f"{text!r} is no EAN: it needs {lengths} digits", mend="send the digits alone")
    body = text if missing else text[:-1]
    check = str(-sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body))) % 10)
    if not missing and text[-1] != check:
        raise ArtworkUnusable(
            f"the check digit of {text} should be {check}, not {text[-1]}",
            mend="look for a mistyped digit in the record",
        )
    return Ean(body + check)
