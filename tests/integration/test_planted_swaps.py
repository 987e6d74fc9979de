"""The proof of the packing bench: every planted swap and every old print is found, and nothing else."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from app.domain.bench import ClearReason, Doubt, Verdict
from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.domain.reprint import ReprintReason
from app.store.database import Store
from app.store.migrate import migrate
from tests.bench import BRAND, PACKER, Bench, code, open_bench, put_order


@dataclass(frozen=True)
class Morning:
    """How many parcels are packed, how many pairs of cards lie swapped, and how many prints are old."""

    parcels: int
    swaps: int
    old: int


WHOLE, SHORT = Morning(1000, 50, 20), Morning(60, 5, 3)


def test_every_planted_swap_is_found_and_nothing_else(database: str, tmp_path: Path) -> None:
    """The whole morning on SQLite, a short one on PostgreSQL; each wrong parcel is put right afterwards."""
    morning, dice = SHORT if database else WHOLE, random.Random(6)
    store = Store(database or f"sqlite:///{tmp_path / 'tipin.db'}")
    migrate(store)
    bench = open_bench(store)
    with store.transaction() as tx:
        records = [put_order(tx, f"A-{n}") for n in range(morning.parcels)]
    in_box = [code(record) for record in records]
    chosen = dice.sample(range(morning.parcels), 2 * morning.swaps + morning.old)
    swapped, old = chosen[: 2 * morning.swaps], chosen[2 * morning.swaps :]
    for one, other in zip(swapped[::2], swapped[1::2], strict=True):
        in_box[one], in_box[other] = in_box[other], in_box[one]
    for place in old:
        bench.desk.reprint(records[place], PACKER, reason=ReprintReason.DAMAGED)
        with store.transaction() as tx:
            card = tx.inserts.get(records[place])
            tx.inserts.move(card, InsertState.ACCEPTED)

    packing = list(range(morning.parcels))
    dice.shuffle(packing)
    found = {place: bench.verdict(in_box[place], f"A-{place}") for place in packing}

    wanted = dict.fromkeys(range(morning.parcels), Verdict.MATCH)
    wanted |= dict.fromkeys(swapped, Verdict.MISMATCH) | dict.fromkeys(old, Verdict.VOID)
    assert found == wanted
    _put_right(bench, records, swapped, old)
    with store.reading() as tx:
        assert {tx.inserts.get(record).state for record in records} == {InsertState.PACKED}
        assert tx.bench.blocked_by_brand() == {}
    store.close()


def _put_right(bench: Bench, records: list[str], swapped: list[int], old: list[int]) -> None:
    for place in swapped:
        assert bench.verdict(code(records[place]), f"A-{place}") is Verdict.BLOCKED
        bench.desk.match.clear(order_id(BRAND, f"A-{place}"), PACKER, reason=ClearReason.WRONG_PIECE_REMOVED)
        assert bench.verdict(code(records[place]), f"A-{place}") is Verdict.MATCH
    for place in old:
        assert bench.verdict(code(records[place], 1), f"A-{place}") is Verdict.MATCH


def test_codes_of_another_plant_and_misread_ones_match_nothing(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'tipin.db'}")
    store.create()
    bench = open_bench(store)
    printed = code(bench.put("A-1"))
    dice = random.Random(6)
    for _ in range(60):
        place = dice.randrange(len(printed))
        other = dice.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ".replace(printed[place], ""))
        outcome = bench.scan(printed[:place] + other + printed[place + 1 :], "A-1")
        assert outcome.scan.doubt is Doubt.NO_PIECE
    store.close()
