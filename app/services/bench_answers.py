"""What scanners and their programs are answered, as documented in OpenAPI."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from app.domain.bench import Block, ClearReason, Doubt, Verdict
from app.services.links import Links
from app.services.tell_bench import BenchTold, ParcelTold, PieceTold


class PieceAnswer(BaseModel):
    """A printed piece."""

    title: str = Field(description="`card`, or the product's name.")
    order: str = Field(description="tipin's id of the order that it belongs to.")
    number: str = Field(description="What people call that order.")
    record: str
    component: int = Field(description="0 for the card, from 1 for photo items.")
    generation: int = Field(description="The print that is in force: 0 is the first one.")
    state: str
    links: dict[str, str]


class ParcelAnswer(BaseModel):
    """A parcel with every piece that is expected in it."""

    brand: str
    orders: list[str] = Field(description="tipin's ids of its orders.")
    numbers: list[str] = Field(description="What people call them.")
    parcel: str = Field(description="The sender's name of it; empty where it is an order as a whole.")
    blocked: bool
    complete: bool = Field(description="Whether all that is expected was matched: it can be closed.")
    packed: int
    expected: int
    pieces: list[PieceAnswer]


class ScanAnswer(BaseModel):
    """What became of a scan. Only `match` may be packed."""

    id: str
    verdict: Verdict
    doubt: Doubt = Field(description="Why it is unknown; empty for every other verdict.")
    headline: str = Field(description="What is so, for people.")
    advice: str = Field(description="What to do now.")
    at: datetime
    undo_until: datetime | None = Field(description="Until when it can be taken back; null where it cannot.")
    undone: bool
    repeated: bool = Field(description="Whether this very scan was sent before; it counts once.")
    piece: PieceAnswer | None
    parcel: ParcelAnswer | None


class BlockAnswer(BaseModel):
    """That an order was, or is, not to be packed because a wrong piece was scanned with its parcel."""

    order: str
    brand: str
    at: datetime
    who: str
    station: str
    wrong_record: str = Field(description="The record of the piece that did not belong there.")
    wrong_component: int
    cleared_at: datetime | None
    cleared_by: str
    reason: ClearReason | None
    note: str
    links: dict[str, str]


def describe_scan(told: BenchTold, links: Links) -> ScanAnswer:
    """A scan as it is answered."""
    scan = told.scan
    return ScanAnswer(
        id=scan.id,
        verdict=scan.verdict,
        doubt=scan.doubt,
        headline=told.said.headline,
        advice=told.said.advice,
        at=scan.at,
        undo_until=scan.undo_until,
        undone=scan.undone_at is not None,
        repeated=not told.is_new,
        piece=describe_piece(told.piece, links) if told.piece else None,
        parcel=describe_parcel(told.parcel, links) if told.parcel else None,
    )


def describe_piece(told: PieceTold, links: Links) -> PieceAnswer:
    """A piece."""
    piece = told.piece.component
    return PieceAnswer(
        title=told.title,
        order=piece.order_id,
        number=told.number,
        record=piece.record,
        component=piece.number,
        generation=piece.generation,
        state=piece.state,
        links={"order": links.order(piece.order_id), "job": links.job(piece.record)},
    )


def describe_parcel(told: ParcelTold, links: Links) -> ParcelAnswer:
    """A parcel."""
    parcel = told.parcel
    return ParcelAnswer(
        brand=parcel.brand,
        orders=list(parcel.order_ids),
        numbers=list(told.numbers),
        parcel=parcel.name,
        blocked=parcel.blocked,
        complete=told.is_complete,
        packed=len(told.packed),
        expected=len(told.pieces),
        pieces=[describe_piece(one, links) for one in told.pieces],
    )


def describe_block(block: Block, links: Links) -> BlockAnswer:
    """A block."""
    return BlockAnswer(
        order=block.order_id,
        brand=block.brand,
        at=block.at,
        who=block.who,
        station=block.station,
        wrong_record=block.record,
        wrong_component=block.component,
        cleared_at=block.cleared_at,
        cleared_by=block.cleared_by,
        reason=block.reason,
        note=block.note,
        links={"order": links.order(block.order_id)},
    )
