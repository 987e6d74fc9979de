"""What goes to a press or folder beside the PDF, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from app.domain.piece import Piece, PieceKind
from app.errors import WrongState


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """How one component is to be printed and where it belongs. No personal data."""

    name: str
    """File and job name at the target: the component's key and generation, unique and repeatable."""
    brand: str
    order: str
    """tipin's order id."""
    source_order_id: str
    job: str
    """The record: the order's first job."""
    generation: int
    parcel: str | None
    bench_code: str
    sha256: str
    pages: int
    trim: tuple[float, float]
    bleed: float
    stock: str
    sides: str = "two-sided-long-edge"
    component: int = 0
    """Its number in the record; 0 is the card."""
    product: str = ""
    """The photo product that it is; empty for a card."""
    template: str = ""
    """The card template that it is made of; empty for a photo item."""
    copies: int = 1
    quality: str = ""
    """See `domain.finishing`; empty: as the target is set."""
    finishings: tuple[str, ...] = ()
    """Beside those that the target asks for."""
    rush: bool = False
    """Whether it is due so soon that it should go before others."""
    sent_before: bool = False
    """Whether an earlier try may have reached the target: it must be asked before anything is sent again."""
    needed_by: datetime | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def piece(self, now: datetime) -> Piece:
        """The same as what rules of the plant's ask of it."""
        return Piece.due(
            kind=PieceKind.ITEM if self.product else PieceKind.INSERT,
            design=self.product or self.template,
            stock=self.stock,
            size=self.trim,
            brand=self.brand,
            needed_by=self.needed_by,
            now=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the target said when it took a ticket. `reference` is its own name for it, where it has one."""

    reference: str
    detail: str = ""
    followed: bool = False
    """Whether the target can be asked later what became of it (`Target.progress`)."""


class Outcome(StrEnum):
    """What a target says of a ticket that it took: a hint, for the bench scan is the truth."""

    WAITING = "waiting"
    """It has not come to an end yet."""
    DONE = "done"
    LOST = "lost"
    """It was not printed to its end, or the target does not know any more: an operator must look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a ticket came, and what the target tells of it."""

    outcome: Outcome
    detail: str = ""
    reference: str = ""
    """The target's name for it where that has changed or become known since; empty: as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a target is. `attention` is what a person has to see to, in plain words; empty where all is well.

    `warnings` are about how it is set up, `capabilities` what it can do, by name; `queued` how many jobs wait
    at the target itself, where it says so.
    """

    attention: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    capabilities: Mapping[str, list[str]] = field(default_factory=dict)
    queued: int | None = None


class Target(Protocol):
    """One route to a press or folder, made by a driver from its options."""

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Hand one file over; safe to call again with the same ticket that says it was `sent_before`.

        Raises:
            TargetUnavailable: nothing was handed over; try again later.
            TargetRefused: it will not be taken; an operator must look.
            SubmissionUncertain: it may have been taken; ask before any resend.
        """
        ...

    def progress(self, name: str, reference: str) -> Progress:
        """What became of a ticket that was taken.

        Args:
            name: the ticket's.
            reference: the receipt's.

        Raises:
            TargetUnavailable: it does not say; ask again later.
        """
        ...

    def cancel(self, name: str, reference: str) -> bool:
        """Take a ticket back that is not printed yet; whether that was in time.

        Raises:
            TargetUnavailable: it does not say.
            WrongState: it gives nothing back, ever.
        """
        ...

    def condition(self) -> Condition:
        """How it is now.

        Raises:
            TargetUnavailable: it does not answer.
        """
        ...


@runtime_checkable
class Telling(Protocol):
    """A target whose other side can tell by itself what becomes of tickets."""

    def signals_to(self, name: str) -> str:
        """The address where it tells, as a secret; `name` is the target's."""
        ...


class SilentTarget:
    """What a target answers that takes tickets and says nothing of them afterwards."""

    def progress(self, name: str, reference: str) -> Progress:  # noqa: ARG002 -- the protocol's
        """It knows of none."""
        return Progress(outcome=Outcome.WAITING)

    def cancel(self, name: str, reference: str) -> bool:  # noqa: ARG002 -- the protocol's
        """It gives nothing back.

        Raises:
            WrongState: always.
        """
        raise WrongState(
            "this target gives nothing back",
            mend="see to it at the press, or take it out at the packing bench",
        )

    def condition(self) -> Condition:
        """Always ready."""
        return Condition()
