from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.domain.target_state import Gate, TargetState
from app.domain.ticket import Condition, Outcome, Progress, Receipt, SilentTarget, Ticket
from app.errors import TargetUnavailable
from app.flow.queue import FOLLOW_UP, MAKE, TEND
from app.services.tend_target import tend
from tests.plant import Plant


class Press(SilentTarget):
    """A target that is as told and writes down what it takes."""

    def __init__(self) -> None:
        self.away = ""
        self.taken: list[str] = []
        self.told = Progress(outcome=Outcome.WAITING)

    def deliver(self, ticket: Ticket, _pdf: Path) -> Receipt:
        if self.away:
            raise TargetUnavailable(self.away)
        self.taken.append(ticket.name)
        return Receipt(reference="7", followed=True)

    def condition(self) -> Condition:
        if self.away:
            raise TargetUnavailable(self.away)
        return Condition(attention=("paper is out",), queued=2)

    def progress(self, name: str, reference: str) -> Progress:
        assert (name[-2:], reference) == ("-0", "7")
        if self.away:
            raise TargetUnavailable(self.away)
        return self.told


@pytest.fixture
def press(still: Plant) -> Press:
    press = Press()
    still.targets["press"] = press
    return press


def _state(still: Plant) -> TargetState:
    with still.store.reading() as tx:
        return tx.targets.get("press")


def _tend(still: Plant) -> None:
    still.run(TEND, "press", _state(still).turn)


def _ready(still: Plant, count: int) -> list[str]:
    jobs = [still.accept(number) for number in range(1, count + 1)]
    for job in jobs:
        still.run(MAKE, job, 0)
    return jobs


def _set(still: Plant, gate: Gate) -> None:
    with still.store.transaction() as tx:
        tx.targets.set_gate("press", gate, by="Mina", at=still.clock.now())


def test_once_it_is_back_what_waited_goes_out(still: Plant, press: Press) -> None:
    jobs = _ready(still, 3)
    press.away = "switched off"
    for job in jobs:
        still.hand_over(job)
    _tend(still)
    assert (_state(still).failures, _state(still).trouble) == (2, "switched off")
    assert press.taken == []
    press.away = ""
    _tend(still)
    assert {f"{job}-0-hand-over-2-press" for job in jobs} <= set(still.queued())
    for job in jobs:
        still.hand_over(job)
    assert press.taken == [f"{job}-0" for job in jobs]
    assert (_state(still).failures, _state(still).trouble) == (0, "")


def test_what_is_due_first_goes_out_first(still: Plant, press: Press) -> None:
    jobs = _ready(still, 3)
    with still.store.transaction() as tx:
        for job, hours in zip(jobs, (3, 1, 2), strict=True):
            component = tx.components.get(job)
            tx.components.move(
                component, InsertState.READY, needed_by=still.clock.now() + timedelta(hours=hours)
            )
        waiting = [each.record for each in tx.components.waiting_at("press", limit=2)]
    assert waiting == [jobs[1], jobs[2]]
    assert press.taken == []


def test_what_waited_goes_out_in_order_rush_first_then_by_need_then_by_arrival(
    still: Plant, press: Press
) -> None:
    hours = (3, 2, 0.5, 3, 2)
    jobs, now = _ready(still, len(hours)), still.clock.now()
    with still.store.transaction() as tx:
        for job, needed in zip(jobs, hours, strict=True):
            needed_by = now + timedelta(hours=needed)
            tx.components.move(tx.components.get(job), InsertState.READY, needed_by=needed_by)
    press.away = "switched off"
    for job in jobs:
        still.hand_over(job)
    _tend(still)
    assert [still.insert(job).state for job in jobs] == [InsertState.READY] * len(jobs)
    in_order = [jobs[number] for number in (2, 1, 4, 0, 3)]
    with still.store.reading() as tx:
        assert [each.record for each in tx.components.waiting_at("press", limit=9)] == in_order
    press.away = ""
    _tend(still)
    ending = "-0-hand-over-2-press"
    let_out = {name: task for name, task in still.queued().items() if name.endswith(ending)}
    # They are enqueued in that order, and DBOS takes the lowest priority first.
    for name in sorted(let_out, key=lambda name: let_out[name].priority):
        still.hand_over(name.removesuffix(ending))
    taken = [name.partition("-")[0] for name in press.taken]
    assert taken[0] == in_order[0]
    assert [set(taken[1:3]), set(taken[3:])] == [set(in_order[1:3]), set(in_order[3:])]


def test_nothing_goes_to_a_paused_target_until_it_is_open(still: Plant, press: Press) -> None:
    (job,) = _ready(still, 1)
    _set(still, Gate.PAUSED)
    still.hand_over(job)
    assert (still.insert(job).state, press.taken) == (InsertState.READY, [])
    assert still.insert(job).reason == "it waits: the target is paused"
    with still.store.transaction() as tx:
        tend(tx, still.flow.queue, "press", now=still.clock.now())
    _tend(still)
    assert f"{job}-0-hand-over-2-press" not in still.queued()
    _set(still, Gate.OPEN)
    _tend(still)
    assert f"{job}-0-hand-over-2-press" in still.queued()


def test_what_lies_in_the_queue_is_not_started_beside_itself(still: Plant) -> None:
    (job,) = _ready(still, 1)
    with still.store.transaction() as tx:
        tend(tx, still.flow.queue, "press", now=still.clock.now())
    _tend(still)
    assert [name for name in still.queued() if "-hand-over-" in name] == [f"{job}-0-hand-over-1-press"]


def test_a_draining_target_takes_what_was_ready_and_no_more(still: Plant, press: Press) -> None:
    (before,) = _ready(still, 1)
    still.clock.ahead += timedelta(seconds=1)
    _set(still, Gate.DRAINING)
    still.clock.ahead += timedelta(seconds=1)
    after = still.accept(2)
    still.run(MAKE, after, 0)
    for job in (before, after):
        still.hand_over(job)
    assert press.taken == [f"{before}-0"]


def test_a_paused_target_holds_no_order(still: Plant, press: Press) -> None:
    (job,) = _ready(still, 1)
    _set(still, Gate.PAUSED)
    with still.store.transaction() as tx:
        tend(tx, still.flow.queue, "press", now=still.clock.now())
    still.clock.ahead += timedelta(hours=5)
    _tend(still)
    insert = still.insert(job)
    assert insert.state is InsertState.FAILED
    assert "the target is paused" in insert.reason
    assert press.taken == []


def test_what_it_says_of_itself_is_kept(still: Plant, press: Press) -> None:
    with still.store.transaction() as tx:
        tend(tx, still.flow.queue, "press", now=still.clock.now())
    _tend(still)
    assert press.taken == []
    assert _state(still).condition == Condition(attention=("paper is out",), queued=2)


def test_an_older_task_does_nothing(still: Plant, press: Press) -> None:
    press.away = "switched off"
    still.run(TEND, "press", 7)
    assert _state(still) == TargetState(name="press")


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (Progress(outcome=Outcome.DONE), InsertState.DONE_BY_DEVICE),
        (Progress(outcome=Outcome.LOST, detail="aborted"), InsertState.UNKNOWN),
        (Progress(outcome=Outcome.WAITING), InsertState.ACCEPTED),
    ],
)
def test_what_became_of_a_piece_is_asked(
    still: Plant, press: Press, told: Progress, state: InsertState
) -> None:
    (job,) = _ready(still, 1)
    still.hand_over(job)
    assert still.queued()[f"{job}-0-follow-up-0"].status == "DELAYED"
    press.told = told
    still.run(FOLLOW_UP, job, 0, 0)
    insert = still.insert(job)
    assert (insert.state, insert.reason) == (state, told.detail)
    assert (f"{job}-0-follow-up-1" in still.queued()) == (state is InsertState.ACCEPTED)


def test_a_target_that_is_away_is_asked_again_later(still: Plant, press: Press) -> None:
    (job,) = _ready(still, 1)
    still.hand_over(job)
    press.away = "switched off"
    still.run(FOLLOW_UP, job, 0, 0)
    assert f"{job}-0-follow-up-1" in still.queued()
    still.clock.ahead += timedelta(days=4)
    still.run(FOLLOW_UP, job, 0, 1)
    insert = still.insert(job)
    assert (insert.state, insert.reason) == (
        InsertState.UNKNOWN,
        "the target told of no end within 3 days",
    )


def test_a_follow_up_that_cannot_be_run_leaves_it_to_an_operator(still: Plant, press: Press) -> None:
    (job,) = _ready(still, 1)
    still.hand_over(job)
    still.give_up(FOLLOW_UP, job, 0, 0, "it ended the program")
    assert (still.insert(job).state, press.taken) == (InsertState.UNKNOWN, [f"{job}-0"])
