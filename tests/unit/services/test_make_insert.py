from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.card import Card
from app.domain.insert import Degradation, InsertState
from app.errors import MissingGlyph, NotFound, StorageUnavailable
from app.flow.queue import MAKE
from app.store import artifacts
from app.store.artifacts import ArtifactStore
from tests import plant
from tests.plant import BRAND, DECISION, Plant


def fails(*occasions: str) -> Callable[[Card], None]:
    def before(card: Card) -> None:
        if card.occasion in occasions:
            raise MissingGlyph("no font has “ꙮ”")

    return before


def test_a_planned_insert_is_drawn_stored_and_on_its_way(still: Plant) -> None:
    job = still.accept(1)
    still.run(MAKE, job, 0)
    insert = still.insert(job)
    assert insert.state is InsertState.READY
    assert insert.card is not None
    assert insert.card.id == f"{job}-0"
    assert insert.pdf_sha256 is not None
    assert still.artifacts.read(insert.pdf_sha256, ".pdf").startswith(b"%PDF")
    task = still.queued()[f"{job}-0-hand-over-1-press"]
    assert (task.queue_name, task.queue_partition_key) == ("hand_over", "press")


def test_a_second_run_draws_nothing(still: Plant) -> None:
    job = still.accept(1)
    still.run(MAKE, job, 0)
    before = still.insert(job)
    still.renderer.before = fails("high_value_nth", "generic")
    still.run(MAKE, job, 0)
    assert still.insert(job) == before


def test_a_run_cut_short_before_its_end_gives_the_same_bytes(
    still: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, stored = still.accept(1), []
    put = ArtifactStore.put

    def cut(self: ArtifactStore, content: bytes, suffix: str) -> str:
        stored.append(put(self, content, suffix))
        if len(stored) == 1:
            raise KeyboardInterrupt
        return stored[-1]

    monkeypatch.setattr(ArtifactStore, "put", cut)
    with pytest.raises(KeyboardInterrupt):
        still.run(MAKE, job, 0)
    assert still.insert(job).state is InsertState.PLANNED
    still.run(MAKE, job, 0)
    assert stored == [still.insert(job).pdf_sha256] * 2


def test_what_cannot_be_set_falls_back_to_the_generic_card(still: Plant) -> None:
    still.renderer.before = fails("high_value_nth")
    job = still.accept(1)
    still.run(MAKE, job, 0)
    insert = still.insert(job)
    assert (insert.state, insert.degradation) == (InsertState.READY, Degradation.GENERIC)
    assert insert.reason == "No bundled font has this character: no font has “ꙮ”"
    assert insert.card is not None
    assert insert.card.occasion == insert.occasion == "generic"
    assert insert.variant == insert.card.wordings[0].variant


def test_where_the_generic_card_fails_too_the_order_goes_out_without(still: Plant) -> None:
    still.renderer.before = fails("high_value_nth", "generic")
    job = still.accept(1)
    still.run(MAKE, job, 0)
    insert = still.insert(job)
    assert (insert.state, insert.degradation) == (InsertState.FAILED, Degradation.NO_CARD)
    assert insert.reason.count("no font has") == 2
    assert [each.id for each in still.call_backs(job)] == [f"msg_{job}_0_insert_failed"]


def test_a_card_that_comes_after_the_order_was_due_is_not_drawn(still: Plant) -> None:
    job = still.accept(1)
    still.clock.ahead = timedelta(hours=5)
    still.run(MAKE, job, 0)
    insert = still.insert(job)
    assert (insert.state, insert.degradation) == (InsertState.FAILED, Degradation.NO_CARD)
    assert "due" in insert.reason


def test_with_little_time_left_the_generic_card_is_made(still: Plant) -> None:
    job = still.accept(1)
    still.clock.ahead = timedelta(hours=3, minutes=51)
    still.run(MAKE, job, 0)
    insert = still.insert(job)
    assert (insert.state, insert.degradation) == (InsertState.READY, Degradation.GENERIC)
    assert "no time was left" in insert.reason


def test_an_order_that_waits_is_held_for_a_person_and_never_let_down(
    still: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plant, "BRAND", replace(BRAND, policy=replace(BRAND.policy, holds_orders=True)))
    still.renderer.before = fails("high_value_nth")
    failing, late = still.accept(1), still.accept(2)
    still.run(MAKE, failing, 0)
    insert = still.insert(failing)
    assert (insert.state, insert.degradation) == (InsertState.HELD, Degradation.NONE)
    assert "no font has" in insert.reason
    still.renderer.before = fails()
    still.clock.ahead = timedelta(hours=5)
    still.run(MAKE, late, 0)
    assert (still.insert(late).state, still.insert(late).degradation) == (InsertState.READY, Degradation.NONE)


def test_no_fallback_says_what_the_customer_had(still: Plant) -> None:
    """Neither a shorter wording behind the chosen one, nor the generic one of another card."""
    said = replace(DECISION, said=("high-value-nth-short",))
    job = still.accept(1, decision=said)
    still.run(MAKE, job, 0)
    card = still.insert(job).card
    assert card is not None
    assert "high-value-nth-short" not in {wording.variant for wording in card.wordings}
    still.renderer.before = fails("high_value_nth")
    generic = [still.accept(number) for number in (2, 3)]
    for each in generic:
        still.run(MAKE, each, 0)
    assert still.insert(generic[0]).degradation is Degradation.GENERIC
    assert still.insert(generic[1]).state is InsertState.FAILED
    assert "was said to this customer" in still.insert(generic[1]).reason


def test_a_full_disk_leaves_the_insert_as_it_was(still: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = still.accept(1)
    with monkeypatch.context() as patch:
        patch.setattr(artifacts, "write_new", full)
        with pytest.raises(StorageUnavailable, match="No space left"):
            still.run(MAKE, job, 0)
    assert still.insert(job).state is InsertState.PLANNED
    still.run(MAKE, job, 0)
    assert still.insert(job).state is InsertState.READY


def test_another_generation_is_left_alone(still: Plant) -> None:
    job = still.accept(1)
    still.run(MAKE, job, 1)
    assert still.insert(job).state is InsertState.PLANNED
    with pytest.raises(NotFound):
        still.run(MAKE, "no such job", 0)


def test_given_up_before_it_was_drawn_it_fails_with_the_reason(still: Plant) -> None:
    job = still.accept(1)
    still.give_up(MAKE, job, 1, "of another generation")
    still.give_up(MAKE, job, 0, "it ended the program")
    insert = still.insert(job)
    assert (insert.state, insert.reason) == (InsertState.FAILED, "it ended the program")
    assert len(still.call_backs(job)) == 1
