"""The bench's table, state by state and verdict by verdict."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.bench import (
    AT_THE_BENCH,
    NOT_EXPECTED,
    PACKABLE,
    UNDO_WITHIN,
    Doubt,
    Judgement,
    Piece,
    Scan,
    Verdict,
    judge,
)
from app.domain.bench_code import BenchCode
from app.domain.component import Component
from app.domain.insert import InsertState
from app.domain.parcel import Parcel
from tests.stored import NOW

CARD = Component(
    record="J" * 13,
    number=0,
    generation=1,
    brand="acorn",
    order_id="O1",
    design="hearth",
    state=InsertState.ACCEPTED,
    target="press",
    planned_at=NOW,
    needed_by=None,
)
PARCEL = Parcel(brand="acorn", order_ids=("O1",))
SCAN = Scan(
    scope="", id="1", digest="", station="b", who="Mina", scanned_at=NOW, at=NOW, verdict=Verdict.MATCH
)


def code(generation: int = 1) -> BenchCode:
    return BenchCode("AC", CARD.record, 0, generation)


def test_the_table_has_every_state() -> None:
    assert set(AT_THE_BENCH) == set(InsertState)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (InsertState.PLANNED, Verdict.STOPPED),
        (InsertState.HELD, Verdict.STOPPED),
        (InsertState.READY, Verdict.MATCH),
        (InsertState.SUBMITTING, Verdict.MATCH),
        (InsertState.ACCEPTED, Verdict.MATCH),
        (InsertState.UNKNOWN, Verdict.MATCH),
        (InsertState.PACKED, Verdict.ALREADY_PACKED),
        (InsertState.FAILED, Verdict.STOPPED),
        (InsertState.CANCELLED, Verdict.STOPPED),
    ],
)
def test_the_right_piece_by_its_state(state: InsertState, verdict: Verdict) -> None:
    assert judge(code(), Piece(replace(CARD, state=state)), PARCEL) == Judgement(verdict)
    assert (state in PACKABLE) == (verdict is Verdict.MATCH)
    assert state not in NOT_EXPECTED or verdict is Verdict.STOPPED


@pytest.mark.parametrize("state", list(InsertState))
@pytest.mark.parametrize("blocked", [False, True])
@pytest.mark.parametrize(("right", "generation"), list(itertools.product([True, False], [0, 1, 2])))
def test_the_whole_table(state: InsertState, blocked: bool, right: bool, generation: int) -> None:  # noqa: FBT001 -- what is varied
    """A print that is not in force is told first, then a wrong parcel, then a blocked one, then the state."""
    parcel = replace(PARCEL, blocked=blocked, order_ids=("O1",) if right else ("O2", "O3"))
    found = judge(code(generation), Piece(replace(CARD, state=state)), parcel)
    if generation == 2:
        assert found == Judgement(Verdict.UNKNOWN, Doubt.NO_SUCH_PIECE)
    elif generation == 0:
        assert found == Judgement(Verdict.VOID)
    elif not right:
        assert found == Judgement(Verdict.MISMATCH)
    elif blocked:
        assert found == Judgement(Verdict.BLOCKED)
    else:
        assert found == Judgement(AT_THE_BENCH[state])


def test_a_piece_that_nothing_is_known_of() -> None:
    assert judge(code(), None, PARCEL) == Judgement(Verdict.UNKNOWN, Doubt.NO_SUCH_PIECE)


@pytest.mark.parametrize(
    ("of_piece", "of_parcel", "verdict"),
    [
        ("P1", "P1", Verdict.MATCH),
        ("P1", "P2", Verdict.MISMATCH),
        ("P1", "", Verdict.MATCH),
        ("", "P2", Verdict.MATCH),
    ],
)
def test_parcels_of_one_order_are_told_apart_where_both_are_named(
    of_piece: str, of_parcel: str, verdict: Verdict
) -> None:
    assert judge(code(), Piece(CARD, of_piece), replace(PARCEL, name=of_parcel)) == Judgement(verdict)


def test_another_brands_order_of_the_same_id_is_another() -> None:
    assert judge(code(), Piece(CARD), replace(PARCEL, brand="other")) == Judgement(Verdict.MISMATCH)


def test_only_a_match_can_be_undone_and_only_once() -> None:
    assert SCAN.undo_until == NOW + UNDO_WITHIN == NOW + timedelta(seconds=10)
    assert replace(SCAN, undone_at=NOW).undo_until is None
    for verdict in set(Verdict) - {Verdict.MATCH}:
        assert replace(SCAN, verdict=verdict).undo_until is None
