"""A sheet is taken back from its press with every piece on it that is still there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.gang_sheet import GangSheet, SheetState
from app.domain.insert import InsertState
from app.domain.ticket import Outcome, Progress, Receipt, SilentTarget, Ticket
from app.errors import NotFound, TargetUnavailable, WrongState
from app.flow.queue import FOLLOW_SHEET, GANG, MAKE
from app.services.announce import Announce
from app.services.gang.recall_sheet import RecallSheet
from app.services.hear_press import HearPress
from app.services.links import Links
from app.settings import GangSettings
from tests import plant
from tests.plant import BRAND, Plant
from tests.sheets import SmallCards, unchecked

_WHY = "the wrong paper is loaded"
_numbers = iter(range(1000))


class _Press(SilentTarget):
    """Gives jobs back as told; `meanwhile` happens while it is asked."""

    def __init__(self) -> None:
        self.in_time = True
        self.meanwhile: Callable[[], object] = lambda: None
        self.asked: list[tuple[str, str]] = []

    def deliver(self, _ticket: Ticket, _pdf: Path) -> Receipt:
        return Receipt(reference="7", followed=True)

    def cancel(self, name: str, reference: str) -> bool:
        self.asked.append((name, reference))
        self.meanwhile()
        return self.in_time


@pytest.fixture(scope="module")
def ganging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("recall")
    made = plant.build(folder, gang=GangSettings(sheet="SRA4"), renderer=SmallCards(folder))
    yield unchecked(made)
    made.store.close()


@pytest.fixture
def press(ganging: Plant) -> _Press:
    target = ganging.targets["press"] = _Press()
    return target


def _recall(ganging: Plant, sheet: GangSheet, scope: str = BRAND.code) -> GangSheet:
    announce = Announce(queue=ganging.flow.queue, links=Links("http://tipin.plant"))
    recall = RecallSheet(store=ganging.store, targets=ganging.targets, announce=announce, clock=ganging.clock)
    return recall(scope, sheet.id, why=_WHY, by="Mina")


def _handed_over(ganging: Plant) -> tuple[GangSheet, tuple[str, str]]:
    jobs = ganging.accept(next(_numbers)), ganging.accept(next(_numbers))
    for job in jobs:
        ganging.run(MAKE, job, 0)
        ganging.hand_over(job)
    with ganging.store.reading() as tx:
        (closed,) = tx.gang_sheets.page(scope=BRAND.code, state=SheetState.CLOSED, limit=1)
    ganging.run(GANG, BRAND.code, closed.id, closed.tries)
    return _now(ganging, closed), jobs


def _now(ganging: Plant, sheet: GangSheet) -> GangSheet:
    with ganging.store.reading() as tx:
        return tx.gang_sheets.get(sheet.brand, sheet.id)


def _states(ganging: Plant, jobs: tuple[str, str]) -> list[InsertState]:
    return [ganging.insert(job).state for job in jobs]


def test_every_piece_is_taken_back_its_sender_told_and_who_did_it_kept(ganging: Plant, press: _Press) -> None:
    sheet, jobs = _handed_over(ganging)
    taken = _recall(ganging, sheet)
    assert press.asked == [(sheet.id, "7")]
    assert taken.state is SheetState.EMPTY
    assert taken.reason == f"taken back before it was printed: {_WHY} (Mina)"
    assert _states(ganging, jobs) == [InsertState.CANCELLED] * 2
    for job in jobs:
        with ganging.store.reading() as tx:
            change = tx.components.changes(tx.components.get(job))[-1]
        assert (change.who, change.after) == ("Mina", InsertState.CANCELLED)
        assert change.reason == f"taken back before it was printed: {_WHY}"
        told = [json.loads(each.body) for each in ganging.call_backs(job)]
        assert [each["type"] for each in told] == ["insert.ready", "insert.failed"]
    ganging.run(FOLLOW_SHEET, sheet.brand, sheet.id, sheet.tries, 0)
    assert _now(ganging, sheet) == taken, "nobody asks on"
    with pytest.raises(WrongState, match="is empty, not waiting at a press"):
        _recall(ganging, sheet)


def test_what_is_packed_or_printed_anew_stays_as_it_is(ganging: Plant, press: _Press) -> None:
    sheet, jobs = _handed_over(ganging)
    with ganging.store.transaction() as tx:
        tx.components.move(tx.components.get(jobs[0]), InsertState.PACKED)
        tx.components.move(tx.components.get(jobs[1]), InsertState.PLANNED, generation=1)
    _recall(ganging, sheet)
    assert press.asked
    assert _states(ganging, jobs) == [InsertState.PACKED, InsertState.PLANNED]


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.DONE])
def test_who_follows_it_may_hear_first(outcome: Outcome, ganging: Plant, press: _Press) -> None:
    sheet, jobs = _handed_over(ganging)
    hear = HearPress(store=ganging.store)
    press.meanwhile = lambda: hear([(sheet.id, Progress(outcome=outcome))], target="press")
    if outcome is Outcome.LOST:
        _recall(ganging, sheet)
        assert _states(ganging, jobs) == [InsertState.CANCELLED] * 2
    else:
        with pytest.raises(WrongState, match="was taken back, and is done by device by now"):
            _recall(ganging, sheet)
        assert _states(ganging, jobs) == [InsertState.DONE_BY_DEVICE] * 2


def test_too_late_or_no_answer_is_said_and_changes_nothing(ganging: Plant, press: _Press) -> None:
    sheet, jobs = _handed_over(ganging)
    press.in_time = False
    with pytest.raises(WrongState, match="too late to take the sheet"):
        _recall(ganging, sheet)

    def away() -> None:
        raise TargetUnavailable("switched off")

    press.meanwhile = away
    with pytest.raises(TargetUnavailable, match="switched off"):
        _recall(ganging, sheet)
    ganging.targets["press"] = ganging.targets["shelf"]
    with pytest.raises(WrongState, match="gives nothing back"):
        _recall(ganging, sheet)
    with pytest.raises(NotFound):
        _recall(ganging, sheet, scope="another")
    assert (_now(ganging, sheet), _states(ganging, jobs)) == (sheet, [InsertState.ACCEPTED] * 2)
