"""Reprints: the stored card once more, with the next generation's codes and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.access import Caller, Role
from app.domain.bench_code import LAST_GENERATION
from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.domain.reprint import REPRINTABLE, Reprint, ReprintReason, next_generation
from app.domain.template import Role as FrameRole
from app.errors import IdempotencyMismatch, NotFound, WrongState
from app.flow.queue import MAKE
from app.store.database import Store
from tests.bench import BRAND, OTHER_BRAND, PACKER, Bench, code, open_bench
from tests.cards import card
from tests.plant import Plant


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.create()
    yield open_bench(store)
    store.close()


def again(bench: Bench, record: str, *, who: Caller = PACKER, note: str = "", key: str = "") -> Reprint:
    return bench.desk.reprint(record, who, reason=ReprintReason.DAMAGED, note=note, key=key)


def test_only_what_must_differ_does() -> None:
    first = card(texts={FrameRole.JOB_CODE: "7ZK4M0QW2B8NT-0", FrameRole.QR: "see AC7ZK4M0QW2B8NT000ABCDEF"})
    second = next_generation(first, 1, "AC7ZK4M0QW2B8NT001UVWXYZ")
    assert second == replace(
        first,
        id="7ZK4M0QW2B8NT-1",
        bench_code="AC7ZK4M0QW2B8NT001UVWXYZ",
        texts={FrameRole.JOB_CODE: "7ZK4M0QW2B8NT-1", FrameRole.QR: "see AC7ZK4M0QW2B8NT001UVWXYZ"},
    )


def test_the_next_generation_is_planned_from_the_stored_card(bench: Bench) -> None:
    record = bench.put("A-1", state=InsertState.PACKED)
    made = again(bench, record, note="creased")
    assert (made.generation, made.who, made.void_sha256) == (1, "Mina", "ab" * 32)
    with bench.store.reading() as tx:
        insert, last = tx.inserts.get(record), tx.inserts.changes(record)[-1]
        assert tx.reprints.of_record(BRAND, record) == (made,)
    assert (insert.state, insert.generation, insert.pdf_sha256) == (InsertState.PLANNED, 1, None)
    assert insert.card is not None
    assert insert.card.bench_code == code(record, 1)
    assert (last.before, last.after, last.generation) == (InsertState.PACKED, InsertState.PLANNED, 1)
    assert (last.who, last.reason) == ("Mina", "damaged: creased")
    assert bench.queue.made == [record]


@pytest.mark.parametrize("state", list(InsertState))
def test_only_what_was_printed_can_be_printed_again(bench: Bench, state: InsertState) -> None:
    record = bench.put("A-1", state=state)
    if state in REPRINTABLE:
        assert again(bench, record).generation == 1
    else:
        with pytest.raises(WrongState, match=state.value):
            again(bench, record)


def test_the_same_key_is_the_same_reprint(bench: Bench) -> None:
    record = bench.put("A-1")
    assert again(bench, record, key="k") == again(bench, record, key="k")
    assert bench.queue.made == [record]
    with pytest.raises(IdempotencyMismatch):
        again(bench, record, note="otherwise", key="k")


def test_the_limit_is_told(bench: Bench) -> None:
    record = bench.put("A-1", generation=LAST_GENERATION - 1)
    assert again(bench, record).generation == LAST_GENERATION
    with bench.store.transaction() as tx:
        tx.inserts.move(tx.inserts.get(record), InsertState.ACCEPTED)
    with pytest.raises(WrongState, match="31 times"):
        again(bench, record)


def test_whoever_serves_another_brand_cannot(bench: Bench) -> None:
    record = bench.put("A-1")
    with pytest.raises(NotFound):
        again(bench, record, who=Caller(name="else", role=Role.OPERATOR, brand=OTHER_BRAND))
    with pytest.raises(NotFound):
        again(bench, "nothing")


def test_an_erased_card_cannot_be_printed_again_and_leaves_no_file(bench: Bench) -> None:
    record = bench.put("A-1", name="#77")
    again(bench, record, note="hers")
    with bench.store.transaction() as tx:
        tx.inserts.move(tx.inserts.get(record), InsertState.ACCEPTED)
        assert tx.erasure.erase_order(BRAND, order_id(BRAND, "A-1")) == ["ab" * 32]
        (kept,) = tx.reprints.of_record(BRAND, record)
        assert (kept.note, kept.void_sha256) == ("", None)
        assert tx.parcels.find("77", brands=[BRAND]) == ()
        assert tx.parcels.find("a-1", brands=[BRAND])
    with pytest.raises(WrongState, match="not stored any more"):
        again(bench, record)


def test_a_reprint_is_drawn_from_the_stored_card_whatever_its_brand_says_now(still: Plant) -> None:
    job = still.accept(1)
    still.run(MAKE, job, 0)
    first = still.insert(job)
    assert first.card is not None
    again = next_generation(first.card, 1, "a new code")
    with still.store.transaction() as tx:
        assert tx.inserts.print_again(first, again, at=first.planned_at, who="Mina", reason="lost")
        assert not tx.inserts.print_again(first, again, at=first.planned_at, who="Mina", reason="lost")
    still.run(MAKE, job, 0)
    assert still.insert(job).state is InsertState.PLANNED
    still.run(MAKE, job, 1)
    second = still.insert(job)
    assert (second.state, second.card) == (InsertState.READY, again)
    assert second.pdf_sha256 not in {None, first.pdf_sha256}
    assert f"{job}-1-hand-over-2-press" in still.queued()
