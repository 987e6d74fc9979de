"""What a brand decides about its cards: priorities, caps, surprise, holdout, and how many an order may have.

The values are checked when they are made, wherever they come from (brand.toml, the settings page, a test), so
nothing that contradicts itself is ever in force. A cap of zero days is no cap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.occasion import RULE_PREFIX
from app.errors import PolicyUnusable, Violation

MOST_FACTS = 2
"""What a customer would call knowing too much begins at three."""
LARGEST_HOLDOUT = 0.5
"""A larger arm without cards tells no more than one of half."""
MOST_DAYS_AHEAD = 60
"""A card about a day that is farther off would be a riddle."""
_LONGEST_GAP = timedelta(days=3650)


class CardsPer(StrEnum):
    """What one card goes with."""

    ORDER = "order"
    PARCEL = "parcel"
    """Every parcel of the order; the first one's card speaks of the occasion, the others' are generic."""
    JOB = "job"
    """Every job of the order, likewise."""


class Intent(StrEnum):
    """What a card wants of its reader."""

    NOTE = "note"
    """Nothing."""
    GIFT = "gift"
    """It gives something, such as a voucher."""
    ASK = "ask"
    """It asks for something, such as a review or a further order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSigned:
    """Which cards a person should sign by hand: any one of these is enough. None never is."""

    occasions: frozenset[str] = frozenset()
    from_order: int | None = 100
    """The customer's order of this number, counted over all time, and every later one."""
    from_spend_minor: int | None = None
    """Spent in the 365 days before, in minor units of the brand's currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPolicy:
    """What is otherwise on one sales channel, as orders name it. None: as for the brand."""

    channel: str
    cards: bool = True
    """Whether orders of this channel get cards at all."""
    order: tuple[str, ...] | None = None
    switched_off: frozenset[str] | None = None
    cards_per: CardsPer | None = None
    intents: frozenset[Intent] | None = None
    soft_skip: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionPolicy:
    """The brand's occasion settings.

    Raises:
        PolicyUnusable: when made of values that cannot be, or contradict each other; all are named at once.
    """

    milestones: tuple[int, ...] = (23,)
    """Orders of a calendar year worth a card, where the customer is of high value."""
    milestones_ever: tuple[int, ...] = (10, 25, 50, 100)
    """Orders over all time worth a card."""
    lead_days: int = 0
    """A birthday or anniversary is kept by orders from this many days before it, since a parcel travels."""
    season_days: int = 14
    """How near a day that the order's country keeps has to be."""
    strict_new_category: bool = False
    """Whether a new category is noticed only where all of the order's categories are new."""
    threshold_percentile: float = 0.9
    smallest_population: int = 50
    order: tuple[str, ...] = ()
    """Occasion codes by priority; those not named follow in their default order."""
    switched_off: frozenset[str] = frozenset()
    history_complete_since: datetime | None = None
    recovery_gap: timedelta = timedelta(days=180)
    """At most one recovery card in this time; the next trouble is for a person to write about."""
    soft_gap: timedelta = timedelta(days=45)
    """A soft occasion's card comes at least this long after any other card, …"""
    soft_gap_to_soft: timedelta = timedelta(days=180)
    """… and this long after the last soft one."""
    soft_skip: float = 0.4
    """The share of soft cards that are left out by a keyed hash, so that a card stays a surprise."""
    holdout: float = 0.1
    """The share of customers who, for the sake of measuring, get no cards but those after trouble."""
    experiment: str = "permanent"
    """Names the holdout: another name draws the customers anew."""
    cards_per: CardsPer = CardsPer.ORDER
    intents: frozenset[Intent] = frozenset(Intent)
    """What cards may want; each one of these."""
    mixed_intents: bool = False
    """Whether one card may want several of them."""
    most_facts: int = MOST_FACTS
    """How many facts about the customer one card may tell."""
    gift_cards: bool = True
    """Whether gifts get a card, which speaks to the recipient."""
    hand_signed: HandSigned = HandSigned()
    generic_before: timedelta = timedelta(minutes=10)
    """So long before an order is due its card is no longer personalised but the brand's generic one."""
    holds_orders: bool = False
    """Whether an order waits for a card that fails or is late, until a person decides."""
    channels: tuple[ChannelPolicy, ...] = field(default=())

    def __post_init__(self) -> None:
        """Nothing that cannot be kept is ever in force."""
        if found := tuple(_faults(self)):
            raise PolicyUnusable(
                f"these settings cannot be kept: {found[0].detail}"
                + (f", and {len(found) - 1} more" if len(found) > 1 else ""),
                mend=found[0].mend,
                violations=found,
            )

    def of_channel(self, channel: str | None) -> ChannelPolicy | None:
        """What is otherwise on a channel, whatever its case; None where nothing is."""
        wanted = (channel or "").casefold()
        return next((own for own in self.channels if own.channel.casefold() == wanted), None)

    def on(self, channel: str | None) -> OccasionPolicy:
        """The settings for an order of a channel."""
        own = self.of_channel(channel)
        if own is None:
            return self
        changes = {name: value for name in _OVERRIDES if (value := getattr(own, name)) is not None}
        return replace(self, channels=(), **changes)


_OVERRIDES = ("order", "switched_off", "cards_per", "intents", "soft_skip")


def check_codes(policy: OccasionPolicy, occasions: Collection[str]) -> None:
    """Hold the policy to the occasions that there are.

    Raises:
        PolicyUnusable: it names others, each of which is told.
    """
    mend = f"use one of {', '.join(sorted(occasions))}"
    found = tuple(
        Violation(pointer, f"there is no occasion {code!r}", mend)
        for pointer, code in _codes(policy)
        if code not in occasions
    )
    if found:
        raise PolicyUnusable(f"these settings cannot be kept: {found[0].detail}", mend=mend, violations=found)


def rules_named(policy: OccasionPolicy) -> frozenset[str]:
    """The brand's own rules that it names, by code."""
    return frozenset(code for _, code in _codes(policy) if code.startswith(RULE_PREFIX))


def _codes(policy: OccasionPolicy) -> Iterator[tuple[str, str]]:
    """Every occasion that is named, with where."""
    for where, order, off in _priorities(policy):
        yield from ((f"{where}/order/{index}", code) for index, code in enumerate(order))
        yield from ((f"{where}/switched_off", code) for code in sorted(off))
    yield from (("/hand_signed/occasions", code) for code in sorted(policy.hand_signed.occasions))


def _faults(policy: OccasionPolicy) -> Iterator[Violation]:
    yield from _unusable_numbers(policy)
    yield from _unusable_gaps(policy)
    for where, order, off in _priorities(policy):
        yield from _contradictions(where, order, off)
    for where, intents in (("", policy.intents), *((_at(own), own.intents) for own in policy.channels)):
        if intents is not None and not intents:
            yield Violation(f"{where}/intents", "no intent is left", "allow note, gift or ask")
    if not policy.experiment.strip():
        yield Violation("/experiment", "has no name", "name it, such as permanent")
    yield from _unclear_channels(policy.channels)
    for name in ("from_order", "from_spend_minor"):
        if (least := getattr(policy.hand_signed, name)) is not None and least < 1:
            yield Violation(f"/hand_signed/{name}", "is below 1", "say a number from 1, or leave it out")


def _unclear_channels(channels: tuple[ChannelPolicy, ...]) -> Iterator[Violation]:
    names = [own.channel.casefold() for own in channels]
    for own in channels:
        if not own.channel.strip():
            yield Violation("/channels", "a channel has no name", "name it as orders name it")
        elif names.count(own.channel.casefold()) > 1:
            yield Violation(_at(own), "this channel is there twice", "say it all in one place")


def _unusable_numbers(policy: OccasionPolicy) -> Iterator[Violation]:
    for name in ("milestones", "milestones_ever"):
        numbers: tuple[int, ...] = getattr(policy, name)
        for index, number in enumerate(numbers):
            if number < 1:
                yield Violation(f"/{name}/{index}", f"{number} is no order", "orders are counted from 1")
    for pointer, share, most in _shares(policy):
        if not 0 <= share <= most:
            yield Violation(pointer, f"{share:g} is no share", f"say a number from 0 to {most:g}")
    if not 0 < policy.threshold_percentile < 1:
        yield Violation("/threshold_percentile", "is no percentile", "say a number between 0 and 1")
    if policy.smallest_population < 1:
        yield Violation("/smallest_population", "is below 1", "say how many customers make a percentile")
    if not 0 <= policy.most_facts <= MOST_FACTS:
        yield Violation("/most_facts", f"a card tells at most {MOST_FACTS}", f"say 0 to {MOST_FACTS}")


def _shares(policy: OccasionPolicy) -> Iterator[tuple[str, float, float]]:
    """Every share with its pointer and the most that it may be."""
    yield "/holdout", policy.holdout, LARGEST_HOLDOUT
    yield "/soft_skip", policy.soft_skip, 1.0
    for own in policy.channels:
        if own.soft_skip is not None:
            yield f"{_at(own)}/soft_skip", own.soft_skip, 1.0


def _unusable_gaps(policy: OccasionPolicy) -> Iterator[Violation]:
    for name in ("lead_days", "season_days"):
        if not 0 <= (days := getattr(policy, name)) <= MOST_DAYS_AHEAD:
            yield Violation(f"/{name}", f"{days} days is too far", f"say 0 to {MOST_DAYS_AHEAD}")
    for name in ("recovery_gap", "soft_gap", "soft_gap_to_soft"):
        gap: timedelta = getattr(policy, name)
        if not timedelta(0) <= gap <= _LONGEST_GAP:
            mend = f"say 0 (no cap) to {_LONGEST_GAP.days}"
            yield Violation(f"/{name}_days", f"{gap.days} days is no cap", mend)
    if policy.generic_before < timedelta(0):
        yield Violation(
            "/generic_before_minutes", "is below 0", "say how many minutes before an order is due"
        )


def _contradictions(where: str, order: tuple[str, ...], off: frozenset[str]) -> Iterator[Violation]:
    for index, code in enumerate(order):
        if code in order[:index]:
            first = order.index(code) + 1
            yield Violation(
                f"{where}/order/{index}", f"{code} has place {first} already", "give each occasion one place"
            )
        elif code in off:
            yield Violation(
                f"{where}/order/{index}",
                f"{code} has a place in the order and is switched off",
                "take it out of order, or out of switched_off",
            )


def _priorities(policy: OccasionPolicy) -> Iterator[tuple[str, tuple[str, ...], frozenset[str]]]:
    """Each order of priority in force, the brand's and its channels', with what is switched off under it."""
    yield "", policy.order, policy.switched_off
    for own in policy.channels:
        if own.order is not None or own.switched_off is not None:
            # What a channel leaves to the brand was checked with the brand; only what it says itself is told.
            order = policy.order if own.order is None else own.order
            yield _at(own), order, policy.switched_off if own.switched_off is None else own.switched_off


def _at(own: ChannelPolicy) -> str:
    name = own.channel.replace("~", "~0").replace("/", "~1")
    return f"/channels/{name}"
