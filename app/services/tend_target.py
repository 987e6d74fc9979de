"""Looks after a target that nothing can go to, and lets out what waited, in order, once something can.

One task a target, for as long as the target is in the settings: `turn` says whether it is the latest. It asks
the target how it is: each minute, sooner where it just went down or a piece's fallback is due. What would be
late before a paused or broken press is back is ended, so that no order is held. Once the target is open and
up, what waits is let out, what is due first before all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.target_state import TargetState
from app.domain.ticket import Condition, Target
from app.errors import TargetUnavailable
from app.services.fall_back import FallBack
from app.services.ports import TargetQueue
from app.services.stop_component import StopComponent
from app.store.database import Store, Transaction

_AT_A_TIME = 200
"""Pieces let out by one turn."""
_NEXT = timedelta(seconds=2)
_SWEEP = timedelta(minutes=1)


class TendTarget:
    """One look after one target."""

    def __init__(
        self,
        *,
        store: Store,
        targets: Mapping[str, Target],
        queue: TargetQueue,
        stop: StopComponent,
        fall_back: FallBack,
        clock: Clock,
        tend_sheets: Callable[[Transaction, TargetState], bool] = lambda _tx, _state: False,
    ) -> None:
        """`tend_sheets` lets out gang sheets that wait, and says whether there may be more."""
        self._store = store
        self._targets = targets
        self._queue = queue
        self._stop = stop
        self._fall_back = fall_back
        self._clock = clock
        self._tend_sheets = tend_sheets

    def begin(self) -> None:
        """Begin to look after every target; a worker does so when it starts."""
        with self._store.transaction() as tx:
            for name in self._targets:
                tend(tx, self._queue, name, now=self._clock.now())

    def __call__(self, name: str, turn: int) -> None:
        """Look after a target, unless a later task does."""
        with self._store.reading() as tx:
            state = tx.targets.get(name)
        if state.turn != turn:
            return
        target = self._targets.get(name)
        if target is None:
            return  # what waits for it is told so when it is handed over
        asked = _ask(target)
        with self._store.transaction() as tx:
            state = tx.targets.locked(name)
            if state.turn != turn:
                return
            self._note(tx, name, asked)
            state = tx.targets.get(name)
            self._send_on(tx, state)
            self._end_late(tx, state)
            delay = self._let_out(tx, state)
            tend(tx, self._queue, name, now=self._clock.now(), delay=delay)

    def give_up(self, _name: str, _turn: int, _reason: str) -> None:
        """Nothing is lost: the next failure or an operator's word starts another."""

    def _note(self, tx: Transaction, name: str, asked: Condition | str) -> None:
        if isinstance(asked, Condition):
            tx.targets.up(name)
            tx.targets.seen(name, asked, at=self._clock.now())
        else:
            tx.targets.failed(name, asked)

    def _send_on(self, tx: Transaction, state: TargetState) -> None:
        """Send on to their fallbacks what has waited for too long."""
        for component in tx.components.waiting_at(state.name, limit=_AT_A_TIME):
            if not state.lets(component.ready_at):
                self._fall_back(tx, component, why=state.why_not)

    def _end_late(self, tx: Transaction, state: TargetState) -> None:
        """End what is due before the next look."""
        ahead = self._clock.now() + (timedelta(0) if not state.trouble else state.pause())
        for component in tx.components.waiting_at(state.name, limit=_AT_A_TIME):
            if not state.lets(component.ready_at) and component.try_until < ahead:
                self._stop(tx, component, reason=f"{state.why_not}; the order is due before that ends")

    def _let_out(self, tx: Transaction, state: TargetState) -> timedelta:
        """Start handing over what may go out; when to look again."""
        waiting = tx.components.waiting_at(state.name, limit=_AT_A_TIME, untended=True)
        let = [component for component in waiting if state.lets(component.ready_at)]
        for component in let:
            self._queue.hand_over(tx, component)
        more = self._tend_sheets(tx, state) or len(let) == _AT_A_TIME
        if more and not state.trouble:
            return _NEXT
        return min(state.pause() if state.trouble else _SWEEP, _SWEEP, *self._until_due(tx, waiting))

    def _until_due(self, tx: Transaction, waiting: Iterable[Component]) -> Iterator[timedelta]:
        """How long each of those that still wait has until its fallback stands in."""
        now = self._clock.now()
        for component in waiting:
            due = self._fall_back.due(tx, component)
            if due is not None and due > now:
                yield due - now


def tend(
    tx: Transaction, queue: TargetQueue, name: str, *, now: datetime, delay: timedelta = timedelta(0)
) -> None:
    """Have a target looked after in `delay`; what was to look after it before is not wanted any more."""
    queue.tend(tx, name, turn=tx.targets.next_turn(name, look_at=now + delay), delay=delay or None)


def _ask(target: Target) -> Condition | str:
    """How the target is, or why it does not say."""
    try:
        return target.condition()
    except TargetUnavailable as error:
        return error.detail
