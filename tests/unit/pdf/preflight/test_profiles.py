"""A plant's own profile: what it asks for is what is checked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.errors import SetupError
from app.pdf.preflight import preflight
from app.pdf.preflight.profiles import open_profiles
from app.registry.places import PROFILES
from tests.sound_pdf import photo, resources, saved, sound


def own(folder: Path) -> Path:
    """A folder with the built-in profile under another name."""
    shutil.copy(PROFILES / "isocoated-v2-300.toml", folder / "ours.toml")
    shutil.copy(PROFILES / "ISOcoated_v2_300_bas.icc", folder)
    return folder


def soft() -> bytes:
    pdf = sound()
    resources(pdf).XObject.Photo = photo(pdf, 160)
    return saved(pdf)


def with_severity(folder: Path, line: str) -> Path:
    own(folder)
    path = folder / "ours.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[severity]\n{line}\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("severity", "passes", "warnings"), [("warning", True, 1), ("error", False, 0), ("off", True, 0)]
)
def test_a_check_means_what_the_plant_says(
    tmp_path: Path, severity: str, *, passes: bool, warnings: int
) -> None:
    profile = open_profiles(with_severity(tmp_path, f'image-sharpness = "{severity}"'))["ours"]
    report = preflight(soft(), profile)
    assert report.passed == passes
    assert len(report.warnings) == warnings
    assert report.off == (("image-sharpness",) if severity == "off" else ())
    assert report.document()["off"] == list(report.off)


def test_a_plants_own_limit_is_the_limit(tmp_path: Path) -> None:
    folder = own(tmp_path)
    path = folder / "ours.toml"
    path.write_text(
        path.read_text("utf-8").replace("resolution_warning = 225", "resolution_warning = 190"), "utf-8"
    )
    assert not preflight(soft(), open_profiles(folder)["ours"]).warnings


def test_what_the_standard_demands_cannot_be_switched_off(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"ours\.toml:\d+: severity\.fonts-embedded: PDF/X-4 itself demands"):
        open_profiles(with_severity(tmp_path, 'fonts-embedded = "warning"'))


def test_the_built_in_profiles_stand_beside_the_plants(tmp_path: Path) -> None:
    found = open_profiles(own(tmp_path))
    built_in = {path.stem for path in PROFILES.glob("*.toml")}
    assert set(found) == {*built_in, "ours"}
    assert "isocoated-v2-300" in built_in
