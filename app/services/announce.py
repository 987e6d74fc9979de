"""Writes down what the sender of an order is to be told, in the transaction that makes it true."""

from __future__ import annotations

import json
from datetime import datetime

from app.domain.call_back import CallBackEvent, Delivery, DeliveryState
from app.domain.component import Component
from app.domain.ids import webhook_id
from app.domain.insert import Addressee
from app.services.links import Links
from app.services.ports import TaskQueue
from app.store.database import Transaction


class Announce:
    """Each call-back's body is fixed here and stays the same over every try."""

    def __init__(self, *, queue: TaskQueue, links: Links) -> None:
        self._queue = queue
        self._links = links

    def ready(self, tx: Transaction, component: Component, *, at: datetime) -> None:
        """The target has a component, or it can be fetched."""
        event = CallBackEvent.READY if component.is_insert else CallBackEvent.ITEM_READY
        self._tell_of(tx, event, component, at)

    def failed(self, tx: Transaction, component: Component, *, at: datetime) -> None:
        """A component will not be printed."""
        event = CallBackEvent.FAILED if component.is_insert else CallBackEvent.ITEM_FAILED
        self._tell_of(tx, event, component, at)

    def none(self, tx: Transaction, addressee: Addressee, *, at: datetime) -> None:
        """Selection decided on no card."""
        name = webhook_id(addressee.job_id, 0, CallBackEvent.NONE)
        self._tell(tx, name, CallBackEvent.NONE, addressee, {}, {}, at)

    def _tell_of(self, tx: Transaction, event: CallBackEvent, component: Component, at: datetime) -> None:
        name = webhook_id(component.key, component.generation, event)
        addressee = tx.inserts.addressee(component.record)
        data = self._insert(tx, component) if component.is_insert else self._item(tx, component)
        links = {}
        if component.pdf_sha256:
            data["sha256"] = component.pdf_sha256
            if component.is_insert:
                links["insert"] = self._links.insert(component.record)
            else:
                links["item"] = self._links.item_pdf(component.record, component.number)
        self._tell(tx, name, event, addressee, data, links, at)

    @staticmethod
    def _insert(tx: Transaction, component: Component) -> dict[str, object]:
        insert = tx.inserts.get(component.record)
        return {
            "generation": insert.generation,
            "occasion": insert.occasion,
            "template": insert.template,
            "state": component.state.value,
            "degradation": insert.degradation.value,
        }

    @staticmethod
    def _item(tx: Transaction, component: Component) -> dict[str, object]:
        item = tx.items.get(component.record, component.number)
        return {
            "generation": item.generation,
            "item": item.number,
            "product": item.product,
            "state": component.state.value,
            "reason": item.reason,
            "message_for_customer": item.customer_message,
        }

    def _tell(  # noqa: PLR0917 - one call, from the two above
        self,
        tx: Transaction,
        name: str,
        event: CallBackEvent,
        addressee: Addressee,
        data: dict[str, object],
        links: dict[str, str],
        at: datetime,
    ) -> None:
        whose = {
            "brand": addressee.brand,
            "order_id": addressee.order_id,
            "source_order_id": addressee.source_order_id,
            "job_id": addressee.job_id,
            "links": {"order": self._links.order(addressee.order_id), **links},
        }
        document = {"type": event.value, "timestamp": at.isoformat(), "data": whose | data}
        delivery = Delivery(
            id=name,
            brand=addressee.brand,
            order_id=addressee.order_id,
            body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
            state=DeliveryState.WAITING if tx.deliveries.endpoint(addressee.brand) else DeliveryState.NOWHERE,
            made_at=at,
        )
        if tx.deliveries.add(delivery) and delivery.state is DeliveryState.WAITING:
            self._queue.tell_sender(tx, delivery.id)
