"""`tipin render` as people run it: killed at any moment it goes on, and other programs read what it made."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image

from app.registry.cards import load_cards
from app.registry.places import CARDS
from tests.printed import said
from tests.records import rejects, write

HEARTH = load_cards(CARDS)["hearth"]
_RECORDS = 120
"""Two blocks: a whole one and one begun."""


def _record(number: int) -> dict[str, Any]:
    sample = HEARTH.samples[number % len(HEARTH.samples)]
    return {
        "id": f"r-{number}",
        "language": sample.language,
        "url": f"https://example.com/{number}",
        "occasion": sample.occasion,
        "slots": dict(sample.slots),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("render")
    rows: list[dict[str, Any] | str] = [_record(number) for number in range(_RECORDS)]
    rows[105] = '{"id": "broken"'
    write(folder / "records.jsonl", rows)
    return folder


def _command(folder: Path, out: str, *options: str) -> tuple[list[str], dict[str, str]]:
    command = [sys.executable, "-m", "app.cli", "render", str(folder / "records.jsonl")]
    command += ["--template", "hearth", "--out", str(folder / out), "--check", "structure", *options]
    return command, os.environ | {"TIPIN_DATA_DIR": str(folder / "data")}


def _render(folder: Path, out: str, *options: str) -> subprocess.CompletedProcess[str]:
    command, environment = _command(folder, out, *options)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def whole(folder: Path) -> Path:
    done = _render(folder, "whole.pdf", "--workers", "1", "--report")
    assert done.returncode == 1, done.stderr
    assert "119 cards on 238 pages" in done.stderr
    assert "1 record of 120 refused" in done.stderr
    return folder / "whole.pdf"


def test_the_report_says_what_was_checked(whole: Path) -> None:
    report = json.loads(whole.with_name("whole.pdf.report.json").read_text(encoding="utf-8"))
    assert (report["cards"], report["refused"], report["pages"]) == (119, 1, 238)
    assert report["standard"] == "PDF/VT-1"
    assert report["preflight"]["passed"] is True
    assert report["content_looked_at"] == []
    (refused,) = rejects(whole.with_name("whole.pdf.rejects.jsonl"))
    assert (refused["line"], refused["record"]) == (106, None)


@contextmanager
def _started(folder: Path, out: str, workers: int) -> Iterator[subprocess.Popen[bytes]]:
    command, environment = _command(folder, out, "--workers", str(workers))
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait_for(condition: Any) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that")


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in tasks.read_text().split()]


def _ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_killed_with_its_workers_running_it_goes_on_and_gives_the_same_bytes(
    folder: Path, whole: Path
) -> None:
    parts = folder / "killed.pdf.parts"
    with _started(folder, "killed.pdf", 2) as process:
        _wait_for(lambda: list(parts.glob("0*.block")))
        workers = _children(process)
        process.kill()
    assert workers
    _wait_for(lambda: all(map(_ended, workers)))
    assert not (folder / "killed.pdf").exists()
    done = _render(folder, "killed.pdf", "--workers", "2")
    assert done.returncode == 1, done.stderr
    assert "Went on with an unfinished run" in done.stderr
    assert (folder / "killed.pdf").read_bytes() == whole.read_bytes()
    assert not parts.exists()


def test_a_killed_worker_stops_the_run_and_the_next_goes_on(folder: Path, whole: Path) -> None:
    parts = folder / "worker.pdf.parts"
    with _started(folder, "worker.pdf", 2) as process:
        _wait_for(lambda: list(parts.glob("0*.block")) or process.poll() is not None)
        for worker in _children(process):
            os.kill(worker, signal.SIGKILL)
        assert process.wait(60) == 2
    assert _render(folder, "worker.pdf", "--workers", "1").returncode == 1
    assert (folder / "worker.pdf").read_bytes() == whole.read_bytes()


def test_other_programs_find_a_sound_file_in_which_each_page_says_its_own_record(whole: Path) -> None:
    assert "No syntax or stream encoding errors found" in said("qpdf", "--check", whole)
    assert "Pages:           238" in said("pdfinfo", whole)
    fonts = said("pdffonts", whole).splitlines()[2:]
    assert fonts
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in fonts)
    pages = said("pdftotext", "-l", "100", "-enc", "UTF-8", whole, "-").split("\f")
    numbers = [number for number in range(_RECORDS) if number != 105]
    for number, back in zip(numbers, pages[1::2], strict=False):
        name = str(_record(number)["slots"].get("given_name", ""))
        assert _letters(name) <= _letters(back), number


def _letters(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text)
    return set("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain).split())


@pytest.mark.parametrize("number", [0, 110])
def test_codes_read_from_its_pages_are_the_records_own(whole: Path, tmp_path: Path, number: int) -> None:
    place = 2 * (number - (number > 105)) + 2
    said("pdftoppm", "-gray", "-r", "300", "-f", str(place), "-singlefile", whole, tmp_path / "page")
    with Image.open(tmp_path / "page.pgm") as page:
        codes = {code.format: code.text for code in zxingcpp.read_barcodes(np.asarray(page))}
    assert codes[zxingcpp.BarcodeFormat.QRCode] == f"https://example.com/{number}"
    assert codes[zxingcpp.BarcodeFormat.DataMatrix].startswith("MR" if number == 0 else "")


def test_every_page_belongs_to_its_records_document_part(whole: Path) -> None:
    with pikepdf.open(io.BytesIO(whole.read_bytes())) as pdf:
        keys = [str(page.DPart.DPM.CIP4_Root.CIP4_Recipient.CIP4_UniqueID) for page in pdf.pages]
    assert keys == [f"r-{number}" for number in range(_RECORDS) if number != 105 for _ in range(2)]


@pytest.mark.parametrize("standard", ["pdfx4", "pdfx1a"])
def test_the_other_standards_are_read_by_ghostscript_without_a_word(folder: Path, standard: str) -> None:
    assert _render(folder, f"{standard}.pdf", "--profile", standard).returncode == 1
    path = folder / f"{standard}.pdf"
    assert "No syntax or stream encoding errors found" in said("qpdf", "--check", path)
    drawn = said("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dLastPage=4", "-r20", "-sDEVICE=tiffsep", "-o",
                 folder / "page%d.tif", path)  # fmt: skip
    assert drawn == ""


def test_an_example_record_is_shown(folder: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "render", "--template", "hearth", "--show-record"]
    environment = os.environ | {"TIPIN_DATA_DIR": str(folder / "data")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout).keys() == {"id", "language", "url", "occasion", "slots"}


def test_what_cannot_be_begun_is_told_with_exit_code_2(folder: Path) -> None:
    command, environment = _command(folder, "none.pdf")
    command[command.index("hearth")] = "none-such"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "there is no card template 'none-such'" in done.stderr
    assert "use one of" in done.stderr
