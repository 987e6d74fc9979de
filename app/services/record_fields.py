"""The fields of a record, each held to what it must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.occasion import SlotValue
from app.errors import RecordUnusable, WordingUnusable

_LONGEST_ID = 100
_LONGEST_TEXT = 2_000
_LARGEST_SEED = 1 << 48


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A text that must be there.

    Raises:
        RecordUnusable: it is not that.
    """
    value = optional_text(fields, name)
    if value is None:
        raise RecordUnusable(f"{name} is missing", mend="add it")
    return value


def optional_text(fields: Mapping[str, Any], name: str) -> str | None:
    """A text, or None where it is missing or empty.

    Raises:
        RecordUnusable: it is not that.
    """
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordUnusable(f"{name} must be text, not {_kind(value)}", mend="put it in quotes")
    return value or None


def identity_of(value: Any) -> str:
    """A record's id.

    Raises:
        RecordUnusable: it is not that.
    """
    if value in ("", None):
        raise RecordUnusable("id is missing", mend="name each record by an id of its own")
    said = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(said, str) or not said.isprintable() or len(said) > _LONGEST_ID:
        raise RecordUnusable(
            f"id is not a text of up to {_LONGEST_ID} printable characters",
            mend="use a short key, such as A-4711",
        )
    return said


def link_of(value: Any, *, needed: bool) -> str:
    """The link of the QR code, or empty where the template shows none and none is said.

    Raises:
        RecordUnusable: it is not that.
    """
    if value in ("", None):
        if needed:
            raise RecordUnusable(
                "url is missing", mend="add the link that the QR code leads to", frame="the QR code"
            )
        return ""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise RecordUnusable("url is no link", mend="write https://…", frame="the QR code")
    return value


def seed_of(value: Any, *, all_text: bool) -> int | None:
    """The handwriting's seed, or None where it is left open.

    Raises:
        RecordUnusable: it is not that.
    """
    if value in ("", None):
        return None
    number = _whole(value, all_text=all_text)
    if number is None or not 0 <= number < _LARGEST_SEED:
        raise RecordUnusable(
            "seed is no whole number from 0 up to 2^48", mend="leave it out, or write such as 7"
        )
    return number


def slot_value(name: str, value: Any, kind: str, *, all_text: bool) -> SlotValue:
    """What fills a slot, by the type that the template gives it.

    Raises:
        RecordUnusable: it is not that.
    """
    if kind == "number":
        number = _whole(value, all_text=all_text)
        if number is None:
            raise RecordUnusable(
                f"{name} must be a whole number, not {_kind(value)}", mend="write such as 23"
            )
        return number
    if not isinstance(value, str):
        raise RecordUnusable(f"{name} must be text, not {_kind(value)}", mend="put it in quotes")
    if len(value) > _LONGEST_TEXT:
        # A shorter wording would fit, and leave out in silence what this record was made to say.
        detail = f"{name} has {len(value):,} characters; no card has room for {_LONGEST_TEXT:,}"
        raise RecordUnusable(detail, mend="shorten it")
    return value


def _whole(value: Any, *, all_text: bool) -> int | None:
    if all_text and isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a fraction", list: "a list", dict: "an object"}
    return names.get(type(value), f"{value!r:.40}")


def missing_slots(slots: list[str], where: str) -> WordingUnusable:
    """That slots are missing."""
    return WordingUnusable(
        f"{', '.join(slots)} is missing, which {where} needs",
        mend="add it, or choose another occasion or variant",
    )


def unknown_name(what: str, said: str, known: Iterable[str]) -> RecordUnusable:
    """That there is nothing of that name."""
    return RecordUnusable(f"{said!r:.60} is no {what}", mend=f"use one of: {', '.join(sorted(known))}")
