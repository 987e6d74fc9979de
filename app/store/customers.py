"""What is known of customers beside their orders: names as last said, events, and who was merged with whom.

A customer's events may come before the customer. Who was merged is looked up while asking, so that
un-merging works. Whoever records events tells `thresholds.older_truth`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from app.domain.customer import MAIL
from app.domain.event import CustomerEvent, CustomerEventType, OrderEvent
from app.domain.fold import Standing, fold_alias, fold_customer
from app.errors import Conflict, WrongState
from app.store.columns import micros, moment
from app.store.event_documents import customer_event_columns, is_erased, read_customer_event
from app.store.mail_claims import MailClaims
from app.store.order_events import OrderEventRepository
from app.store.sql import MEMBERS, Statement, connected, lock

_FIND = Statement("""
SELECT type, at, document FROM customer_events
WHERE brand = :brand AND customer_key = :key AND source_event_id = :source_event_id
""")
_ADD = Statement("""
INSERT INTO customer_events (brand, customer_key, source_event_id, type, at, received_at, document)
VALUES (:brand, :key, :source_event_id, :type, :at, :received_at, :document)
ON CONFLICT (brand, customer_key, source_event_id) DO NOTHING
""")
_EVENTS = Statement("""
SELECT source_event_id, type, at, document, received_at FROM customer_events
WHERE brand = :brand AND customer_key = :key
""")
_KNOWN = Statement("""
INSERT INTO customers (brand, key, given_name, display_name, known_since)
VALUES (:brand, :key, '', '', :at)
ON CONFLICT (brand, key) DO UPDATE SET
  known_since = CASE WHEN customers.known_since <= excluded.known_since THEN customers.known_since
    ELSE excluded.known_since END
""")
_NAME = Statement("""
UPDATE customers SET given_name = coalesce(:given_name, given_name),
  display_name = coalesce(:display_name, display_name), language = coalesce(:language, language)
WHERE brand = :brand AND key = :key
""")
_ROW = Statement("""
SELECT given_name, display_name, language, known_since, canonical_key FROM customers
WHERE brand = :brand AND key = :key
""")
_ALIAS = Statement("UPDATE customers SET canonical_key = :into WHERE brand = :brand AND key = :key")
_ALIASED = Statement("""
SELECT key, canonical_key FROM customers
WHERE brand = :brand AND canonical_key IS NOT NULL AND key IN {members_of_names}
UNION
SELECT key, canonical_key FROM customers WHERE brand = :brand AND canonical_key IN {members_of_names}
""")
_KEYS = "SELECT key FROM members"
_MEMBERS_OF = Statement(MEMBERS + _KEYS)
_MERGES = frozenset({CustomerEventType.MERGED, CustomerEventType.UNMERGED})


class ReceivedCustomerEvent(NamedTuple):
    """An event, the key it came under, and when it came in."""

    key: str
    event: CustomerEvent
    received_at: datetime


class Heard(NamedTuple):
    """A customer's events, the complaints about their orders by order, and whether they share an address."""

    events: list[CustomerEvent]
    complaints: dict[str, list[OrderEvent]]
    shares_address: bool

    def standing(self, at: datetime | None) -> Standing:
        """What they amount to, as of a moment."""
        if not any(self):
            return Standing()
        standing = fold_customer(self.events, self.complaints, at=at)
        return replace(standing, shares_address=True) if self.shares_address else standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """What is said of a customer under one key. `merged_into` is whom they were merged into, if anybody."""

    key: str
    given_name: str = ""
    display_name: str = ""
    language: str | None = None
    known_since: datetime | None = None
    merged_into: str | None = None


class CustomerRepository:
    """The customers of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, brand: str, key: str) -> CustomerRecord | None:
        """What is said of a customer, or None where nothing ever was."""
        rows = _ROW.rows(connected(self._session), {"brand": brand, "key": key})
        if not rows:
            return None
        given_name, display_name, language, since, into = rows[0]
        return CustomerRecord(
            key=key,
            given_name=given_name,
            display_name=display_name,
            language=language,
            known_since=None if since is None else moment(since),
            merged_into=into,
        )

    def know(self, brand: str, key: str, at: datetime, names: Mapping[str, str | None] | None = None) -> None:
        """See that a customer is there, known since `at` at the latest.

        Args:
            brand: the tenant.
            key: the customer.
            at: the moment of which something is known.
            names: `given_name`, `display_name`, `language`; what is missing or None stays as it is.
        """
        connection = connected(self._session)
        which = {"brand": brand, "key": key}
        _KNOWN.run(connection, which | {"at": micros(at)})
        if names:
            unsaid: dict[str, str | None] = {"given_name": None, "display_name": None, "language": None}
            _NAME.run(connection, unsaid | dict(names) | which)
        if key.startswith(MAIL):
            MailClaims(self._session).settle(brand, [key])

    def record(
        self, brand: str, key: str, events: Iterable[CustomerEvent], *, received_at: datetime
    ) -> tuple[CustomerEvent, ...]:
        """Keep the events of a customer, known or not.

        Returns:
            Those that were not there already.

        Raises:
            Conflict: an event of the same id is there with another content.
            WrongState: a merge would close a circle.
        """
        new = tuple(event for event in events if self._is_new(brand, key, event))
        if not new:
            return ()
        same = {"brand": brand, "key": key, "received_at": micros(received_at)}
        rows = (same | customer_event_columns(event)._asdict() for event in new)
        _ADD.many(connected(self._session), rows)
        self.know(brand, key, min(event.at for event in new))
        if any(event.type in _MERGES for event in new):
            self._merge(brand, key)
        return new

    def events(self, brand: str, key: str) -> tuple[ReceivedCustomerEvent, ...]:
        """The events that came under one key, by their moment."""
        rows = _EVENTS.rows(connected(self._session), {"brand": brand, "key": key})
        found = [
            ReceivedCustomerEvent(key, read_customer_event(*row), moment(received)) for *row, received in rows
        ]
        return tuple(sorted(found, key=lambda one: (one.event.at, one.event.source_event_id)))

    def members(self, brand: str, key: str) -> tuple[str, ...]:
        """Every key that stands for this customer, the given one among them."""
        rows = _MEMBERS_OF.rows(connected(self._session), {"brand": brand, "key": key})
        return tuple(sorted(found for (found,) in rows))

    def aliased(self, brand: str, keys: Iterable[str]) -> frozenset[str]:
        """Those of these keys, and of their neighbours, that are merged with another one."""
        asked = {"brand": brand, "names": json.dumps(sorted(keys))}
        rows = _ALIASED.rows(connected(self._session), asked)
        return frozenset(key for row in rows for key in row)

    def standing(self, brand: str, key: str, *, at: datetime | None = None) -> Standing:
        """What is known of a customer under all their keys, as of a moment."""
        return self.heard(brand, key).standing(at)

    def heard(self, brand: str, key: str) -> Heard:
        """What was ever said of a customer under all their keys."""
        members = self.members(brand, key)
        orders = OrderEventRepository(self._session)
        complaints: dict[str, list[OrderEvent]] = {}
        for member in members:
            complaints |= orders.complaints(brand, member)
        events = [one.event for member in members for one in self.events(brand, member)]
        shares = bool(MailClaims(self._session).sharers(brand, members))
        return Heard(events, complaints, shares)

    def _is_new(self, brand: str, key: str, event: CustomerEvent) -> bool:
        asked = {"brand": brand, "key": key, "source_event_id": event.source_event_id}
        rows = _FIND.rows(connected(self._session), asked)
        if (
            rows
            and not is_erased(rows[0][2])
            and read_customer_event(event.source_event_id, *rows[0]) != event
        ):
            raise Conflict(
                f"the event {event.source_event_id!r} of this customer came before with another content",
                mend="the first one stands; give another event another id",
            )
        return not rows

    def _merge(self, brand: str, key: str) -> None:
        connection = connected(self._session)
        lock(connection, f"aliases {brand}")
        into = fold_alias(one.event for one in self.events(brand, key))
        self._refuse_circle(brand, key, into)
        _ALIAS.run(connection, {"brand": brand, "key": key, "into": into})

    def _refuse_circle(self, brand: str, key: str, into: str | None) -> None:
        """Follow the chain of merges from `into`: it must not come back.

        Only merges that were told count: an address that leads to `key` already may be what `key` is merged
        into, and whichever comes first, both are one.
        """
        chain = [key]
        while into is not None:
            chain.append(into)
            if into == key:
                raise WrongState(
                    f"this merge would close a circle: {' → '.join(chain)}",
                    mend=f"un-merge {chain[-2]!r} first, or merge the other way round",
                )
            into = fold_alias(one.event for one in self.events(brand, into))
