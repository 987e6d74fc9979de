"""Scans over a real database: verdicts, what they change, and that each counts once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.access import Caller, Role
from app.domain.bench import ClearReason, Doubt, Verdict
from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.domain.order import Job
from app.domain.reprint import ReprintReason
from app.errors import IdempotencyMismatch, NotFound, WrongState
from app.store.database import Store
from tests.bench import BRAND, OTHER_BRAND, PACKER, Bench, code, open_bench, put_card, put_order, record_of


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = Store(f"sqlite:///{tmp_path}/t.db")
    store.create()
    yield open_bench(store)
    store.close()


def test_a_match_packs_the_card(bench: Bench) -> None:
    record = bench.put("A-1")
    outcome = bench.scan(code(record), "A-1")
    assert outcome.scan.verdict is Verdict.MATCH
    assert outcome.scan.before is InsertState.ACCEPTED
    assert bench.state(record) is InsertState.PACKED
    with bench.store.reading() as tx:
        last = tx.inserts.changes(record)[-1]
        assert (last.who, last.reason) == ("Mina", "matched at the bench bench-1")


@pytest.mark.parametrize("named", ["A-1", "#77", "P-1", "B-1", "order id", "job id"])
def test_any_barcode_of_the_parcel_will_do(bench: Bench, named: str) -> None:
    job = Job(source_item_id="1", sku="MUG", barcode="B-1", parcel="P-1")
    record = bench.put("A-1", jobs=(job,), name="#77")
    own = {"order id": order_id(BRAND, "A-1"), "job id": record}
    assert bench.verdict(code(record), own.get(named, named).lower() + "\r\n") is Verdict.MATCH


def test_the_texts_may_come_in_either_order(bench: Bench) -> None:
    record = bench.put("A-1")
    assert bench.verdict("A-1", "]d2" + code(record).lower()) is Verdict.MATCH


def test_a_mismatch_blocks_the_parcel_until_it_is_cleared(bench: Bench) -> None:
    right, wrong = bench.put("A-1"), bench.put("A-2")
    outcome = bench.scan(code(wrong), "A-1")
    assert outcome.scan.verdict is Verdict.MISMATCH
    assert outcome.parcel is not None
    assert outcome.parcel.blocked
    assert bench.verdict(code(right), "A-1") is Verdict.BLOCKED
    assert bench.verdict(code(wrong), "A-2") is Verdict.MATCH
    (block,) = bench.desk.match.clear(
        order_id(BRAND, "A-1"), PACKER, reason=ClearReason.WRONG_PIECE_REMOVED, note="it was on top"
    )
    assert (block.record, block.who, block.cleared_by) == (wrong, "Mina", "Mina")
    assert (block.reason, block.note) == (ClearReason.WRONG_PIECE_REMOVED, "it was on top")
    assert bench.verdict(code(right), "A-1") is Verdict.MATCH


def test_clearing_again_changes_nothing(bench: Bench) -> None:
    bench.put("A-1")
    bench.scan(code(bench.put("A-2")), "A-1")
    first = bench.desk.match.clear(order_id(BRAND, "A-1"), PACKER, reason=ClearReason.REPACKED)
    bench.clock.at += timedelta(hours=1)
    assert bench.desk.match.clear(order_id(BRAND, "A-1"), PACKER, reason=ClearReason.OTHER) == first


def test_what_is_not_blocked_cannot_be_cleared(bench: Bench) -> None:
    bench.put("A-1")
    with pytest.raises(WrongState, match="not blocked"):
        bench.desk.match.clear(order_id(BRAND, "A-1"), PACKER, reason=ClearReason.OTHER)
    with pytest.raises(NotFound):
        bench.desk.match.clear("nothing", PACKER, reason=ClearReason.OTHER)
    elsewhere = Caller(name="else", role=Role.OPERATOR, brand=OTHER_BRAND)
    with pytest.raises(NotFound):
        bench.desk.match.clear(order_id(BRAND, "A-1"), elsewhere, reason=ClearReason.OTHER)


def test_orders_that_share_a_parcel_are_packed_blocked_and_cleared_together(bench: Bench) -> None:
    first, second = bench.put("A-1", parcel="BOX"), bench.put("A-2", parcel="BOX")
    stranger = bench.put("A-3")
    assert bench.verdict(code(first), "BOX") is Verdict.MATCH
    assert bench.verdict(code(stranger), "BOX") is Verdict.MISMATCH
    assert bench.verdict(code(second), "BOX") is Verdict.BLOCKED
    bench.desk.match.clear(order_id(BRAND, "A-1"), PACKER, reason=ClearReason.WRONG_PARCEL_SCANNED)
    assert bench.verdict(code(second), "A-2") is Verdict.MATCH


def test_a_card_of_another_parcel_of_its_own_order_is_a_mismatch(bench: Bench) -> None:
    jobs = (
        Job(source_item_id="1", sku="MUG", parcel="P-1"),
        Job(source_item_id="2", sku="CAP", parcel="P-2"),
    )
    first = bench.put("A-1", jobs=jobs)
    with bench.store.transaction() as tx:
        put_card(tx, tx.orders.of_job(first), 1, state=InsertState.ACCEPTED)
    assert bench.verdict(code(first), "P-2") is Verdict.MISMATCH
    assert bench.verdict(code(record_of("A-1", "2")), "P-2") is Verdict.BLOCKED


def test_a_parcel_without_a_card_takes_none(bench: Bench) -> None:
    bench.put("A-1", carries=False)
    assert bench.verdict(code(bench.put("A-2")), "A-1") is Verdict.MISMATCH


def test_a_reprint_makes_the_earlier_print_void_even_after_it_was_packed(bench: Bench) -> None:
    record = bench.put("A-1")
    assert bench.verdict(code(record), "A-1") is Verdict.MATCH
    bench.desk.reprint(record, PACKER, reason=ReprintReason.DAMAGED)
    assert bench.verdict(code(record), "A-1") is Verdict.VOID
    assert bench.verdict(code(record), "not known") is Verdict.VOID


def test_the_same_card_in_another_parcel_after_it_was_packed_is_a_mismatch(bench: Bench) -> None:
    record = bench.put("A-1", state=InsertState.PACKED)
    bench.put("A-2")
    assert bench.verdict(code(record), "A-1") is Verdict.ALREADY_PACKED
    assert bench.verdict(code(record), "A-2") is Verdict.MISMATCH


@pytest.mark.parametrize(
    ("piece", "parcel", "doubt"),
    [
        ("4006381333931", "A-1", Doubt.NO_PIECE),
        ("card", "A-9", Doubt.NO_PARCEL),
        ("card", "card", Doubt.TWO_PIECES),
        ("another plant's", "A-1", Doubt.NO_SUCH_PIECE),
        ("reprint to come", "A-1", Doubt.NO_SUCH_PIECE),
        ("card", "TWICE", Doubt.TWO_PARCELS),
    ],
)
def test_what_stays_unknown_changes_nothing_and_says_why(
    bench: Bench, piece: str, parcel: str, doubt: Doubt
) -> None:
    twice = (Job(source_item_id="1", sku="MUG", barcode="TWICE"),)
    record = bench.put("A-1", jobs=twice)
    bench.put("A-2", jobs=twice)
    codes = {
        "card": code(record),
        "another plant's": code("7ZK4M0QW2B8NY"),
        "reprint to come": code(record, 1),
    }
    outcome = bench.scan(codes.get(piece, piece), codes.get(parcel, parcel))
    assert (outcome.scan.verdict, outcome.scan.doubt) == (Verdict.UNKNOWN, doubt)
    assert bench.state(record) is InsertState.ACCEPTED


def test_one_number_of_two_brands_needs_the_brand(bench: Bench) -> None:
    record, other = bench.put("1001"), bench.put("1001", brand=OTHER_BRAND)
    assert bench.scan(code(record), "1001").scan.doubt is Doubt.TWO_PARCELS
    assert bench.scan(code(record), "1001", brand=OTHER_BRAND).scan.verdict is Verdict.MISMATCH
    assert bench.scan(code(other, brand=OTHER_BRAND), order_id(OTHER_BRAND, "1001")).scan.verdict is (
        Verdict.BLOCKED
    )
    assert bench.scan(code(record), "1001", brand=BRAND).scan.verdict is Verdict.MATCH


def test_whoever_serves_one_brand_sees_nothing_of_another(bench: Bench) -> None:
    record = bench.put("A-1")
    elsewhere = Caller(name="else", role=Role.OPERATOR, brand=OTHER_BRAND)
    assert bench.scan(code(record), "A-1", who=elsewhere).scan.doubt is Doubt.NO_PARCEL
    assert bench.scan(code(record), "A-1", who=elsewhere, brand=BRAND).scan.doubt is Doubt.NO_PARCEL
    bench.put("B-1", brand=OTHER_BRAND)
    assert bench.scan(code(record), "B-1", who=elsewhere).scan.doubt is Doubt.NO_SUCH_PIECE


def test_a_scan_that_is_sent_twice_counts_once(bench: Bench) -> None:
    record = bench.put("A-1")
    first = bench.scan(code(record), "A-1", scan_id="one")
    again = bench.scan(code(record), "A-1", scan_id="one")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.scan == first.scan
    with pytest.raises(IdempotencyMismatch):
        bench.scan(code(record), "A-2", scan_id="one")


def test_the_book_holds_nothing_of_what_was_scanned(bench: Bench) -> None:
    bench.scan("Ada Lovelace, 12 St James's Square", "ada@example.org")
    with bench.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM bench_scans").all()
    assert "ada" not in str(rows).lower()


@pytest.mark.parametrize("state", [InsertState.ACCEPTED, InsertState.UNKNOWN, InsertState.READY])
def test_a_match_can_be_taken_back_for_ten_seconds(bench: Bench, state: InsertState) -> None:
    record = bench.put("A-1", state=state)
    bench.scan(code(record), "A-1", scan_id="one")
    bench.clock.at += timedelta(seconds=10)
    undone = bench.desk.match.undo("one", PACKER)
    assert undone.scan.undone_at == bench.clock.at
    assert bench.state(record) is state
    assert bench.desk.match.undo("one", PACKER).scan == undone.scan
    assert bench.verdict(code(record), "A-1") is Verdict.MATCH


def test_what_cannot_be_taken_back(bench: Bench) -> None:
    record = bench.put("A-1")
    bench.scan(code(record), "A-1", scan_id="match")
    bench.scan(code(bench.put("A-2")), "A-1", scan_id="mismatch")
    with pytest.raises(WrongState, match="changed nothing"):
        bench.desk.match.undo("mismatch", PACKER)
    with pytest.raises(NotFound):
        bench.desk.match.undo("other", PACKER)
    bench.desk.reprint(record, PACKER, reason=ReprintReason.LOST)
    with pytest.raises(WrongState, match="moved on"):
        bench.desk.match.undo("match", PACKER)
    bench.clock.at += timedelta(seconds=11)
    with pytest.raises(WrongState, match="ten seconds"):
        bench.desk.match.undo("match", PACKER)


def test_a_whole_morning_in_one_transaction_is_what_the_orders_say(bench: Bench) -> None:
    with bench.store.transaction() as tx:
        records = [put_order(tx, f"A-{n}", name=f"N-{n}") for n in range(20)]
    assert {bench.verdict(code(record), f"N-{n}") for n, record in enumerate(records)} == {Verdict.MATCH}


def test_a_blocked_order_is_not_offered_until_it_is_cleared(bench: Bench) -> None:
    one, two = bench.put("A-1"), bench.put("A-2")

    def offered() -> list[str]:
        with bench.store.reading() as tx:
            return [piece.component.record for piece in tx.pieces.to_pack(brand="", limit=9)]

    assert sorted(offered()) == sorted([one, two])
    assert bench.verdict(code(two), "A-1") is Verdict.MISMATCH
    assert offered() == [two]
    bench.desk.match.clear(order_id(BRAND, "A-1"), PACKER, reason=ClearReason.REPACKED)
    assert sorted(offered()) == sorted([one, two])
