from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.domain.ticket import Receipt, SilentTarget, Ticket
from app.errors import NotFound, TargetUnavailable, WrongState
from app.flow.queue import FOLLOW_UP, GANG, MAKE
from app.services.announce import Announce
from app.services.links import Links
from app.services.recall_piece import RecallPiece
from app.settings import GangSettings
from tests import plant
from tests.plant import BRAND, Plant


class Press(SilentTarget):
    """Gives back as told; `meanwhile` happens while it is asked."""

    def __init__(self, *, in_time: bool = True, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.in_time = in_time
        self.meanwhile = meanwhile
        self.asked: list[tuple[str, str]] = []

    def deliver(self, _ticket: Ticket, _pdf: Path) -> Receipt:
        return Receipt(reference="7", followed=True)

    def cancel(self, name: str, reference: str) -> bool:
        self.asked.append((name, reference))
        self.meanwhile()
        return self.in_time


def _recall(still: Plant) -> RecallPiece:
    announce = Announce(queue=still.flow.queue, links=Links("http://tipin.plant"))
    return RecallPiece(store=still.store, targets=still.targets, announce=announce, clock=still.clock)


def _at_the_press(still: Plant, press: Press) -> str:
    still.targets["press"] = press
    job = still.accept(1)
    still.run(MAKE, job, 0)
    still.hand_over(job)
    return job


def _move(still: Plant, job: str, to: InsertState) -> None:
    with still.store.transaction() as tx:
        tx.components.move(tx.components.get(job), to, reason="meanwhile")


def test_a_piece_is_taken_back_its_sender_told_and_who_did_it_kept(still: Plant) -> None:
    press = Press()
    job = _at_the_press(still, press)
    taken = _recall(still)(job, by="Mina", scope="")
    assert press.asked == [(f"{job}-0", "7")]
    assert (taken.state, still.insert(job).state) == (InsertState.CANCELLED, InsertState.CANCELLED)
    with still.store.reading() as tx:
        change = tx.components.changes(tx.components.get(job))[-1]
    assert (change.who, change.after) == ("Mina", InsertState.CANCELLED)
    assert change.reason == "taken back before it was printed"
    told = [json.loads(each.body) for each in still.call_backs(job)]
    assert [(each["type"], each["data"]["state"]) for each in told] == [
        ("insert.ready", "accepted"),
        ("insert.failed", "cancelled"),
    ]


@pytest.mark.parametrize("heard", [InsertState.UNKNOWN, None])
def test_what_follows_it_up_may_hear_of_the_recall_first(still: Plant, heard: InsertState | None) -> None:
    job = _at_the_press(still, press := Press())
    if heard:
        press.meanwhile = lambda: _move(still, job, heard)
    _recall(still)(job, by="Mina", scope=BRAND.code)
    still.run(FOLLOW_UP, job, 0, 0)
    assert still.insert(job).state is InsertState.CANCELLED


def test_a_piece_that_came_to_the_bench_meanwhile_stays_packed(still: Plant) -> None:
    job = _at_the_press(still, press := Press())
    press.meanwhile = lambda: _move(still, job, InsertState.PACKED)
    with pytest.raises(WrongState, match="is packed by now"):
        _recall(still)(job, by="Mina", scope="")
    assert still.insert(job).state is InsertState.PACKED


def test_too_late_is_said_and_changes_nothing(still: Plant) -> None:
    job = _at_the_press(still, Press(in_time=False))
    with pytest.raises(WrongState, match="too late to take") as raised:
        _recall(still)(job, by="Mina", scope="")
    assert "void" in raised.value.mend
    assert still.insert(job).state is InsertState.ACCEPTED


def test_only_what_is_at_a_press_and_in_sight_is_taken_back(still: Plant) -> None:
    job = still.accept(1)
    with pytest.raises(WrongState, match="is planned, not waiting at a press"):
        _recall(still)(job, by="Mina", scope="")
    for key, scope in ((job, "fernweh"), ("none", ""), (f"{job}-4", ""), ("a-b-c", "")):
        with pytest.raises(NotFound):
            _recall(still)(key, by="Mina", scope=scope)


def test_a_target_that_does_not_answer_or_gives_nothing_back_says_so(still: Plant) -> None:
    job = _at_the_press(still, press := Press())

    def away() -> None:
        raise TargetUnavailable("switched off")

    press.meanwhile = away
    with pytest.raises(TargetUnavailable, match="switched off"):
        _recall(still)(job, by="Mina", scope="")
    still.targets["press"] = still.targets["shelf"]
    with pytest.raises(WrongState, match="gives nothing back"):
        _recall(still)(job, by="Mina", scope="")
    assert still.insert(job).state is InsertState.ACCEPTED


def test_a_piece_on_a_sheet_takes_no_other_piece_with_it(tmp_path: Path) -> None:
    ganging = plant.build(tmp_path, gang=GangSettings())
    try:
        job = _at_the_press(ganging, press := Press())
        with ganging.store.transaction() as tx:
            (sheet,) = tx.gang_sheets.page(scope="", state=None, limit=5)
            tx.gang_sheets.move(sheet, type(sheet.state).ACCEPTED)
            tx.components.move(tx.components.get(job), InsertState.ACCEPTED, target_reference="7")
        with pytest.raises(WrongState, match=f"is on the sheet {sheet.id} with other pieces"):
            _recall(ganging)(job, by="Mina", scope="")
        assert press.asked == []
        assert GANG in {each.queue_name for each in ganging.queued().values()}
    finally:
        ganging.store.close()
