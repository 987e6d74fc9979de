"""Call-backs and the addresses that they go to."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.domain.call_back import Delivery, DeliveryState, Endpoint
from app.errors import NotFound
from app.store.columns import micros
from app.store.sql import Statement, connected
from app.store.tables import DeliveryRow, WebhookEndpointRow

_ENDPOINT = Statement("SELECT url, secret FROM webhook_endpoints WHERE brand = :brand")
_ADD = Statement("""
INSERT INTO deliveries (id, brand, order_id, body, state, attempts, last_error, made_at)
VALUES (:id, :brand, :order_id, :body, :state, 0, '', :made_at)
ON CONFLICT (id) DO NOTHING RETURNING id
""")


class DeliveryRepository:
    """The call-backs of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, delivery: Delivery) -> bool:
        """Write a call-back down; False where it is there already."""
        values = {
            "id": delivery.id,
            "brand": delivery.brand,
            "order_id": delivery.order_id,
            "body": delivery.body,
            "state": delivery.state.value,
            "made_at": micros(delivery.made_at),
        }
        return bool(_ADD.rows(connected(self._session), values))

    def get(self, delivery_id: str) -> Delivery:
        """One call-back.

        Raises:
            NotFound: there is none of that id.
        """
        return _delivery(self._row(delivery_id))

    def of_order(self, order_id: str) -> tuple[Delivery, ...]:
        """The call-backs of an order, oldest first."""
        statement = (
            select(DeliveryRow).where(DeliveryRow.order_id == order_id).order_by(col(DeliveryRow.made_at))
        )
        return tuple(_delivery(row) for row in self._session.exec(statement))

    def delivered(self, delivery_id: str, *, status: int, at: datetime) -> None:
        """The sender took it."""
        row = self._tried(delivery_id, status, "")
        row.state, row.delivered_at = DeliveryState.DELIVERED, at

    def missed(self, delivery_id: str, *, status: int | None, error: str, give_up: bool) -> None:
        """The sender did not take it this time."""
        row = self._tried(delivery_id, status, error)
        if give_up and row.state == DeliveryState.WAITING:  # another run of the task may have delivered it
            row.state = DeliveryState.GIVEN_UP

    def endpoint(self, brand: str) -> Endpoint | None:
        """Where a brand's sender is told, or None."""
        rows = _ENDPOINT.rows(connected(self._session), {"brand": brand})
        return Endpoint(brand=brand, url=rows[0][0], secret=rows[0][1]) if rows else None

    def set_endpoint(self, endpoint: Endpoint) -> None:
        """Set or replace a brand's address and secret."""
        self._session.merge(
            WebhookEndpointRow(brand=endpoint.brand, url=endpoint.url, secret=endpoint.secret)
        )

    def remove_endpoint(self, brand: str) -> bool:
        """Forget a brand's address; False where there was none."""
        row = self._session.get(WebhookEndpointRow, brand)
        if row is not None:
            self._session.delete(row)
            self._session.flush()
        return row is not None

    def _tried(self, delivery_id: str, status: int | None, error: str) -> DeliveryRow:
        row = self._row(delivery_id, alone=True)
        row.attempts += 1
        row.last_status, row.last_error = status, error
        return row

    def _row(self, delivery_id: str, *, alone: bool = False) -> DeliveryRow:
        """The row; `alone` keeps others from changing it until the transaction ends."""
        row = self._session.get(DeliveryRow, delivery_id, with_for_update=alone, populate_existing=alone)
        if row is None:
            raise NotFound(f"there is no call-back {delivery_id}")
        return row


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        brand=row.brand,
        order_id=row.order_id,
        body=row.body,
        state=DeliveryState(row.state),
        made_at=row.made_at,
        attempts=row.attempts,
        last_status=row.last_status,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
    )
