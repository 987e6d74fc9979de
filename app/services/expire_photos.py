"""Deletes photos for good: master, print files, pictures, spool. What stays says when and why.

A photo goes when its time is over, when its sender deletes it, and when its customer is erased.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.domain.clock import Clock
from app.domain.component import INSERT
from app.domain.item import Item
from app.domain.photo import StoredPhoto
from app.services.keep_photo import MASTER_SUFFIX
from app.services.plan_items import SPOOL_SUFFIX
from app.services.ports import TaskQueue
from app.services.stop_component import StopComponent
from app.store.artifacts import ArtifactStore
from app.store.components import NOT_HANDED_OVER
from app.store.database import Store, Transaction

_BATCH = 100
EXPIRED = "its time was over"
_NO_PHOTO = "its photo was deleted: "


class ForgetPhoto:
    """Deletes one photo within a transaction; files go before its end, so that none outlives a crash."""

    def __init__(
        self,
        *,
        artifacts: ArtifactStore,
        forget_pictures: Callable[[str], None],
        stop: StopComponent,
        queue: TaskQueue,
    ) -> None:
        self._queue = queue
        self._artifacts = artifacts
        self._forget_pictures = forget_pictures
        self._stop = stop

    def __call__(self, tx: Transaction, photo: StoredPhoto, *, at: datetime, why: str) -> None:
        """Stop the items that wait for it, and delete it with all that shows it."""
        tx.photos.one_at_a_time(photo.master)  # a card that shows it is finished before, or finds it gone
        for item in tx.items.of_photo(photo.brand, photo.id):
            component = tx.components.get(item.record, item.number)
            if component.state in NOT_HANDED_OVER:
                self._stop(tx, component, reason=_NO_PHOTO + why)
            self.files(tx, item)
            self._cards(tx, item, why)
            tx.dead_letters.drop_photos_of(item.order_id)
        master = tx.photos.forget(photo, at=at, why=why)
        if master is not None:
            self._artifacts.remove(master, MASTER_SUFFIX)

    def _cards(self, tx: Transaction, item: Item, why: str) -> None:
        """Delete the cards that show the photo, and draw those anew without it that no press has yet."""
        for insert in tx.inserts.of_order(item.order_id) if item.on_card else ():
            if insert.card is None or insert.card.photo is None or insert.card.photo.id != item.source.photo:
                continue
            component = tx.components.get(insert.job_id)
            again = tx.inserts.without_photo(insert, tx.components.changes(component), reason=_NO_PHOTO + why)
            if again is not None:
                self._queue.make_insert(tx, again.job_id, priority=again.priority, wake="plain")
            for sha256 in (insert.pdf_sha256, *tx.reprints.drop_files(insert.job_id, INSERT)):
                self.pdf(tx, sha256)

    def files(self, tx: Transaction, item: Item) -> None:
        """Delete the print files of an item, those of void prints too."""
        void = tx.reprints.drop_files(item.record, item.number)
        for sha256 in (tx.items.drop_pdf(item), *void):
            self.pdf(tx, sha256)

    def pdf(self, tx: Transaction, sha256: str | None) -> None:
        """Delete a print file that no component has any more, with its pictures."""
        if sha256 is not None and tx.erasure.forget_file(sha256):
            self._forget_pictures(sha256)
            self._artifacts.remove(sha256, ".pdf")

    def spooled(self, tx: Transaction, sha256: str) -> None:
        """Delete a photo that came inside an order, unless another item still waits for it."""
        tx.items.one_at_a_time(sha256)
        if sha256 and not tx.items.is_spooled(sha256):
            self._artifacts.remove(sha256, SPOOL_SUFFIX)


class ExpirePhotos:
    """The sweep."""

    def __init__(self, *, store: Store, forget: ForgetPhoto, stop: StopComponent, clock: Clock) -> None:
        self._store = store
        self._forget = forget
        self._stop = stop
        self._clock = clock

    def __call__(self) -> int:
        """Delete what has to be gone by now; returns how many photos went."""
        return self._kept() + self._not_kept()

    def _kept(self) -> int:
        count = 0
        while True:
            now = self._clock.now()
            with self._store.reading() as tx:
                found = tx.photos.expired(now, limit=_BATCH)
            for photo in found:
                with self._store.transaction() as tx:
                    if tx.photos.is_expired(photo, now):  # not sent again just now
                        self._forget(tx, photo, at=now, why=EXPIRED)
            count += len(found)
            if len(found) < _BATCH:
                return count

    def _not_kept(self) -> int:
        """What came inside orders, or was to be fetched, for items that failed or whose time is over."""
        count = 0
        while True:
            now = self._clock.now()
            with self._store.reading() as tx:
                found = tx.items.useless_sources(now, limit=_BATCH)
            for item in found:
                with self._store.transaction() as tx:
                    component = tx.components.get(item.record, item.number)
                    if component.state in NOT_HANDED_OVER:
                        self._stop(tx, component, reason=_NO_PHOTO + EXPIRED)
                    tx.items.drop_source(item)
                    self._forget.spooled(tx, item.source.sha256)
            count += len(found)
            if len(found) < _BATCH:
                return count
