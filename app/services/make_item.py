"""Makes a photo item: its photo fetched and kept, developed, written, past its preflight, stored.

Runs again after a crash: what was done is found, the rest is done; the same bytes, or nothing to do. Whatever
is wrong with a photo stops its item alone, with a reason for the plant and a message for the customer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.backoff import pause
from app.domain.bench_code import bench_code
from app.domain.clock import Clock
from app.domain.insert import InsertState
from app.domain.item import Finding, Item
from app.domain.photo import StoredPhoto
from app.errors import ChangedMeanwhile, NotFound, PhotoAway, PhotoUnusable, RenderError, TipinError
from app.photo.develop import Developed
from app.registry.customer_words import CustomerWords
from app.services.brands_in_force import BrandsInForce
from app.services.expire_photos import ForgetPhoto
from app.services.item_imprint import imprint_of
from app.services.item_words import customer_message, held_because, read_by_customer
from app.services.keep_photo import MASTER_SUFFIX, KeepPhoto
from app.services.plan_items import SPOOL_SUFFIX
from app.services.ports import FlowQueue
from app.services.print_photo import PrintPhoto
from app.services.stop_component import StopComponent
from app.store.artifacts import ArtifactStore
from app.store.database import Store, Transaction

Fetch = Callable[[str], bytes]
"""The bytes behind an address; raises PhotoAway or PhotoUnusable."""
_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=15)


class MakeItem:
    """Makes a planned item in one task."""

    def __init__(
        self,
        *,
        store: Store,
        brands: BrandsInForce,
        artifacts: ArtifactStore,
        fetch: Fetch,
        keep: KeepPhoto,
        print_photo: PrintPhoto,
        queue: FlowQueue,
        stop: StopComponent,
        forget: ForgetPhoto,
        clock: Clock,
        bench_secret: bytes,
        words: CustomerWords,
    ) -> None:
        self._store = store
        self._brands = brands
        self._artifacts = artifacts
        self._fetch = fetch
        self._keep = keep
        self._print = print_photo
        self._queue = queue
        self._stop = stop
        self._forget = forget
        self._clock = clock
        self._bench_secret = bench_secret
        self._words = words

    def __call__(self, record: str, number: int, generation: int, revision: int, attempt: int) -> None:
        """Make one revision of an item; where its photo's server is away, the next try is set for later.

        Raises:
            StorageUnavailable: the disk cannot take the file now; run it again.
        """
        with self._store.reading() as tx:
            item = tx.items.get(record, number)
        if (item.generation, item.revision, item.state) != (generation, revision, InsertState.PLANNED):
            return
        with self._store.reading() as tx:
            late = self._clock.now() > tx.components.get(record, number).try_until
        if late:
            self._fail(item, "it could not be made before the order was due")
            return
        try:
            self._make(item)
        except ChangedMeanwhile:
            return  # what changed it had it made anew, or not
        except PhotoAway as error:
            self._later(item, attempt, error)
        except (NotFound, RenderError) as error:  # PhotoUnusable among them
            self._fail(item, _reason(error), self._said(item, error))

    def give_up(
        self, record: str, number: int, generation: int, revision: int, _attempt: int, reason: str
    ) -> None:
        """End an item whose task cannot be run."""
        with self._store.transaction() as tx:
            item = tx.items.get(record, number)
            if (item.generation, item.revision, item.state) == (generation, revision, InsertState.PLANNED):
                self._stop(tx, tx.components.get(record, number), reason=reason)

    def _make(self, item: Item) -> None:
        with self._store.reading() as tx:
            brand = self._brands(tx, item.brand)
            language = _language(tx, item)
        photo = self._photo(item, timedelta(days=brand.photos.keep_days))
        if photo.master is None:
            raise PhotoUnusable("its photo is gone", mend="send it again", reason="gone")
        code = bench_code(self._bench_secret, brand.key, item.record, item.generation, item.number)
        item = replace(item, bench_code=code)
        printed = self._print(
            self._artifacts.read(photo.master, MASTER_SUFFIX),
            item.product,
            key=f"{item.key}-{item.generation}",
            made_at=item.planned_at,
            crop=item.crop,
            imprint=imprint_of(item, brand, language),
        )
        sha256, now = self._artifacts.put(printed.pdf, ".pdf"), self._clock.now()
        reason = held_because(printed.developed.warnings, chosen=item.crop is not None)
        state = InsertState.HELD if reason else InsertState.READY
        made = replace(
            item,
            state=state,
            reason=reason,
            finding=_finding(printed.developed),
            pdf_sha256=sha256,
            ready_at=now,
        )
        with self._store.transaction() as tx:
            if not tx.items.made(made, state):
                # It was stopped, cropped otherwise or deleted meanwhile: nothing names this file.
                self._forget.pdf(tx, sha256)
                return
            tx.leftovers.one_at_a_time(sha256)
            if not self._artifacts.has(sha256, ".pdf"):  # an older drawing of the same bytes has just ended
                self._artifacts.put(printed.pdf, ".pdf")
            tx.inserts.keep_artifact(
                sha256,
                media_type="application/pdf",
                size=len(printed.pdf),
                made_at=now,
                preflight=printed.report,
            )
            if state is InsertState.READY:
                self._queue.hand_over(tx, tx.components.get(item.record, item.number), first=True)

    def _photo(self, item: Item, keep: timedelta) -> StoredPhoto:
        """The item's photo, kept: fetched or taken from the spool where it is not yet."""
        now = self._clock.now()
        if item.source.photo:
            with self._store.transaction() as tx:
                photo = tx.photos.get(item.brand, item.source.photo)
                until = item.expires_at or photo.expires_at
                if min(until, photo.expires_at) <= now:
                    raise _over()
                return tx.photos.keep(replace(photo, expires_at=until))
        if item.expires_at is not None and item.expires_at <= now:
            raise _over()
        try:
            encoded = self._keep.encode(self._bytes(item))
        except NotFound:
            return self._photo(self._kept_meanwhile(item), keep)
        with self._store.transaction() as tx:
            photo = self._keep.keep(tx, item.brand, encoded, now=now, until=item.expires_at or now + keep)
            if not tx.items.stored(item, photo.id):
                raise ChangedMeanwhile("it was stopped, held or made while its photo came")
            self._wake_card(tx, item)
        self._drop_spooled(item)
        return photo

    def _kept_meanwhile(self, item: Item) -> Item:
        """The item whose photo is not in the spool any more: another run of this task kept it.

        Raises:
            NotFound: nobody did.
        """
        with self._store.reading() as tx:
            current = tx.items.get(item.record, item.number)
        if not current.source.photo:
            raise NotFound("its photo is not here any more", mend="send it again")
        return current

    def _bytes(self, item: Item) -> bytes:
        if item.source.url:
            return self._fetch(item.source.url)
        return self._artifacts.read(item.source.sha256, SPOOL_SUFFIX)

    def _drop_spooled(self, item: Item) -> None:
        """Once the photo is kept for good: before, a kill would lose it."""
        if item.source.sha256:
            with self._store.transaction() as tx:
                self._forget.spooled(tx, item.source.sha256)

    def _later(self, item: Item, attempt: int, error: PhotoAway) -> None:
        delay = pause(item.key, attempt, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        with self._store.transaction() as tx:
            component = tx.components.get(item.record, item.number)
            if self._clock.now() + delay <= component.try_until:
                tx.items.waits(item, _reason(error))
                self._queue.make_item(tx, item, attempt=attempt + 1, delay=delay)
                return
        reason = f"{_reason(error)}; the order is due before the next try"
        self._fail(item, reason, self._said(item, error))

    def _said(self, item: Item, error: TipinError) -> str:
        with self._store.reading() as tx:
            languages = read_by_customer(_language(tx, item), self._brands(tx, item.brand))
        return customer_message(self._words, error, languages)

    def _wake_card(self, tx: Transaction, item: Item) -> None:
        """Have the order's card made, which may wait for this photo."""
        if not item.on_card:
            return
        for insert in tx.inserts.of_order(item.order_id):
            if insert.state is InsertState.PLANNED and not insert.further:
                self._queue.make_insert(
                    tx, insert.job_id, priority=insert.priority, wake=f"photo-{item.number}"
                )

    def _fail(self, item: Item, reason: str, message: str = "") -> None:
        with self._store.transaction() as tx:
            current = tx.items.get(item.record, item.number)
            now = (current.generation, current.revision, current.state)
            if now != (item.generation, item.revision, InsertState.PLANNED):
                return  # changed by a person, or another run of this task has made it
            tx.items.tell_customer(item, message)
            self._wake_card(tx, item)
            self._stop(tx, tx.components.get(item.record, item.number), reason=reason)


def _language(tx: Transaction, item: Item) -> str | None:
    """Of its order; None where that says none."""
    return tx.orders.get(item.order_id).order.language


def _finding(developed: Developed) -> Finding:
    return Finding(
        crop=developed.crop,
        chosen_by=developed.chosen_by,
        ppi=round(developed.ppi, 1),
        faces=len(developed.faces),
        beyond=round(developed.beyond, 3),
        warnings=developed.warnings,
    )


def _over() -> PhotoUnusable:
    return PhotoUnusable("the time that its photo may be kept is over", mend="send it again", reason="gone")


def _reason(error: TipinError) -> str:
    return f"{error.title}: {error.detail}" + (f" ({error.mend})" if error.mend else "")
