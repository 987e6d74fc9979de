"""Files on sheets: batches, positions, what is left out, and the same bytes again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.sheet import CutOrder, Duplex
from app.pdf.preflight import preflight
from app.services.gang.files import Ganged, GangFiles, Wish
from tests.sheets import PROFILE, SHEET, block, piece, sheet_writer


@pytest.fixture(scope="module")
def gang() -> GangFiles:
    return GangFiles(profiles={PROFILE.name: PROFILE}, writer=sheet_writer(), preflight=preflight)


def _files(folder: Path, count: int, pages: int = 2) -> list[Path]:
    folder.mkdir(exist_ok=True)
    shown = [block("0.5 0 0 0", -3, -3, 66, 46)] * pages
    return [piece(folder / f"{folder.name}-{number}.pdf", shown) for number in range(count)]


def _wish(folder: Path, files: Sequence[Path], **more: Any) -> Wish:
    out = folder / "out.pdf"
    return Wish(
        files=files,
        out=out,
        rejects=folder / "rejects.jsonl",
        positions=folder / "positions.json",
        sheet=SHEET,
        gap=6,
        **more,
    )


def _placed(folder: Path) -> list[tuple[str, list[str]]]:
    sheets = json.loads((folder / "positions.json").read_text())["sheets"]
    return [(sheet["batch"], [place["record"] for place in sheet["places"]]) for sheet in sheets]


def test_each_folder_is_a_batch_under_its_separator(tmp_path: Path, gang: GangFiles) -> None:
    files = [*_files(tmp_path / "wave1", 7), *_files(tmp_path / "wave2", 2)]
    done = gang(_wish(tmp_path, files, by_folder=True))
    assert (done.pieces, done.sheets, done.unfit) == (9, 5, ())
    assert _placed(tmp_path) == [
        ("wave1", []),
        ("wave1", ["wave1-0", "wave1-2", "wave1-3", "wave1-4", "wave1-5", "wave1-6"]),
        ("wave1", ["wave1-1"]),
        ("wave2", []),
        ("wave2", ["wave2-0", "wave2-1"]),
    ]
    assert not (tmp_path / "rejects.jsonl").exists()


def test_a_batch_too_large_for_the_guillotine_becomes_several(tmp_path: Path, gang: GangFiles) -> None:
    gang(_wish(tmp_path, _files(tmp_path / "a", 5), batch="Noon", largest_batch=3, order=CutOrder.SEQUENCE))
    assert [batch for batch, placed in _placed(tmp_path) if placed] == ["Noon, 1 of 2", "Noon, 2 of 2"]


def test_a_file_of_many_pieces_is_taken_apart(tmp_path: Path, gang: GangFiles) -> None:
    (many,) = _files(tmp_path / "many", 1, pages=6)
    assert gang(_wish(tmp_path, [many], pages_each=2)).pieces == 3
    assert gang(_wish(tmp_path, [many], duplex=Duplex.OFF)).pieces == 6
    assert _placed(tmp_path) == [("out", [f"many-0-{page}" for page in range(1, 7)])]


def test_what_cannot_be_used_is_listed_and_old_lists_go(tmp_path: Path, gang: GangFiles) -> None:
    good, many = _files(tmp_path / "good", 2), _files(tmp_path / "many", 1, pages=5)
    (bare,) = _files(tmp_path / "bare", 1)
    bare.write_bytes(bare.read_bytes().replace(b"0.5 0 0 0", b"0.5 0 0 x").replace(b"/Trapped", b"/Trappex"))
    done = gang(_wish(tmp_path, [*good, *many, bare]))
    assert (done.pieces, done.sheets) == (2, 1)
    rejects = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert [Path(one["file"]).name for one in rejects] == ["many-0.pdf", "bare-0.pdf"]
    assert "5 pages" in rejects[0]["reason"]
    gang(_wish(tmp_path, good))
    assert not (tmp_path / "rejects.jsonl").exists()


def test_where_nothing_is_fit_nothing_is_made(tmp_path: Path, gang: GangFiles) -> None:
    done = gang(_wish(tmp_path, [tmp_path / "none.pdf"]))
    assert done == Ganged(pieces=0, sheets=0, unfit=done.unfit)
    assert not (tmp_path / "out.pdf").exists()
    assert len((tmp_path / "rejects.jsonl").read_text().splitlines()) == 1


def test_the_same_files_give_the_same_bytes(tmp_path: Path, gang: GangFiles) -> None:
    files = _files(tmp_path / "a", 4)
    wish = _wish(tmp_path, files)
    gang(wish)
    gang(replace(wish, out=tmp_path / "again" / "out.pdf"))
    assert (tmp_path / "out.pdf").read_bytes() == (tmp_path / "again" / "out.pdf").read_bytes()
    assert [path.name for path in (tmp_path / "again").iterdir()] == ["out.pdf"]


def test_one_name_twice_gives_two_records(tmp_path: Path, gang: GangFiles) -> None:
    (one,) = _files(tmp_path / "a", 1)
    (tmp_path / "b").mkdir()
    other = piece(tmp_path / "b" / one.name, [""])
    gang(_wish(tmp_path, [one, other]))
    assert _placed(tmp_path) == [("out", ["a-0", "a-0~2"])]
