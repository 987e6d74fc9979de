"""The benchmark's card by tipin's own engine, and the look that every program's cards are given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.template import Role
from benchmarks.cards.fitting import Widths, fit
from benchmarks.cards.layout import Layout
from benchmarks.cards.material import Material, make_material
from benchmarks.cards.peers.by_tipin import make
from benchmarks.cards.records import Record, Text, records
from benchmarks.cards.verify import Kind, faults


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return make_material(tmp_path_factory.mktemp("cards"))


@pytest.fixture(scope="module")
def record() -> Record:
    return next(records(1))


@pytest.fixture(scope="module")
def card(material: Material, record: Record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "card.pdf"
    make(material).single(record, out)
    return out


def test_tipins_card_is_what_every_program_is_asked_for(
    card: Path, record: Record, material: Material
) -> None:
    assert faults(card, [record], material) == []


def test_so_are_its_cards_in_one_file(material: Material, tmp_path: Path) -> None:
    several, tipin = list(records(6)), make(material)
    tipin.take(several)
    tipin.merged(out := tmp_path / "cards.pdf")
    assert faults(out, several, material) == []


def test_another_card_is_seen(card: Path, record: Record, material: Material) -> None:
    other = replace(record, name="Nobody", message="Other words.", url="https://x.example", job_code="NONE")
    kinds = {fault.kind for fault in faults(card, [other], material)}
    assert kinds == {Kind.HEADLINE, Kind.MESSAGE, Kind.JOB_CODE, Kind.CODE}


def test_missing_pages_are_seen(card: Path, record: Record, material: Material) -> None:
    assert [fault.kind for fault in faults(card, [record, record], material)] == [Kind.PAGES]


def test_a_message_that_is_simply_small_is_seen(material: Material, record: Record, tmp_path: Path) -> None:
    few = replace(record, message=" ".join(record.message.split()[:20]) + ".")
    make(material).single(few, out := tmp_path / "few.pdf")
    assert [fault.kind for fault in faults(out, [few], material)] == [Kind.FIT]


def test_sizes_are_the_largest_that_fit(material: Material) -> None:
    frame, box, widths = (
        material.frame(Role.MESSAGE),
        material.box(Role.MESSAGE),
        Widths(material.font("hand")),
    )
    for each in records(20, text=Text.UNSEEN):
        fitted = fit(each.message, widths, frame, box)
        assert " ".join(fitted.lines) == each.message
        assert max(map(widths.of, fitted.lines)) * fitted.size <= box.width + 1e-6
        feet = fitted.first + (len(fitted.lines) - 1) * fitted.leading + widths.descent * fitted.size
        assert feet <= box.height + 1e-6


def test_records_differ_and_come_again_the_same(material: Material) -> None:
    first, again = list(records(50)), list(records(50))
    assert first == again
    assert len({each.message for each in first}) == len({each.url for each in first}) == 50
    assert {len(each.message.split()) for each in first} == {60}
    assert all(Layout(material).place(each).code.bars for each in first[:2])
