"""Every fact that a brand's own rules may ask for, and that a card's words may rest on, in one list.

Each is read from `Facts`, so a rule sees what an occasion sees. A rule may choose by any of them; words may
only tell those that a customer expects the brand to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter

from app.domain.facts import Facts, PreviousOrder

FactValue = int | bool | str | date | datetime | frozenset[str]
Reading = Callable[[Facts], FactValue | None]


class FactType(StrEnum):
    """What kind of value a fact has, and so what it can be compared with."""

    NUMBER = "number"
    """A whole number of the fact's unit."""
    MONEY = "money"
    """Whole minor units of the brand's currency."""
    FLAG = "flag"
    """True or false."""
    TEXT = "text"
    CODES = "codes"
    """A set of codes, such as categories."""
    DATE = "date"
    """A day in the brand's time zone."""
    MOMENT = "moment"
    """An aware moment, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of an order's moment."""

    name: str
    type: FactType
    meaning: str
    """For people who write rules: what it is, as it follows "the fact is …"."""
    read: Reading = field(repr=False, compare=False)
    """Its value, or None where it is not known: a guest has no past."""
    unit: str = ""
    """What a number counts, in the plural; empty for other types."""
    expected: bool = False
    """Whether a customer expects the brand to know it, so that a card may say it."""
    personal: bool = False
    """Whether it is about the customer as a person rather than about their orders."""
    whole_history: bool = False
    """Whether it is wrong where orders from before the import are missing."""
    slots: frozenset[str] = frozenset()
    """The slots of wordings that print it, in whatever unit or form."""


def _known(read: Reading) -> Reading:
    """A reading of the customer's past, which is unknown for a guest."""
    return lambda facts: read(facts) if facts.known_customer else None


def _previous(read: Callable[[PreviousOrder], FactValue | None]) -> Reading:
    return lambda facts: None if facts.previous is None else read(facts.previous)


def _previous_days_late(facts: Facts) -> int | None:
    delay = None if facts.previous is None else facts.previous.delay(facts.at)
    return None if delay is None else delay.days


def _birthday(facts: Facts) -> str | None:
    return None if facts.birthday is None else "{:02}-{:02}".format(*facts.birthday)


_NUMBER, _MONEY, _FLAG, _TEXT = FactType.NUMBER, FactType.MONEY, FactType.FLAG, FactType.TEXT
_CODES, _DATE, _MOMENT = FactType.CODES, FactType.DATE, FactType.MOMENT

_THIS_ORDER = (
    Fact(
        name="placed_at",
        type=_MOMENT,
        meaning="when this order was placed",
        read=attrgetter("at"),
        expected=True,
    ),
    Fact(
        name="local_day",
        type=_DATE,
        meaning="the day on which this order was placed, in the brand's time zone",
        read=attrgetter("local_day"),
        expected=True,
    ),
    Fact(
        name="eligible",
        type=_FLAG,
        meaning="whether this order counts: a sale of something, no reprint, credit note or test",
        read=attrgetter("eligible"),
    ),
    Fact(
        name="value",
        type=_MONEY,
        meaning="what this order is worth",
        read=attrgetter("value"),
    ),
    Fact(
        name="quantity",
        type=_NUMBER,
        unit="pieces",
        meaning="how many pieces are in this order",
        read=attrgetter("quantity"),
    ),
    Fact(
        name="categories",
        type=_CODES,
        meaning="the categories of what is in this order",
        read=attrgetter("categories"),
        expected=True,
    ),
    Fact(
        name="channel",
        type=_TEXT,
        meaning="where this order was sold, as its sender names it",
        read=attrgetter("channel"),
    ),
    Fact(
        name="country",
        type=_TEXT,
        meaning="the country that this order goes to, such as DE",
        read=attrgetter("country"),
        expected=True,
    ),
    Fact(
        name="gift",
        type=_FLAG,
        meaning="whether this order goes to somebody else as a gift",
        read=attrgetter("gift"),
        expected=True,
    ),
    Fact(
        name="promised_at",
        type=_MOMENT,
        meaning="when this order was promised for",
        read=attrgetter("promised_at"),
        expected=True,
    ),
    Fact(
        name="days_late",
        type=_NUMBER,
        unit="days",
        meaning="how many whole days this order was past its promise when its job came in",
        read=attrgetter("days_late"),
        expected=True,
    ),
    Fact(
        name="season",
        type=_TEXT,
        meaning="the next day that this order's country keeps, such as christmas, where it is near",
        read=lambda facts: None if facts.season is None else facts.season.code,
        expected=True,
        slots=frozenset({"season"}),
    ),
)

_CUSTOMER = (
    Fact(
        name="known_customer",
        type=_FLAG,
        meaning="whether the buyer is a known customer rather than a guest",
        read=attrgetter("known_customer"),
    ),
    Fact(
        name="n_prior",
        type=_NUMBER,
        unit="orders",
        meaning="how many orders of the customer that count come before this one",
        read=_known(attrgetter("n_prior")),
        expected=True,
        whole_history=True,
    ),
    Fact(
        name="nth_ever",
        type=_NUMBER,
        unit="orders",
        meaning="which of the customer's orders this is, counting it",
        read=_known(attrgetter("nth_ever")),
        expected=True,
        whole_history=True,
        slots=frozenset({"n_orders"}),
    ),
    Fact(
        name="nth_this_year",
        type=_NUMBER,
        unit="orders",
        meaning="which of the customer's orders of this calendar year this is, counting it",
        read=_known(attrgetter("nth_this_year")),
        expected=True,
        slots=frozenset({"nth_year"}),
    ),
    Fact(
        name="spend_365",
        type=_MONEY,
        meaning="what the customer spent in the 365 days before this order, less what was given back",
        read=_known(attrgetter("spend_365")),
    ),
    Fact(
        name="high_value_from",
        type=_MONEY,
        meaning="what the brand's best customers spend at the least in 365 days, as of this order's day",
        read=attrgetter("threshold.minor"),
    ),
    Fact(
        name="new_categories",
        type=_CODES,
        meaning="the categories of this order that none of the customer's earlier orders had",
        read=_known(attrgetter("new_categories")),
        expected=True,
        slots=frozenset({"category"}),
    ),
    Fact(
        name="customer_since",
        type=_DATE,
        meaning="the day of the customer's first order",
        read=_known(attrgetter("customer_since")),
        expected=True,
        whole_history=True,
    ),
    Fact(
        name="years_a_customer",
        type=_NUMBER,
        unit="years",
        meaning="how many whole years ago the customer first ordered",
        read=_known(attrgetter("years_a_customer")),
        expected=True,
        whole_history=True,
        slots=frozenset({"years_together"}),
    ),
    Fact(
        name="birthday",
        type=_TEXT,
        meaning="the customer's birthday as month and day, such as 02-29, where they gave it to be greeted",
        read=_known(_birthday),
        expected=True,
        personal=True,
    ),
    Fact(
        name="stories",
        type=_CODES,
        meaning="what the customer told of that has its day with this order, such as wedding",
        read=_known(lambda facts: frozenset(story.about for story in facts.stories)),
        expected=True,
        personal=True,
        slots=frozenset({"years_since_story", "story_about"}),
    ),
    Fact(
        name="open_complaint",
        type=_FLAG,
        meaning="whether a complaint of the customer is open",
        read=_known(attrgetter("open_complaint")),
    ),
)

_PREVIOUS_ORDER = (
    Fact(
        name="days_since_last",
        type=_NUMBER,
        unit="days",
        meaning="how many whole days ago the customer's previous order was placed",
        read=attrgetter("days_since_last"),
        expected=True,
        whole_history=True,
        slots=frozenset({"days_since_last", "months_since_last", "years_since_last"}),
    ),
    Fact(
        name="previous_placed_at",
        type=_MOMENT,
        meaning="when the customer's previous order was placed",
        read=_previous(attrgetter("placed_at")),
        expected=True,
    ),
    Fact(
        name="previous_promised_at",
        type=_MOMENT,
        meaning="when the previous order was promised for",
        read=_previous(attrgetter("promised_at")),
        expected=True,
    ),
    Fact(
        name="previous_arrived_at",
        type=_MOMENT,
        meaning="when the previous order was delivered, or shipped where no delivery is known",
        read=_previous(attrgetter("arrived_at")),
        expected=True,
    ),
    Fact(
        name="previous_days_late",
        type=_NUMBER,
        unit="days",
        meaning="how many whole days the previous order came after its promise, or is out and past it",
        read=_previous_days_late,
        expected=True,
    ),
    Fact(
        name="previous_reprinted",
        type=_FLAG,
        meaning="whether the previous order had to be made again",
        read=_previous(lambda order: order.reprinted_at is not None),
        expected=True,
    ),
    Fact(
        name="previous_complaint",
        type=_FLAG,
        meaning="whether the customer complained about the previous order",
        read=_previous(lambda order: order.complaint_opened_at is not None),
        expected=True,
    ),
)

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in (*_THIS_ORDER, *_CUSTOMER, *_PREVIOUS_ORDER)}
"""By name, in the order in which a person looks for them."""


def facts_told(slots: Iterable[str]) -> frozenset[str]:
    """The facts, by name, that a wording tells by printing these slots.

    Slots that say nothing of the customer's orders (a name, the brand, an order number) tell none.
    """
    printed = frozenset(slots)
    return frozenset(fact.name for fact in FACTS.values() if fact.slots & printed)
