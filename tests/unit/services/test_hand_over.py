from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.domain.item import Item
from app.domain.ticket import Receipt, SilentTarget, Ticket
from app.errors import (
    SubmissionUncertain,
    TargetBusy,
    TargetError,
    TargetRefused,
    TargetUnavailable,
    TipinError,
)
from app.flow.queue import HAND_OVER, MAKE
from tests import plant
from tests.plant import Plant
from tests.stored import planned_item


class Faulty(SilentTarget):
    """A target that fails as told."""

    def __init__(self, error: TargetError) -> None:
        self.error = error

    def deliver(self, _ticket: Ticket, _pdf: Path) -> Receipt:
        raise self.error


@pytest.fixture
def ready(still: Plant) -> str:
    """The job of a ready insert."""
    job = still.accept(1)
    still.run(MAKE, job, 0)
    return job


def test_an_accepted_card_has_its_ticket_and_its_call_back(still: Plant, ready: str) -> None:
    still.hand_over(ready)
    insert = still.insert(ready)
    assert (insert.state, insert.target_reference) == (InsertState.ACCEPTED, f"{ready}-0.pdf")
    assert insert.card is not None
    ticket = json.loads((still.press / f"{ready}-0.json").read_bytes())
    assert ticket["bench_code"] == insert.card.bench_code
    assert ticket["source_order_id"] == "A-1"
    (call_back,) = still.call_backs(ready)
    told = json.loads(call_back.body)
    assert told["type"] == "insert.ready"
    assert told["data"]["state"] == "accepted"
    assert told["data"]["sha256"] == insert.pdf_sha256
    assert told["data"]["links"]["insert"].endswith(f"/v1/jobs/{ready}/insert.pdf")


def test_a_call_back_holds_no_personal_data(still: Plant, ready: str) -> None:
    still.hand_over(ready)
    (call_back,) = still.call_backs(ready)
    assert b"Amira" not in call_back.body


def test_a_second_run_hands_nothing_over(still: Plant, ready: str) -> None:
    still.hand_over(ready)
    still.targets["press"] = Faulty(TargetRefused("not again"))
    still.hand_over(ready)
    assert still.insert(ready).state is InsertState.ACCEPTED
    assert len(still.call_backs(ready)) == 1


def test_a_target_that_is_away_is_looked_after_and_its_pieces_wait(still: Plant, ready: str) -> None:
    still.targets["press"] = Faulty(TargetUnavailable("not mounted"))
    for _ in range(3):
        still.hand_over(ready)
    insert = still.insert(ready)
    assert (insert.state, insert.reason) == (
        InsertState.READY,
        "The target does not answer; it is tried again: not mounted",
    )
    with still.store.reading() as tx:
        state = tx.targets.get("press")
    assert (state.trouble, state.failures, state.turn) == ("not mounted", 1, 1)
    assert still.queued()["press-tend-1"].status == "DELAYED"


def test_a_busy_target_is_tried_again_in_a_moment(still: Plant, ready: str) -> None:
    still.targets["press"] = Faulty(TargetBusy("one job at a time"))
    for _ in range(3):
        still.hand_over(ready)
    assert still.queued()[f"{ready}-0-hand-over-4-press"].status == "DELAYED"
    with still.store.reading() as tx:
        assert not tx.targets.get("press").trouble


def test_what_was_sent_before_is_told_to_the_target(still: Plant, ready: str) -> None:
    told: list[bool] = []

    class Asked(SilentTarget):
        def deliver(self, ticket: Ticket, _pdf: Path) -> Receipt:
            told.append(ticket.sent_before)
            raise KeyboardInterrupt

    still.targets["press"] = Asked()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            still.hand_over(ready)
    assert told == [False, True]


@pytest.mark.parametrize("away", [TargetUnavailable("switched off"), TargetBusy("one job at a time")])
def test_what_was_cut_short_is_never_sent_blindly_whatever_the_target_says_in_between(
    still: Plant, ready: str, away: TipinError
) -> None:
    answers: list[BaseException | Receipt] = [KeyboardInterrupt(), away, away, Receipt(reference="7")]
    told: list[bool] = []

    class Press(SilentTarget):
        def deliver(self, ticket: Ticket, _pdf: Path) -> Receipt:
            told.append(ticket.sent_before)
            answer = answers.pop(0)
            if isinstance(answer, Receipt):
                return answer
            raise answer

    still.targets["press"] = Press()
    with pytest.raises(KeyboardInterrupt):
        still.hand_over(ready)
    for _ in range(3):
        still.hand_over(ready)
    assert told == [False, True, True, True]
    assert still.insert(ready).state is InsertState.ACCEPTED
    assert still.queued()[f"{ready}-0-hand-over-3-press"].status == "DELAYED"


def test_what_was_cut_short_and_cannot_be_asked_after_in_time_waits_for_an_operator(
    still: Plant, ready: str
) -> None:
    with still.store.transaction() as tx:
        tx.inserts.move(tx.inserts.get(ready), InsertState.SUBMITTING)
    still.targets["press"] = Faulty(TargetUnavailable("switched off"))
    still.clock.ahead = timedelta(hours=5)
    still.hand_over(ready)
    insert = still.insert(ready)
    assert insert.state is InsertState.UNKNOWN
    assert "switched off; a try before may have reached it" in insert.reason


def test_a_target_that_stays_away_until_the_order_is_due_ends_it(still: Plant, ready: str) -> None:
    class Slow(SilentTarget):
        def deliver(self, _ticket: Ticket, _pdf: Path) -> Receipt:
            still.clock.ahead = timedelta(hours=5)
            raise TargetUnavailable("not mounted")

    still.targets["press"] = Slow()
    still.hand_over(ready)
    insert = still.insert(ready)
    assert insert.state is InsertState.FAILED
    assert "not mounted" in insert.reason
    assert [each.id for each in still.call_backs(ready)] == [f"msg_{ready}_0_insert_failed"]


def test_a_card_that_is_late_is_not_handed_over(still: Plant, ready: str) -> None:
    still.clock.ahead = timedelta(hours=5)
    still.hand_over(ready)
    assert still.insert(ready).state is InsertState.FAILED
    assert list(still.press.iterdir()) == []


def test_a_card_whose_handing_over_began_in_time_is_finished_late(
    still: Plant, ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_ticket: Ticket, _pdf: Path) -> Receipt:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(still.targets["press"], "deliver", killed)
        with pytest.raises(KeyboardInterrupt):
            still.hand_over(ready)
    assert still.insert(ready).state is InsertState.SUBMITTING
    still.clock.ahead = timedelta(hours=5)
    still.hand_over(ready)
    assert still.insert(ready).state is InsertState.ACCEPTED


def test_a_refused_card_fails_with_the_reason(still: Plant, ready: str) -> None:
    still.targets["press"] = Faulty(TargetRefused("no such stock"))
    still.hand_over(ready)
    insert = still.insert(ready)
    assert (insert.state, insert.reason) == (
        InsertState.FAILED,
        "The target refuses this ticket: no such stock",
    )


def test_an_uncertain_submission_waits_for_an_operator(still: Plant, ready: str) -> None:
    still.targets["press"] = Faulty(SubmissionUncertain("no answer"))
    still.hand_over(ready)
    assert still.insert(ready).state is InsertState.UNKNOWN
    assert still.call_backs(ready) == ()


def test_a_target_that_is_not_set_up_is_named(still: Plant, ready: str) -> None:
    del still.targets["press"]
    still.hand_over(ready)
    insert = still.insert(ready)
    assert insert.state is InsertState.FAILED
    assert "'press'" in insert.reason


def test_a_stored_file_that_is_gone_fails_with_the_reason(still: Plant, ready: str) -> None:
    sha256 = still.insert(ready).pdf_sha256
    assert sha256 is not None
    still.artifacts.path(sha256, ".pdf").unlink()
    still.hand_over(ready)
    insert = still.insert(ready)
    assert insert.state is InsertState.FAILED
    assert "missing" in insert.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (InsertState.READY, InsertState.FAILED),
        (InsertState.SUBMITTING, InsertState.UNKNOWN),
        (InsertState.ACCEPTED, InsertState.ACCEPTED),
        (InsertState.HELD, InsertState.HELD),
    ],
)
def test_given_up_it_failed_unless_the_target_may_have_it(
    still: Plant, ready: str, before: InsertState, after: InsertState
) -> None:
    with still.store.transaction() as tx:
        if before is not InsertState.READY:
            tx.inserts.move(tx.inserts.get(ready), before)
        wanted = tx.components.get(ready).tries
    still.give_up(HAND_OVER, ready, 0, wanted - 1, "it ended the program")
    assert still.insert(ready).state is before, "another try is at it"
    still.give_up(HAND_OVER, ready, 0, wanted, "it ended the program")
    assert still.insert(ready).state is after
    assert len(still.call_backs(ready)) == (after is InsertState.FAILED)


def test_of_two_tries_that_lie_in_the_queue_the_later_is_made(still: Plant, ready: str) -> None:
    with still.store.transaction() as tx:
        first = tx.components.get(ready)
        still.flow.queue.hand_over(tx, first)
        still.flow.queue.hand_over(tx, first)  # read before the other numbered its own: nothing is started
        assert tx.components.get(ready).tries == first.tries + 1
    assert f"{ready}-0-hand-over-{first.tries + 2}-press" not in still.queued()
    still.run(HAND_OVER, ready, 0, first.tries)
    assert still.insert(ready).state is InsertState.READY
    still.run(HAND_OVER, ready, 0, first.tries + 1)
    assert still.insert(ready).state is InsertState.ACCEPTED


def put_item(still: Plant, job: str) -> Item:
    """A ready photo item beside a card."""
    pdf = still.artifacts.put(b"%PDF-1.6 a cookie", ".pdf")
    with still.store.transaction() as tx:
        order_id = tx.components.get(job).order_id
        item = replace(
            planned_item(order_id, job, brand="acorn"), planned_at=still.clock.now(), needed_by=None
        )
        tx.items.plan(item)
        ready = replace(item, pdf_sha256=pdf, bench_code="BENCH", ready_at=still.clock.now())
        assert tx.items.made(ready, InsertState.READY)
    return item


def test_a_photo_item_takes_the_same_way(still: Plant, ready: str) -> None:
    item = put_item(still, ready)
    still.hand_over(item.key)
    with still.store.reading() as tx:
        component = tx.components.get(ready, 1)
    assert (component.state, component.target_reference) == (InsertState.ACCEPTED, f"{ready}-1-0.pdf")
    ticket = json.loads((still.press / f"{ready}-1-0.json").read_bytes())
    assert (ticket["job"], ticket["component"], ticket["product"]) == (ready, 1, "edible-cookie")
    assert (ticket["copies"], ticket["trim_mm"], ticket["bench_code"]) == (3, [80.0, 80.0], "BENCH")
    told = json.loads(still.call_backs(ready)[0].body)
    assert (told["type"], told["data"]["item"]) == ("item.ready", 1)
    assert told["data"]["links"]["item"].endswith(f"/v1/jobs/{ready}/items/1/item.pdf")
    assert still.insert(ready).state is InsertState.READY


def test_an_item_that_is_refused_stops_alone(still: Plant, ready: str) -> None:
    item = put_item(still, ready)
    still.targets["press"] = Faulty(TargetRefused("no such stock"))
    still.hand_over(item.key)
    with still.store.reading() as tx:
        assert tx.components.get(ready, 1).state is InsertState.FAILED
    (call_back,) = still.call_backs(ready)
    told = json.loads(call_back.body)
    assert (told["type"], told["data"]["reason"]) == (
        "item.failed",
        "The target refuses this ticket: no such stock",
    )
    assert still.insert(ready).state is InsertState.READY


def test_a_ticket_says_what_its_template_asks_for_and_whether_it_is_soon_due(
    still: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = replace(plant.TEMPLATE, quality="high", finishings=("coat",))
    monkeypatch.setattr(plant, "TEMPLATE", own)
    tickets: list[Ticket] = []

    class Keeps(SilentTarget):
        def deliver(self, ticket: Ticket, _pdf: Path) -> Receipt:
            tickets.append(ticket)
            return Receipt(reference="")

    for folder, rush in (("an-hour", 60.0), ("a-day", 1440.0)):
        made = plant.build(still.press / folder, rush_minutes=rush)
        made.targets["press"] = Keeps()
        job = made.accept(1)
        made.run(MAKE, job, 0)
        made.hand_over(job)
        made.store.close()
    assert [(each.quality, each.finishings) for each in tickets] == [("high", ("coat",))] * 2
    assert [each.rush for each in tickets] == [False, True]
