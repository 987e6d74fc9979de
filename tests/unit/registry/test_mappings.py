from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.history_mapping import FIELDS, HistoryMapping, RowsPer
from app.errors import MappingUnusable
from app.registry.mappings import parse_mapping, read_mapping, ready_mappings, write_mapping

READY = ready_mappings()


@pytest.mark.parametrize("name", READY)
def test_a_ready_mapping_is_whole_and_is_read_back_as_it_is_written(name: str) -> None:
    mapping = READY[name]
    assert mapping.title
    assert mapping.lacks == ()
    assert parse_mapping(write_mapping(mapping)) == mapping


def test_odd_names_survive_writing() -> None:
    mapping = HistoryMapping(
        columns={name: f'"{name}"\\ = [Größe] #' for name in FIELDS},
        rows=RowsPer.ITEM,
        encoding="cp1252",
        delimiter="\t",
        dates="%d.%m.%Y",
        dates_of={"shipped_at": "iso"},
        decimal=",",
        currency="EUR",
        time_zone="Europe/Berlin",
        guests=frozenset({"0", "gast"}),
        cancelled=frozenset({"storniert"}),
        categories={"Tassen & mehr": "mugs", "a.b": "c"},
    )
    assert parse_mapping(write_mapping(mapping)) == mapping


def test_every_fault_is_told_with_its_line() -> None:
    text = (
        'currency = "EURO"\ntime_zone = "Berlin"\ndates = "%d.%m"\n'
        '[file]\nencoding = "base64"\n[columns]\nid = "id"\nplaced = "at"\n[dates_of]\nsku = "iso"\n'
    )
    with pytest.raises(MappingUnusable) as found:
        parse_mapping(text)
    assert {violation.pointer for violation in found.value.violations} == {
        "MAP.toml:1: currency",
        "MAP.toml:2: time_zone",
        "MAP.toml:3: dates",
        "MAP.toml:5: file.encoding",
        "MAP.toml:8: columns.placed",
        "MAP.toml:10: dates_of.sku",
    }


@pytest.mark.parametrize("text", ["columns = 3", "[columns", 'decimal = "x"\n[columns]\n', "colums = {}"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(MappingUnusable):
        parse_mapping(text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingUnusable, match="is missing"):
        read_mapping(tmp_path / "MAP.toml")
