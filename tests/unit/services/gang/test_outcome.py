"""What becomes of a sheet at its target: followed, told by the press, settled by a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.gang_sheet import GangSheet, SheetState
from app.domain.insert import InsertState
from app.domain.ticket import Outcome, Progress, Receipt, SilentTarget, Ticket
from app.errors import SubmissionUncertain, TargetUnavailable, WrongState
from app.flow.queue import FOLLOW_SHEET, GANG, HAND_OVER, MAKE
from app.services.gang.outcome import SettleSheet
from app.services.hear_press import HearPress
from app.settings import GangSettings
from tests import plant
from tests.plant import BRAND, Plant
from tests.sheets import SmallCards, unchecked

_DONE, _LOST = InsertState.DONE_BY_DEVICE, InsertState.UNKNOWN


class _Press(SilentTarget):
    """Tells of its jobs what it is told to."""

    def __init__(self) -> None:
        self.says: Progress | TargetUnavailable = Progress(outcome=Outcome.WAITING)
        self.asked: list[tuple[str, str]] = []
        self.taken: list[Ticket] = []
        self.error: Exception | None = None

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        assert pdf.exists()
        self.taken.append(ticket)
        if self.error is not None:
            raise self.error
        return Receipt(reference=f"job {len(self.taken)}", followed=True)

    def progress(self, name: str, reference: str) -> Progress:
        self.asked.append((name, reference))
        if isinstance(self.says, TargetUnavailable):
            raise self.says
        return self.says


@pytest.fixture(scope="module")
def ganging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("outcome")
    made = plant.build(folder, gang=GangSettings(sheet="SRA4"), renderer=SmallCards(folder))
    yield unchecked(made)
    made.store.close()


@pytest.fixture
def press(ganging: Plant) -> _Press:
    target = ganging.targets["press"] = _Press()
    return target


_numbers = iter(range(1000))


def _handed_over(ganging: Plant) -> tuple[GangSheet, tuple[str, str]]:
    """A sheet of two cards that went to the press, whatever that said."""
    jobs = ganging.accept(next(_numbers)), ganging.accept(next(_numbers))
    for job in jobs:
        ganging.run(MAKE, job, 0)
        ganging.hand_over(job)
    with ganging.store.reading() as tx:
        (place,) = (one for one in tx.gang_sheets.page(scope=BRAND.code, state=SheetState.CLOSED, limit=1))
    ganging.run(GANG, BRAND.code, place.id, place.tries)
    return _now(ganging, place), jobs


def _now(ganging: Plant, sheet: GangSheet) -> GangSheet:
    with ganging.store.reading() as tx:
        return tx.gang_sheets.get(sheet.brand, sheet.id)


def _states(ganging: Plant, jobs: tuple[str, str]) -> list[InsertState]:
    return [ganging.insert(job).state for job in jobs]


def _follow(ganging: Plant, sheet: GangSheet, attempt: int = 0) -> None:
    ganging.run(FOLLOW_SHEET, sheet.brand, sheet.id, sheet.tries, attempt)


def test_a_sheet_is_followed_until_its_target_tells_an_end(ganging: Plant, press: _Press) -> None:
    sheet, jobs = _handed_over(ganging)
    named = f"{BRAND.code}-{sheet.id}-follow-up-1"
    assert ganging.queued()[f"{named}-0"].status == "DELAYED"
    _follow(ganging, sheet)
    press.says = TargetUnavailable("no answer")
    _follow(ganging, sheet, 1)
    assert f"{named}-2" in ganging.queued()
    press.says = Progress(outcome=Outcome.DONE, detail="completed")
    _follow(ganging, sheet, 2)
    assert press.asked == [(sheet.id, "job 1")] * 3
    assert (_now(ganging, sheet).state, _states(ganging, jobs)) == (SheetState.DONE, [_DONE] * 2)
    _follow(ganging, sheet, 2)
    assert len(press.asked) == 3, "nobody asks on"


def test_a_piece_that_was_packed_meanwhile_stays_so(ganging: Plant, press: _Press) -> None:
    sheet, jobs = _handed_over(ganging)
    with ganging.store.transaction() as tx:
        tx.components.move(tx.components.get(jobs[0]), InsertState.PACKED)
    press.says = Progress(outcome=Outcome.LOST, detail="the job was aborted")
    _follow(ganging, sheet)
    assert (_now(ganging, sheet).state, _now(ganging, sheet).reason) == (
        SheetState.UNKNOWN,
        "the job was aborted",
    )
    assert _states(ganging, jobs) == [InsertState.PACKED, _LOST]


@pytest.mark.usefixtures("press")
def test_a_target_that_never_tells_makes_it_a_persons_affair(ganging: Plant) -> None:
    sheet, jobs = _handed_over(ganging)
    ganging.clock.ahead = timedelta(days=4)
    _follow(ganging, sheet)
    ganging.clock.ahead = timedelta(0)
    assert _states(ganging, jobs) == [_LOST] * 2
    other, _ = _handed_over(ganging)
    ganging.give_up(FOLLOW_SHEET, other.brand, other.id, other.tries, 0, "a fault")
    assert _now(ganging, other).state is SheetState.UNKNOWN


@pytest.mark.usefixtures("press")
def test_a_press_tells_of_a_sheet_by_itself(ganging: Plant) -> None:
    sheet, jobs = _handed_over(ganging)
    hear = HearPress(store=ganging.store)
    done = Progress(outcome=Outcome.DONE)
    hear([(sheet.id, done), ("NONE", done)], target="another")
    assert _states(ganging, jobs) == [InsertState.ACCEPTED] * 2
    hear([(sheet.id, done)], target="press")
    assert _states(ganging, jobs) == [_DONE] * 2


def _settle(ganging: Plant, sheet: GangSheet, *, printed: bool) -> None:
    with ganging.store.transaction() as tx:
        SettleSheet(queue=ganging.flow.queue)(tx, BRAND.code, sheet.id, printed=printed, by="Sam")


def test_a_person_says_that_a_sheet_is_printed_with_all_on_it(ganging: Plant, press: _Press) -> None:
    press.error = SubmissionUncertain("the line broke")
    sheet, jobs = _handed_over(ganging)
    _settle(ganging, sheet, printed=True)
    assert (_now(ganging, sheet).state, _states(ganging, jobs)) == (SheetState.DONE, [_DONE] * 2)
    with pytest.raises(WrongState, match="nothing about it is uncertain"):
        _settle(ganging, sheet, printed=False)


def test_a_sheet_that_is_not_printed_goes_out_again_without_what_was_settled(
    ganging: Plant, press: _Press
) -> None:
    press.error = SubmissionUncertain("the line broke")
    sheet, jobs = _handed_over(ganging)
    with ganging.store.transaction() as tx:
        tx.components.move(tx.components.get(jobs[0]), InsertState.READY, reason="marked as not printed")
    ganging.run(HAND_OVER, jobs[0], 0, 7)  # it waits for another sheet now
    _settle(ganging, sheet, printed=False)
    press.error = None
    again = _now(ganging, sheet)
    ganging.run(GANG, again.brand, again.id, again.tries)
    assert (press.taken[-1].name, press.taken[-1].sent_before) == (sheet.id, False)
    assert _states(ganging, jobs) == [InsertState.READY, InsertState.ACCEPTED]
    assert [bool(place.left_out) for place in _now(ganging, sheet).places] == [True, False]
    _follow(ganging, sheet)
    assert not press.asked, "the try before is not followed any more"
    with ganging.store.transaction() as tx:
        for open_ in tx.gang_sheets.page(scope=BRAND.code, state=SheetState.OPEN, limit=9):
            tx.gang_sheets.move(open_, SheetState.EMPTY)
