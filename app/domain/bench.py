"""The packing bench: whether a printed piece and a parcel belong together, and what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.bench_code import BenchCode
from app.domain.component import Component
from app.domain.insert import InsertState
from app.domain.parcel import Parcel

UNDO_WITHIN = timedelta(seconds=10)


class Verdict(StrEnum):
    """What the bench says to a piece and a parcel. Only a match may be packed."""

    MATCH = "match"
    MISMATCH = "mismatch"
    """The piece belongs to another parcel; this one is blocked until somebody clears it."""
    VOID = "void_generation"
    """The piece was printed again since; this print is waste."""
    ALREADY_PACKED = "already_packed"
    BLOCKED = "blocked"
    """A wrong piece was scanned with this parcel before, and nobody has cleared it."""
    STOPPED = "stopped"
    """The piece is right, but it is not to be packed."""
    UNKNOWN = "unknown"


class Doubt(StrEnum):
    """Why a scan stays unknown; NONE for every other verdict."""

    NONE = ""
    NO_PIECE = "no_piece"
    """Neither scan is a code of this plant's."""
    NO_SUCH_PIECE = "no_such_piece"
    """The code is this plant's, and tipin knows nothing of the piece."""
    TWO_PIECES = "two_pieces"
    NO_PARCEL = "no_parcel"
    TWO_PARCELS = "two_parcels"
    """The barcode names parcels of several orders or brands."""


AT_THE_BENCH: Mapping[InsertState, Verdict] = {
    InsertState.PLANNED: Verdict.STOPPED,
    InsertState.HELD: Verdict.STOPPED,
    InsertState.READY: Verdict.MATCH,
    InsertState.SUBMITTING: Verdict.MATCH,
    InsertState.ACCEPTED: Verdict.MATCH,
    InsertState.DONE_BY_DEVICE: Verdict.MATCH,
    InsertState.UNKNOWN: Verdict.MATCH,
    InsertState.PACKED: Verdict.ALREADY_PACKED,
    InsertState.FAILED: Verdict.STOPPED,
    InsertState.CANCELLED: Verdict.STOPPED,
}
"""What becomes of the right piece in its own parcel, by state.

A piece that lies on the bench was printed, whatever the printer says: so it may be packed from every state
after it was drawn in which nobody stopped it.
"""
PACKABLE = tuple(state for state, verdict in AT_THE_BENCH.items() if verdict is Verdict.MATCH)
NOT_EXPECTED = frozenset({InsertState.FAILED, InsertState.CANCELLED})
"""The states in which an order goes out without the piece."""


class ClearReason(StrEnum):
    """Why a blocked parcel may be packed after all."""

    WRONG_PIECE_REMOVED = "wrong_piece_removed"
    WRONG_PARCEL_SCANNED = "wrong_parcel_scanned"
    REPACKED = "repacked"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Piece:
    """A component on the bench, in its latest generation.

    `parcel` is the sender's name of the parcel that it goes into, empty where none is named.
    """

    component: Component
    parcel: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, with the doubt where it is UNKNOWN."""

    verdict: Verdict
    doubt: Doubt = Doubt.NONE


def judge(code: BenchCode, piece: Piece | None, parcel: Parcel) -> Judgement:
    """Whether a piece belongs into a parcel.

    Args:
        code: what was scanned from the piece.
        piece: what tipin knows of it, in its latest generation.
        parcel: what the parcel's barcode names.
    """
    if piece is None or code.generation > piece.component.generation:
        return Judgement(Verdict.UNKNOWN, Doubt.NO_SUCH_PIECE)
    component = piece.component
    if code.generation < component.generation:
        return Judgement(Verdict.VOID)
    if component.brand != parcel.brand or component.order_id not in parcel.order_ids:
        return Judgement(Verdict.MISMATCH)
    if parcel.name and piece.parcel and parcel.name != piece.parcel:
        return Judgement(Verdict.MISMATCH)
    if parcel.blocked:
        return Judgement(Verdict.BLOCKED)
    return Judgement(AT_THE_BENCH[component.state])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One scan of a piece and a parcel, as it is kept. No personal data, nor the scanned texts themselves.

    `id` is the scanner's own, `scope` the brand that whoever scanned serves (empty for all). What was not
    recognised is empty. `before` is the state that a match took the piece from.
    """

    scope: str
    id: str
    digest: str
    station: str
    who: str
    scanned_at: datetime
    at: datetime
    verdict: Verdict
    doubt: Doubt = Doubt.NONE
    brand: str = ""
    record: str = ""
    component: int = 0
    generation: int = 0
    order_id: str = ""
    """The parcel's order, or the first of several."""
    parcel: str = ""
    before: InsertState | None = None
    undone_at: datetime | None = None

    @property
    def undo_until(self) -> datetime | None:
        """Until when it can be taken back; None where it cannot."""
        can = self.verdict is Verdict.MATCH and self.undone_at is None
        return self.at + UNDO_WITHIN if can else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A parcel's order that may not be packed until somebody clears it: the wrong piece, who and when."""

    brand: str
    order_id: str
    at: datetime
    who: str
    station: str
    record: str
    component: int
    scan_id: str
    """The scan that found it; it blocks every order of the parcel, and they are cleared together."""
    cleared_at: datetime | None = None
    cleared_by: str = ""
    reason: ClearReason | None = None
    note: str = ""
