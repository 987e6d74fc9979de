"""Tells the sender of an order what became of its insert, until it is taken or given up."""

from __future__ import annotations

from datetime import timedelta

from app.domain.backoff import pause
from app.domain.call_back import DeliveryState
from app.domain.clock import Clock
from app.services.ports import FlowQueue
from app.store.database import Store
from app.wire.webhooks import Answer, WebhookClient

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=12)
_GIVE_UP_AFTER = timedelta(days=4)


class TellSender:
    """Makes one try of one call-back."""

    def __init__(self, *, store: Store, queue: FlowQueue, clock: Clock, client: WebhookClient) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock
        self._client = client

    def __call__(self, delivery_id: str, attempt: int) -> None:
        """Make try number `attempt`; where it is not taken, the next one is set in the same transaction.

        A run that was cut short after the receiver took it is sent once more under the same id.
        """
        with self._store.reading() as tx:
            delivery = tx.deliveries.get(delivery_id)
            endpoint = tx.deliveries.endpoint(delivery.brand)
        if delivery.state is not DeliveryState.WAITING:
            return
        now = self._clock.now()
        give_up = endpoint is None or now - delivery.made_at > _GIVE_UP_AFTER
        if endpoint is None:
            answer = Answer(error="the brand's address was removed")
        else:
            answer = self._client.post(
                endpoint.url, secret=endpoint.secret, message_id=delivery.id, body=delivery.body, at=now
            )
        self._settle(delivery_id, attempt, answer, give_up=give_up)

    def give_up(self, delivery_id: str, _attempt: int, reason: str) -> None:
        """End a call-back whose task cannot be run."""
        with self._store.transaction() as tx:
            tx.deliveries.missed(delivery_id, status=None, error=reason, give_up=True)

    def _settle(self, delivery_id: str, attempt: int, answer: Answer, *, give_up: bool) -> None:
        with self._store.transaction() as tx:
            if answer.taken and answer.status is not None:
                tx.deliveries.delivered(delivery_id, status=answer.status, at=self._clock.now())
                return
            give_up = give_up or answer.gone
            tx.deliveries.missed(delivery_id, status=answer.status, error=answer.error, give_up=give_up)
            if not give_up:
                plain = pause(delivery_id, attempt, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
                self._queue.tell_sender_again(
                    tx, delivery_id, attempt=attempt + 1, delay=max(plain, answer.wait or plain)
                )
