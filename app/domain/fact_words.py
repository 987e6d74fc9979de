"""How facts are said in a rule's sentence: "23rd order this year", "at least £1,225.65 spent in 365 days".

Numbers, money and dates are set by ICU in the brand's own locale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain.fact_catalogue import Fact, FactType, FactValue
from app.domain.money import Money
from app.domain.pattern import fill_numbers


@dataclass(frozen=True, slots=True)
class FactWords:
    """`label` names the fact where it is chosen from a list. `said` holds its value in the place of `{}`."""

    label: str
    said: str
    ordinal: bool = False
    """Whether its number is a place in a row: 23rd rather than 23."""
    denied: str = ""
    """Of a flag: what is said where it is not so."""


WORDS: Mapping[str, FactWords] = {
    "placed_at": FactWords("moment of this order", "placed {}"),
    "local_day": FactWords("day of this order", "ordered on {}"),
    "eligible": FactWords("this order counts", "an order that counts", denied="an order that does not count"),
    "value": FactWords("value of this order", "an order of {}"),
    "quantity": FactWords("pieces in this order", "{} in this order"),
    "categories": FactWords("categories of this order", "{} in this order"),
    "channel": FactWords("sales channel", "sold through {}"),
    "country": FactWords("country", "going to {}"),
    "gift": FactWords("this order is a gift", "a gift", denied="no gift"),
    "promised_at": FactWords("promise of this order", "promised for {}"),
    "days_late": FactWords("days this order is late", "{} late"),
    "season": FactWords("season", "close to {}"),
    "known_customer": FactWords("the customer is known", "a known customer", denied="a guest"),
    "n_prior": FactWords("orders before this one", "{} before this one"),
    "nth_ever": FactWords("order ever", "{} order ever", ordinal=True),
    "nth_this_year": FactWords("order this year", "{} order this year", ordinal=True),
    "spend_365": FactWords("spent in 365 days", "{} spent in 365 days"),
    "high_value_from": FactWords("what the best customers spend", "{} as the best customers’ least"),
    "new_categories": FactWords("categories never ordered before", "{} for the first time"),
    "customer_since": FactWords("customer since", "a customer since {}"),
    "years_a_customer": FactWords("years a customer", "{} a customer"),
    "birthday": FactWords("birthday", "birthday on {}"),
    "stories": FactWords("stories of this day", "the day of {}"),
    "open_complaint": FactWords("a complaint is open", "an open complaint", denied="no open complaint"),
    "days_since_last": FactWords("days since the previous order", "{} since the previous order"),
    "previous_placed_at": FactWords("previous order placed", "previous order placed {}"),
    "previous_promised_at": FactWords("previous order promised", "previous order promised for {}"),
    "previous_arrived_at": FactWords("previous order arrived", "previous order arrived {}"),
    "previous_days_late": FactWords("days the previous order was late", "previous order {} late"),
    "previous_reprinted": FactWords(
        "the previous order was remade", "previous order remade", denied="previous order not remade"
    ),
    "previous_complaint": FactWords(
        "complaint about the previous order",
        "a complaint about the previous order",
        denied="no complaint about the previous order",
    ),
}
"""By the fact's name; a test holds this list to the catalogue."""
_SINGULAR = {"orders": "order", "days": "day", "pieces": "piece", "years": "year"}


@dataclass(frozen=True, slots=True)
class Locale:
    """How a brand writes numbers, money and dates."""

    language: str
    currency: str
    zone: ZoneInfo

    def value(self, fact: Fact, value: FactValue) -> str:
        """One value of a fact, as people write it."""
        match value:
            case int():
                return self.money(value) if fact.type is FactType.MONEY else self.number(fact, value)
            case datetime():
                local = value.astimezone(self.zone)
                return f"{self.day(local.date())}, {local:%H:%M}"
            case date():
                return self.day(value)
            case frozenset():
                return ", ".join(sorted(value)) or "nothing"
            case str():
                return value

    def money(self, minor: int) -> str:
        """Minor units as money: £5,341.00."""
        pattern = f"{{n, number, ::currency/{self.currency}}}"
        return fill_numbers(pattern, self.language, Money(minor, self.currency).major)

    def number(self, fact: Fact, value: int) -> str:
        """23rd, or 3 days, or 1,200 pieces."""
        if WORDS[fact.name].ordinal:
            return fill_numbers("{n, ordinal}", self.language, value)
        said = fill_numbers("{n, number}", self.language, value)
        unit = _SINGULAR[fact.unit] if abs(value) == 1 else fact.unit
        return f"{said} {unit}"

    def day(self, day: date) -> str:
        """A day in the locale's usual form, without its zone's doing."""
        at_noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 -- a day of the calendar, no moment
        return fill_numbers("{n, date, ::yMMMd}", self.language, at_noon)
