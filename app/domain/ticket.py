"""What goes to a press or folder beside the PDF, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.domain.piece import Piece, PieceKind


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


class Target(Protocol):
    """One route to a press or folder, made by a driver from its options."""

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Hand one file over; safe to call again with the same ticket.

        Raises:
            TargetUnavailable: nothing was handed over; try again later.
            TargetRefused: it will not be taken; an operator must look.
            SubmissionUncertain: it may have been taken; ask before any resend.
        """
        ...
