"""Values of settings as controls have them, and back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any

from app.web.pages.settings_fields import Kind

_PERCENT = Decimal(100)


def written(kind: Kind, value: Any) -> Any:
    """A value of the document as its control has it: a text, the chosen values, or whether it is on."""
    if kind in _WRITE:
        return _WRITE[kind](value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def read(kind: Kind, given: Collection[str]) -> Any:
    """What somebody wrote in a control, as a value of the document; None: nothing.

    What is no number stays text, so that the checks of all settings say what is wrong with it.
    """
    first = next(iter(given), "").strip()
    if kind is Kind.CHOICES:
        return sorted(given)
    if kind in _READ:
        return _READ[kind](first)
    return first or None


def _percent(share: float | str | None) -> str:
    if share is None or isinstance(share, str):  # what was written was no number
        return share or ""
    return f"{(Decimal(str(share)) * _PERCENT).normalize():f}"


def _share(text: str) -> float | str | None:
    with suppress(InvalidOperation):
        return float(Decimal(text.removesuffix("%").strip()) / _PERCENT)
    return text or None


def _number(text: str) -> int | float | str | None:
    for of in (int, float):
        with suppress(ValueError):
            return of(text)
    return text or None


def _numbers(text: str) -> list[int | float | str | None]:
    return [_number(part.strip()) for part in text.split(",") if part.strip()]


def _codes(text: str) -> list[str] | None:
    """None where nothing is said: a brand without its own says nothing."""
    return [part.strip() for part in text.split(",") if part.strip()] or None


def _table(text: str) -> dict[str, str]:
    lines = (line.partition("=") for line in text.splitlines() if line.strip())
    return {key.strip(): value.strip() for key, _, value in lines}


def _lines(table: Mapping[str, str] | None) -> str:
    return "\n".join(f"{key} = {value}" for key, value in (table or {}).items())


def _inks(text: str) -> list[float | str | None] | None:
    return [_share(part) for part in text.replace(",", " ").split()] or None


def _choice(text: str) -> bool | str | None:
    return {"true": True, "false": False}.get(text, text or None)


_WRITE: dict[Kind, Callable[[Any], Any]] = {
    Kind.CHOICES: lambda value: tuple(value or ()),
    Kind.SWITCH: bool,
    Kind.PERCENT: _percent,
    Kind.NUMBERS: lambda value: ", ".join(str(number) for number in value or ()),
    Kind.WORDS: lambda value: ", ".join(value or ()),
    Kind.TABLE: _lines,
    Kind.INKS: lambda value: " ".join(_percent(part) for part in value or ()),
    Kind.DATE: lambda value: str(value or "")[: len("2026-01-31")],
}
_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.SWITCH: bool,
    Kind.PERCENT: _share,
    Kind.NUMBER: _number,
    Kind.NUMBERS: _numbers,
    Kind.CHOICE: _choice,
    Kind.WORDS: _codes,
    Kind.TABLE: _table,
    Kind.INKS: _inks,
}
