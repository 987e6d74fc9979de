"""`tipin gang`: where its files may go, and `tipin preflight --sheet` on what it made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.sheets import block, piece

runner = CliRunner()


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small pieces on a sheet."""
    folder = tmp_path_factory.mktemp("gang")
    shown = block("0.5 0 0 0", -3, -3, 66, 46)
    files = [piece(folder / f"{number}.pdf", [shown]) for number in range(3)]
    out = folder / "sheets.pdf"
    done = runner.invoke(app, ["gang", *map(str, files), "--sheet", "150x120", "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def _preflight(path: Path) -> tuple[int, str]:
    done = runner.invoke(app, ["preflight", "--sheet", str(path)], env={"COLUMNS": "200"})
    return done.exit_code, done.output


def test_a_sheet_passes_as_a_sheet_and_says_so_where_it_is_taken_for_a_card(sheets: Path) -> None:
    assert _preflight(sheets)[0] == 0
    done = runner.invoke(app, ["preflight", str(sheets)], env={"COLUMNS": "200"})
    assert done.exit_code == 1
    assert "check it as such (--sheet)" in done.output


def _no_trim(page: pikepdf.Page) -> None:
    del page.obj.TrimBox


def _rgb(page: pikepdf.Page) -> None:
    page.contents_add(b"q 1 0 0 rg 60 60 9 9 re f Q")


def _too_much_ink(page: pikepdf.Page) -> None:
    page.contents_add(b"q 1 1 1 1 k 60 60 90 90 re f Q")


def _words_in_the_margin(page: pikepdf.Page) -> None:
    name = next(iter(page.Resources.Font.keys()))
    page.contents_add(f"q BT {name} 9 Tf 1 0 0 1 2 2 Tm <0001> Tj ET Q".encode())


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (_no_trim, "trim-box-stated"),
        (_rgb, "colour"),
        (_too_much_ink, "ink-coverage"),
        (_words_in_the_margin, "safe-zone"),
    ],
)
def test_planted_faults_are_found(
    plant: Callable[[pikepdf.Page], None], check: str, sheets: Path, tmp_path: Path
) -> None:
    path = tmp_path / "planted.pdf"
    with pikepdf.open(sheets) as pdf:
        plant(pdf.pages[0])
        pdf.save(path)
    code, said = _preflight(path)
    assert code == 1
    assert check in said


def test_what_is_read_or_written_already_is_never_written_over(sheets: Path) -> None:
    one = sheets.with_name("0.pdf")
    before = one.read_bytes()
    for more in (
        ["--out", str(one)],
        ["--out", str(sheets), "--report", str(sheets)],
        ["--out", str(sheets), "--rejects", str(one)],
        ["--out", "/dev/null"],
    ):
        done = runner.invoke(app, ["gang", str(one), *more])
        assert done.exit_code == 2, more
        said = " ".join(done.output.replace("│", "").split())  # it is broken wherever a path ends
        assert "name another file" in said or "no file that could be replaced" in said
    assert one.read_bytes() == before
