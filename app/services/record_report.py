"""Records what senders tell of orders and customers, and does what follows from it, all in one transaction.

What follows: thresholds of later days are forgotten, tags that would now differ are noted, cards that must
not go out any more are stopped, and who asked for it is erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.domain.component import Component
from app.domain.diff import Cause
from app.domain.event import CustomerEvent, CustomerEventType, OrderEvent, OrderEventType
from app.domain.fold import OrderState, Standing
from app.domain.ids import order_id
from app.domain.report import CustomerReport, OrderReport, Report
from app.services.erase_customer import EraseCustomer
from app.services.recognise import whom_it_touches
from app.services.stop_component import StopComponent
from app.services.watch_tags import WatchTags
from app.store.database import Transaction

_STOPS_CARDS: Mapping[CustomerEventType, str] = {
    CustomerEventType.OPTED_OUT: "the customer asked for no cards",
    CustomerEventType.BEREAVEMENT_SET: "the customer is bereaved",
    CustomerEventType.ERASED: "the customer was erased",
}
_MERGES = frozenset({CustomerEventType.MERGED, CustomerEventType.UNMERGED})
_CHANGES_NO_TAG = frozenset({CustomerEventType.DATA_REQUESTED, CustomerEventType.ERASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNoted:
    """What became of the events of one order. Without the order they wait for it, and `state` is None."""

    order_id: str
    source_order_id: str
    new: tuple[OrderEvent, ...]
    state: OrderState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerNoted:
    """What became of the events of one customer, under the key that they were told of."""

    key: str
    new: tuple[CustomerEvent, ...]
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What became of a report."""

    brand: str
    orders: tuple[OrderNoted, ...] = ()
    customers: tuple[CustomerNoted, ...] = ()
    erased_orders: int = 0

    @property
    def is_new(self) -> bool:
        """Whether anything in it was news."""
        return (
            bool(self.erased_orders)
            or any(one.new for one in self.orders)
            or any(one.new for one in self.customers)
        )


class _Telling(NamedTuple):
    """Where and when a report is recorded."""

    tx: Transaction
    brand: str
    received_at: datetime
    now: datetime


class RecordReport:
    """Records a report for a brand; the same again changes nothing."""

    def __init__(
        self, *, watch: WatchTags, stop: StopComponent, erase: EraseCustomer, customer_secret: bytes
    ) -> None:
        self._watch = watch
        self._stop = stop
        self._erase = erase
        self._customer_secret = customer_secret

    def __call__(
        self,
        tx: Transaction,
        brand: str,
        report: Report,
        *,
        source: str,
        received_at: datetime,
        now: datetime,
    ) -> Noted:
        """Record everything that a report tells.

        Args:
            tx: the transaction; nothing is there before its caller commits it.
            brand: the tenant.
            report: what was told.
            source: the inbound format that told it.
            received_at: when it came in.
            now: the present moment.

        Raises:
            Conflict: an event of the same id came before with another content.
            WrongState: a merge would close a circle.
        """
        telling = _Telling(tx, brand, received_at, now)
        for source_id in sorted(one.source_order_id for one in report.orders):
            tx.orders.one_at_a_time(brand, f"order {source_id}")
        orders = tuple(self._order(telling, one) for one in report.orders)
        customers = tuple(
            self._customer(telling, one, key)
            for one in report.customers
            for key in self._keys(tx, brand, one)
        )
        erased = self._erase.orders(tx, brand, (order_id(brand, one) for one in report.erased_orders))
        if report.erased_shop:
            erased += self._erase.shop(tx, brand, source)
        return Noted(brand=brand, orders=orders, customers=customers, erased_orders=erased)

    def _keys(self, tx: Transaction, brand: str, report: CustomerReport) -> tuple[str, ...]:
        """The key that the customer is known by; for an erasure, every key that may be theirs."""
        keys = report.keys(self._customer_secret)
        if any(event.type is CustomerEventType.ERASED for event in report.events):
            known = [key for key in keys[1:] if tx.customers.get(brand, key) is not None]
            return (*keys[:1], *known)
        return keys[:1]

    def _order(self, telling: _Telling, report: OrderReport) -> OrderNoted:
        tx, brand, received_at, now = telling
        order, source_id = order_id(brand, report.source_order_id), report.source_order_id
        key = tx.orders.customer_of(order)
        if key is not None:
            tx.history.one_at_a_time(brand, key)
        since = min(event.at for event in report.events)
        keys = tx.customers.members(brand, key) if key is not None else ()
        cause = Cause(kind=report.events[0].type, id=report.events[0].source_event_id)
        with self._watch(tx, brand, keys, since=since, cause=cause, now=now, itself=order):
            new = tx.order_events.record(brand, source_id, report.events, received_at=received_at)
            if new:
                tx.thresholds.older_truth(brand, since)
        if any(event.type is OrderEventType.CANCELLED and event.at <= now for event in new):
            self._stop_all(tx, tx.components.waiting_of_order(order), "the order was cancelled")
        if key is not None and any(event.type is OrderEventType.COMPLAINT_OPENED for event in new):
            self._stop_complained(tx, brand, keys, now)
        known = tx.orders.exists(order)
        return OrderNoted(
            order_id=order,
            source_order_id=source_id,
            new=new,
            state=tx.order_events.state(brand, order, at=now) if known else None,
        )

    def _customer(self, telling: _Telling, report: CustomerReport, key: str) -> CustomerNoted:
        tx, brand, received_at, now = telling
        others = (event.into for event in report.events if event.into is not None)
        tx.history.one_at_a_time(brand, key, *others)
        if report.names:
            tx.customers.know(brand, key, received_at, report.names)
        if not report.events:
            return CustomerNoted(key=key, new=(), standing=tx.customers.standing(brand, key, at=now))
        keys = set(tx.customers.members(brand, key))
        for event in report.events:
            if event.into is not None:
                keys |= set(tx.customers.members(brand, event.into))
        recognised = whom_it_touches(tx, brand, keys, None)
        keys |= recognised or set()
        weighty = [event for event in report.events if event.type not in _CHANGES_NO_TAG]
        watched = keys if weighty else ()
        merges = any(event.type in _MERGES for event in weighty)
        since = None if merges or recognised else min(event.at for event in report.events)
        cause = Cause(kind=report.events[0].type, id=report.events[0].source_event_id)
        with self._watch(tx, brand, watched, since=since, cause=cause, now=now):
            new = tx.customers.record(brand, key, report.events, received_at=received_at)
            if new and merges:
                tx.thresholds.older_truth(brand)
        for event in new:
            if event.type in _STOPS_CARDS and event.at <= now:
                waiting = tx.components.waiting_inserts(brand, tx.customers.members(brand, key))
                self._stop_all(tx, waiting, _STOPS_CARDS[event.type])
        standing = tx.customers.standing(brand, key, at=now)
        if any(event.type is CustomerEventType.ERASED for event in new):
            self._erase.customer(tx, brand, key)
        return CustomerNoted(key=key, new=new, standing=standing)

    def _stop_complained(self, tx: Transaction, brand: str, keys: tuple[str, ...], now: datetime) -> None:
        if keys and tx.customers.standing(brand, keys[0], at=now).open_complaint:
            why = "a complaint of the customer is open"
            self._stop_all(tx, tx.components.waiting_inserts(brand, keys), why)

    def _stop_all(self, tx: Transaction, waiting: Iterable[Component], why: str) -> None:
        """What the press does not have yet need not go out; what it has is never called back."""
        for component in waiting:
            self._stop(tx, component, reason=why)
