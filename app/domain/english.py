"""Numbers in the English of reasons, which operators read. Cards speak through ICU in their own language."""

from __future__ import annotations

from datetime import timedelta

from app.domain.money import CURRENCIES, Money

_SIGNS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}
_TEENS = range(11, 14)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 23rd, 1,001st."""
    ending = "th" if number % 100 in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def amount(minor: int, currency: str) -> str:
    """£5,341.00, −£2.95, or 12.500 KWD where the currency has no sign of its own."""
    sign = _SIGNS.get(currency)
    if sign is None:
        return str(Money(minor, currency))
    digits = CURRENCIES[currency]
    return f"{'−' if minor < 0 else ''}{sign}{abs(Money(minor, currency).major):,.{digits}f}"


def plural(number: int, word: str) -> str:
    """1 day, 2 days."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def span(length: timedelta) -> str:
    """A length in its largest fitting unit: 3 days, 5 hours, 12 minutes, 40 seconds."""
    seconds = int(length.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return plural(seconds // size, unit)
    return plural(seconds, "second")
