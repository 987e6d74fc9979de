from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.domain.profile import Standard
from app.pdf.preflight import all_checks
from app.registry.places import PROFILES
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
    (failed,) = [check for check in reports[1]["checks"] if not check["passed"]]
    (finding,) = failed["findings"]
    assert failed["name"] == "black-text-overprints"
    assert finding["page"] == 1
    assert finding["box"][:2] == pytest.approx([20.3, 37.8], abs=0.1)
    assert len(finding["id"]) == 2


def test_an_unknown_profile_names_the_known_ones(good: Path) -> None:
    done = runner.invoke(app, ["preflight", str(good), "--profile", "none"])
    assert done.exit_code == 2
    assert "isocoated-v2-300" in done.output


def test_another_safe_zone_can_be_asked_for(good: Path) -> None:
    assert runner.invoke(app, ["preflight", str(good), "--safe", "30"]).exit_code == 1


def test_a_file_is_held_to_the_standard_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "old.pdf"
    path.write_bytes(saved(sound(Standard.PDF_X1A)))
    assert runner.invoke(app, ["preflight", str(path), "--standard", "pdfx1a"]).exit_code == 0
    assert runner.invoke(app, ["preflight", str(path), "--standard", "pdfvt1"]).exit_code == 1


@pytest.mark.parametrize(("pages", "fails"), [("all", 1), ("1", 1), ("2", 0), ("none", 0), ("2-9,12", 0)])
def test_the_content_of_chosen_pages_is_looked_at(bad: Path, pages: str, fails: int) -> None:
    done = runner.invoke(app, ["preflight", str(bad), "--pages", pages])
    assert done.exit_code == fails
    assert ("structure and content of every page" in done.output) == (pages == "all")


@pytest.mark.parametrize("pages", ["0", "3-1", "x", "1,,2"])
def test_what_is_no_page_is_refused(good: Path, pages: str) -> None:
    assert runner.invoke(app, ["preflight", str(good), "--pages", pages]).exit_code == 2


def test_every_check_can_be_named(good: Path) -> None:
    listed = runner.invoke(app, ["preflight", "--list"])
    assert listed.exit_code == 0
    named = runner.invoke(app, ["preflight", str(good), "--all-checks"])
    for check in all_checks():
        if Standard.PDF_X4 in check.standards:
            assert check.name in listed.output
            assert f"✓ {check.name}" in named.output


def test_the_plant_s_own_profile_counts(bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (PROFILES / "isocoated-v2-300.toml").read_text("utf-8")
    (tmp_path / "ours.toml").write_text(text + '[severity]\nblack-text-overprints = "off"\n', "utf-8")
    shutil.copy(PROFILES / "ISOcoated_v2_300_bas.icc", tmp_path)
    monkeypatch.setenv("TIPIN_PROFILES_DIR", str(tmp_path))
    done = runner.invoke(app, ["preflight", str(bad), "--profile", "ours"])
    assert done.exit_code == 0
    assert "switched off: black-text-overprints" in done.output


def test_a_wrong_profile_is_told_with_its_line(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (PROFILES / "isocoated-v2-300.toml").read_text("utf-8")
    (tmp_path / "ours.toml").write_text(text.replace("limit = 300", "limit = 3000"), "utf-8")
    monkeypatch.setenv("TIPIN_PROFILES_DIR", str(tmp_path))
    done = runner.invoke(app, ["preflight", str(good)])
    assert done.exit_code == 2
    told = "".join(done.output.split())
    assert "ours.toml:" in told
    assert "ink.limit" in told


def test_no_file_is_refused() -> None:
    assert runner.invoke(app, ["preflight"]).exit_code == 2
