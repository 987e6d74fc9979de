from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.domain.target_state import Gate
from app.domain.ticket import Condition, Receipt, SilentTarget, Ticket
from app.errors import SetupError, SubmissionUncertain, TargetError, TargetRefused, TargetUnavailable
from app.flow.queue import MAKE, TEND
from app.services.tend_target import tend
from app.settings import RouteSettings
from tests import plant
from tests.plant import Plant

ROUTES = (RouteSettings.model_validate({"name": "cards", "fallback": "shelf", "fallback_after_minutes": 10}),)


class Press(SilentTarget):
    """A target that fails as told."""

    error: TargetError | None = None

    def deliver(self, _ticket: Ticket, _pdf: Path) -> Receipt:
        if self.error:
            raise self.error
        return Receipt(reference="7")

    def condition(self) -> Condition:
        if isinstance(self.error, TargetUnavailable):
            raise self.error
        return Condition()


@pytest.fixture
def routed(tmp_path: Path) -> Iterator[Plant]:
    made = plant.build(tmp_path, routes=ROUTES)
    made.targets["press"] = Press()
    yield made
    made.store.close()


@pytest.fixture
def ready(routed: Plant) -> str:
    job = routed.accept(1)
    routed.run(MAKE, job, 0)
    return job


def _fails(routed: Plant, error: TargetError) -> None:
    press = routed.targets["press"]
    assert isinstance(press, Press)
    press.error = error


def _tend(routed: Plant, minutes: float = 0) -> None:
    routed.clock.ahead += timedelta(minutes=minutes)
    with routed.store.reading() as tx:
        turn = tx.targets.get("press").turn
    routed.run(TEND, "press", turn)


def _reasons(routed: Plant, job: str) -> list[str]:
    with routed.store.reading() as tx:
        return [change.reason for change in tx.components.changes(tx.components.get(job)) if change.reason]


def _on_the_shelf(routed: Plant, job: str) -> bool:
    tries = (name for name in routed.queued() if name.startswith(f"{job}-0-hand-over-"))
    found = [name for name in tries if name.endswith("-shelf")]
    assert len(found) < 2
    return bool(found) and routed.queued()[found[0]].queue_partition_key == "shelf"


def test_a_refused_piece_goes_to_the_fallback_at_once(routed: Plant, ready: str) -> None:
    _fails(routed, TargetRefused("no such stock"))
    routed.hand_over(ready)
    assert (routed.insert(ready).state, routed.insert(ready).target) == (InsertState.READY, "shelf")
    assert _on_the_shelf(routed, ready)
    assert any("the fallback of the route cards" in reason for reason in _reasons(routed, ready))
    assert "no such stock" in routed.insert(ready).reason
    routed.hand_over(ready)
    assert routed.insert(ready).state is InsertState.ACCEPTED


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SubmissionUncertain("the answer was lost"), InsertState.UNKNOWN),
        (TargetRefused("the stored PDF was changed", elsewhere=False), InsertState.FAILED),
    ],
)
def test_what_may_be_printed_or_cannot_be_goes_nowhere_else(
    routed: Plant, ready: str, error: TargetError, state: InsertState
) -> None:
    _fails(routed, error)
    routed.hand_over(ready)
    assert (routed.insert(ready).state, routed.insert(ready).target) == (state, "press")
    _tend(routed, minutes=60)
    assert not _on_the_shelf(routed, ready)


def test_a_try_that_was_cut_short_and_then_refused_goes_nowhere_else(routed: Plant, ready: str) -> None:
    with routed.store.transaction() as tx:
        tx.components.move(tx.components.get(ready), InsertState.SUBMITTING)
    _fails(routed, TargetRefused("no such stock"))
    routed.hand_over(ready)
    assert (routed.insert(ready).state, routed.insert(ready).target) == (InsertState.FAILED, "press")


def test_a_piece_that_waits_too_long_for_a_press_that_is_down_goes_to_the_fallback(
    routed: Plant, ready: str
) -> None:
    _fails(routed, TargetUnavailable("switched off"))
    routed.hand_over(ready)
    _tend(routed, minutes=9)
    assert routed.insert(ready).target == "press"
    _tend(routed, minutes=2)
    assert routed.insert(ready).target == "shelf"
    assert _on_the_shelf(routed, ready)
    assert "switched off" in routed.insert(ready).reason


def test_a_piece_that_waits_too_long_for_a_paused_press_goes_to_the_fallback(
    routed: Plant, ready: str
) -> None:
    with routed.store.transaction() as tx:
        tx.targets.set_gate("press", Gate.PAUSED, by="Mina", at=routed.clock.now())
    routed.hand_over(ready)
    _tend(routed, minutes=11)
    assert _on_the_shelf(routed, ready)
    assert "paused" in routed.insert(ready).reason


def test_a_fallback_that_is_down_itself_takes_nothing(routed: Plant, ready: str) -> None:
    with routed.store.transaction() as tx:
        tx.targets.failed("shelf", "broken as well")
    _fails(routed, TargetUnavailable("switched off"))
    routed.hand_over(ready)
    _tend(routed, minutes=60)
    assert (routed.insert(ready).state, routed.insert(ready).target) == (InsertState.READY, "press")


def test_a_piece_is_sent_on_once(routed: Plant, ready: str) -> None:
    _fails(routed, TargetRefused("no such stock"))
    routed.hand_over(ready)
    with routed.store.transaction() as tx:
        component = tx.components.get(ready)
        tx.components.move(component, InsertState.READY, target="press")
    routed.hand_over(ready)
    assert routed.insert(ready).state is InsertState.FAILED


def test_the_story_says_where_a_piece_went_and_why(routed: Plant, ready: str) -> None:
    assert _reasons(routed, ready)[-1] == "goes to press by the route cards"


def test_the_first_try_goes_where_the_routes_say(tmp_path: Path) -> None:
    rush = RouteSettings.model_validate(
        {"name": "rush", "target": "shelf", "when": {"within_minutes": 600, "kind": "insert"}}
    )
    made = plant.build(tmp_path, routes=(rush,))
    job = made.accept(1)
    made.run(MAKE, job, 0)
    assert made.queued()[f"{job}-0-hand-over-1-shelf"].queue_partition_key == "shelf"
    assert made.insert(job).target == "shelf"
    said = "the route rush, for it is an insert, it is needed within 600 minutes"
    assert _reasons(made, job)[-1] == f"goes to shelf by {said}"
    made.hand_over(job)
    assert made.insert(job).state is InsertState.ACCEPTED
    assert list(made.press.iterdir()) == []
    made.store.close()


def test_routes_that_cannot_be_used_are_told_at_start_up_all_at_once(tmp_path: Path) -> None:
    routes = (
        RouteSettings(name="all", target="nowhere"),
        RouteSettings.model_validate({"name": "felt", "target": "shelf", "when": {"stock": "flet"}}),
    )
    with pytest.raises(SetupError) as raised:
        plant.build(tmp_path, routes=routes)
    assert "the target 'nowhere', which is not there" in raised.value.detail
    assert "felt is never reached: all" in raised.value.detail
    assert "TIPIN_ROUTES" in raised.value.mend


def test_a_fallback_without_a_wait_stands_in_at_once(tmp_path: Path) -> None:
    at_once = {"name": "cards", "fallback": "shelf", "fallback_after_minutes": 0}
    routed = plant.build(tmp_path, routes=(RouteSettings.model_validate(at_once),))
    with routed.store.transaction() as tx:
        tx.targets.set_gate("press", Gate.PAUSED, by="Mina", at=routed.clock.now())
    job = routed.accept(1)
    routed.run(MAKE, job, 0)
    routed.hand_over(job)
    assert _on_the_shelf(routed, job)
    routed.store.close()


def _look_at(routed: Plant, job: str) -> float:
    """Seconds from when a piece was ready to the target's next look."""
    with routed.store.reading() as tx:
        look_at, ready_at = tx.targets.get("press").look_at, tx.components.get(job).ready_at
    assert look_at
    assert ready_at
    return (look_at - ready_at).total_seconds()


@pytest.mark.parametrize("paused", [True, False])
def test_a_press_is_looked_at_when_a_fallback_is_due_not_a_minute_later(tmp_path: Path, paused: bool) -> None:  # noqa: FBT001 -- a test's parameter
    soon = {"name": "cards", "fallback": "shelf", "fallback_after_minutes": 0.25}
    routed = plant.build(tmp_path, routes=(RouteSettings.model_validate(soon),))
    routed.targets["press"] = Press()
    with routed.store.transaction() as tx:
        tend(tx, routed.flow.queue, "press", now=routed.clock.now(), delay=timedelta(minutes=1))
        if paused:
            tx.targets.set_gate("press", Gate.PAUSED, by="Mina", at=routed.clock.now())
        else:
            tx.targets.failed("press", "switched off")
    job = routed.accept(1)
    routed.run(MAKE, job, 0)
    routed.hand_over(job)
    assert _look_at(routed, job) == 15
    routed.clock.ahead += timedelta(seconds=5)
    later = routed.accept(2)
    routed.run(MAKE, later, 0)
    routed.hand_over(later)
    assert _look_at(routed, job) == 15  # the look that is set comes sooner
    _fails(routed, TargetUnavailable("switched off"))
    _tend(routed, minutes=11 / 60)
    assert [routed.insert(each).target for each in (job, later)] == ["shelf", "press"]
    assert 15 <= _look_at(routed, later) < 60  # a little later than due, as slow as the machine is
    routed.store.close()
