"""Erases a person: names, texts, birthday, stories, cards and files go; counts stay, without a name.

What is at the press already, or was handed to it, is out of tipin's reach: the plant erases it there. The
event of the erasure stays under the customer's key, as the proof that it was done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from app.domain.clock import Clock
from app.domain.customer import Customer
from app.domain.item import Item
from app.errors import NotFound
from app.services.expire_photos import ForgetPhoto
from app.services.stop_component import StopComponent
from app.store.artifacts import ArtifactStore
from app.store.database import Transaction

_ADDRESS = re.compile(rb"(?<![^\s\"'<>,;:()\\])[^\s\"'<>,;:()\\@]+@[^\s\"'<>,;:()\\]+")
"""Begins where a word does: else a photo in base64, a word of a million letters, would be tried from each."""
_ORDER_NAMES = frozenset({"id", "orderid", "sourceorderid"})
_CUSTOMER_NAMES = frozenset({"customerid"})
HISTORY = "history"
"""The source of imported orders: an export of any shop."""
_WHY = "the customer was erased"


class EraseCustomer:
    """Erases within a transaction; files are deleted before its end, so that no copy outlives a crash."""

    def __init__(
        self,
        *,
        artifacts: ArtifactStore,
        forget_pictures: Callable[[str], None],
        forget_photo: ForgetPhoto,
        stop: StopComponent,
        clock: Clock,
        customer_secret: bytes,
    ) -> None:
        """Take what erasing works with.

        Args:
            artifacts: the stored files.
            forget_pictures: deletes the pictures of a file, by its SHA-256.
            forget_photo: deletes a photo with all that shows it.
            clock: tells the time.
            stop: ends cards and items that the press does not have yet.
            customer_secret: keys the hash of e-mail addresses, the same as at the intake.
        """
        self._artifacts = artifacts
        self._forget_pictures = forget_pictures
        self._forget_photo = forget_photo
        self._clock = clock
        self._stop = stop
        self._customer_secret = customer_secret

    def customer(self, tx: Transaction, brand: str, key: str) -> None:
        """Erase a customer under all keys that were merged."""
        tx.history.one_at_a_time(brand, key)
        keys = tx.customers.members(brand, key)
        orders = tx.erasure.orders_of(brand, keys)
        sources = {whose[1] for order in orders if (whose := tx.orders.whose(order)) is not None}
        self.orders(tx, brand, orders)
        named = {*keys, *tx.mail_claims.mails_of(brand, keys)}
        tx.erasure.erase_letters(brand, self._mentions(named, sources))
        tx.erasure.erase_customer(brand, keys)
        # The spend of the past now stands under another key, which no window that was summed up knows.
        tx.thresholds.older_truth(brand)

    def shop(self, tx: Transaction, brand: str, source: str) -> int:
        """Erase what came to a brand by an inbound format; returns how many orders.

        Its customers go with it, and with them what was imported of their past. Who orders by another channel
        of the brand, too, stays that channel's customer: only what is in this one's orders goes.
        """
        orders = tx.erasure.orders_from(brand, source)
        for key in tx.erasure.keys_from(brand, source):
            keys = tx.customers.members(brand, key)
            if not tx.erasure.ordered_elsewhere(brand, keys, (source, HISTORY)):
                self.customer(tx, brand, key)
        tx.erasure.erase_letters(brand, lambda _body, _about: True, source=source)
        return self.orders(tx, brand, orders)

    def orders(self, tx: Transaction, brand: str, orders: Iterable[str]) -> int:
        """Erase the persons in single orders, by tipin's ids; returns how many orders were there."""
        found = [order for order in orders if tx.orders.exists(order)]
        for order in found:
            for component in tx.components.waiting_of_order(order):
                self._stop(tx, component, reason=_WHY)
            for item in tx.items.of_order(order):
                self._erase_item(tx, item)
            for sha256 in tx.erasure.erase_order(brand, order):
                self._forget_pictures(sha256)
                self._artifacts.remove(sha256, ".pdf")
        return len(found)

    def _erase_item(self, tx: Transaction, item: Item) -> None:
        """Its file and texts go; its photo too, unless another's order prints the same."""
        self._forget_photo.files(tx, item)
        tx.erasure.erase_item(item)
        self._forget_photo.spooled(tx, item.source.sha256)
        if item.source.photo and not tx.items.of_photo(item.brand, item.source.photo):
            with suppress(NotFound):  # its time was over
                photo = tx.photos.get(item.brand, item.source.photo)
                self._forget_photo(tx, photo, at=self._clock.now(), why=_WHY)

    def _mentions(self, keys: set[str], orders: set[str]) -> Callable[[bytes, str], bool]:
        """Whether a letter speaks of the person: an address of theirs, their id, or an order of theirs."""

        def mentions(body: bytes, about: str) -> bool:
            if about in keys or about in orders:
                return True
            addresses = (found.decode(errors="replace") for found in _ADDRESS.findall(body))
            if any(Customer(e_mail=found).key(self._customer_secret) in keys for found in addresses):
                return True
            return any(found in keys or found in orders for found in _named_in(body))

        return mentions


def _named_in(body: bytes) -> Iterator[str]:
    """The customer keys and order ids in a body, as far as it can be read."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return
    nodes: list[tuple[str, Any]] = [("", document)]
    while nodes:
        name, node = nodes.pop()
        if isinstance(node, list):
            nodes += [(name, member) for member in node]
        elif isinstance(node, dict):
            for key, value in node.items():
                plain = "".join(c for c in str(key).lower() if c.isalnum())
                if isinstance(value, dict | list):
                    nodes.append((plain, value))
                elif plain in _CUSTOMER_NAMES or (name == "customer" and plain == "id"):
                    yield f"id:{value}"
                elif plain in _ORDER_NAMES and name in {"", "orderdata"}:
                    yield str(value)
