from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.sound_pdf import append, saved, sound, text

runner = CliRunner()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pdf"
    path.write_bytes(saved(sound()))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    pdf = sound()
    append(pdf, b"q 0 0 0 1 k " + text(20, 40) + b"Q")
    path = tmp_path / "bad.pdf"
    path.write_bytes(saved(pdf))
    return path


def test_a_sound_file_passes(good: Path) -> None:
    done = runner.invoke(app, ["preflight", str(good)])
    assert done.exit_code == 0
    assert "✓ passes its preflight profile isocoated-v2-300" in done.output
    assert "✗" not in done.output


def test_a_fault_is_shown_with_its_place_and_mend(good: Path, bad: Path) -> None:
    done = runner.invoke(app, ["preflight", str(good), str(bad), "--profile", "isocoated-v2-300"])
    assert done.exit_code == 1
    assert "✗ black-text-overprints" in " ".join(done.output.split())
    assert "page 1, 20.3 mm from the left" in done.output
    assert "→ set op true" in done.output


def test_reports_come_as_json(good: Path, bad: Path) -> None:
    done = runner.invoke(app, ["preflight", str(good), str(bad), "--json"])
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["passed"] for report in reports] == [True, False]
    assert reports[0]["file"] == str(good)


def test_an_unknown_profile_names_the_known_ones(good: Path) -> None:
    done = runner.invoke(app, ["preflight", str(good), "--profile", "none"])
    assert done.exit_code == 2
    assert "isocoated-v2-300" in done.output


def test_another_safe_zone_can_be_asked_for(good: Path) -> None:
    assert runner.invoke(app, ["preflight", str(good), "--safe", "30"]).exit_code == 1
