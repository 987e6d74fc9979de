"""Hands a ready component to its target, once, and has the sender told: a card and a photo item alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from app.domain.backoff import pause
from app.domain.clock import Clock
from app.domain.component import Component, MakeUp, make_up_of_card, make_up_of_product
from app.domain.insert import Addressee, InsertState
from app.domain.product import Product
from app.domain.template import CardTemplate
from app.domain.ticket import Receipt, Target, Ticket
from app.errors import NotFound, SubmissionUncertain, TargetBusy, TargetRefused, TargetUnavailable, TipinError
from app.services.announce import Announce
from app.services.fall_back import FallBack
from app.services.ports import FlowQueue
from app.services.stop_component import StopComponent
from app.services.tend_target import tend
from app.store.artifacts import ArtifactStore
from app.store.database import Store, Transaction

_FIRST_PAUSE = timedelta(seconds=0.5)
_LONGEST_PAUSE = timedelta(seconds=5)
"""Between tries at a target that is busy."""
_FIRST_LOOK = timedelta(seconds=2)
_WAY = {InsertState.READY, InsertState.SUBMITTING}


class HandOver:
    """Makes one try to hand a component over."""

    def __init__(
        self,
        *,
        store: Store,
        artifacts: ArtifactStore,
        targets: Mapping[str, Target],
        templates: Mapping[str, CardTemplate],
        products: Mapping[str, Product],
        queue: FlowQueue,
        announce: Announce,
        stop: StopComponent,
        fall_back: FallBack,
        clock: Clock,
        rush: timedelta = timedelta(hours=1),
        wait_for_sheet: Callable[[Transaction, Component], bool] = lambda _tx, _component: False,
    ) -> None:
        """Take what hand-overs need.

        `rush` is how soon a component is needed that goes before others at its target. `wait_for_sheet` puts
        a ready component on a sheet, where its target wants them ganged.
        """
        self._store = store
        self._artifacts = artifacts
        self._targets = targets
        self._templates = templates
        self._products = products
        self._queue = queue
        self._announce = announce
        self._stop = stop
        self._fall_back = fall_back
        self._clock = clock
        self._rush = rush
        self._wait_for_sheet = wait_for_sheet

    def __call__(self, key: str, generation: int, attempt: int) -> None:
        """Make try number `attempt`; where the target is away, the next one is set for later.

        A run that was cut short in the middle is repeated with the same ticket: drivers make sure that this
        gives no second print.

        Args:
            key: the component's.
            generation: of it.
            attempt: the try, as the component numbers them: another one took over where it says another.
        """
        claimed = self._claim(key, generation, attempt)
        if claimed is None:
            return
        found, addressee = claimed
        component = replace(found, state=InsertState.SUBMITTING)
        try:
            receipt = self._deliver(found, addressee)
        except TargetBusy as error:
            self._later(component, found.state, reason=_reason(error))
        except TargetUnavailable as error:
            if found.state is InsertState.SUBMITTING:
                self._later(component, found.state, reason=_reason(error))
            else:
                self._down(component, error)
        except (TargetRefused, NotFound) as error:
            self._refused(found, error)
        except SubmissionUncertain as error:
            with self._store.transaction() as tx:
                tx.components.move(component, InsertState.UNKNOWN, reason=_reason(error))
        else:
            self._accepted(component, receipt)

    def give_up(self, key: str, generation: int, attempt: int, reason: str) -> None:
        """End a component whose task cannot be run, unless another task is at it.

        Where its handing over had begun, the target may have it: then it is UNKNOWN, for an operator.
        """
        with self._store.transaction() as tx:
            component = tx.components.by_key(key)
            if (component.generation, component.tries) != (generation, attempt):
                return
            if component.state is InsertState.READY:
                self._stop(tx, component, reason=reason)
            elif component.state is InsertState.SUBMITTING:
                tx.components.move(component, InsertState.UNKNOWN, reason=reason)

    def _claim(self, key: str, generation: int, attempt: int) -> tuple[Component, Addressee] | None:
        """From now on the target may have it: an operator can no longer take it back.

        Returns:
            The component as it was found: SUBMITTING only where this very try was cut short.
        """
        with self._store.transaction() as tx:
            component = tx.components.by_key(key)
            if not tx.targets.get(component.target).lets(component.ready_at):
                # Before the component, as who looks after the target: else each might wait for the other.
                tx.targets.locked(component.target)
            component = tx.components.by_key(key, locked=True)
            wanted = (component.generation, component.tries) == (generation, attempt)
            if not wanted or component.state not in _WAY:
                return None
            if component.state is InsertState.READY and self._waits(tx, component):
                return None
            addressee = tx.inserts.addressee(component.record)
            if component.state is InsertState.READY and self._clock.now() > component.try_until:
                self._stop(tx, component, reason="the order was due before it could be handed over")
                return None
            if self._wait_for_sheet(tx, component):
                return None
            tx.components.move(component, InsertState.SUBMITTING, reason=component.reason)
            return component, addressee

    def _deliver(self, component: Component, addressee: Addressee) -> Receipt:
        target = self._targets.get(component.target)
        if target is None:
            raise TargetRefused(
                f"no target is called {component.target!r}",
                mend="name it in TIPIN_TARGETS, or change the brand's",
            )
        if component.pdf_sha256 is None:
            raise TargetRefused(f"{component.name} has no file", mend="make it again", elsewhere=False)
        ticket = self._ticket(component, addressee, component.pdf_sha256)
        return target.deliver(ticket, self._artifacts.path(component.pdf_sha256, ".pdf"))

    def _ticket(self, component: Component, addressee: Addressee, sha256: str) -> Ticket:
        made = self._make_up(component)
        return Ticket(
            name=component.name,
            brand=component.brand,
            order=component.order_id,
            source_order_id=addressee.source_order_id,
            job=component.record,
            component=component.number,
            product="" if component.is_insert else component.design,
            template=component.design if component.is_insert else "",
            generation=component.generation,
            parcel=addressee.parcel,
            bench_code=component.bench_code,
            sha256=sha256,
            pages=made.pages,
            trim=made.trim,
            bleed=made.bleed,
            stock=made.stock,
            sides=made.sides,
            quality=made.quality,
            finishings=made.finishings,
            copies=component.copies,
            sent_before=component.state is InsertState.SUBMITTING,
            rush=component.needed_by is not None and component.needed_by - self._clock.now() < self._rush,
            needed_by=component.needed_by,
        )

    def _make_up(self, component: Component) -> MakeUp:
        if component.is_insert and component.design in self._templates:
            return make_up_of_card(self._templates[component.design])
        if not component.is_insert and component.design in self._products:
            return make_up_of_product(self._products[component.design])
        what = "card template" if component.is_insert else "product"
        raise TargetRefused(
            f"the {what} {component.design!r} is not here any more", mend="put it back", elsewhere=False
        )

    def _accepted(self, component: Component, receipt: Receipt) -> None:
        now = self._clock.now()
        accepted = replace(component, state=InsertState.ACCEPTED)
        with self._store.transaction() as tx:
            tx.targets.took(component.target)
            if tx.components.accepted(component, reference=receipt.reference, at=now):
                self._announce.ready(tx, accepted, at=now)
                if receipt.followed:
                    self._queue.follow_up(tx, component, attempt=0, delay=_FIRST_LOOK)

    def _refused(self, found: Component, error: TargetRefused | NotFound) -> None:
        """The target does not take it: another one may, or its way ends. `found` is as before this try."""
        # A try before this one may have been taken, whatever is said of this one.
        elsewhere = isinstance(error, TargetRefused) and error.elsewhere and found.state is InsertState.READY
        component, reason = replace(found, state=InsertState.SUBMITTING), _reason(error)
        with self._store.transaction() as tx:
            if not (elsewhere and self._fall_back(tx, component, why=reason, at_once=True)):
                self._stop(tx, component, reason=reason)

    def _down(self, component: Component, error: TargetUnavailable) -> None:
        """The target is away: this and all else for it waits until it is back."""
        with self._store.transaction() as tx:
            state = tx.targets.locked(component.target)
            delay = state.pause()
            reason = _reason(error)
            if self._clock.now() + delay > component.try_until:
                self._stop(tx, component, reason=f"{reason}; the order is due before the next try")
            else:
                tx.components.move(component, InsertState.READY, reason=reason, waits=True)
            if not state.trouble:
                tx.targets.failed(component.target, error.detail)
                tend(tx, self._queue, component.target, now=self._clock.now(), delay=delay)
            self._look_in_time(tx, component)

    def _later(self, component: Component, found: InsertState, *, reason: str) -> None:
        """Try again in a moment. What was `found` cut short stays so, and the next try asks first, too."""
        delay = pause(component.name, component.tries, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        with self._store.transaction() as tx:
            if self._clock.now() + delay <= component.try_until:
                if tx.components.move(component, found, reason=reason):
                    self._queue.hand_over(tx, replace(component, state=found), delay=delay)
            elif found is InsertState.SUBMITTING:
                says = f"{reason}; a try before may have reached it, and the order is due before the next"
                tx.components.move(component, InsertState.UNKNOWN, reason=says)
            else:
                self._stop(tx, component, reason=f"{reason}; the order is due before the next try")

    def _waits(self, tx: Transaction, component: Component) -> bool:
        """Whether the target lets nothing through now; its own task starts the component again later."""
        state = tx.targets.get(component.target)
        if state.lets(component.ready_at):
            return False
        if self._fall_back(tx, component, why=state.why_not):
            return True
        if state.why_not not in component.reason:
            tx.components.move(component, InsertState.READY, reason=f"it waits: {state.why_not}")
        tx.components.wait(component)
        self._look_in_time(tx, component)
        return True

    def _look_in_time(self, tx: Transaction, component: Component) -> None:
        """Have the target looked after no later than when the fallback of a piece that waits stands in."""
        due, now = self._fall_back.due(tx, component), self._clock.now()
        if due is None or due <= now:
            return
        look_at = tx.targets.locked(component.target).look_at
        if look_at is None or look_at > due:
            tend(tx, self._queue, component.target, now=now, delay=due - now)


def _reason(error: TipinError) -> str:
    return f"{error.title}: {error.detail}"
