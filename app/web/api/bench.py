"""`/v1/bench`: scans of the packing bench, what they block, and what is to be packed next."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.domain.bench import ClearReason
from app.domain.parcel import LONGEST_CODE
from app.errors import NotFound
from app.services.bench_answers import (
    BlockAnswer,
    PieceAnswer,
    ScanAnswer,
    describe_block,
    describe_piece,
    describe_scan,
)
from app.services.match_at_bench import Scanned
from app.web.authentication import ClearsParcels, Packs
from app.web.dependencies import ServicesDep
from app.web.metrics import Metrics

router = APIRouter(prefix="/v1/bench", tags=["packing bench"])

_NAME = "^[A-Za-z0-9][A-Za-z0-9._:-]*$"
ScanId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NAME)]
ScannedText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CODE)]
Station = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_NAME)]
Note = Annotated[str, StringConstraints(max_length=300)]
BrandQuery = Annotated[str, Query(max_length=100, description="The one brand that is packed there.")]
_MOST = 200


class ScanIn(BaseModel):
    """A printed piece and a parcel, scanned one after the other."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "bench-3-000412",
                    "code": "FW7ZK4M0QW2B8NT000ABCDEF",
                    "parcel": "ACORN-10423",
                    "station": "bench-3",
                }
            ]
        },
    )

    id: ScanId = Field(description="The scanner's own id of this scan: sent again, it counts once.")
    code: ScannedText = Field(description="From the card or item, as the scanner sends it.")
    parcel: ScannedText = Field(
        description="From the parcel: its order's number, its own or a job's barcode, or an id of tipin's."
    )
    station: Station
    scanned_at: AwareDatetime | None = Field(
        default=None, description="When it was, where the scan was kept back without a connection."
    )
    brand: str = Field(default="", max_length=100, description="The one brand that is packed there.")


class ClearIn(BaseModel):
    """Why a blocked parcel may be packed after all."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "wrong_piece_removed"}]}
    )

    reason: ClearReason
    note: Note = Field(default="", description="The same in your own words; nobody's name.")


class BlockList(BaseModel):
    """Blocks, the oldest first."""

    blocks: list[BlockAnswer]


class PieceList(BaseModel):
    """Pieces in the order in which they are packed."""

    pieces: list[PieceAnswer]


@router.post(
    "/scans",
    summary="Hold a printed piece to a parcel",
    responses={409: {"description": "Something else moved the piece just now: send it again."}},
)
def scan(body: ScanIn, request: Request, services: ServicesDep, caller: Packs) -> ScanAnswer:
    """Only `match` may be packed, and marks the piece so. `mismatch` blocks the parcel until it is cleared.

    The texts may come in either order. The same scan again, by its id, counts once and gets its verdict
    again; another scan under that id is refused.
    """
    scanned = Scanned(
        id=body.id,
        piece=body.code,
        parcel=body.parcel,
        station=body.station,
        scanned_at=body.scanned_at,
        brand=body.brand,
    )
    outcome = services.bench.match.scan(scanned, caller)
    if outcome.is_new:
        metrics: Metrics = request.app.state.metrics
        metrics.count_scan(outcome.scan.brand, outcome.scan.verdict)
    with services.store.reading() as tx:
        return describe_scan(services.bench.tell.outcome(tx, outcome), services.links)


@router.post(
    "/scans/{scan_id}/undo",
    summary="Take a match back",
    responses={409: {"description": "It was no match, it is more than ten seconds ago, or it moved on."}},
)
def undo(scan_id: Annotated[str, Path(max_length=64)], services: ServicesDep, caller: Packs) -> ScanAnswer:
    """Within ten seconds; the piece is then where it was before. The same again changes nothing."""
    outcome = services.bench.match.undo(scan_id, caller)
    with services.store.reading() as tx:
        return describe_scan(services.bench.tell.outcome(tx, outcome), services.links)


@router.get("/parcels/blocked", summary="List blocked parcels")
def blocked(
    services: ServicesDep, caller: Packs, limit: Annotated[int, Query(ge=1, le=_MOST)] = 50
) -> BlockList:
    """One line for each order in such a parcel, the one that waits longest first."""
    with services.store.reading() as tx:
        blocks = tx.bench.blocked_now(scope=caller.brand, limit=limit)
    return BlockList(blocks=[describe_block(block, services.links) for block in blocks])


@router.post(
    "/parcels/{order_id}/clear",
    summary="Let a blocked parcel be packed again",
    responses={409: {"description": "It is not blocked."}},
)
def clear(
    order_id: Annotated[str, Path(max_length=40)],
    body: ClearIn,
    services: ServicesDep,
    caller: ClearsParcels,
) -> BlockList:
    """By tipin's id of an order in it. The answer is every time that the order was blocked.

    The orders that were blocked in one parcel with it are cleared together. The same again changes nothing.
    """
    history = services.bench.match.clear(order_id, caller, reason=body.reason, note=body.note)
    return BlockList(blocks=[describe_block(block, services.links) for block in history])


@router.get("/next", summary="List what is to be packed next")
def next_to_pack(
    services: ServicesDep,
    caller: Packs,
    brand: BrandQuery = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
) -> PieceList:
    """By when it is needed, then parcel by parcel: the order in which a stack or a wall is worked off."""
    if brand and not caller.serves(brand):
        raise NotFound(f"there is no brand {brand[:40]!r} here", mend="leave it out for all of yours")
    with services.store.reading() as tx:
        pieces = tx.pieces.to_pack(brand=brand or caller.brand, limit=limit)
        told = services.bench.tell.pieces(tx, pieces)
    return PieceList(pieces=[describe_piece(piece, services.links) for piece in told])
