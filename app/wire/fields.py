"""Types of the fields that inbound orders have in common, with the rules each must keep.

A text that passes here is safe to store and to set: NFC, trimmed, without control characters or bidirectional
overrides. It is still plain text, which whoever writes it into markup must escape.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from app.domain.facts import DayOfYear
from app.domain.money import CURRENCIES

LONGEST_NAME = 200
LONGEST_LINE = 500
LONGEST_NOTE = 2_000
LONGEST_CODE = 128
LONGEST_LOCATION = 4_000
MOST_QUANTITY = 1_000_000
MOST_JOBS = 500
MOST_MINOR = 10**12


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule may know besides the field: the moment of arrival, and the brand's time zone."""

    received_at: datetime
    zone: ZoneInfo


EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(days=1)
FARTHEST_PROMISE = timedelta(days=5 * 365)
_LEAP_YEAR = 2000
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = frozenset("\u2028\u2029")
_WITHIN_NOTES = frozenset("\n\t")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)
_TAG = re.compile(r"<\s*[/!?a-zA-Z]")


def violation(code: str, message: str, mend: str) -> PydanticCustomError:
    """A pydantic error that carries its mend (see `reading`)."""
    return PydanticCustomError(code, "{message}", {"message": message, "mend": mend})


def _clean(text: str, allowed: frozenset[str] = frozenset()) -> str:
    text = unicodedata.normalize("NFC", text).strip()
    for character in text:
        if character in allowed:
            continue
        if character in _OVERRIDES:
            shown = f"U+{ord(character):04X}"
            raise violation(
                "bidi_override",
                f"holds {shown}, which turns the reading direction around",
                "take it out; right-to-left scripts need no override",
            )
        if character in _BREAKS or unicodedata.category(character) in {"Cc", "Cs"}:
            shown = f"U+{ord(character):04X}"
            raise violation("control_character", f"holds the control character {shown}", "take it out")
    return text


def _line(text: str) -> str:
    return _clean(text)


def _note(text: str) -> str:
    return _clean(text.replace("\r\n", "\n"), _WITHIN_NOTES)


def _name(text: str) -> str:
    text = _clean(text)
    if _TAG.search(text):
        raise violation("markup", "holds markup, which is no part of a name", "send the name as plain text")
    return text


def _code(text: str) -> str:
    text = _clean(text)
    if not text:
        raise violation("empty", "is empty", "send at least one character")
    return text


def _currency(code: str) -> str:
    code = code.strip().upper()
    if code not in CURRENCIES:
        raise violation(
            "unknown_currency",
            f"{code[:12]!r} is not an ISO 4217 currency code",
            "send three letters such as EUR",
        )
    return code


def _language(tag: str) -> str:
    tag = tag.strip().replace("_", "-")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag):
        raise violation("language", "is not a BCP 47 language tag", "send a tag such as de or en-GB")
    return tag


def _rfc3339(value: object) -> object:
    if isinstance(value, str) and _RFC3339.fullmatch(value):
        return value
    raise violation(
        "moment",
        "is not a moment with its time zone",
        "send RFC 3339, such as 2025-11-03T09:12:00+01:00",
    )


def _whole_day(value: object) -> object:
    if isinstance(value, str) and _DATE.fullmatch(value):
        return f"{value}T23:59:59"
    return value


def _zoned(moment: datetime, info: ValidationInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=_setting(info).zone)


def _past(moment: datetime, info: ValidationInfo) -> datetime:
    return _between(moment, _setting(info).received_at + CLOCKS_DIFFER)


def _coming(moment: datetime, info: ValidationInfo) -> datetime:
    return _between(moment, _setting(info).received_at + FARTHEST_PROMISE)


def _between(moment: datetime, latest: datetime) -> datetime:
    if not EARLIEST <= moment <= latest:
        raise violation(
            "date_out_of_range",
            f"{moment.isoformat()} lies outside {EARLIEST:%Y-%m-%d} to {latest:%Y-%m-%d}",
            "check the year, and the sender's clock",
        )
    return moment.astimezone(UTC)


def _birthday(text: str) -> str:
    try:
        date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError as error:
        raise violation("birthday", "is no day of the year", "write month and day, such as 05-17") from error
    return text


def day_of_year(birthday: str | None) -> DayOfYear | None:
    """A birthday as it was sent, as the day that comes every year."""
    if birthday is None:
        return None
    month, day = birthday.split("-")
    return DayOfYear(int(month), int(day))


def _setting(info: ValidationInfo) -> Setting:
    if not isinstance(info.context, Setting):
        raise TypeError("these fields are validated by `reading.read`, which hands in a Setting")
    return info.context


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except ValueError as error:
        raise violation("base64", "is no base64", "encode the file by RFC 4648, section 4") from error
    return text


def inline_bytes(text: str | None) -> bytes:
    """A file that came inside a body; empty where none did."""
    return base64.b64decode(text or "")


InlineFile = Annotated[str, AfterValidator(_base64)]
"""A file in base64."""
Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_name)]
"""A person's name: one line that may be printed."""
Line = Annotated[str, Field(max_length=LONGEST_LINE), AfterValidator(_line)]
"""Any other single line."""
Location = Annotated[str, Field(max_length=LONGEST_LOCATION), AfterValidator(_line)]
"""Where artwork lies; signed URLs are long."""
Note = Annotated[str, Field(max_length=LONGEST_NOTE), AfterValidator(_note)]
"""A text that may have line breaks."""
Code = Annotated[str, Field(min_length=1, max_length=LONGEST_CODE), AfterValidator(_code)]
"""The sender's own name of a thing: an order number, a SKU."""
BirthdayText = Annotated[str, Field(pattern=r"^\d\d-\d\d$", examples=["05-17"]), AfterValidator(_birthday)]
"""Month and day, such as `05-17`; the year of birth is nobody's business."""
Quantity = Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
Currency = Annotated[str, Field(max_length=12), AfterValidator(_currency)]
Language = Annotated[str, Field(max_length=35), AfterValidator(_language)]
Amount = Annotated[Decimal, Field(ge=0, le=MOST_MINOR, allow_inf_nan=False)]
"""Money in major units, exact."""
Past = Annotated[datetime, BeforeValidator(_rfc3339), AfterValidator(_past)]
"""A moment that has been, with its time zone; as UTC."""
Coming = Annotated[datetime, BeforeValidator(_rfc3339), AfterValidator(_coming)]
"""A promised moment, with its time zone; as UTC."""
LocalPast = Annotated[datetime, AfterValidator(_zoned), AfterValidator(_past)]
"""A moment that has been; in the brand's time zone where it names none."""
LocalDay = Annotated[datetime, BeforeValidator(_whole_day), AfterValidator(_zoned), AfterValidator(_coming)]
"""A promised moment, in the brand's time zone where it names none; a bare date is the end of that day."""
