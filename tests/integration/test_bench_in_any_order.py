"""Any sequence of scans, undoings, clearings and reprints, each maybe sent twice, held to a plain model."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.bench import ClearReason, Verdict
from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.domain.reprint import ReprintReason
from app.errors import WrongState
from app.store.database import Store
from tests.bench import BRAND, PACKER, code, open_bench

PARCELS = 3
places = st.integers(0, PARCELS - 1)


class AnyOrder(RuleBasedStateMachine):
    """`generation`, `packed` and `blocked` are what a careful person would remember of each parcel."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(f"sqlite:///{Path(self.folder.name) / 'tipin.db'}")
        self.store.create()
        self.bench = open_bench(self.store)
        self.records = [self.bench.put(f"A-{n}") for n in range(PARCELS)]
        self.generation = [0] * PARCELS
        self.packed = [False] * PARCELS
        self.printed = [True] * PARCELS
        self.blocked = [False] * PARCELS
        self.scans = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(piece=places, parcel=places, older=st.booleans(), twice=st.booleans())
    def scan(self, piece: int, parcel: int, *, older: bool, twice: bool) -> None:
        """One scan; sent again it says the same and changes nothing more."""
        generation = max(0, self.generation[piece] - older)
        expected = self.expected(piece, parcel, generation)
        self.scans += 1
        for _ in range(1 + twice):
            text = code(self.records[piece], generation)
            outcome = self.bench.scan(text, f"A-{parcel}", scan_id=f"any-{self.scans}")
            assert outcome.scan.verdict is expected
        self.packed[piece] |= expected is Verdict.MATCH
        self.blocked[parcel] |= expected is Verdict.MISMATCH

    def expected(self, piece: int, parcel: int, generation: int) -> Verdict:
        if generation < self.generation[piece]:
            return Verdict.VOID
        if piece != parcel:
            return Verdict.MISMATCH
        if self.blocked[parcel]:
            return Verdict.BLOCKED
        if not self.printed[piece]:
            return Verdict.STOPPED
        return Verdict.ALREADY_PACKED if self.packed[piece] else Verdict.MATCH

    @rule(late=st.booleans())
    def undo(self, *, late: bool) -> None:
        """The latest scan is taken back, if it was a match whose piece stands as it left it."""
        with self.store.reading() as tx:
            scan = tx.bench.scan("", f"any-{self.scans}")
        if scan is None:
            return
        self.bench.clock.at += timedelta(seconds=11 if late else 0)
        try:
            self.bench.desk.match.undo(scan.id, PACKER)
        except WrongState:
            return
        piece = self.records.index(scan.record)
        if scan.undone_at is None:
            assert scan.verdict is Verdict.MATCH
            assert self.packed[piece]
            assert not late
            self.packed[piece] = False

    @rule(parcel=places)
    def clear(self, parcel: int) -> None:
        """A blocked parcel is cleared."""
        try:
            self.bench.desk.match.clear(order_id(BRAND, f"A-{parcel}"), PACKER, reason=ClearReason.OTHER)
        except WrongState:
            assert not self.blocked[parcel]
        self.blocked[parcel] = False

    @rule(piece=places)
    def reprint(self, piece: int) -> None:
        """A card is printed again."""
        try:
            self.bench.desk.reprint(self.records[piece], PACKER, reason=ReprintReason.LOST)
        except WrongState:
            assert not self.printed[piece]
            return
        self.generation[piece] += 1
        self.packed[piece] = self.printed[piece] = False

    @rule(piece=places)
    def print_it(self, piece: int) -> None:
        """The press has a planned card."""
        with self.store.transaction() as tx:
            card = tx.inserts.get(self.records[piece])
            if card.state is InsertState.PLANNED:
                tx.inserts.move(card, InsertState.ACCEPTED)
                self.printed[piece] = True

    @invariant()
    def the_database_says_what_the_person_remembers(self) -> None:
        with self.store.reading() as tx:
            states = [tx.inserts.get(record).state for record in self.records]
            blocked = [bool(tx.bench.blocks(BRAND, (order_id(BRAND, f"A-{n}"),))) for n in range(PARCELS)]
        assert [state is InsertState.PACKED for state in states] == self.packed
        assert blocked == self.blocked


AnyOrder.TestCase.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)
TestAnyOrder = AnyOrder.TestCase
