"""A component: one printed piece of an order, whatever it is. Its card is number 0, its photo items follow.

All of an order share a record: the id of its first job. What prints, gangs, hands over and packs pieces
reads them as components, so that a card and a cookie take one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.insert import InsertState, last_try, urgency
from app.domain.product import Product
from app.domain.reprint import is_reprintable
from app.domain.template import CardTemplate

INSERT = 0
"""The number of a record's card."""


def component_key(record: str, number: int) -> str:
    """A component's one name over all its generations: the record alone for the card."""
    return f"{record}-{number}" if number else record


def read_key(key: str) -> tuple[str, int]:
    """The record and number of a key.

    Raises:
        ValueError: it is none.
    """
    record, _, number = key.partition("-")
    return record, int(number or INSERT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component as it stands. `design` is its card template's name, or its product's.

    `reason` says why it waits, degraded or failed; `pdf_sha256` is its stored file, None until it is ready;
    `bench_code` is empty until then. `holds_order` is whether its order waits for it.
    """

    record: str
    number: int
    generation: int
    brand: str
    order_id: str
    design: str
    state: InsertState
    target: str
    planned_at: datetime
    needed_by: datetime | None
    revision: int = 0
    """How often a person changed what becomes of it; a card has none."""
    copies: int = 1
    holds_order: bool = False
    reason: str = ""
    bench_code: str = ""
    pdf_sha256: str | None = None
    target_reference: str = ""
    tries: int = 0
    """The number of the one task that may hand it over now, whatever others still lie in the queue."""
    ready_at: datetime | None = None
    accepted_at: datetime | None = None

    @property
    def key(self) -> str:
        """See `component_key`."""
        return component_key(self.record, self.number)

    @property
    def name(self) -> str:
        """Its name at the target: unique, and the same on every try."""
        return f"{self.key}-{self.generation}"

    @property
    def is_insert(self) -> bool:
        """Whether it is a card, and not a photo item."""
        return self.number == INSERT

    @property
    def is_reprintable(self) -> bool:
        """See `domain.reprint.is_reprintable`."""
        return is_reprintable(self.state, was_taken=self.accepted_at is not None)

    @property
    def priority(self) -> int:
        """See `urgency`; what has no time of its own comes after what is due within the days it is tried."""
        return urgency(self.needed_by or self.try_until)

    @property
    def try_until(self) -> datetime:
        """See `last_try`."""
        return last_try(self.planned_at, self.needed_by, holds_order=self.holds_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUp:
    """How a component is put on paper, or on what else it is printed on; lengths in mm."""

    pages: int
    trim: tuple[float, float]
    bleed: float
    stock: str
    sides: str = "one-sided"
    quality: str = ""
    """See `domain.finishing`; empty: as the target is set."""
    finishings: tuple[str, ...] = ()


def make_up_of_card(template: CardTemplate) -> MakeUp:
    """How cards of a template are printed."""
    return MakeUp(
        pages=len(template.sides),
        trim=template.trim,
        bleed=template.bleed,
        stock=template.stock,
        sides="two-sided-long-edge" if len(template.sides) > 1 else "one-sided",
        quality=template.quality,
        finishings=template.finishings,
    )


def make_up_of_product(product: Product) -> MakeUp:
    """How photo items of a product are printed: panels beside each other, unless they are a piece's sides."""
    return MakeUp(
        pages=len(product.panels),
        trim=product.surface.size,
        bleed=product.surface.bleed,
        stock=product.substrate,
        quality=product.quality,
        finishings=product.finishings,
        sides="two-sided-long-edge" if product.two_sided else "one-sided",
    )
