"""Takes what was understood of a body: an order is accepted, a report recorded."""

from __future__ import annotations

from datetime import datetime

from app.domain.format import Parsed
from app.domain.report import Report
from app.services.accept_order import Accepted, AcceptOrder
from app.services.record_report import Noted, RecordReport
from app.store.database import Transaction
from app.store.dead_letters import Received


class TakeBody:
    """The one way from a body to the ledger, whether it came just now or is replayed."""

    def __init__(self, *, accept: AcceptOrder, record: RecordReport) -> None:
        self._accept = accept
        self._record = record

    def __call__(
        self,
        tx: Transaction,
        understood: Parsed | Report,
        received: Received,
        *,
        now: datetime,
        idempotency_key: str = "",
    ) -> Accepted | Noted:
        """Take an order or a report.

        Args:
            tx: the transaction; nothing is there before its caller commits it.
            understood: what the body says.
            received: the body as it came in.
            now: the present moment.
            idempotency_key: the sender's, or empty; a report needs none, for its events have ids.

        Raises:
            Conflict, IdempotencyMismatch: see `AcceptOrder` and `RecordReport`.
            WrongState: see `RecordReport`.
        """
        if isinstance(understood, Report):
            return self._record(
                tx,
                received.brand,
                understood,
                source=received.source,
                received_at=received.received_at,
                now=now,
            )
        return self._accept(
            tx, understood, received_at=received.received_at, now=now, idempotency_key=idempotency_key
        )
