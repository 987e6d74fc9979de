"""Pieces that wait for a sheet: when it closes, what it takes along, and that nothing is printed twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from app.domain.gang_sheet import GangSheet, SheetState
from app.domain.insert import InsertState
from app.domain.ticket import Receipt, SilentTarget, Ticket
from app.errors import NotFound, SubmissionUncertain, TargetRefused, TargetUnavailable, TipinError, WrongState
from app.flow.queue import GANG, HAND_OVER, MAKE
from app.services.gang.hand_over_sheet import HandOverSheet
from app.services.gang.waiting import WaitForSheet
from app.services.hand_over import HandOver
from app.settings import GangSettings
from tests import plant
from tests.plant import BRAND, PlainRenderer, Plant
from tests.sheets import block, piece

_ROOM = 2
"""Places of an SRA4."""


class _Renderer(PlainRenderer):
    """Writes real files, small ones; one that is to be broken is no PDF."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path = folder / "drawn.pdf"
        self.broken = False

    def render(self, _template: object, card: object, _signature: bytes | None) -> bytes:
        if self.broken:
            return b"%PDF-1.6\nnothing follows"
        wide = int(hashlib.sha256(repr(card).encode()).hexdigest()[:4], 16) / 1000
        mark = block("0 0 0 1", 20, 20, wide, 5)
        return piece(self._path, [mark, mark], trim=(105, 148)).read_bytes()


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
    made = plant.build(tmp_path, gang=GangSettings(sheet="SRA4"), renderer=_Renderer(tmp_path))
    yield made
    made.store.close()


@pytest.fixture
def press(ganging: Plant) -> _Press:
    target = ganging.targets["press"] = _Press()
    return target


def _ready(ganging: Plant, number: int) -> str:
    """An order whose card is drawn, and was to be handed over."""
    job = ganging.accept(number)
    ganging.run(MAKE, job, 0)
    ganging.run(HAND_OVER, job, 0, 0)
    return job


def _sheets(ganging: Plant) -> list[GangSheet]:
    with ganging.store.reading() as tx:
        return sorted(
            tx.gang_sheets.page(scope=BRAND.code, state=None, limit=50), key=lambda one: one.opened_at
        )


def _states(ganging: Plant, *jobs: str) -> list[InsertState]:
    return [ganging.insert(job).state for job in jobs]


def _look(ganging: Plant, sheet: GangSheet, attempt: int = 0) -> None:
    ganging.run(GANG, sheet.brand, sheet.id, attempt)


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
    assert f"{BRAND.code}-{sheet.id}-hand-over-0" in ganging.queued()
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
    due = f"{BRAND.code}-{sheet.id}-due-{sheet.close_at.timestamp():.0f}"
    assert ganging.queued()[due].status == "DELAYED"
    ganging.clock.ahead = timedelta(hours=3, minutes=31)
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
    ganging.run(HAND_OVER, job, 0, 0)
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
    _look(ganging, sheet)
    assert [one.state for one in _sheets(ganging)] == [SheetState.EMPTY]
    assert not press.taken


def test_one_bad_piece_never_holds_its_sheet(ganging: Plant, press: _Press) -> None:
    assert isinstance(ganging.renderer, _Renderer)
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
        (TargetUnavailable("switched off"), SheetState.CLOSED, InsertState.SUBMITTING),
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


def test_a_target_that_is_away_gets_the_sheet_later(ganging: Plant, press: _Press) -> None:
    press.error = TargetUnavailable("switched off")
    _ready(ganging, 1), _ready(ganging, 2)
    (sheet,) = _sheets(ganging)
    _look(ganging, sheet)
    again = ganging.queued()[f"{BRAND.code}-{sheet.id}-hand-over-1"]
    assert (again.status, again.queue_partition_key) == ("DELAYED", "press")
    press.error = None
    _look(ganging, sheet, 1)
    assert [one.state for one in _sheets(ganging)] == [SheetState.ACCEPTED]
    (_, first), (ticket, second) = press.taken
    assert first == second
    assert not ticket.sent_before


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


def test_a_sheet_can_be_looked_at_at_any_time(ganging: Plant) -> None:
    _ready(ganging, 1)
    make = ganging.flow.tasks[GANG].run
    assert isinstance(make, HandOverSheet)
    with ganging.store.reading() as tx:
        pdf = make._make.remade(tx, _sheets(ganging)[0])
    with pikepdf.open(_saved(ganging, pdf)) as sheet:
        assert len(sheet.pages) == 2


def test_a_sheet_waits_while_its_target_is_paused(ganging: Plant, press: _Press) -> None:
    jobs = _ready(ganging, 1), _ready(ganging, 2)
    with ganging.store.transaction() as tx:
        tx.targets.failed("press", "out of paper")
    _look(ganging, _sheets(ganging)[0])
    (sheet,) = _sheets(ganging)
    assert (sheet.state, sheet.reason) == (SheetState.CLOSED, "it waits: out of paper")
    assert _states(ganging, *jobs) == [InsertState.READY] * 2
    with ganging.store.transaction() as tx:
        tx.targets.took("press")
    _look(ganging, sheet, 1)
    assert _states(ganging, *jobs) == [InsertState.ACCEPTED] * 2
    assert len(press.taken) == 1


def test_a_piece_that_a_person_sends_again_goes_on_the_next_sheet(ganging: Plant, press: _Press) -> None:
    press.error = SubmissionUncertain("the line broke")
    first = _ready(ganging, 1)
    _ready(ganging, 2)
    _look(ganging, _sheets(ganging)[0])
    with ganging.store.transaction() as tx:
        tx.components.move(tx.components.get(first), InsertState.READY, reason="it was not printed")
    ganging.run(HAND_OVER, first, 0, 0)
    assert [one.state for one in _sheets(ganging)] == [SheetState.UNKNOWN, SheetState.OPEN]
