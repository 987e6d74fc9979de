"""What operators do with targets: look, pause, drain, resume; and say what became of an uncertain piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.insert import InsertState
from app.domain.target_state import Gate, TargetState
from app.errors import NotFound, SetupError, WrongState
from app.services.ports import TargetQueue
from app.services.tend_target import tend
from app.settings import TargetSettings
from app.store.database import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """A target as people see it.

    `waiting` counts the pieces that are ready for it, `sent` those that it has and has not told the end of,
    `unknown` those that it may or may not have printed.
    """

    setting: TargetSettings
    title: str
    state: TargetState
    problem: SetupError | None
    waiting: int
    sent: int
    unknown: int

    @property
    def drained(self) -> bool:
        """Whether nothing is left to go out before it is empty."""
        return self.state.gate is Gate.DRAINING and not self.waiting

    @property
    def trouble(self) -> str:
        """Why nothing can go there now, whatever operators say."""
        return self.problem.detail if self.problem else self.state.trouble


class TargetDesk:
    """The plant's targets, by name."""

    def __init__(
        self,
        *,
        store: Store,
        settings: tuple[TargetSettings, ...],
        titles: Mapping[str, str],
        problems: Mapping[str, SetupError],
        signals: Mapping[str, str],
        queue: TargetQueue,
        clock: Clock,
    ) -> None:
        self._store = store
        self._settings = {setting.name: setting for setting in settings}
        self._titles = titles
        self._problems = problems
        self._signals = signals
        self._queue = queue
        self._clock = clock

    @property
    def problems(self) -> Mapping[str, SetupError]:
        """What is wrong with how targets are set up, by name."""
        return self._problems

    @property
    def signals(self) -> Mapping[str, str]:
        """Where the other sides of targets may tell by themselves, by name: secrets, for those who set up."""
        return self._signals

    def all(self) -> tuple[TargetView, ...]:
        """Every target, in the order of the settings."""
        with self._store.reading() as tx:
            return tuple(self._view(tx, name) for name in self._settings)

    def get(self, name: str) -> TargetView:
        """One target.

        Raises:
            NotFound: none is called so.
        """
        self._known(name)
        with self._store.reading() as tx:
            return self._view(tx, name)

    def asking(self) -> tuple[tuple[str, str], ...]:
        """The targets that are down or ask for a hand, each with the first that is to be done about it."""
        with self._store.reading() as tx:
            states = [tx.targets.get(name) for name in self._settings]
        said = [(state.name, state.trouble or next(iter(state.condition.attention), "")) for state in states]
        return tuple((name, what) for name, what in said if what)

    def uncertain(self, *, scope: str, limit: int) -> tuple[Component, ...]:
        """The pieces that a target may or may not have printed, for somebody to settle.

        Args:
            scope: the brand that they serve; empty for every one.
            limit: how many at most.
        """
        with self._store.reading() as tx:
            return tx.components.in_states((InsertState.UNKNOWN,), brand=scope, limit=limit)

    def set_gate(self, name: str, gate: Gate, *, by: str) -> TargetView:
        """Open, pause or drain a target. What waits goes out in order once it is open."""
        self._known(name)
        with self._store.transaction() as tx:
            if tx.targets.locked(name).gate is not gate:
                tx.targets.set_gate(name, gate, by=by, at=self._clock.now())
                tend(tx, self._queue, name, now=self._clock.now())
            return self._view(tx, name)

    def settle(self, key: str, *, printed: bool, by: str, scope: str) -> Component:
        """Say what became of a piece that the target may or may not have printed.

        Args:
            key: the component's.
            printed: True: it lies there; False: it does not, and goes out again.
            by: who looked.
            scope: the brand that they serve; empty for every one.

        Raises:
            NotFound: there is no such piece in that scope.
            WrongState: nothing about it is uncertain.
        """
        with self._store.transaction() as tx:
            component = self._uncertain(tx, key, scope)
            if printed:
                tx.components.move(component, InsertState.DONE_BY_DEVICE, reason="marked as printed", who=by)
            elif tx.components.move(component, InsertState.READY, reason="marked as not printed", who=by):
                self._queue.hand_over(tx, tx.components.by_key(key))
            return tx.components.by_key(key)

    def _uncertain(self, tx: Transaction, key: str, scope: str) -> Component:
        component = tx.components.owned(key, scope=scope)
        if component.state is not InsertState.UNKNOWN:
            raise WrongState(
                f"{component.name} is {component.state}: nothing about it is uncertain",
                mend="look at it again; somebody may have been faster",
            )
        return component

    def _known(self, name: str) -> None:
        if name not in self._settings:
            raise NotFound(
                f"no target is called {name[:60]!r}", mend=f"there are: {', '.join(self._settings)}"
            )

    def _view(self, tx: Transaction, name: str) -> TargetView:
        setting = self._settings[name]
        return TargetView(
            setting=setting,
            title=self._titles.get(setting.driver, setting.driver),
            state=tx.targets.get(name),
            problem=self._problems.get(name),
            waiting=tx.components.count_at(name, InsertState.READY),
            sent=tx.components.count_at(name, InsertState.ACCEPTED),
            unknown=tx.components.count_at(name, InsertState.UNKNOWN),
        )
