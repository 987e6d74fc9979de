"""Takes an order: stored, tagged, its card planned and its sender's answer fixed, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.customer import Claim
from app.domain.diff import Cause
from app.domain.format import Parsed
from app.domain.ids import order_id
from app.errors import Conflict, IdempotencyMismatch
from app.services.answers import describe_order
from app.services.brands_in_force import BrandsInForce
from app.services.links import Links
from app.services.note_decision import note_decision
from app.services.plan_insert import PlanInsert
from app.services.plan_items import PlanItems
from app.services.ports import Tagger
from app.services.recognise import recognise, whom_it_touches
from app.services.tag_order import as_known
from app.services.watch_tags import WatchTags
from app.store.database import Transaction
from app.store.orders import StoredOrder, Taken
from app.store.tags import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What became of a posted order. `answer` is JSON, the same bytes each time the order is sent again."""

    order_id: str
    answer: bytes
    tag: Tag | None
    """The tag of a new order; None for one that was here before."""

    @property
    def is_new(self) -> bool:
        """Whether it was taken just now."""
        return self.tag is not None


class AcceptOrder:
    """Takes each order once, whatever its sender repeats."""

    def __init__(
        self,
        *,
        brands: BrandsInForce,
        tag: Tagger,
        watch: WatchTags,
        plan: PlanInsert,
        plan_items: PlanItems,
        customer_secret: bytes,
        links: Links,
    ) -> None:
        self._brands = brands
        self._tag = tag
        self._watch = watch
        self._plan = plan
        self._plan_items = plan_items
        self._customer_secret = customer_secret
        self._links = links

    def __call__(
        self,
        tx: Transaction,
        parsed: Parsed,
        *,
        received_at: datetime,
        now: datetime,
        idempotency_key: str = "",
    ) -> Accepted:
        """Accept an order, or give the answer of the first time again.

        Args:
            tx: the intake transaction; nothing is there before its caller commits it.
            parsed: the order and the digest of what its sender said.
            received_at: when it came in.
            now: when it is taken, later than `received_at` only where a dead letter is replayed.
            idempotency_key: the sender's, or empty.

        Raises:
            Conflict: this order id came before with another content, or with the history.
            IdempotencyMismatch: this key came before with another content.
        """
        order = parsed.order
        if idempotency_key:
            tx.orders.one_at_a_time(order.brand, f"key {idempotency_key}")
        tx.orders.one_at_a_time(order.brand, f"order {order.source_order_id}")
        if before := self._before(tx, parsed, idempotency_key):
            accepted = Accepted(order_id=before.order_id, answer=before.answer, tag=None)
        else:
            accepted = self._take(tx, parsed, received_at=received_at, now=now)
        if idempotency_key and tx.orders.taken_under(order.brand, idempotency_key) is None:
            tx.orders.remember_key(
                order.brand, idempotency_key, accepted.order_id, content=parsed.content, at=now
            )
        return accepted

    def _before(self, tx: Transaction, parsed: Parsed, idempotency_key: str) -> Taken | None:
        order = parsed.order
        if idempotency_key:
            under_key = tx.orders.taken_under(order.brand, idempotency_key)
            if under_key is not None and under_key.content != parsed.content:
                raise IdempotencyMismatch(
                    f"this Idempotency-Key was used for the order {under_key.order_id}, whose body differs",
                    mend="use a new key for a new body",
                )
        before = tx.orders.taken(order.brand, order.source_order_id)
        if before is None or before.content == parsed.content:
            return before
        if before.content is None:
            raise Conflict(
                f"the order {order.source_order_id!r} came with the imported history and gets no card",
                mend="import only orders from before you began to post them",
            )
        raise Conflict(
            f"the order {order.source_order_id!r} was taken with another content, as {before.order_id}",
            mend="the first one stands; give another order another id",
        )

    def _take(self, tx: Transaction, parsed: Parsed, *, received_at: datetime, now: datetime) -> Accepted:
        order = self._plan_items.put_aside(tx, parsed.order)
        brand = self._brands(tx, order.brand)
        customer, secret = order.customer, self._customer_secret
        customer_key = customer.key(secret)
        claim = customer.claim(secret, at=order.placed_at, source_order_id=order.source_order_id)
        stored = StoredOrder(
            id=order_id(order.brand, order.source_order_id),
            order=order,
            customer_key=customer_key,
            received_at=received_at,
            needed_by=order.needed_by or now + timedelta(minutes=brand.needed_by_minutes),
        )
        mail = customer.mail_key(secret)
        tx.history.one_at_a_time(order.brand, *(key for key in (customer_key, mail) if key is not None))
        if mail is not None:
            tx.mail_claims.one_at_a_time(order.brand, shared=True)
        self._add(tx, stored, claim, content=parsed.content, now=now)
        known = as_known(tx, stored, now)
        tagged = self._tag(tx, known, customer_key=customer_key, received_at=received_at, now=now)
        tag = Tag(
            facts=tagged.facts,
            decision=tagged.decision,
            decided_at=now,
            settings_version=brand.settings_version,
        )
        tx.tags.add(stored.id, order.brand, tag)
        note_decision(tx, stored, tag.decision, brand, at=now)
        inserts = self._plan(tx, stored, tag.decision, brand=brand, now=now)
        items = self._plan_items(tx, stored, brand=brand, now=now)
        answer = describe_order(stored, tag, inserts, items, self._links).model_dump_json().encode()
        tx.orders.keep_answer(stored.id, answer)
        return Accepted(order_id=stored.id, answer=answer, tag=tag)

    def _add(
        self, tx: Transaction, stored: StoredOrder, claim: Claim | None, *, content: str, now: datetime
    ) -> None:
        """Store the order: those after it, if it came late, may be tagged otherwise now.

        So may all of the customer's, if it tells that who was known by an address is known by an id.
        """
        order, key = stored.order, stored.customer_key
        keys = frozenset(tx.customers.members(order.brand, key) if key is not None else ())
        others = whom_it_touches(tx, order.brand, keys, claim)
        since = None if others else order.placed_at
        cause = Cause(kind="order", id=order.source_order_id)
        with self._watch(tx, order.brand, keys | (others or set()), since=since, cause=cause, now=now):
            tx.orders.add(stored, content=content)
            if key is not None and others is not None:
                recognise(tx, order.brand, key, claim)
