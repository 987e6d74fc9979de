"""Writes down what the sender of an order is to be told, in the transaction that makes it true."""

from __future__ import annotations

import json
from datetime import datetime

from app.domain.call_back import CallBackEvent, Delivery, DeliveryState
from app.domain.ids import webhook_id
from app.domain.insert import Addressee, Insert
from app.services.ports import TaskQueue
from app.store.database import Transaction


class Announce:
    """One call-back an order: its body is fixed here and stays the same over every try."""

    def __init__(self, *, queue: TaskQueue, public_url: str) -> None:
        self._queue = queue
        self._public_url = public_url.rstrip("/")

    def __call__(
        self,
        tx: Transaction,
        event: CallBackEvent,
        addressee: Addressee,
        *,
        at: datetime,
        insert: Insert | None = None,
    ) -> None:
        """Write the call-back down and start its sending; saying the same again changes nothing.

        Args:
            tx: the transaction that makes the event true.
            event: what became of the insert.
            addressee: whose insert it is.
            at: when it became so.
            insert: the insert as it stands now; None for an order without a card.
        """
        delivery = Delivery(
            id=webhook_id(addressee.job_id, insert.generation if insert else 0, event),
            brand=addressee.brand,
            order_id=addressee.order_id,
            body=self._body(event, addressee, insert, at),
            state=DeliveryState.WAITING if tx.deliveries.endpoint(addressee.brand) else DeliveryState.NOWHERE,
            made_at=at,
        )
        if tx.deliveries.add(delivery) and delivery.state is DeliveryState.WAITING:
            self._queue.tell_sender(tx, delivery.id)

    def _body(self, event: CallBackEvent, addressee: Addressee, insert: Insert | None, at: datetime) -> bytes:
        data: dict[str, object] = {
            "brand": addressee.brand,
            "order_id": addressee.order_id,
            "source_order_id": addressee.source_order_id,
            "job_id": addressee.job_id,
            "links": {"order": f"{self._public_url}/v1/orders/{addressee.order_id}"},
        }
        if insert is not None:
            data |= {
                "generation": insert.generation,
                "occasion": insert.occasion,
                "template": insert.template,
                "state": insert.state.value,
                "degradation": insert.degradation.value,
            }
            if insert.pdf_sha256:
                data["sha256"] = insert.pdf_sha256
                data["links"] = {
                    "order": f"{self._public_url}/v1/orders/{addressee.order_id}",
                    "insert": f"{self._public_url}/v1/jobs/{addressee.job_id}/insert.pdf",
                }
        document = {"type": event.value, "timestamp": at.isoformat(), "data": data}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
