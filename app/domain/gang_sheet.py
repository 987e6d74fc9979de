"""A sheet that pieces of several orders wait for: opened by the first, closed when full or due."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.ids import base32
from app.domain.sheet import CutOrder, Size

SHEET_ID_LENGTH = 13


class SheetState(StrEnum):
    """Where a sheet stands; its pieces stand likewise."""

    OPEN = "open"
    """It takes more pieces."""
    CLOSED = "closed"
    """It takes no more, and is to be made and handed over."""
    ACCEPTED = "accepted"
    """The target has it."""
    UNKNOWN = "unknown"
    """The target may have it; an operator decides."""
    FAILED = "failed"
    EMPTY = "empty"
    """Every piece was taken back or left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GangRule:
    """How a target wants its sheets. What is None is the press profile's, or the product's."""

    sheet: Size | None = None
    margin: float | None = None
    gap: float | None = None
    order: CutOrder = CutOrder.CUT_STACK
    lead: timedelta = timedelta(minutes=30)
    """How long before the earliest of its pieces is needed a sheet closes."""
    longest: timedelta = timedelta(hours=4)
    """How long a sheet waits to be full at most."""

    def closes_at(self, opened_at: datetime, needed_by: datetime | None) -> datetime:
        """When a sheet of a piece closes at the latest; one that is late already waits for nobody."""
        latest = opened_at + self.longest
        return latest if needed_by is None else max(opened_at, min(latest, needed_by - self.lead))


@dataclass(frozen=True, slots=True, kw_only=True)
class GangPlace:
    """A component on a sheet: its first place, how many it takes, and why it was left out where it was."""

    number: int
    count: int
    record: str
    component: int
    generation: int
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GangSheet:
    """A sheet as it stands. `kind` is what its pieces have in common; `reason` says why it waits or failed.

    `sha256` is that of the file as it was first handed over.
    """

    brand: str
    id: str
    target: str
    kind: str
    room: int
    """Places of the sheet."""
    state: SheetState
    opened_at: datetime
    close_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    reason: str = ""
    sha256: str = ""
    target_reference: str = ""
    accepted_at: datetime | None = None
    places: tuple[GangPlace, ...] = ()

    @property
    def taken(self) -> int:
        """Places that are given away."""
        return sum(place.count for place in self.places)


def gang_sheet_id(brand: str, first: str, before: int) -> str:
    """The id of the sheet that a piece opens, derived, so that a retry opens the same one.

    Args:
        brand: its brand.
        first: the piece's name.
        before: on how many sheets the piece was put before.
    """
    digest = hashlib.blake2b(f"gang sheet {brand} {first} {before}".encode(), digest_size=16).digest()
    return base32(int.from_bytes(digest, "big"), SHEET_ID_LENGTH)
