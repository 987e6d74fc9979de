"""`tipin check-templates`: every sample rendered and preflighted, or named with what is wrong."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from app.cli import app
from app.registry.places import PROFILES

_RUN = CliRunner()
_DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plant's own folders: the template `plain`, the brand `acorn`."""
    for kind in ("cards", "brands"):
        shutil.copytree(_DATA / kind, tmp_path / kind)
        monkeypatch.setenv(f"TIPIN_{kind.upper()}_DIR", str(tmp_path / kind))
    return tmp_path


def check(*arguments: str) -> tuple[int, str]:
    done = _RUN.invoke(app, ["check-templates", *arguments], env={"COLUMNS": "400"})
    return done.exit_code, done.output


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.usefixtures("plant")
def test_it_names_the_templates_one_a_line() -> None:
    assert check("--list") == (0, "daybreak\nhearth\nplain\n")


def test_it_names_the_samples() -> None:
    code, said = check("hearth", "--brand", "maple-row", "--language", "ar", "--list-samples")
    assert code == 0
    assert said.split()
    assert all(name.startswith("hearth-maple-row-ar-") for name in said.split())


def test_a_plants_own_template_is_rendered_preflighted_and_put_on_a_sheet(plant: Path) -> None:
    out = plant / "out"
    code, said = check("plain", "--out", str(out), "--workers", "1")
    assert code == 0, said
    count = len(list((out / "plain").glob("plain-acorn-*.pdf")))
    assert f"{count} cards: {count} passed, 0 with warnings, 0 failed" in said
    assert sorted(path.name for path in out.glob("*.png")) == ["plain-01.png"]
    with Image.open(out / "plain-01.png") as sheet:
        assert sheet.width > 1000
        assert sheet.getpixel((2, 2)) == (246, 243, 236)


@pytest.mark.usefixtures("plant")
def test_several_processes_say_the_same_as_one() -> None:
    one, two = check("plain", "--workers", "1"), check("plain", "--workers", "2")
    assert one[0] == two[0] == 0
    assert one[1].splitlines()[-1] == two[1].splitlines()[-1]


def test_a_sample_that_cannot_be_set_is_named_with_its_frame(plant: Path) -> None:
    change(plant / "brands/acorn/brand.toml", "packs your parcels", "packs your 𓀀")
    code, said = check("plain", "--workers", "1", "--out", str(plant / "out"))
    assert code == 1
    assert "✗ plain-acorn-first-short-name-" in said
    assert ": the signer on the back: U+13000 " in said
    assert ", 0 with warnings, " in said
    assert [path.name for path in (plant / "out").glob("plain-*.png")] == ["plain-01.png"]


def test_a_card_that_fails_its_preflight_is_named_with_side_check_and_mend(
    plant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own := plant / "profiles").mkdir()
    for path in PROFILES.glob("*.ic*"):
        shutil.copy(path, own)
    strict = (PROFILES / "isocoated-v2-300.toml").read_text(encoding="utf-8")
    (own / "strict.toml").write_text(re.sub(r"(?m)^limit = \d+", "limit = 40", strict), encoding="utf-8")
    monkeypatch.setenv("TIPIN_PROFILES_DIR", str(own))
    change(plant / "cards/plain/template.toml", "isocoated-v2-300", "strict")
    code, said = check("plain", "--workers", "1")
    assert code == 1
    assert re.search(
        r"✗ plain-acorn-\S+: front: ink-coverage: \d+ % ink, the press takes 40 % "
        r"\(page 1, -?[\d.]+ mm .* \(lighten the picture or the tints there\)",
        said,
    )


def test_every_wrong_file_is_told_at_once_and_the_others_are_checked(plant: Path) -> None:
    shutil.copytree(plant / "cards/plain", plant / "cards/second")
    shutil.copytree(plant / "cards/plain", plant / "cards/third")
    change(plant / "cards/second/template.toml", "title", "tittle")
    change(plant / "cards/third/template.toml", 'profile = "', 'profile = "no-')
    shutil.copytree(plant / "brands/acorn", plant / "brands/beech")
    change(plant / "brands/beech/brand.toml", "Europe/Berlin", "Europe/Atlantis")
    code, said = check("--brand", "acorn", "--language", "en", "--workers", "1")
    assert code == 1
    assert "cards/second/template.toml:" in said
    assert "third/template.toml:" in said
    assert "there is no press profile 'no-isocoated-v2-300'" in said
    assert "beech/brand.toml:3: time_zone" in said
    assert "0 failed, 3 files at fault" in said
    assert " passed" in said


def test_a_sample_that_no_brand_can_have_is_a_fault_with_its_line(plant: Path) -> None:
    path = plant / "brands/acorn/brand.toml"
    change(path, 'template = "plain"', 'template = "hearth"')
    change(plant / "cards/plain/samples.toml", 'language = "en"', 'language = "xx"')
    code, said = check("plain", "--list-samples")
    assert code == 1
    assert "samples.toml:4" in said or "plain/" in said


def test_a_template_that_no_brand_uses_yet_is_checked_in_every_brands_name(plant: Path) -> None:
    change(plant / "brands/acorn/brand.toml", 'template = "plain"', 'template = "hearth"')
    code, said = check("plain", "--list-samples")
    assert code == 0
    assert {name.split("-first-")[0] for name in said.split() if "-first-" in name} == {
        "plain-acorn",
        "plain-fernweh",
        "plain-maple-row",
    }


@pytest.mark.usefixtures("plant")
@pytest.mark.parametrize(
    "arguments", [["none-such"], ["--brand", "none-such"], ["plain", "--language", "tlh"]]
)
def test_what_is_not_there_is_a_wrong_call(arguments: list[str]) -> None:
    assert check(*arguments)[0] == 2
