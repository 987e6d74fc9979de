"""Rendering records: each is on its pages or in the list of rejects, and the bytes follow from them alone."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from app.domain.profile import PressProfile, Standard
from app.errors import PreflightFailed, RecordsUnreadable, WrongState
from app.pdf.batch.numbers import Numbers
from app.pdf.batch.parts import Parts
from app.services.render_records import Thoroughness, example_record
from tests.cards import PLAIN
from tests.records import Told, profile, record, rejects, service, wish, write, written


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of four records, so that a few records make several."""
    monkeypatch.setattr("app.services.record_survey._GRAIN", 4)


@dataclass
class Passing:
    """A preflight that finds nothing wrong, and remembers what it was asked to look at."""

    passed: bool = True
    pages: list[Collection[int] | None] = field(default_factory=list)

    def __call__(
        self, pdf: Path, profile: PressProfile, *, safe: float | None, pages: Collection[int] | None
    ) -> Passing:
        assert profile.name == PLAIN.profile
        assert pdf.read_bytes().endswith(b"%%EOF\n")
        assert safe == PLAIN.safe
        self.pages.append(pages)
        return self

    def require_passed(self) -> None:
        if not self.passed:
            raise PreflightFailed("boxes: the trim is not inside the bleed")

    def document(self) -> dict[str, Any]:
        return {"passed": self.passed}


_BAD: list[dict[str, Any] | str] = [
    record(2, id="r-1"),
    record(3, occasion="high_value_nth"),
    record(4, slots={"given_name": "W" * 1000}),
    record(5, slots={"given_name": "\U00012000"}),
    record(6, url="https://acorn.example/" + "x" * 900),
    record(7, occasion="new_category", slots={"category": "word " * 5000}),
    '{"id": "r-8", "lang',
]


def test_bad_records_are_told_with_line_id_frame_and_mend_and_harm_no_other(tmp_path: Path) -> None:
    records = write(tmp_path / "r.jsonl", [record(1), *_BAD, record(9)])
    done = service()(wish(records, tmp_path / "o.pdf"), Told())
    assert (done.records, done.refused, done.pages) == (9, 7, 4)
    told = rejects(tmp_path / "o.pdf.rejects.jsonl")
    assert [(one["file"], one["line"], one["record"]) for one in told] == [
        ("r.jsonl", line, {2: "r-1", 8: None}.get(line, f"r-{line}")) for line in range(2, 9)
    ]
    assert [one["frame"] for one in told] == [
        None,
        None,
        "the greeting on the back",
        "the greeting on the back",
        "the QR code on the back",
        None,
        None,
    ]
    assert "already, in line 1" in told[0]["reason"]
    assert all(one["reason"] and one["mend"] for one in told)
    with pikepdf.open(tmp_path / "o.pdf") as pdf:
        keys = [str(page.DPart.DPM.CIP4_Root.CIP4_Recipient.CIP4_UniqueID) for page in pdf.pages]
    assert keys == ["r-1", "r-1", "r-9", "r-9"]


def test_csv_gives_the_same_cards(tmp_path: Path) -> None:
    rows = [record(n) for n in range(3)]
    lines = ["id;language;url;occasion;given_name"]
    lines += [f"{row['id']};en;{row['url']};first;{row['slots']['given_name']}" for row in rows]
    made = []
    for path in (
        write(tmp_path / "r.jsonl", rows),
        written(tmp_path / "r.csv", "\n".join(lines).encode("utf-8-sig")),
    ):
        service(Passing())(wish(path, tmp_path / "o.pdf"), Told())
        with pikepdf.open(tmp_path / "o.pdf") as pdf:
            made.append([page.Contents.read_bytes() for page in pdf.pages])
    assert made[0] == made[1]


@pytest.mark.parametrize("standard", list(Standard))
def test_the_same_records_give_the_same_bytes_by_any_number_of_processes(
    tmp_path: Path, standard: Standard
) -> None:
    records = write(tmp_path / "r.jsonl", [*(record(n) for n in range(9)), *_BAD])
    outputs = []
    for workers in (1, 2) if standard is Standard.PDF_VT1 else (1, 1):
        told, out = Told(), tmp_path / "o.pdf"
        done = service(Passing())(wish(records, out, workers=workers, profile=profile(standard)), told)
        assert told.done == done.records == 16
        outputs.append((out.read_bytes(), (tmp_path / "o.pdf.rejects.jsonl").read_bytes()))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["o.pdf", "o.pdf.rejects.jsonl", "r.jsonl"]
    assert outputs[0] == outputs[1]


def test_a_run_that_was_broken_off_goes_on_and_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, out = write(tmp_path / "r.jsonl", [record(n) for n in range(10)]), tmp_path / "o.pdf"
    assert service(Passing())(wish(records, out), Told()).resumed == 0
    whole = out.read_bytes()
    keep = Parts.write

    def full(self: Parts, index: int, made: Any) -> None:
        if index == 2:
            raise OSError(28, "No space left on device")
        keep(self, index, made)

    with monkeypatch.context() as patch:
        patch.setattr(Parts, "write", full)
        with pytest.raises(OSError, match="No space"):
            service(Passing())(wish(records, out), Told())
    done = service(Passing())(wish(records, out), Told())
    assert (done.resumed, done.blocks, done.thrown_away) == (2, 3, False)
    assert out.read_bytes() == whole


def test_a_run_of_something_else_starts_anew_and_says_so(tmp_path: Path) -> None:
    records, out = write(tmp_path / "r.jsonl", [record(n) for n in range(3)]), tmp_path / "o.pdf"
    for change in (profile(Standard.PDF_X4), profile(Standard.PDF_X1A)):
        with pytest.raises(PreflightFailed, match="the file was kept at"):
            service(Passing(passed=False))(wish(records, out), Told())
        assert not out.exists()
        done = service(Passing())(wish(records, out, profile=change), Told())
        assert (done.resumed, done.thrown_away) == (0, True)
        out.unlink()


def test_two_processes_never_make_the_same_file(tmp_path: Path) -> None:
    records, out = write(tmp_path / "r.jsonl", [record(1)]), tmp_path / "o.pdf"
    with Parts.beside(out).held(), pytest.raises(WrongState, match="another process is writing"):
        service(Passing())(wish(records, out), Told())


@pytest.mark.parametrize(
    ("data", "fault"),
    [(b"\n\n", "holds no record"), (b"", "is empty")],
)
def test_a_file_without_records_is_told(tmp_path: Path, data: bytes, fault: str) -> None:
    with pytest.raises(RecordsUnreadable, match=fault):
        service(Passing())(wish(written(tmp_path / "r.jsonl", data), tmp_path / "o.pdf"), Told())
    assert [path.name for path in tmp_path.iterdir()] == ["r.jsonl"]


def test_a_column_that_nothing_reads_is_told_once(tmp_path: Path) -> None:
    records = written(tmp_path / "r.csv", b"id,language,url,givn_name\n1,en,u,A\n")
    with pytest.raises(RecordsUnreadable, match="line 1: 'givn_name' is no slot of plain"):
        service(Passing())(wish(records, tmp_path / "o.pdf"), Told())


def test_where_every_record_is_refused_there_is_a_list_and_no_file(tmp_path: Path) -> None:
    records = write(tmp_path / "r.jsonl", [record(1, language="xx")])
    done = service(Passing())(wish(records, tmp_path / "o.pdf"), Told())
    assert (done.refused, done.pages, done.report) == (1, 0, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.pdf.rejects.jsonl", "r.jsonl"]


def test_art_that_cannot_be_used_costs_only_its_own_cards(tmp_path: Path) -> None:
    front, back = PLAIN.sides
    art = dict(front.art) | {"first": tmp_path / "gone.svg"}
    template = replace(PLAIN, sides=(replace(front, art=art), back))
    records = write(tmp_path / "r.jsonl", [record(1), record(2, occasion="generic")])
    done = service(Passing())(wish(records, tmp_path / "o.pdf", template=template), Told())
    assert (done.records, done.refused) == (2, 1)
    (told,) = rejects(tmp_path / "o.pdf.rejects.jsonl")
    assert "gone.svg cannot be read" in told["reason"]


def test_what_is_looked_at_is_stated_and_always_the_same(tmp_path: Path) -> None:
    rows = [record(n, occasion="generic" if n == 47 else "first") for n in range(60)]
    records = write(tmp_path / "r.jsonl", rows)
    checks = Passing()
    for thoroughness in (Thoroughness.ALL, Thoroughness.STRUCTURE, Thoroughness.SAMPLE, Thoroughness.SAMPLE):
        wanted = wish(records, tmp_path / "o.pdf", thoroughness=thoroughness)
        done = service(checks)(wanted, Told())
        assert done.looked_at == checks.pages[-1]
    everything, nothing, sample, again = checks.pages
    assert everything is None
    assert nothing == ()
    assert sample == again
    assert sample is not None
    assert {1, 2, 95, 96, 119, 120} <= set(sample)
    assert len(sample) <= 2 * (3 + 8)


def test_more_fonts_and_pictures_than_a_block_has_numbers_for_only_cost_a_second_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, out = write(tmp_path / "r.jsonl", [record(n) for n in range(6)]), tmp_path / "o.pdf"
    monkeypatch.setattr("app.services.record_run.Numbers", lambda **given: Numbers(**given, reserve=1))
    done = service(Passing())(wish(records, out), Told())
    assert done.pages == 12
    with pikepdf.open(io.BytesIO(out.read_bytes())) as pdf:
        assert len(pdf.pages) == 12
        assert not pdf.check_pdf_syntax()


def test_the_example_record_can_be_rendered(tmp_path: Path) -> None:
    records = write(tmp_path / "r.jsonl", [example_record(PLAIN)])
    assert service(Passing())(wish(records, tmp_path / "o.pdf"), Told()).refused == 0
