"""Makes an insert: drawn, stored, ready to be handed over. It never holds an order up.

What cannot be put on paper is let down, each time with its reason: the chosen card, then the brand's generic
card, then none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.brand import Brand
from app.domain.clock import Clock
from app.domain.decision import Decision
from app.domain.insert import Degradation, Insert, InsertState
from app.domain.order import Order
from app.domain.template import GENERIC
from app.errors import NotFound, RenderError, SettingsUnusable, SetupError, TipinError
from app.services.brands_in_force import BrandsInForce
from app.services.draw_card import DrawCard, Drawn
from app.services.ports import FlowQueue
from app.services.stop_insert import StopInsert
from app.store.artifacts import ArtifactStore
from app.store.database import Store, Transaction
from app.store.tags import Tag


@dataclass(frozen=True, slots=True)
class NoCard:
    """That no card can be drawn, and why."""

    reason: str


class MakeInsert:
    """Draws a planned insert and stores it. Runs again after a crash: the same bytes, or nothing to do."""

    def __init__(
        self,
        *,
        store: Store,
        brands: BrandsInForce,
        artifacts: ArtifactStore,
        draw: DrawCard,
        queue: FlowQueue,
        stop: StopInsert,
        clock: Clock,
    ) -> None:
        self._store = store
        self._brands = brands
        self._artifacts = artifacts
        self._draw = draw
        self._queue = queue
        self._stop = stop
        self._clock = clock

    def __call__(self, job_id: str, generation: int) -> None:
        """Make one generation of a job's insert.

        Raises:
            StorageUnavailable: the disk cannot take the file now; run it again.
        """
        with self._store.reading() as tx:
            insert = tx.inserts.get(job_id)
            if insert.generation != generation or insert.state is not InsertState.PLANNED:
                return
            order = tx.orders.get(insert.order_id).order
            tag = tx.tags.get(insert.order_id)
            brand = self._brand(tx, insert, tag)
        if self._clock.now() > insert.try_until:
            best: tuple[Insert, Drawn] | NoCard = NoCard("it could not be drawn before the order was due")
        elif isinstance(brand, NoCard):
            best = brand
        else:
            best = self._best(insert, order, tag.decision, brand)
        if isinstance(best, NoCard):
            with self._store.transaction() as tx:
                self._stop(tx, insert, reason=best.reason, degradation=Degradation.NO_CARD)
        else:
            self._keep(*best)

    def _brand(self, tx: Transaction, insert: Insert, tag: Tag) -> Brand | NoCard:
        """The brand as it was when the card was decided: what was changed since prints on later cards."""
        try:
            return self._brands.at(tx, insert.brand, tag.settings_version)
        except (NotFound, SettingsUnusable) as error:
            return NoCard(_reason(error))

    def _best(
        self, insert: Insert, order: Order, decision: Decision, brand: Brand
    ) -> tuple[Insert, Drawn] | NoCard:
        try:
            return insert, self._draw(insert, order, decision, brand)
        except RenderError as error:
            chosen = _reason(error)
        try:
            generic = self._draw.generic(insert, order, decision, brand, why=chosen)
            degraded = replace(insert, occasion=GENERIC, degradation=Degradation.GENERIC, reason=chosen)
            return degraded, self._draw(insert, order, generic, brand)
        except (RenderError, SetupError) as error:
            return NoCard(f"{chosen}; and the generic card: {_reason(error)}")

    def _keep(self, insert: Insert, drawn: Drawn) -> None:
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
            if not tx.inserts.made(made):
                return
            tx.inserts.keep_artifact(
                sha256, media_type="application/pdf", size=len(drawn.pdf), made_at=now, preflight=drawn.report
            )
            self._queue.hand_over(tx, made)


def _reason(error: TipinError) -> str:
    return f"{error.title}: {error.detail}"
