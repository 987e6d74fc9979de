"""Prints a piece again: the same card as its next generation; every print before it is void from then on."""

from __future__ import annotations

from app.domain.access import Caller
from app.domain.bench_code import LAST_GENERATION, bench_code
from app.domain.clock import Clock
from app.domain.component import INSERT, Component
from app.domain.reprint import Reprint, ReprintReason, next_generation
from app.errors import IdempotencyMismatch, NotFound, WrongState
from app.services.brands_in_force import BrandsInForce
from app.services.ports import TaskQueue
from app.store.database import Store, Transaction


class ReprintPiece:
    """Plans reprints. Nothing is composed anew: the stored card is drawn once more, with its new codes."""

    def __init__(
        self, *, store: Store, brands: BrandsInForce, queue: TaskQueue, secret: bytes, clock: Clock
    ) -> None:
        """`secret` signs bench codes."""
        self._store = store
        self._brands = brands
        self._queue = queue
        self._secret = secret
        self._clock = clock

    def __call__(
        self,
        record: str,
        caller: Caller,
        *,
        reason: ReprintReason,
        component: int = INSERT,
        note: str = "",
        key: str = "",
    ) -> Reprint:
        """Print a piece again; the same call under the same key is answered with the same reprint.

        Args:
            record: the job that carries the card.
            caller: who asks for it.
            reason: why.
            component: which piece of the record.
            note: why, in their own words.
            key: the caller's `Idempotency-Key`, or empty.

        Raises:
            NotFound: there is no such piece.
            IdempotencyMismatch: the key was used for another reprint.
            WrongState: nothing was printed yet, it was erased, or it cannot be printed any more often.
        """
        with self._store.transaction() as tx:
            tx.bench.one_at_a_time(f"record {record}")
            tx.pieces.keep_still(record, component)
            piece = self._piece(tx, record, component, caller)
            if key and (before := tx.reprints.under_key(piece.brand, key)):
                asked = (record, component, reason, note)
                if (before.record, before.component, before.reason, before.note) != asked:
                    raise IdempotencyMismatch(
                        "this Idempotency-Key was used for another reprint", mend="use a new key for each"
                    )
                return before
            reprint = Reprint(
                brand=piece.brand,
                record=record,
                component=component,
                generation=piece.generation + 1,
                at=self._clock.now(),
                who=caller.name,
                reason=reason,
                note=note,
                key=key,
                void_sha256=piece.pdf_sha256,
            )
            _require_reprintable(piece)
            if piece.is_insert:
                self._plan(tx, reprint)
            else:
                self._plan_item(tx, piece, reprint)
            tx.reprints.add(reprint)
        return reprint

    @staticmethod
    def _piece(tx: Transaction, record: str, component: int, caller: Caller) -> Component:
        piece = tx.components.get(record, component)
        if not caller.serves(piece.brand):
            raise NotFound(f"there is no component {piece.key!r}", mend="see the order's jobs")
        return piece

    def _plan(self, tx: Transaction, reprint: Reprint) -> None:
        insert = tx.inserts.get(reprint.record)
        if insert.card is None:
            raise WrongState(
                f"the card of job {reprint.record} is not stored any more: {insert.reason}",
                mend="pack the order without a card",
            )
        key = self._brands(tx, insert.brand).key
        code = bench_code(self._secret, key, reprint.record, reprint.generation)
        card = next_generation(insert.card, reprint.generation, code)
        again = tx.inserts.print_again(insert, card, at=reprint.at, who=reprint.who, reason=_why(reprint))
        if not again:
            raise WrongState("it was moved just now", mend="look at it and ask again")
        self._queue.make_insert(tx, insert.job_id, priority=tx.inserts.get(insert.job_id).priority)

    def _plan_item(self, tx: Transaction, piece: Component, reprint: Reprint) -> None:
        item = tx.items.get(piece.record, piece.number)
        if not item.source.photo:
            raise WrongState(
                f"the photo of item {piece.key} is gone",
                mend="pack the order without it, or order anew",
            )
        if not tx.items.print_again(item, at=reprint.at, who=reprint.who, reason=_why(reprint)):
            raise WrongState("it was moved just now", mend="look at it and ask again")
        self._queue.make_item(tx, tx.items.get(piece.record, piece.number))


def _why(reprint: Reprint) -> str:
    return f"{reprint.reason.replace('_', ' ')}: {reprint.note}".removesuffix(": ")


def _require_reprintable(piece: Component) -> None:
    if piece.generation >= LAST_GENERATION:
        raise WrongState(
            f"it was printed again {LAST_GENERATION} times, which is as often as bench codes can tell apart",
            mend="pack the order without it",
        )
    if not piece.is_reprintable:
        raise WrongState(
            f"it is {piece.state}: there is no print to replace",
            mend="wait until it is at the press, or release it",
        )
