"""Matches printed pieces with parcels at the packing bench, once for each scan, however often it is sent."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.access import Caller
from app.domain.bench import Block, ClearReason, Doubt, Judgement, Piece, Scan, Verdict, judge
from app.domain.bench_code import BenchCode
from app.domain.clock import Clock
from app.domain.insert import InsertState
from app.domain.parcel import Parcel
from app.errors import IdempotencyMismatch, NotFound, WrongState
from app.services.recognise_scan import RecogniseScan
from app.store.database import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scanner sends: two texts in either order, by its own id, and where and when it was.

    `brand` is the one brand that is packed there, or empty.
    """

    id: str
    piece: str
    parcel: str
    station: str
    scanned_at: datetime | None = None
    brand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a scan. `piece` and `parcel` are None where they were not recognised.

    `is_new` is False where the same scan had been sent before.
    """

    scan: Scan
    piece: Piece | None = None
    parcel: Parcel | None = None
    is_new: bool = True


class MatchAtBench:
    """Judges scans and keeps the bench's book. One scan is one transaction."""

    def __init__(self, *, store: Store, recognise: RecogniseScan, secret: bytes, clock: Clock) -> None:
        """`secret` keys the digests by which a scan that is sent again is known."""
        self._store = store
        self._recognise = recognise
        self._secret = secret
        self._clock = clock

    def scan(self, scanned: Scanned, caller: Caller) -> Outcome:
        """Say whether a piece belongs into a parcel, and mark it as packed where it does.

        Raises:
            IdempotencyMismatch: this scan's id was used for another one.
        """
        return self._store.run(lambda tx: self._scanned(tx, scanned, caller))

    def _scanned(self, tx: Transaction, scanned: Scanned, caller: Caller) -> Outcome:
        tx.bench.one_at_a_time(f"scan {caller.brand} {scanned.id}")
        code, parcel = self._sort(tx, scanned, caller)
        if isinstance(parcel, Parcel):
            parcel = _alone_with(tx, parcel)
        if code is not None:
            tx.pieces.keep_still(code.record, code.component)
        piece = self._recognise.piece(tx, code, caller) if code else None
        seen = parcel if isinstance(parcel, Parcel) else None
        if before := tx.bench.scan(caller.brand, scanned.id):
            self._require_same(before, scanned)
            return Outcome(scan=before, piece=piece, parcel=seen, is_new=False)
        scan = self._scan(scanned, caller, code, piece, seen)
        if code is None or isinstance(parcel, Doubt):
            judgement = self._unclear(code, piece, parcel)
        else:
            judgement = self._settle(tx, scan, code, piece, parcel)
        scan = replace(scan, verdict=judgement.verdict, doubt=judgement.doubt)
        if scan.verdict is Verdict.MATCH and piece is not None:
            scan = replace(scan, before=piece.component.state)
            piece = replace(piece, component=replace(piece.component, state=InsertState.PACKED))
        tx.bench.add(scan)
        if scan.verdict is Verdict.MISMATCH and seen is not None:
            _block(tx, scan, seen)
            seen = replace(seen, blocked=True)
        return Outcome(scan=scan, piece=piece, parcel=seen)

    def undo(self, scan_id: str, caller: Caller) -> Outcome:
        """Take a match back, within ten seconds; again changes nothing.

        Raises:
            NotFound: there is no such scan.
            WrongState: it was no match, it is too late, or the piece has moved on.
        """
        now = self._clock.now()
        with self._store.transaction() as tx:
            tx.bench.one_at_a_time(f"scan {caller.brand} {scan_id}")
            scan = tx.bench.scan(caller.brand, scan_id)
            if scan is None:
                raise NotFound(f"there is no scan {scan_id[:40]!r}", mend="send the id that it was sent with")
            tx.pieces.keep_still(scan.record, scan.component)
            piece = tx.pieces.get(scan.record, scan.component) if scan.record else None
            if scan.undone_at is None:
                self._take_back(tx, scan, piece, caller, now)
                tx.bench.undone(scan, at=now)
                scan = replace(scan, undone_at=now)
                piece = tx.pieces.get(scan.record, scan.component)
            return Outcome(scan=scan, piece=piece)

    def clear(
        self, order_id: str, caller: Caller, *, reason: ClearReason, note: str = ""
    ) -> tuple[Block, ...]:
        """Let a blocked parcel be packed again; again changes nothing.

        Args:
            order_id: tipin's id of an order in the parcel.
            caller: who answers for it.
            reason: why.
            note: the same in their own words.

        Returns:
            Every time that the order was blocked, with who cleared it and why.

        Raises:
            NotFound: there is no such order.
            WrongState: the parcel never was blocked.
        """
        with self._store.transaction() as tx:
            whose = tx.orders.whose(order_id)
            if whose is None or not caller.serves(whose[0]):
                raise NotFound(f"there is no order {order_id[:40]!r}", mend="see the list of blocked parcels")
            brand = whose[0]
            tx.bench.one_at_a_time(f"order {order_id}")
            tx.bench.clear(brand, order_id, at=self._clock.now(), by=caller.name, reason=reason, note=note)
            history = tx.bench.history(brand, order_id)
        if not history:
            raise WrongState(f"the order {order_id} is not blocked", mend="scan its parcel again")
        return history

    def _sort(
        self, tx: Transaction, scanned: Scanned, caller: Caller
    ) -> tuple[BenchCode | None, Parcel | Doubt]:
        """Which of the two texts is the piece's, and what the other one names."""
        code, other = self._recognise.code(scanned.piece), self._recognise.code(scanned.parcel)
        if code and other:
            return code, Doubt.TWO_PIECES
        text = scanned.piece if other else scanned.parcel
        return code or other, self._recognise.parcel(tx, text, caller, brand=scanned.brand)

    @staticmethod
    def _unclear(code: BenchCode | None, piece: Piece | None, parcel: Parcel | Doubt) -> Judgement:
        """The verdict where piece and parcel cannot be held to each other; waste is told even then."""
        if code is None:
            return Judgement(Verdict.UNKNOWN, Doubt.NO_PIECE)
        if piece is not None and code.generation < piece.component.generation:
            return Judgement(Verdict.VOID)
        if isinstance(parcel, Doubt):
            return Judgement(Verdict.UNKNOWN, parcel)
        return Judgement(Verdict.UNKNOWN, Doubt.NO_SUCH_PIECE)

    def _settle(
        self, tx: Transaction, scan: Scan, code: BenchCode, piece: Piece | None, parcel: Parcel
    ) -> Judgement:
        """The verdict; a match moves the piece in the same transaction."""
        judgement = judge(code, piece, parcel)
        if judgement.verdict is Verdict.MATCH and piece is not None:
            reason = f"matched at the bench {scan.station}"
            if not tx.pieces.move(piece, InsertState.PACKED, who=scan.who, reason=reason):
                raise WrongState(
                    "the piece was moved while it was scanned", mend="scan piece and parcel again"
                )
        return judgement

    def _scan(
        self,
        scanned: Scanned,
        caller: Caller,
        code: BenchCode | None,
        piece: Piece | None,
        parcel: Parcel | None,
    ) -> Scan:
        now = self._clock.now()
        brand = piece.component.brand if piece else parcel.brand if parcel else ""
        return Scan(
            scope=caller.brand,
            id=scanned.id,
            digest=self._digest(scanned),
            station=scanned.station,
            who=caller.name,
            scanned_at=min(scanned.scanned_at or now, now),
            at=now,
            verdict=Verdict.UNKNOWN,
            brand=brand,
            record=code.record if code and piece else "",
            component=code.component if code and piece else 0,
            generation=code.generation if code and piece else 0,
            order_id=parcel.order_ids[0] if parcel else "",
            parcel=parcel.name if parcel else "",
        )

    def _digest(self, scanned: Scanned) -> str:
        said = f"{scanned.piece}\0{scanned.parcel}".encode(errors="replace")
        return hmac.digest(self._secret, b"bench scan\0" + said, "sha256").hex()

    def _require_same(self, before: Scan, scanned: Scanned) -> None:
        if before.digest != self._digest(scanned):
            raise IdempotencyMismatch(
                "this scan's id was used for another scan", mend="give every scan an id of its own"
            )

    @staticmethod
    def _take_back(tx: Transaction, scan: Scan, piece: Piece | None, caller: Caller, now: datetime) -> None:
        if scan.undo_until is None or scan.before is None:
            raise WrongState(f"a scan that said {scan.verdict} has changed nothing that could be undone")
        if now > scan.undo_until:
            raise WrongState(
                "this was more than ten seconds ago", mend="print the piece again, which makes this one void"
            )
        now_packed = piece is not None and piece.component.state is InsertState.PACKED
        if piece is None or not now_packed or piece.component.generation != scan.generation:
            raise WrongState("the piece has moved on meanwhile", mend="look at its order's page")
        tx.pieces.move(piece, scan.before, who=caller.name, reason=f"undone at the bench {scan.station}")


def _alone_with(tx: Transaction, parcel: Parcel) -> Parcel:
    """The parcel as it stands once nobody else can block or clear it until the transaction ends."""
    for order_id in sorted(parcel.order_ids):
        tx.bench.one_at_a_time(f"order {order_id}")
    return replace(parcel, blocked=bool(tx.bench.blocks(parcel.brand, parcel.order_ids)))


def _block(tx: Transaction, scan: Scan, parcel: Parcel) -> None:
    for order_id in parcel.order_ids:
        tx.bench.block(
            Block(
                brand=parcel.brand,
                order_id=order_id,
                at=scan.at,
                who=scan.who,
                station=scan.station,
                record=scan.record,
                component=scan.component,
                scan_id=scan.id,
            )
        )
