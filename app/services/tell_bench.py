"""What the packing bench tells of a scan: the piece, the parcel with all its pieces, and the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.bench import NOT_EXPECTED, Piece, Scan
from app.domain.insert import InsertState
from app.domain.parcel import Parcel
from app.services.bench_words import Said, Words, say
from app.services.match_at_bench import Outcome
from app.store.database import Transaction

_CARD = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceTold:
    """A piece in people's words. `number` is what they call its order."""

    piece: Piece
    title: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTold:
    """A parcel, and every piece that is expected in it."""

    parcel: Parcel
    numbers: tuple[str, ...]
    pieces: tuple[PieceTold, ...]

    @property
    def packed(self) -> tuple[PieceTold, ...]:
        """What was matched with it."""
        return tuple(one for one in self.pieces if one.piece.component.state is InsertState.PACKED)

    @property
    def to_come(self) -> tuple[PieceTold, ...]:
        """What is not in it yet."""
        return tuple(one for one in self.pieces if one.piece.component.state is not InsertState.PACKED)

    @property
    def is_complete(self) -> bool:
        """Whether it can be closed."""
        return not self.to_come and not self.parcel.blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchTold:
    """All that is told of one scan."""

    scan: Scan
    said: Said
    piece: PieceTold | None
    parcel: ParcelTold | None
    is_new: bool


class TellBench:
    """Puts what was scanned into words, as it stands in the caller's transaction."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        """`titles` are what products are called, by name; a card is a card."""
        self._titles = titles

    def outcome(self, tx: Transaction, outcome: Outcome) -> BenchTold:
        """A scan with its verdict."""
        piece = self.piece(tx, outcome.piece) if outcome.piece else None
        parcel = self.parcel(tx, outcome.parcel) if outcome.parcel else None
        return BenchTold(
            scan=outcome.scan,
            said=say(outcome.scan, _words(piece, parcel)),
            piece=piece,
            parcel=parcel,
            is_new=outcome.is_new,
        )

    def piece(self, tx: Transaction, piece: Piece) -> PieceTold:
        """One piece."""
        return self._told(piece, {piece.component.order_id: tx.parcels.number(piece.component.order_id)})

    def parcel(self, tx: Transaction, parcel: Parcel) -> ParcelTold:
        """A parcel and what belongs into it; what will not come is left out."""
        numbers = {order: tx.parcels.number(order) for order in parcel.order_ids}
        pieces = [piece for piece in tx.pieces.of_orders(parcel.order_ids) if _belongs(piece, parcel)]
        return ParcelTold(
            parcel=parcel,
            numbers=tuple(numbers.values()),
            pieces=tuple(self._told(piece, numbers) for piece in pieces),
        )

    def pieces(self, tx: Transaction, pieces: Iterable[Piece]) -> tuple[PieceTold, ...]:
        """Several pieces."""
        return tuple(self.piece(tx, piece) for piece in pieces)

    def _told(self, piece: Piece, numbers: Mapping[str, str]) -> PieceTold:
        component = piece.component
        title = _CARD if component.is_insert else self._titles.get(component.design, component.design)
        return PieceTold(piece=piece, title=title, number=numbers[component.order_id])


def _words(piece: PieceTold | None, parcel: ParcelTold | None) -> Words:
    of_piece = Words()
    if piece is not None:
        of_piece = Words(
            title=piece.title,
            belongs_to=_order(piece.number),
            state=piece.piece.component.state,
            reason=piece.piece.component.reason,
            generation=piece.piece.component.generation,
        )
    if parcel is None:
        return of_piece
    return replace(
        of_piece,
        parcel=_order(" and ".join(parcel.numbers)),
        packed=len(parcel.packed),
        expected=len(parcel.pieces),
        to_come=tuple(one.title for one in parcel.to_come),
    )


def _order(number: str) -> str:
    return f"order {number}"


def _belongs(piece: Piece, parcel: Parcel) -> bool:
    here = not (parcel.name and piece.parcel) or piece.parcel == parcel.name
    return here and piece.component.state not in NOT_EXPECTED
