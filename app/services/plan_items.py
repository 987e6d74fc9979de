"""Turns the photo items that an order asks for into items to be made, each by itself.

An item that cannot be made is stored with its reason; the order, its card and its other items go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain.bench_code import LAST_COMPONENT
from app.domain.brand import Brand
from app.domain.insert import InsertState
from app.domain.item import AskedItem, Item, PhotoSource
from app.domain.order import Job, Order
from app.domain.product import ItemText, Product
from app.errors import MalformedOrder, Violation
from app.registry.customer_words import CustomerWords, Say
from app.services.announce import Announce
from app.services.item_words import read_by_customer
from app.services.ports import TaskQueue
from app.store.artifacts import ArtifactStore
from app.store.database import Transaction
from app.store.orders import StoredOrder

_NAME_PRODUCT = "name the product in the order, or add the SKU to the brand's photos.products"
SPOOL_SUFFIX = ".spooled"
NO_CONSENT = (
    "nobody said that the people in the photo agree to it being printed: send consent true, or set the "
    "brand's photos.consent_by_contract"
)
_WEB = ("https://", "http://")


class _Fault(NamedTuple):
    """Why an item cannot be made, for the plant; what its customer may be told, and of which text."""

    reason: str
    say: Say | None = None
    text: ItemText | None = None


class PlanItems:
    """A part of the intake transaction."""

    def __init__(
        self,
        *,
        products: Mapping[str, Product],
        artifacts: ArtifactStore,
        queue: TaskQueue,
        announce: Announce,
        words: CustomerWords,
    ) -> None:
        self._products = products
        self._artifacts = artifacts
        self._queue = queue
        self._announce = announce
        self._words = words

    def put_aside(self, tx: Transaction, order: Order) -> Order:
        """The order without the photos that came inside it: they wait on the disk, by their SHA-256.

        Raises:
            StorageUnavailable: the disk cannot take them now; nothing of the order is stored yet.
        """
        jobs = tuple(
            replace(job, items=tuple(self._aside(tx, asked) for asked in job.items)) for job in order.jobs
        )
        return order if jobs == order.jobs else replace(order, jobs=jobs)

    def _aside(self, tx: Transaction, asked: AskedItem) -> AskedItem:
        if not asked.inline:
            return asked
        # Another item's same photo may be taken out of the spool just now.
        tx.items.one_at_a_time(hashlib.sha256(asked.inline).hexdigest())
        sha256 = self._artifacts.put(asked.inline, SPOOL_SUFFIX)
        return replace(asked, inline=b"", source=PhotoSource(sha256=sha256))

    def __call__(
        self, tx: Transaction, stored: StoredOrder, *, brand: Brand, now: datetime
    ) -> tuple[Item, ...]:
        """Plan the items and start their making; the order and its jobs are stored already.

        Raises:
            MalformedOrder: there are more than a record can number.
        """
        items = tuple(self._items(tx, stored, brand, now))
        if len(items) > LAST_COMPONENT:
            violation = Violation(
                "/jobs",
                f"they ask for {len(items)} photo items; an order has at most {LAST_COMPONENT}",
                "send several orders",
            )
            raise MalformedOrder(f"/jobs: {violation.detail}", mend=violation.mend, violations=(violation,))
        for item in items:
            tx.items.plan(item)
            if item.state is InsertState.PLANNED:
                self._queue.make_item(tx, item)
            else:
                component = tx.components.get(item.record, item.number)
                self._announce.failed(tx, component, at=now)
        return items

    def _items(self, tx: Transaction, stored: StoredOrder, brand: Brand, now: datetime) -> Iterator[Item]:
        number = 0
        for job, job_id in zip(stored.order.jobs, stored.job_ids, strict=True):
            for asked in asked_of(job, brand):
                number += 1
                item = replace(self._item(stored, job, job_id, asked, brand, now), number=number)
                fault = next(self._faults(tx, item, job.sku, asked, brand), None)
                if fault is None:
                    yield item
                    continue
                languages = read_by_customer(stored.order.language, brand)
                said = "" if fault.say is None else self._words.say(fault.say, languages, fault.text)
                yield replace(item, state=InsertState.FAILED, reason=fault.reason, customer_message=said)

    @staticmethod
    def _item(  # noqa: PLR0917 - what an item is made of
        stored: StoredOrder, job: Job, job_id: str, asked: AskedItem, brand: Brand, now: datetime
    ) -> Item:
        return Item(
            record=stored.job_ids[0],
            number=0,
            order_id=stored.id,
            job_id=job_id,
            brand=brand.code,
            customer_key=stored.customer_key,
            product=asked.product or brand.photos.product_of(job.sku),
            source=asked.source,
            target=brand.photos.target or brand.target,
            planned_at=now,
            needed_by=stored.needed_by,
            expires_at=asked.expires_at or now + timedelta(days=brand.photos.keep_days),
            copies=job.quantity,
            caption=asked.caption,
            name=asked.name,
            crop=asked.crop,
            on_card=asked.on_card,
        )

    def _faults(
        self, tx: Transaction, item: Item, sku: str, asked: AskedItem, brand: Brand
    ) -> Iterator[_Fault]:
        """Why it cannot be made, for the plant and for the customer."""
        if not item.product:
            yield _Fault(f"the SKU {sku!r} is no photo product of this brand: {_NAME_PRODUCT}")
        elif item.product not in self._products:
            known = ", ".join(sorted(self._products))
            yield _Fault(f"there is no product {item.product!r}; use one of: {known}")
        else:
            yield from _unplaced(item, self._products[item.product])
        if not (brand.photos.consent_by_contract if asked.consent is None else asked.consent):
            yield _Fault(NO_CONSENT, Say.CONSENT)
        if item.source == PhotoSource():
            yield _Fault("the order names no photo for it", Say.MISSING)
        if item.expires_at is not None and item.expires_at <= item.planned_at:
            yield _Fault("its photo was to be gone before it came", Say.MISSING)
        if item.source.url and not item.source.url.lower().startswith(_WEB):
            yield _Fault("the photo's address is none of the web: send an https address", Say.MISSING)
        if item.source.photo and brand.code not in tx.photos.brands_of(item.source.photo):
            reason = f"there is no photo {item.source.photo!r}: send it with POST /v1/photos first"
            yield _Fault(reason, Say.MISSING)


def _unplaced(item: Item, product: Product) -> Iterator[_Fault]:
    """Words that the product has no place for: printed without them, it would be another item."""
    for says, said in ((ItemText.CAPTION, item.caption), (ItemText.NAME, item.name)):
        if said.strip() and says not in product.says:
            mend = f"leave it out, or give the product a frame that says {says}"
            reason = f"the order asks for a {says}, and {product.title} has no place for one: {mend}"
            yield _Fault(reason, Say.NO_PLACE, says)


def asked_of(job: Job, brand: Brand) -> tuple[AskedItem, ...]:
    """The items that a job is: what it says outright, or its SKU's product with its first artwork."""
    if job.items or not brand.photos.product_of(job.sku):
        return job.items
    return (AskedItem(source=PhotoSource(url=job.artwork[0] if job.artwork else "")),)
