"""Cells of a history file as values: moments, amounts, names. What is none is a `Fault` of its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.domain.history_mapping import ISO, UNIX, UNIX_MS
from app.domain.money import CURRENCIES
from app.wire.fields import EARLIEST, LONGEST_CODE, MOST_MINOR
from app.wire.tables.table import Cell

_SHOWN = 60
_WHOLE_DAY = 10
"""Characters of a date without a time, in ISO 8601."""
_END_OF_DAY = time(23, 59, 59)
_SPACED_ZONE = re.compile(r"\s+(?:([+-]\d\d:?\d\d)|UTC|GMT)$")
_SURELY_BELOW = len(str(MOST_MINOR)) - 1
"""Digits of a number that is surely below `MOST_MINOR`."""
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_YES, _NO = frozenset({"1", "true", "yes", "y"}), frozenset({"", "0", "false", "no", "n"})
_PLAIN = re.compile(r"(-?\d{1,12})\.(\d\d)", re.ASCII)
_AMOUNT = r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:[%s'’\s][0-9]{3})+|[0-9]+)(?:%s(?P<part>[0-9]+))?"
_AMOUNTS = {".": re.compile(_AMOUNT % (",", r"\.")), ",": re.compile(_AMOUNT % (r"\.", ","))}
"""By the decimal mark; the other one may stand between thousands."""
_UNIT = re.compile(r"^[^\d+\-.,]*([+-]?)[^\d+\-.,]*|[^\d]*$")
"""What stands before and after the digits: a currency's sign or code, and blanks."""

Moment: TypeAlias = Callable[[Cell], datetime | None]


class Fault(Exception):
    """A field cannot be understood. `detail` quotes no cell, so that reasons can be counted and shown."""

    def __init__(self, field: str, detail: str, mend: str, said: Cell = None) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail
        self.mend = mend
        self.said = "" if said is None else str(said)[:_SHOWN]


def text_of(cell: Cell) -> str:
    """A cell as text, trimmed; empty where there is nothing. Whole numbers are written without a fraction."""
    if type(cell) is str:
        return cell.strip()
    if cell is None:
        return ""
    if (isinstance(cell, float) and cell.is_integer()) or (isinstance(cell, Decimal) and cell % 1 == 0):
        return str(int(cell))
    return str(cell)


def code(field: str, cell: Cell) -> str:
    """A name such as an order's id, or empty: one line, not over 128 characters."""
    text = cell.strip() if type(cell) is str else text_of(cell)
    if len(text) > LONGEST_CODE:
        raise Fault(field, f"is over {LONGEST_CODE} characters", "check which column it is", text)
    if not text.isprintable():
        raise Fault(field, "holds a control character", "take it out", text)
    return text


def yes(field: str, cell: Cell) -> bool:
    """Whether a cell says yes."""
    word = text_of(cell).lower()
    if word not in _YES | _NO:
        raise Fault(field, "is neither yes nor no", "write yes or no, true or false, 1 or 0", cell)
    return word in _YES


def country(field: str, cell: Cell) -> str | None:
    """A country's two letters, in any case; None where there is nothing."""
    text = text_of(cell).upper()
    if text and not _COUNTRY.fullmatch(text):
        raise Fault(field, "is no country of two letters", "write the code of ISO 3166-1, such as DE", cell)
    return text or None


def gift(field: str, cell: Cell) -> bool:
    """Whether an order is a gift: a cell says so or, in JSON, an object tells of it."""
    return isinstance(cell, dict) or yes(field, cell)


def amount(field: str, cell: Cell, currency: str, decimal: str) -> int:
    """An amount in minor units, exact.

    Args:
        field: its name.
        cell: a number, or text such as `1,234.50`, `€ 12,30` or `-5.00`.
        currency: ISO 4217; says how many decimals there are.
        decimal: the mark before them; the other mark, blanks and apostrophes may stand between thousands.
    """
    digits = CURRENCIES[currency]
    if type(cell) is str and decimal == "." and digits == 2 and (plain := _PLAIN.fullmatch(cell)):  # noqa: PLR2004 -- most currencies
        return int(plain[1] + plain[2])
    if isinstance(cell, bool):
        raise Fault(field, "is no amount", "check which column it is", cell)
    written = _written(cell, decimal)
    sign, text = _without_unit(written)
    found = _AMOUNTS[decimal].fullmatch(text)
    if found is None or (sign and found["sign"]):
        mark = "point" if decimal == "." else "comma"
        raise Fault(
            field, f"is no amount with a decimal {mark}", 'set decimal = "." or "," in the mapping', cell
        )
    part = found["part"] or ""
    if part[digits:].strip("0"):
        raise Fault(field, f"has more decimals than {currency} has", "round it, or check the currency", cell)
    minor = int(re.sub(r"\D", "", found["whole"]) + part[:digits].ljust(digits, "0"))
    if minor > MOST_MINOR:
        raise Fault(field, "is too large", "check which column it is", cell)
    return -minor if "-" in (sign, found["sign"]) else minor


def whole(field: str, cell: Cell) -> int:
    """A whole number."""
    if type(cell) is int and -MOST_MINOR <= cell <= MOST_MINOR:
        return cell
    if type(cell) is str and cell.isdigit() and len(cell) <= _SURELY_BELOW and cell.isascii():
        return int(cell)
    text = text_of(cell)
    if not _WHOLE.fullmatch(text):
        raise Fault(field, "is no whole number", "write digits only", cell)
    number = int(text)
    if not -MOST_MINOR <= number <= MOST_MINOR:
        raise Fault(field, "is too large", "check which column it is", cell)
    return number


def quick_moment_reader(
    field: str, written: str, zone: ZoneInfo, *, latest: datetime, ends_day: bool
) -> Moment:
    """`moment_reader` with a short cut for moments of ISO 8601 that name their zone.

    What the short cut does not take, the careful reading takes or refuses; a test holds one to the other.
    """
    careful = moment_reader(field, written, zone, latest=latest, ends_day=ends_day)
    if written != ISO:
        return careful

    def read(cell: Cell) -> datetime | None:
        if type(cell) is not str or len(cell) <= _WHOLE_DAY:
            return careful(cell)
        # "2025-03-01 09:30:00 +0100", as Shopify writes it.
        text = cell[:-6] + cell[-5:] if cell[-6] == " " and cell[-5] in "+-" else cell
        try:
            found = datetime.fromisoformat(text)
            if found.tzinfo is not UTC:
                if found.tzinfo is None:
                    return careful(cell)
                found = found.astimezone(UTC)
        except (ValueError, OverflowError):
            return careful(cell)
        return found if EARLIEST <= found <= latest else careful(cell)

    return read


def moment_reader(field: str, written: str, zone: ZoneInfo, *, latest: datetime, ends_day: bool) -> Moment:
    """A function from a cell to a moment in UTC, or None where there is nothing.

    Args:
        field: its name.
        written: iso, unix, unix_ms, or a format of strptime.
        zone: of moments that name none.
        latest: what lies behind it is refused.
        ends_day: whether a date without a time is the end of that day, and not its start.
    """
    parse = _PARSERS.get(written) or _by_format(written)
    whole_days = not re.search(r"%[HIMSpfXcT]", written) and written not in _PARSERS

    def read(cell: Cell) -> datetime | None:
        if cell is None or cell == "":
            return None
        try:
            if type(cell) is str:
                text = cell.strip()
                found, is_day = parse(text), whole_days or (len(text) == _WHOLE_DAY and written == ISO)
            else:
                found, is_day = _typed(cell) or (parse(text_of(cell)), whole_days)
            if is_day and ends_day:
                found = datetime.combine(found, _END_OF_DAY, found.tzinfo)
            moment = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            mend = 'name how dates are written in the mapping, such as dates = "%d.%m.%Y %H:%M"'
            raise Fault(field, f"is no moment of the form {written}", mend, cell) from None
        if not EARLIEST <= moment <= latest:
            span = f"{EARLIEST:%Y-%m-%d} to {latest:%Y-%m-%d}"
            raise Fault(field, f"lies outside {span}", "check the year, and how dates are written", cell)
        return moment

    return read


def _written(cell: Cell, decimal: str) -> str:
    if isinstance(cell, int | float | Decimal):
        plain = format(Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell), "f")
        return plain.replace(".", decimal)
    return text_of(cell)


def _without_unit(text: str) -> tuple[str, str]:
    """The sign that stands before a currency's, and the digits with what is between them."""
    if text.startswith("(") and text.endswith(")"):
        return "-", text[1:-1].strip()
    head = _UNIT.match(text)
    start = head.end() if head else 0
    sign = head[1] or "" if head else ""
    end = len(text)
    while end > start and not text[end - 1].isdigit():
        end -= 1
    return sign, text[start:end]


def _typed(cell: Cell) -> tuple[datetime, bool] | None:
    """A moment that the file has as such, and whether it is a whole day."""
    if isinstance(cell, datetime):
        return cell, False
    if isinstance(cell, date):
        return datetime.combine(cell, time()), True
    return None


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        # "2025-03-01 09:30:00 +0100" and "… UTC", as many exports write them.
        if spaced := _SPACED_ZONE.search(text):
            return datetime.fromisoformat(text[: spaced.start()] + (spaced[1] or "+00:00"))
        raise


def _unix(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)


def _unix_ms(text: str) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))


def _by_format(written: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, written)  # noqa: DTZ007 -- its zone is added by `moment_reader`


_PARSERS: dict[str, Callable[[str], datetime]] = {ISO: _iso, UNIX: _unix, UNIX_MS: _unix_ms}
