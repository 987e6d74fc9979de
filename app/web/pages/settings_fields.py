"""The settings that the page shows: where each stands in a brand's document, and how people say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.brand_settings import Path
from app.domain.policy import CardsPer, Intent


class Kind(StrEnum):
    """How a value is shown and written."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    """A share, as percent."""
    NUMBERS = "numbers"
    """Several numbers, with commas."""
    DATE = "date"
    SWITCH = "switch"
    CHOICE = "choice"
    """One of several."""
    CHOICES = "choices"
    """Any of several."""
    ZONE = "zone"
    WORDS = "words"
    """Several codes, with commas."""
    TABLE = "table"
    """Lines such as `first = to our first customers`."""
    INKS = "inks"
    """Cyan, magenta, yellow and black, in percent."""
    FIXED = "fixed"
    """Shown, and never changed: codes and history are made of it."""


Options = tuple[tuple[str, str], ...]
"""Values and their words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting. `options` names a list of the page's own, or is one."""

    path: Path
    label: str
    help: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    options: Options | str = ()

    @property
    def name(self) -> str:
        """Its name in the form."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Settings that belong together."""

    code: str
    title: str
    about: str
    fields: tuple[Field, ...]


def _policy(name: str, label: str, help_: str, **more: Any) -> Field:
    return Field(path=("policy", *name.split(".")), label=label, help=help_, **more)


INTENTS: Options = (
    (Intent.NOTE, "a note, which wants nothing"),
    (Intent.GIFT, "a gift, such as a voucher"),
    (Intent.ASK, "an ask, such as for a review"),
)
CARDS_PER: Options = (
    (CardsPer.ORDER, "order"),
    (CardsPer.PARCEL, "parcel: the others’ cards are generic"),
    (CardsPer.JOB, "job: the others’ cards are generic"),
)
GROUPS = (
    Group(
        code="brand",
        title="Brand",
        about="What holds for every card.",
        fields=(
            Field(path=("name",), label="Name", help="As cards say it."),
            Field(path=("key",), label="Key", help="Begins the codes of its cards.", kind=Kind.FIXED),
            Field(path=("currency",), label="Currency", help="Its money is counted in.", kind=Kind.FIXED),
            Field(
                path=("languages",),
                label="Languages",
                help="Of its cards, such as en, de; the first where an order says none.",
                kind=Kind.WORDS,
            ),
            Field(
                path=("time_zone",),
                label="Time zone",
                help="Where its days and years begin and end: the 23rd order of the year is counted here.",
                kind=Kind.ZONE,
            ),
            Field(
                path=("template",),
                label="Card template",
                help="The design, its paper and its words.",
                kind=Kind.CHOICE,
                options="templates",
            ),
            Field(
                path=("target",),
                label="Hand-over",
                help="Where finished cards go.",
                kind=Kind.CHOICE,
                options="targets",
            ),
            Field(
                path=("needed_by_minutes",),
                label="An order is due after",
                help="Where the order itself does not say when it is packed.",
                kind=Kind.NUMBER,
                unit="minutes",
            ),
            Field(
                path=("link",),
                label="Where the code leads",
                help="An https address; {order} becomes tipin’s order id.",
            ),
        ),
    ),
    Group(
        code="signer",
        title="Signer",
        about="A real person. Cards that are planned already keep the signer they were planned with.",
        fields=(
            Field(path=("signer", "name"), label="Name", help="As it is signed."),
            Field(
                path=("signer", "typeface"),
                label="Hand",
                help="The typeface of their handwriting.",
                kind=Kind.CHOICE,
                options="typefaces",
            ),
            Field(
                path=("signer", "signature_width"),
                label="Signature’s width",
                help="As it was written; 80 mm at most.",
                unit="mm",
                kind=Kind.NUMBER,
            ),
        ),
    ),
    Group(
        code="moments",
        title="Moments",
        about="What counts as an occasion.",
        fields=(
            _policy(
                "milestones",
                "Orders of a year",
                "Worth a card where the customer is of high value, such as 23, 50.",
                kind=Kind.NUMBERS,
            ),
            _policy("milestones_ever", "Orders ever", "Worth a card for anybody.", kind=Kind.NUMBERS),
            _policy(
                "threshold_percentile",
                "High value begins at",
                "The share of the year’s customers who spent less.",
                kind=Kind.PERCENT,
                unit="%",
            ),
            _policy(
                "smallest_population",
                "Compared from",
                "With fewer customers in the year, nobody is of high value yet.",
                kind=Kind.NUMBER,
                unit="customers",
            ),
            _policy(
                "lead_days",
                "Keep days of the year ahead",
                "Birthdays and anniversaries this many days early, for a parcel travels.",
                kind=Kind.NUMBER,
                unit="days",
            ),
            _policy(
                "season_days",
                "A season begins",
                "So long before the day that the order’s country keeps.",
                kind=Kind.NUMBER,
                unit="days before",
            ),
            _policy(
                "strict_new_category",
                "Something new is all new",
                "Only where every category of the order is new to the customer.",
                kind=Kind.SWITCH,
            ),
            _policy(
                "history_complete_since",
                "History is complete since",
                "Until a date is given, nobody is greeted as new or as back again: they may be neither.",
                kind=Kind.DATE,
            ),
        ),
    ),
    Group(
        code="caps",
        title="How often",
        about="A card that comes too often is no surprise. 0 days is no cap.",
        fields=(
            _policy(
                "soft_gap_days",
                "After any card, wait",
                "Before a card of the lighter kind.",
                kind=Kind.NUMBER,
                unit="days",
            ),
            _policy(
                "soft_gap_to_soft_days",
                "Between two of the lighter kind",
                "Such as something new, or a season.",
                kind=Kind.NUMBER,
                unit="days",
            ),
            _policy(
                "soft_skip",
                "Leave out at random",
                "Of the lighter kind, so that nobody learns to expect a card.",
                kind=Kind.PERCENT,
                unit="%",
            ),
            _policy(
                "recovery_gap_days",
                "After trouble, once in",
                "The next trouble within this time is for a person to write about.",
                kind=Kind.NUMBER,
                unit="days",
            ),
        ),
    ),
    Group(
        code="photos",
        title="Photos",
        about="What is printed with customers’ photos, where, and how long they are kept.",
        fields=(
            Field(
                path=("photos", "products"),
                label="Products",
                help="A line for each beginning of a SKU, such as MUG- = mug-11oz.",
                kind=Kind.TABLE,
            ),
            Field(
                path=("photos", "target"),
                label="Hand-over of items",
                help="Where finished photo items go; where none is named, with the cards.",
            ),
            Field(
                path=("photos", "consent_by_contract"),
                label="Customers agree in the shop’s terms",
                help="Else each order has to say that the people in its photo agreed.",
                kind=Kind.SWITCH,
            ),
            Field(
                path=("photos", "keep_days"),
                label="A photo is kept for",
                help="Where its order does not say; then it is deleted everywhere.",
                kind=Kind.NUMBER,
                unit="days",
            ),
        ),
    ),
    Group(
        code="measuring",
        title="Measuring",
        about="Some customers get no cards: what cards do is then known. Those after trouble always go.",
        fields=(
            _policy("holdout", "Without cards", "50 % at most.", kind=Kind.PERCENT, unit="% of customers"),
            _policy("experiment", "Name of the trial", "Another name draws these customers anew."),
        ),
    ),
    Group(
        code="cards",
        title="Cards",
        about="What a card may be, and how many an order gets.",
        fields=(
            _policy(
                "cards_per",
                "One card for each",
                "An order is welcomed once, however many cards it gets.",
                kind=Kind.CHOICE,
                options=CARDS_PER,
            ),
            _policy(
                "intents", "A card may be", "What it wants of its reader.", kind=Kind.CHOICES, options=INTENTS
            ),
            _policy(
                "mixed_intents",
                "Several in one card",
                "A discount in a letter of thanks takes the thanks away.",
                kind=Kind.SWITCH,
            ),
            _policy("most_facts", "Facts a card may tell", "About the customer: 0 to 2.", kind=Kind.NUMBER),
            _policy("gift_cards", "Gifts get a card", "It speaks to the recipient.", kind=Kind.SWITCH),
            _policy(
                "hand_signed.from_order",
                "Signed by hand from order",
                "The customer’s order of this number, ever, and each later one.",
                kind=Kind.NUMBER,
            ),
            _policy(
                "hand_signed.from_spend_minor",
                "Signed by hand from a spend of",
                "In the trailing 365 days, in the smallest unit of the currency, such as cents.",
                kind=Kind.NUMBER,
            ),
            _policy(
                "hand_signed.occasions",
                "Always signed by hand",
                "Cards of these occasions wait for a person’s pen.",
                kind=Kind.CHOICES,
                options="occasions",
            ),
        ),
    ),
    Group(
        code="late",
        title="When a card is late",
        about="Personal, then the brand’s generic card, then none: the order does not wait.",
        fields=(
            _policy(
                "generic_before_minutes",
                "Generic card from",
                "So long before the order is due.",
                kind=Kind.NUMBER,
                unit="minutes before",
            ),
            _policy(
                "holds_orders",
                "Orders wait for their card",
                "Until a person decides. Off: an order goes out without.",
                kind=Kind.SWITCH,
            ),
        ),
    ),
)
"""In the order of the page, which `settings_parts` goes on with: what depends on languages and channels.

The priority of occasions has a part of its own.
"""
