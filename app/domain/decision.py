"""What selection decided for an order: one card, or none, with the whole tree of its reasons.

The tree: what forbids any card at all; each occasion that held, with every rule that it was held to and the
wordings that it was weighed between; the arm of the experiment that its customer is in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.occasion import Match
from app.domain.template import GENERIC


class Rule(StrEnum):
    """What can keep a card back."""

    KIND = "kind"
    """The order is a reprint, a credit note or a test."""
    IMPORTED = "imported"
    CANCELLED = "cancelled"
    OWN_INSERT = "own_insert"
    """The merchant supplied an insert of their own."""
    OPT_OUT = "opt_out"
    BEREAVEMENT = "bereavement"
    OPEN_COMPLAINT = "open_complaint"
    CHANNEL = "channel"
    """The brand gives no cards on this channel."""
    GIFT = "gift"
    """The brand gives no cards with gifts."""
    SWITCHED_OFF = "switched_off"
    HISTORY = "history"
    """The brand has not said that its history is complete."""
    AGAIN = "again"
    """The customer had this occasion's card, and it does not come twice."""
    SPLIT = "split"
    """Another part of the same order has the card."""
    RECOVERY_GAP = "recovery_gap"
    SOFT_GAP = "soft_gap"
    SOFT_GAP_TO_SOFT = "soft_gap_to_soft"
    SURPRISE = "surprise"
    NO_WORDS = "no_words"
    """The template says nothing of it that the brand allows on a card."""
    EXHAUSTED = "exhausted"
    """Every wording that fits this customer was said to them."""
    HOLDOUT = "holdout"
    GUEST = "guest"
    NO_VALUE = "no_value"
    NO_OCCASION = "no_occasion"


class Outcome(StrEnum):
    """What became of one occasion that held."""

    CHOSEN = "chosen"
    OUTRANKED = "outranked"
    SUPPRESSED = "suppressed"
    WITHHELD = "withheld"
    """It would have had the card, were its customer not held out."""


class Arm(StrEnum):
    """Which half of the experiment a customer is in."""

    CARDS = "cards"
    HOLDOUT = "holdout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule that was asked, and what it said.

    A cap names the `last` card that it counts from, and `until`, when the next may follow.
    """

    rule: Rule
    passed: bool
    says: str
    last: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One wording of the occasion, and why it was or was not the one."""

    variant: str
    chosen: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One occasion that held, what selection did with it and why, and all that it was held to."""

    match: Match
    outcome: Outcome
    why: str
    checks: tuple[Check, ...] = ()
    wordings: tuple[Weighed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The customer's place in the experiment, as it was when the order came.

    `drawn` is the keyed hash as a share: below `share`, the customer is held out. `crossed` says that the
    customer was merged out of customers of both arms; the arm is that of the one who remains.
    """

    experiment: str
    customer: str
    """The key that was drawn: the one who remains of those merged."""
    arm: Arm
    drawn: float
    share: float
    crossed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherCard:
    """The generic card of another parcel or job of the order; `position` is that of the job that carries it.

    `variant` is None where there are no words left for it.
    """

    position: int
    variant: str | None
    language: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """The words of a brand's own rule, kept with the decision: no template has them, and rules change."""

    headline: str
    greeting: str
    greeting_unnamed: str
    message: str
    art: str
    """The occasion whose art they stand beside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One card (`match`, `template`, `variant`, `language` set) or none (all four None).

    `reason` is one sentence for people, `because` the rule behind it where there is no card. `policy_version`
    names the rules that decided.
    """

    match: Match | None
    template: str | None
    variant: str | None
    language: str | None
    reason: str
    considered: tuple[Considered, ...]
    policy_version: str
    because: Rule | None = None
    forbids: tuple[Check, ...] = ()
    """What would keep back any card of this order."""
    said: tuple[str, ...] = ()
    """Wordings of the chosen occasion that count as said to this customer: none may stand in on the card."""
    further: tuple[FurtherCard, ...] = ()
    assignment: Assignment | None = None
    """None where the order was eligible for no card that could be withheld."""
    own_words: OwnWords | None = None
    """Those of `variant`, where it is not the template's."""
    sign_by_hand: str = ""
    """Why a person should sign this card by hand; empty where none need."""
    write_by_hand: str = ""
    """Why a person should write to this customer instead; empty where none need."""

    @property
    def has_card(self) -> bool:
        """Whether a card was chosen."""
        return self.match is not None

    def of_job(self, position: int) -> Decision:
        """The decision for the card that the job at a position carries: the first one, or a further one."""
        own = next((card for card in self.further if card.position == position and card.variant), None)
        if own is None:
            return self
        return replace(
            self,
            match=Match(occasion=GENERIC, reason=own.says),
            variant=own.variant,
            language=own.language,
            reason=own.says,
            said=(),
            own_words=None,
            sign_by_hand="",
        )

    @property
    def would_be(self) -> tuple[str, str]:
        """Occasion and wording of the card, or of the one that was withheld.

        Raises:
            ValueError: there is neither.
        """
        if self.match is not None and self.variant is not None:
            return self.match.occasion, self.variant
        for one in self.considered:
            if one.outcome is Outcome.WITHHELD:
                return one.match.occasion, next(w.variant for w in one.wordings if w.chosen)
        raise ValueError("there was to be no card")
