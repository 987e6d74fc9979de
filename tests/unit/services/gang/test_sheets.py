"""Pieces that wait for a sheet: when it closes, what it takes along, and that nothing is printed twice."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import update
from sqlmodel import col

from app.domain.gang_sheet import GangSheet, SheetState
from app.domain.insert import InsertState
from app.domain.target_state import Gate
from app.domain.ticket import Receipt, SilentTarget, Ticket
from app.errors import (
    NotFound,
    StorageUnavailable,
    SubmissionUncertain,
    TargetBusy,
    TargetRefused,
    TargetUnavailable,
    TipinError,
    WrongState,
)
from app.flow.queue import CLOSE_SHEET, GANG, HAND_OVER, MAKE, TEND
from app.pdf.impose.writer import SheetWriter
from app.services.gang import hand_over_sheet
from app.services.gang.waiting import WaitForSheet
from app.services.hand_over import HandOver
from app.settings import GangSettings
from app.store.columns import micros
from app.store.database import Store, Transaction
from app.store.gang_sheets import GangSheetRepository
from app.store.tables import InsertRow
from tests import plant
from tests.plant import BRAND, Plant
from tests.sheets import SmallCards, unchecked

_ROOM = 2
"""Places of an SRA4."""


class _Press(SilentTarget):
    """Keeps what it was handed, or fails as told."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.taken: list[tuple[Ticket, bytes]] = []

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        self.taken.append((ticket, pdf.read_bytes()))
        if self.error is not None:
            raise self.error
        return Receipt(reference=f"press:{ticket.name}")


@pytest.fixture
def ganging(tmp_path: Path) -> Iterator[Plant]:
    made = plant.build(tmp_path, gang=GangSettings(sheet="SRA4"), renderer=SmallCards(tmp_path))
    yield unchecked(made)
    made.store.close()


@pytest.fixture
def press(ganging: Plant) -> _Press:
    target = ganging.targets["press"] = _Press()
    return target


def _ready(ganging: Plant, number: int) -> str:
    """An order whose card is drawn, and was to be handed over."""
    job = ganging.accept(number)
    ganging.run(MAKE, job, 0)
    ganging.hand_over(job)
    return job


def _sheets(ganging: Plant) -> list[GangSheet]:
    with ganging.store.reading() as tx:
        return sorted(
            tx.gang_sheets.page(scope=BRAND.code, state=None, limit=50), key=lambda one: one.opened_at
        )


def _states(ganging: Plant, *jobs: str) -> list[InsertState]:
    return [ganging.insert(job).state for job in jobs]


def _look(ganging: Plant, sheet: GangSheet) -> None:
    """Run the latest try to hand it over."""
    with ganging.store.reading() as tx:
        tries = tx.gang_sheets.get(sheet.brand, sheet.id).tries
    ganging.run(GANG, sheet.brand, sheet.id, tries)


def _due(ganging: Plant, sheet: GangSheet, look: int = 0) -> None:
    ganging.run(CLOSE_SHEET, sheet.brand, sheet.id, look)


def _tend(ganging: Plant) -> None:
    """Look after the target, as is done each minute."""
    with ganging.store.reading() as tx:
        turn = tx.targets.get("press").turn
    ganging.run(TEND, "press", turn)


def test_pieces_wait_until_their_sheet_is_full_and_go_together(ganging: Plant, press: _Press) -> None:
    first = _ready(ganging, 1)
    (sheet,) = _sheets(ganging)
    assert (sheet.state, sheet.room, sheet.taken) == (SheetState.OPEN, _ROOM, 1)
    assert ganging.insert(first).reason == f"waits on the sheet {sheet.id}"
    _look(ganging, sheet)
    assert not press.taken
    second = _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    assert (sheet.state, sheet.closed_by) == (SheetState.CLOSED, "full")
    assert f"{BRAND.code}-{sheet.id}-hand-over-1" in ganging.queued()
    _look(ganging, sheet)
    (sheet,) = _sheets(ganging)
    assert (sheet.state, sheet.target_reference) == (SheetState.ACCEPTED, f"press:{sheet.id}")
    assert _states(ganging, first, second) == [InsertState.ACCEPTED] * 2
    assert ganging.insert(second).target_reference == f"press:{sheet.id}"
    ((ticket, pdf),) = press.taken
    assert (ticket.name, ticket.bench_code, ticket.trim, ticket.pages) == (sheet.id, sheet.id, (225, 320), 2)
    assert ticket.stock == "300 g/m² uncoated"
    with pikepdf.open(_saved(ganging, pdf)) as sheets:
        assert len(sheets.pages) == 2
    for job in (first, second):
        (call_back,) = ganging.call_backs(job)
        assert json.loads(call_back.body)["type"] == "insert.ready"


def _saved(ganging: Plant, pdf: bytes) -> Path:
    path = ganging.press / "looked-at.pdf"
    path.write_bytes(pdf)
    return path


def test_a_sheet_closes_in_time_for_its_earliest_piece(ganging: Plant, press: _Press) -> None:
    job = _ready(ganging, 1)
    (sheet,) = _sheets(ganging)
    needed = ganging.insert(job).needed_by
    assert needed is not None
    assert sheet.close_at == needed - timedelta(minutes=30)
    due = f"{BRAND.code}-{sheet.id}-close-{micros(sheet.close_at)}-"
    assert ganging.queued()[f"{due}0"].status == "DELAYED"
    ganging.clock.ahead = timedelta(hours=3, minutes=29)
    _due(ganging, sheet)
    assert [one.state for one in _sheets(ganging)] == [SheetState.OPEN]
    assert ganging.queued()[f"{due}1"].status == "DELAYED", "a look that came early is made again"
    ganging.clock.ahead = timedelta(hours=3, minutes=31)
    _due(ganging, sheet, 1)
    _due(ganging, sheet, 1)
    _look(ganging, sheet)
    assert [one.state for one in _sheets(ganging)] == [SheetState.ACCEPTED]
    assert _sheets(ganging)[0].closed_by == "due"
    assert len(press.taken) == 1


def test_a_third_piece_opens_the_next_sheet(ganging: Plant, press: _Press) -> None:
    jobs = [_ready(ganging, number) for number in range(3)]
    assert [(one.state, one.taken) for one in _sheets(ganging)] == [
        (SheetState.CLOSED, 2),
        (SheetState.OPEN, 1),
    ]
    assert not press.taken
    assert _states(ganging, *jobs) == [InsertState.READY] * 3


def test_the_same_piece_is_put_on_one_sheet_however_often_it_comes(ganging: Plant, press: _Press) -> None:
    job = _ready(ganging, 1)
    ganging.hand_over(job)
    assert [one.taken for one in _sheets(ganging)] == [1]
    assert not press.taken


def _wait(ganging: Plant) -> WaitForSheet:
    hand_over = ganging.flow.tasks[HAND_OVER].run
    assert isinstance(hand_over, HandOver)
    wait = hand_over._wait_for_sheet
    assert isinstance(wait, WaitForSheet)
    return wait


def test_a_person_closes_a_sheet(ganging: Plant, press: _Press) -> None:
    _ready(ganging, 1)
    (sheet,) = _sheets(ganging)
    for _ in range(2):
        with ganging.store.transaction() as tx:
            closed = _wait(ganging).close(tx, BRAND.code, sheet.id, by="Sam")
        assert (closed.state, closed.closed_by) == (SheetState.CLOSED, "Sam")
    _look(ganging, sheet)
    with ganging.store.transaction() as tx, pytest.raises(WrongState, match="the sheet is accepted"):
        _wait(ganging).close(tx, BRAND.code, sheet.id, by="Sam")
    with ganging.store.transaction() as tx, pytest.raises(NotFound):
        _wait(ganging).close(tx, "another-brand", sheet.id, by="Sam")
    assert len(press.taken) == 1


@pytest.mark.usefixtures("press")
def test_what_was_taken_back_or_made_anew_is_left_out(ganging: Plant) -> None:
    first, second = _ready(ganging, 1), _ready(ganging, 2)
    with ganging.store.transaction() as tx:
        tx.components.move(tx.components.get(first), InsertState.CANCELLED, reason="by a person")
    (sheet,) = _sheets(ganging)
    _look(ganging, sheet)
    (sheet,) = _sheets(ganging)
    assert [bool(place.left_out) for place in sheet.places] == [True, False]
    assert _states(ganging, first, second) == [InsertState.CANCELLED, InsertState.ACCEPTED]


def test_a_sheet_of_which_nothing_is_left_is_not_printed(ganging: Plant, press: _Press) -> None:
    job = _ready(ganging, 1)
    with ganging.store.transaction() as tx:
        tx.components.move(tx.components.get(job), InsertState.CANCELLED, reason="by a person")
    (sheet,) = _sheets(ganging)
    ganging.clock.ahead = timedelta(hours=3, minutes=45)
    _due(ganging, sheet)
    _look(ganging, sheet)
    assert [one.state for one in _sheets(ganging)] == [SheetState.EMPTY]
    assert not press.taken


def test_one_bad_piece_never_holds_its_sheet(ganging: Plant, press: _Press) -> None:
    assert isinstance(ganging.renderer, SmallCards)
    ganging.renderer.broken = True
    bad = _ready(ganging, 1)
    ganging.renderer.broken = False
    good = _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    _look(ganging, sheet)
    assert _states(ganging, bad, good) == [InsertState.FAILED, InsertState.ACCEPTED]
    assert ganging.insert(bad).reason
    assert len(press.taken) == 1


@pytest.mark.parametrize(
    ("error", "sheet_state", "state"),
    [
        (TargetRefused("no such paper"), SheetState.FAILED, InsertState.FAILED),
        (SubmissionUncertain("the line broke"), SheetState.UNKNOWN, InsertState.UNKNOWN),
        (TargetUnavailable("switched off"), SheetState.CLOSED, InsertState.READY),
        (TargetBusy("one at a time"), SheetState.CLOSED, InsertState.READY),
    ],
)
def test_pieces_follow_their_sheet(
    error: TipinError, sheet_state: SheetState, state: InsertState, ganging: Plant, press: _Press
) -> None:
    press.error = error
    jobs = _ready(ganging, 1), _ready(ganging, 2)
    _look(ganging, _sheets(ganging)[0])
    (sheet,) = _sheets(ganging)
    assert sheet.state is sheet_state
    assert error.detail in sheet.reason
    assert _states(ganging, *jobs) == [state] * 2


def test_a_target_that_is_away_gets_its_sheets_later_in_order(ganging: Plant, press: _Press) -> None:
    press.error = TargetUnavailable("switched off")
    for number in range(4):
        _ready(ganging, number)
    first, second = _sheets(ganging)
    _look(ganging, first)
    _look(ganging, second)
    assert [(one.waits, one.tries) for one in _sheets(ganging)] == [(True, 1), (True, 1)]
    assert len(press.taken) == 1, "the second waits until the first knows that it is back"
    press.error = None
    _tend(ganging)
    again = [f"{BRAND.code}-{sheet.id}-hand-over-2" for sheet in (first, second)]
    assert [name for name in ganging.queued() if name in again] == again
    _tend(ganging)
    assert [one.tries for one in _sheets(ganging)] == [2, 2], "what is on its way is not started twice"
    for sheet in (first, second):
        ganging.run(GANG, sheet.brand, sheet.id, 1)
        assert len(press.taken) == 1 + (sheet is second), "an earlier try is not wanted any more"
        _look(ganging, sheet)
    assert [one.state for one in _sheets(ganging)] == [SheetState.ACCEPTED] * 2
    assert press.taken[0][1] == press.taken[1][1]
    assert not any(ticket.sent_before for ticket, _ in press.taken)


def test_what_was_cut_short_is_asked_for_even_after_its_target_was_away(
    ganging: Plant, press: _Press
) -> None:
    press.error = KeyboardInterrupt()
    jobs = _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    with pytest.raises(KeyboardInterrupt):
        _look(ganging, sheet)
    press.error = TargetUnavailable("switched off")
    _look(ganging, sheet)
    assert _states(ganging, *jobs) == [InsertState.SUBMITTING] * 2
    press.error = None
    _tend(ganging)
    _look(ganging, sheet)
    assert [ticket.sent_before for ticket, _ in press.taken] == [False, True, True]
    assert [one.state for one in _sheets(ganging)] == [SheetState.ACCEPTED]


def test_a_draining_target_closes_its_sheets(ganging: Plant, press: _Press) -> None:
    _ready(ganging, 1)
    with ganging.store.transaction() as tx:
        tx.targets.set_gate("press", Gate.DRAINING, by="Sam", at=ganging.clock.now())
    _tend(ganging)
    (sheet,) = _sheets(ganging)
    assert (sheet.state, sheet.closed_by, sheet.note) == (SheetState.CLOSED, "Sam", "the target was drained")
    _look(ganging, sheet)
    assert len(press.taken) == 1


def test_a_kill_while_it_is_handed_over_sends_the_same_again(ganging: Plant, press: _Press) -> None:
    press.error = KeyboardInterrupt()
    _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    with pytest.raises(KeyboardInterrupt):
        _look(ganging, sheet)
    press.error = None
    _look(ganging, sheet)
    _look(ganging, sheet)
    (before, first), (after, second) = press.taken
    assert first == second
    assert (before.sent_before, after.sent_before) == (False, True)
    assert before.name == after.name
    assert [one.state for one in _sheets(ganging)] == [SheetState.ACCEPTED]


def test_a_piece_lost_after_a_kill_makes_it_a_persons_affair(ganging: Plant, press: _Press) -> None:
    press.error = KeyboardInterrupt()
    first, second = _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    with pytest.raises(KeyboardInterrupt):
        _look(ganging, sheet)
    press.error = None
    ganging.artifacts.remove(ganging.insert(first).pdf_sha256 or "", ".pdf")
    _look(ganging, sheet)
    assert [one.state for one in _sheets(ganging)] == [SheetState.UNKNOWN]
    assert _states(ganging, second) == [InsertState.UNKNOWN]
    assert len(press.taken) == 1


def test_a_sheet_that_cannot_be_made_is_given_up(ganging: Plant, press: _Press) -> None:
    jobs = _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    ganging.give_up(GANG, sheet.brand, sheet.id, 0, "it ended its process")
    assert [one.state for one in _sheets(ganging)] == [SheetState.FAILED]
    assert _states(ganging, *jobs) == [InsertState.FAILED] * 2
    assert not press.taken


def test_a_sheet_given_up_in_the_middle_may_be_printed(ganging: Plant, press: _Press) -> None:
    press.error = KeyboardInterrupt()
    jobs = _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    with pytest.raises(KeyboardInterrupt):
        _look(ganging, sheet)
    ganging.give_up(GANG, sheet.brand, sheet.id, 0, "it ended its process")
    assert [one.state for one in _sheets(ganging)] == [SheetState.UNKNOWN]
    assert _states(ganging, *jobs) == [InsertState.UNKNOWN] * 2


def test_a_sheet_waits_while_its_target_is_paused(ganging: Plant, press: _Press) -> None:
    jobs = _ready(ganging, 1), _ready(ganging, 2)
    with ganging.store.transaction() as tx:
        tx.targets.failed("press", "out of paper")
    _look(ganging, _sheets(ganging)[0])
    (sheet,) = _sheets(ganging)
    assert (sheet.state, sheet.reason) == (SheetState.CLOSED, "it waits: out of paper")
    assert _states(ganging, *jobs) == [InsertState.READY] * 2
    _tend(ganging)
    _look(ganging, sheet)
    assert _states(ganging, *jobs) == [InsertState.ACCEPTED] * 2
    assert len(press.taken) == 1


def test_a_piece_that_a_person_sends_again_goes_on_the_next_sheet(ganging: Plant, press: _Press) -> None:
    press.error = SubmissionUncertain("the line broke")
    first = _ready(ganging, 1)
    _ready(ganging, 2)
    _look(ganging, _sheets(ganging)[0])
    with ganging.store.transaction() as tx:
        tx.components.move(tx.components.get(first), InsertState.READY, reason="it was not printed")
    ganging.hand_over(first)
    assert [one.state for one in _sheets(ganging)] == [SheetState.UNKNOWN, SheetState.OPEN]


class _Killed(BaseException):
    """As kill -9: nobody catches it."""


class _Kill:
    """Ends the process, as it were, before or after its so many-th commit; then nothing more."""

    def __init__(self, at: int, side: str) -> None:
        self._fatal, self._count = (at, side), 0
        self.done = False

    def around(self, real: Callable[[Store], AbstractContextManager[Transaction]]) -> Any:
        @contextmanager
        def transaction(store: Store) -> Iterator[Transaction]:
            with real(store) as tx:
                yield tx
                self._count += 1
                self._at("before")
            self._at("after")

        return transaction

    def _at(self, side: str) -> None:
        if not self.done and (self._count, side) == self._fatal:
            self.done = True
            raise _Killed


class _CarefulPress(_Press):
    """As real ones: what may have been sent before is looked for, and never printed blindly."""

    def __init__(self) -> None:
        super().__init__()
        self.printed: list[str] = []

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        if not ticket.sent_before:
            self.printed.append(ticket.name)
        elif ticket.name not in self.printed:
            raise SubmissionUncertain("nobody knows it there")
        return super().deliver(ticket, pdf)


def test_killed_at_every_commit_each_piece_is_on_one_sheet(
    ganging: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = ganging.targets["press"] = _CarefulPress()
    real, numbers, spots = Store.transaction, iter(range(1000)), 0
    for at, side in product(range(1, 100), ("before", "after")):
        jobs = [ganging.accept(next(numbers)) for _ in range(_ROOM)]
        for job in jobs:
            ganging.run(MAKE, job, 0)
        kill = _Kill(at, side)
        monkeypatch.setattr(Store, "transaction", kill.around(real))
        for job in jobs:
            _until_done(lambda one=job: ganging.hand_over(one))  # type: ignore[misc]
        sheet = _sheets(ganging)[-1]
        _until_done(lambda one=sheet: _look(ganging, one))  # type: ignore[misc]
        monkeypatch.setattr(Store, "transaction", real)
        after = _sheets(ganging)[-1]
        assert [place.record for place in after.places] == jobs
        assert not any(place.left_out for place in after.places)
        states = set(_states(ganging, *jobs))
        begun = press.printed.count(sheet.id)
        assert (after.state, states, begun) in (
            (SheetState.ACCEPTED, {InsertState.ACCEPTED}, 1),
            (SheetState.UNKNOWN, {InsertState.UNKNOWN}, 0),
        )
        if not kill.done:
            break
        spots += 1
    assert spots == 2 * 5, "two placings, claim, begin, accept"


def _until_done(task: Callable[[], None]) -> None:
    """As DBOS does with a task whose process ended."""
    try:
        task()
    except _Killed:
        task()


def test_a_full_disk_only_delays_a_sheet(
    ganging: Plant, press: _Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SheetWriter, "write", full)
        with pytest.raises(StorageUnavailable):  # the worker's shelter waits and runs it again
            _look(ganging, sheet)
    assert _states(ganging, *jobs) == [InsertState.SUBMITTING] * 2
    _look(ganging, sheet)
    assert _states(ganging, *jobs) == [InsertState.ACCEPTED] * 2
    assert len(press.taken) == 1


def test_how_far_a_large_sheet_is_can_be_seen(
    ganging: Plant, press: _Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    seen: list[int] = []
    real = GangSheetRepository.looked

    def looked(repository: GangSheetRepository, sheet: GangSheet, places: int) -> None:
        real(repository, sheet, places)
        seen.append(places)

    monkeypatch.setattr(GangSheetRepository, "looked", looked)
    monkeypatch.setattr(hand_over_sheet, "_TOLD_EVERY", timedelta(0))
    _look(ganging, sheet)
    assert seen == [1, 2]
    assert _sheets(ganging)[0].looked_at == 2
    assert len(press.taken) == 1


def test_a_limited_target_limits_its_sheets_and_not_what_waits_for_them(tmp_path: Path) -> None:
    made = plant.build(tmp_path, gang=GangSettings(sheet="SRA4"), renderer=SmallCards(tmp_path), a_minute=2)
    for number in (1, 2):
        _ready(made, number)
    queued = made.queued().values()
    placed = [one for one in queued if one.workflow_uuid.endswith("-hand-over-1-press")]
    assert {one.queue_name for one in placed} == {HAND_OVER}
    (handed,) = (one for one in queued if one.workflow_uuid.endswith("hand-over-1"))
    assert handed.queue_name == f"{HAND_OVER}:press"
    made.store.close()


def test_several_sheets_are_one_pile_in_packing_order(tmp_path: Path) -> None:
    made = plant.build(tmp_path, gang=GangSettings(sheet="SRA4", sheets=3), renderer=SmallCards(tmp_path))
    made.targets["press"] = press = _Press()
    hours = (5, 4, 1, 3, 2)
    jobs = [_needed_in(made, number, each) for number, each in enumerate(hours)]
    (sheet,) = _sheets(made)
    assert (sheet.room, sheet.taken, sheet.state) == (6, 5, SheetState.OPEN)
    with made.store.transaction() as tx:
        _wait(made).close(tx, BRAND.code, sheet.id, by="Sam")
    _look(made, sheet)
    ((ticket, pdf),) = press.taken
    with pikepdf.open(_saved(made, pdf)) as file:
        assert (len(file.pages), ticket.pages) == (8, 8), "a separator and three sheets"
    (after,) = _sheets(made)
    packed = sorted(after.places, key=lambda place: place.spot or 0)
    assert [place.record for place in packed] == [jobs[at] for at in (2, 4, 3, 1, 0)]
    made.store.close()


def _needed_in(ganging: Plant, number: int, hours: int) -> str:
    job = ganging.accept(number)
    with ganging.store.transaction() as tx:
        tx.session.execute(
            update(InsertRow)
            .where(col(InsertRow.job_id) == job)
            .values(needed_by=ganging.clock.now() + timedelta(hours=hours + 1))
        )
    ganging.run(MAKE, job, 0)
    ganging.hand_over(job)
    return job


def test_settings_that_change_meanwhile_move_nothing_that_waits(ganging: Plant, press: _Press) -> None:
    _ready(ganging, 1)
    with ganging.store.transaction() as tx:
        wait = _wait(ganging)
        wait._kinds._rules = {"press": GangSettings(sheet="SRA3").as_rule()}
    _ready(ganging, 2)
    old, new = _sheets(ganging)
    assert (old.room, new.room) == (_ROOM, 8)
    with ganging.store.transaction() as tx:
        wait.close(tx, BRAND.code, old.id, by="Sam")
    _look(ganging, old)
    ((ticket, _),) = press.taken
    assert ticket.trim == (225, 320)


def test_a_reprint_goes_on_the_next_sheet_and_leaves_its_old_place(ganging: Plant, press: _Press) -> None:
    first, _ = _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    _look(ganging, sheet)
    with ganging.store.transaction() as tx:
        insert = tx.inserts.get(first)
        assert insert.card is not None
        tx.inserts.print_again(insert, insert.card, at=ganging.clock.now(), who="Sam", reason="damaged")
    ganging.run(MAKE, first, 1)
    ganging.hand_over(first)
    before, after = _sheets(ganging)
    assert (before.state, after.state) == (SheetState.ACCEPTED, SheetState.OPEN)
    assert [(place.record, place.generation) for place in after.places] == [(first, 1)]
    assert [place.spot for place in before.places] == [0, 1]
    assert len(press.taken) == 1
