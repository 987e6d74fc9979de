"""Surveys: blocks that hold every record once, and ids that are there twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.record_cards import RecordCards
from app.services.record_file import RecordFile
from app.services.record_survey import Survey, survey
from tests.cards import PLAIN
from tests.records import BRANDS, SECRET, record, write


def _survey(path: Path) -> Survey:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    cards = RecordCards(PLAIN, BRANDS, brand=None, secret=SECRET, signatures={}, made_at=at)
    return survey(RecordFile.open(path), cards)


@pytest.mark.parametrize(
    ("records", "block", "blocks"),
    [(1, 100, 1), (100, 100, 1), (101, 100, 2), (1201, 200, 7), (8000, 1000, 8), (8001, 1000, 9)],
)
def test_blocks_follow_from_the_number_of_records_alone(
    tmp_path: Path, records: int, block: int, blocks: int
) -> None:
    found = _survey(write(tmp_path / "r.jsonl", (f'{{"id":"{number}"}}' for number in range(records))))
    assert (found.records, found.block, len(found.stretches)) == (records, block, blocks)
    assert sum(stretch.records for stretch in found.stretches) == records


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["sound", "broken", "empty"]), min_size=1, max_size=400))
def test_the_stretches_hold_every_record_once(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str]
) -> None:
    said: dict[str, str] = {"broken": "{", "empty": ""}
    path = write(
        tmp_path_factory.mktemp("s") / "r.jsonl",
        [said[kind] if kind in said else record(n) for n, kind in enumerate(kinds)],
    )
    found, file = _survey(path), RecordFile.open(path)
    lines = [
        row.line
        for stretch in found.stretches
        for row in file.rows(stretch.start, stretch.end, stretch.line)
        if not row.is_empty
    ]
    assert lines == [n for n, kind in enumerate(kinds, 1) if kind != "empty"]


def test_what_cards_share_and_which_ids_are_there_twice(tmp_path: Path) -> None:
    rows = [record(n % 150, occasion="first" if n % 2 else "generic") for n in range(200)]
    rows += [record(5), record(999, language="xx", occasion="win_back")]
    found = _survey(write(tmp_path / "r.jsonl", rows))
    assert found.looks == {("acorn", "first"), ("acorn", "generic")}
    assert found.languages == {"en"}
    twice = {here: there for stretch in found.stretches for here, there in stretch.twice.items()}
    assert twice == {n + 151: n + 1 for n in range(50)} | {201: 6}
    assert all(stretch.line <= line for stretch in found.stretches for line in stretch.twice)
