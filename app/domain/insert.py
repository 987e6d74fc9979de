"""An insert: the card that travels with an order, and where it stands."""

from __future__ import annotations

from enum import StrEnum


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
