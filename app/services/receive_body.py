"""Takes an authenticated body: an order, a report, or else a dead letter. It is never lost."""

from __future__ import annotations

from app.domain.clock import Clock
from app.services.accept_order import Accepted
from app.services.record_report import Noted
from app.services.take_body import TakeBody
from app.services.understand_body import NOT_UNDERSTOOD, Kept, UnderstandBody
from app.store.database import Store
from app.store.dead_letters import Received


class ReceiveBody:
    """One authenticated body from a sender."""

    def __init__(self, *, store: Store, understand: UnderstandBody, take: TakeBody, clock: Clock) -> None:
        self._store = store
        self._understand = understand
        self._take = take
        self._clock = clock

    def __call__(self, received: Received, *, idempotency_key: str = "") -> Accepted | Noted:
        """Accept the order in a body, or record what it tells.

        Raises:
            Kept: the body is not understood, and kept.
            Conflict, IdempotencyMismatch, WrongState: see `TakeBody`; such a body is not kept, for it is
                understood.
        """
        try:
            understood = self._understand(received)
        except NOT_UNDERSTOOD as error:
            document = error.document()
            letter_id = self._store.run(lambda tx: tx.dead_letters.keep(received, document))
            raise Kept(error, letter_id) from error
        return self._store.run(
            lambda tx: self._take(
                tx, understood, received, now=self._clock.now(), idempotency_key=idempotency_key
            )
        )
