"""An insert: the card that travels with an order, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.card import Card


class InsertState(StrEnum):
    """Where an insert stands. What a printer says is a hint; the bench scan is the truth."""

    PLANNED = "planned"
    """Selected inside the intake transaction; not yet drawn."""
    HELD = "held"
    """Kept back by an operator."""
    READY = "ready"
    """Drawn, passed its preflight, stored."""
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    """The target has it."""
    DONE_BY_DEVICE = "done_by_device"
    """The target says that it is printed."""
    UNKNOWN = "unknown"
    """The target may have it; an operator decides."""
    PACKED = "packed"
    FAILED = "failed"
    """Stopped with a reason; the order goes out without."""
    CANCELLED = "cancelled"


class Degradation(StrEnum):
    """How far personalisation was let down so as not to hold the order."""

    NONE = "none"
    GENERIC = "generic"
    """The brand's generic card stands in."""
    NO_CARD = "no_card"


_LONGEST_TRY = timedelta(days=3)
_YEAR_2020 = 1_577_836_800


def urgency(due: datetime) -> int:
    """What is due first is made first: minutes from 2020 to when it is needed; smaller runs first."""
    return max(1, int(due.timestamp() - _YEAR_2020) // 60)


def last_try(planned_at: datetime, needed_by: datetime | None, *, holds_order: bool) -> datetime:
    """When to stop trying, so that the order is not held.

    For an order that came after it was due it is tried all the same: that delays nothing.
    """
    if not holds_order and needed_by is not None and needed_by > planned_at:
        return needed_by
    return planned_at + _LONGEST_TRY


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """The insert of one order, carried by the job `job_id`.

    `reason` says why it degraded, waits or failed; empty otherwise. `card` is what was drawn, `pdf_sha256`
    the stored file: both None until it is ready. `target_reference` is the target's own name for it.
    """

    job_id: str
    order_id: str
    brand: str
    customer_key: str | None
    occasion: str
    template: str
    variant: str
    language: str
    target: str
    planned_at: datetime
    needed_by: datetime | None = None
    personal_until: datetime | None = None
    """From then on the brand's generic card is made instead; None: personal as long as it is made at all."""
    holds_order: bool = False
    """Whether its order waits for it, by the brand's own wish, until a person decides."""
    further: bool = False
    """Whether it is the generic card of another parcel or job, beside the order's first."""
    sign_by_hand: str = ""
    """Why a person should sign it by hand; empty where none need."""
    generation: int = 0
    state: InsertState = InsertState.PLANNED
    degradation: Degradation = Degradation.NONE
    reason: str = ""
    card: Card | None = None
    pdf_sha256: str | None = None
    target_reference: str = ""
    ready_at: datetime | None = None
    accepted_at: datetime | None = None

    @property
    def name(self) -> str:
        """Its name at the target: unique, and the same on every try."""
        return f"{self.job_id}-{self.generation}"

    @property
    def priority(self) -> int:
        """See `urgency`."""
        return urgency(self.needed_by or self.planned_at)

    @property
    def try_until(self) -> datetime:
        """See `last_try`."""
        return last_try(self.planned_at, self.needed_by, holds_order=self.holds_order)


BY_ITSELF = "tipin"
"""Who moves an insert where nobody in particular does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertChange:
    """One move of an insert: who, when and why. `before` is None where it was planned."""

    generation: int
    at: datetime
    who: str
    before: InsertState | None
    after: InsertState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whose insert it is: tipin's ids beside the sender's own, and the parcel that it goes into."""

    brand: str
    order_id: str
    source_order_id: str
    job_id: str
    parcel: str | None = None
