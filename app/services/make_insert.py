"""Makes an insert: drawn, stored, ready to be handed over. It never holds an order up.

What cannot be put on paper is let down, each time with its reason: the chosen card, then the brand's generic
card, then none. Only where a brand says that its orders wait, one that fails is held for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.brand import Brand
from app.domain.card import Card
from app.domain.clock import Clock
from app.domain.decision import Decision
from app.domain.insert import Degradation, Insert, InsertState
from app.domain.order import Order
from app.domain.template import GENERIC
from app.errors import NotFound, RenderError, SettingsUnusable, SetupError, TipinError
from app.services.brands_in_force import BrandsInForce
from app.services.draw_card import DrawCard, Drawn, Paired
from app.services.pair_photo import Found, PairPhoto, Unpaired, Waits
from app.services.ports import FlowQueue
from app.services.stop_component import StopComponent
from app.store.artifacts import ArtifactStore
from app.store.database import Store, Transaction
from app.store.tags import Tag


@dataclass(frozen=True, slots=True)
class NoCard:
    """That no card can be drawn, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """The card to be made, and the wordings that its customer has had on other cards."""

    insert: Insert
    order: Order
    decision: Decision
    brand: Brand
    said: tuple[str, ...]
    photo: Paired | Unpaired | None


class MakeInsert:
    """Draws a planned insert and stores it. Runs again after a crash: the same bytes, or nothing to do."""

    def __init__(
        self,
        *,
        store: Store,
        brands: BrandsInForce,
        artifacts: ArtifactStore,
        draw: DrawCard,
        pair: PairPhoto,
        queue: FlowQueue,
        stop: StopComponent,
        clock: Clock,
    ) -> None:
        self._store = store
        self._brands = brands
        self._artifacts = artifacts
        self._draw = draw
        self._pair = pair
        self._queue = queue
        self._stop = stop
        self._clock = clock

    def __call__(self, job_id: str, generation: int) -> None:
        """Make one generation of a job's insert; where it waits for a photo, a later try is set.

        Raises:
            StorageUnavailable: the disk cannot take the file now; run it again.
        """
        with self._store.reading() as tx:
            insert = tx.inserts.get(job_id)
            if insert.generation != generation or insert.state is not InsertState.PLANNED:
                return
            stored, tag = tx.orders.get(insert.order_id), tx.tags.get(insert.order_id)
            decision = tag.decision.of_job(stored.job_ids.index(job_id))
            brand, said = self._brand(tx, insert, tag), _said(tx, insert)
            found = self._photo(tx, insert)
        if isinstance(found, Waits):
            self._wait(insert, found)
            return
        photo = self._pair.cut(insert, found) if isinstance(found, Found) else found
        best: tuple[Insert, Drawn] | NoCard
        if insert.card is not None:
            best = self._again(insert, insert.card, photo)
        elif isinstance(brand, NoCard):
            best = brand
        else:
            best = self._best(_Asked(insert, stored.order, decision, brand, said, photo))
        if isinstance(best, NoCard):
            with self._store.transaction() as tx:
                component = tx.components.get(job_id)
                if component.generation != generation or component.state is not InsertState.PLANNED:
                    return
                if insert.holds_order:
                    tx.components.move(component, InsertState.HELD, reason=best.reason)
                elif self._stop(tx, component, reason=best.reason):
                    tx.inserts.let_down(insert, Degradation.NO_CARD)
        elif not self._keep(*best):
            self(job_id, generation)

    def _photo(self, tx: Transaction, insert: Insert) -> Found | Unpaired | Waits | None:
        """The photo that the card is to show: its order's, or the one that it showed before."""
        if insert.card is None:
            return self._pair.wanted(tx, insert, self._clock.now())
        return None if insert.card.photo is None else self._pair.found(tx, insert, insert.card.photo)

    def _wait(self, insert: Insert, waits: Waits) -> None:
        """Look again when its time for a photo is over; the photo's own task has it done as it comes."""
        with self._store.transaction() as tx:
            delay = waits.until - self._clock.now()
            self._queue.make_insert(tx, insert.job_id, priority=insert.priority, wake="late", delay=delay)

    def _brand(self, tx: Transaction, insert: Insert, tag: Tag) -> Brand | NoCard:
        """The brand as it was when the card was decided: what was changed since prints on later cards."""
        try:
            return self._brands.at(tx, insert.brand, tag.settings_version)
        except (NotFound, SettingsUnusable) as error:
            return NoCard(_reason(error))

    def _best(self, asked: _Asked) -> tuple[Insert, Drawn] | NoCard:
        """The best card that there is time for: the chosen one, then the brand's generic one, then none.

        Where the order waits for its card, it is the chosen one or none.
        """
        insert, now = asked.insert, self._clock.now()
        if insert.holds_order:
            return self._chosen(asked)
        if now > insert.try_until:
            return NoCard("it could not be drawn before the order was due")
        if insert.personal_until is not None and now >= insert.personal_until:
            return self._generic(asked, "no time was left for a personal card before the order was due")
        chosen = self._chosen(asked)
        return self._generic(asked, chosen.reason) if isinstance(chosen, NoCard) else chosen

    def _again(
        self, insert: Insert, card: Card, photo: Paired | Unpaired | None
    ) -> tuple[Insert, Drawn] | NoCard:
        """A reprint: the card as it was composed for the first print, and none in its stead."""
        if self._clock.now() > insert.try_until:
            return NoCard("it could not be drawn again before the order was due")
        try:
            if isinstance(photo, Unpaired):
                return replace(insert, reason=_without(photo.reason)), self._draw.again(card)
            return insert, self._draw.again(card, photo)
        except RenderError as error:
            return NoCard(_reason(error))

    def _chosen(self, asked: _Asked) -> tuple[Insert, Drawn] | NoCard:
        try:
            drawn, why = self._paired(asked, asked.decision)
        except RenderError as error:
            return NoCard(_reason(error))
        return replace(asked.insert, reason=why), drawn

    def _paired(self, asked: _Asked, decision: Decision) -> tuple[Drawn, str]:
        """The card with its photo, or else without and why; without a reason where none was asked for."""
        insert, order, brand, photo = asked.insert, asked.order, asked.brand, asked.photo
        if not isinstance(photo, Paired):
            return self._draw(insert, order, decision, brand), _without(photo.reason) if photo else ""
        try:
            return self._draw(insert, order, decision, brand, photo), ""
        except RenderError as error:
            return self._draw(insert, order, decision, brand), _without(_reason(error))

    def _generic(self, asked: _Asked, why: str) -> tuple[Insert, Drawn] | NoCard:
        insert = asked.insert
        try:
            generic = self._draw.generic(
                insert, asked.order, asked.decision, asked.brand, why=why, used=asked.said
            )
            degraded = replace(insert, occasion=GENERIC, degradation=Degradation.GENERIC, reason=why)
            return degraded, self._paired(asked, generic)[0]
        except (RenderError, SetupError) as error:
            return NoCard(f"{why}; and the generic card: {_reason(error)}")

    def _keep(self, insert: Insert, drawn: Drawn) -> bool:
        """Store the card; False where the photo that it shows went while it was drawn."""
        sha256 = self._artifacts.put(drawn.pdf, ".pdf")
        now = self._clock.now()
        made = replace(
            insert,
            state=InsertState.READY,
            variant=drawn.card.wordings[0].variant,
            card=drawn.card,
            pdf_sha256=sha256,
            ready_at=now,
        )
        with self._store.transaction() as tx:
            photo = drawn.card.photo
            if photo is not None and not tx.photos.holds(insert.brand, photo.id):
                return False
            if not tx.inserts.made(made):
                return True
            tx.leftovers.one_at_a_time(sha256)
            if not self._artifacts.has(sha256, ".pdf"):  # left by an earlier run, and cleared just now
                self._artifacts.put(drawn.pdf, ".pdf")
            tx.inserts.keep_artifact(
                sha256, media_type="application/pdf", size=len(drawn.pdf), made_at=now, preflight=drawn.report
            )
            self._queue.hand_over(tx, tx.components.get(made.job_id), first=True)
        return True


def _said(tx: Transaction, insert: Insert) -> tuple[str, ...]:
    """The wordings of the insert's template that its customer has, or may have, had on other cards."""
    if insert.customer_key is None:
        return ()
    cards = tx.history.cards(insert.brand, insert.customer_key, besides=insert.job_id)
    return tuple(card.variant for card in cards if card.template == insert.template)


def _without(why: str) -> str:
    return f"printed without its photo: {why}"


def _reason(error: TipinError) -> str:
    return f"{error.title}: {error.detail}"
