from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.profile import PressProfile, Severity, Standard
from app.errors import SetupError
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

GOOD = (PROFILES / "isocoated-v2-300.toml").read_text("utf-8")
ICC = (PROFILES / "ISOcoated_v2_300_bas.icc").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ISOcoated_v2_300_bas.icc").write_bytes(ICC)
    (tmp_path / "mine.toml").write_text(GOOD, "utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    assert old in GOOD
    (folder / "mine.toml").write_text(GOOD.replace(old, new), "utf-8")


def test_the_built_in_profile_loads() -> None:
    profile = load_profiles(PROFILES)["isocoated-v2-300"]
    assert profile.output_condition == "FOGRA39"
    assert profile.registry == "http://www.color.org"
    assert profile.icc.read_bytes() == ICC
    assert (profile.ink_limit, profile.resolution_warning) == (300, 225)


def test_a_profile_is_named_by_its_file(folder: Path) -> None:
    assert list(load_profiles(folder)) == ["mine"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("limit = 300", "limit = 900", "ink.limit"),
        ("limit = 300", "limitt = 300", "ink.limit"),
        ('standard = "PDF/X-4"', 'standard = "PDF/X-9"', "standard"),
        ('icc = "ISO', 'icc = "../ISO', "output.icc"),
        ("ISOcoated_v2_300_bas.icc", "absent.icc", "absent.icc cannot be read"),
        ("resolution_warning = 225", "resolution_warning = 100", "images.resolution_warning"),
        ('title = "', "title = ", "not TOML"),
    ],
)
def test_a_fault_names_the_file_and_the_key(folder: Path, old: str, new: str, says: str) -> None:
    change(folder, old, new)
    with pytest.raises(SetupError, match=r"mine\.toml") as caught:
        load_profiles(folder)
    assert says in caught.value.detail
    assert caught.value.mend


def test_an_unregistered_condition_needs_its_description(folder: Path) -> None:
    text = GOOD.replace('registry = "http://www.color.org"', 'registry = ""')
    text = text.replace('info = "ISO Coated v2 300 % (basICColor)"', 'info = ""')
    (folder / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(SetupError, match=r"output\.info"):
        load_profiles(folder)


@pytest.mark.parametrize(
    ("icc", "says"),
    [
        (b"nothing", "not an ICC profile"),
        (ICC[:12] + b"mntr" + ICC[16:128], "class 'mntr'"),
        (ICC[:16] + b"RGB " + ICC[20:128], "colour space 'RGB '"),
        (ICC[:-1], "1,052,611 bytes and says 1,052,612"),
    ],
)
def test_only_a_cmyk_output_profile_will_do(folder: Path, icc: bytes, says: str) -> None:
    (folder / "ISOcoated_v2_300_bas.icc").write_bytes(icc)
    with pytest.raises(SetupError, match=says):
        load_profiles(folder)


def test_a_file_that_is_not_utf8_says_so(folder: Path) -> None:
    (folder / "mine.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(SetupError, match="UTF-8"):
        load_profiles(folder)


RULES = {"image-sharpness": frozenset[Standard](), "no-lzw": frozenset(Standard)}


def severity(folder: Path, line: str) -> PressProfile:
    (folder / "mine.toml").write_text(f"{GOOD}\n[severity]\n{line}\n", "utf-8")
    return load_profiles(folder, rules=RULES)["mine"]


def test_a_plant_says_what_a_check_means_to_it(folder: Path) -> None:
    profile = severity(folder, 'image-sharpness = "off"\nno-lzw = "error"')
    assert profile.severities == {"image-sharpness": Severity.OFF, "no-lzw": Severity.ERROR}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('image-sharpnes = "off"', r"did you mean image-sharpness\?"),
        ('nothing-like-it = "off"', "tipin preflight --list"),
        ('no-lzw = "off"', "PDF/X-4 itself demands it"),
        ('no-lzw = "warning"', "PDF/X-4 itself demands it"),
        ('image-sharpness = "fatal"', "severity.image-sharpness"),
    ],
)
def test_a_wrong_severity_is_named_with_its_line(folder: Path, line: str, says: str) -> None:
    with pytest.raises(SetupError, match=says) as caught:
        severity(folder, line)
    assert f"mine.toml:{len(GOOD.splitlines()) + 3}: severity." in caught.value.detail


def test_profiles_of_several_folders_are_told_apart_by_name(folder: Path) -> None:
    assert set(load_profiles(PROFILES, folder)) == {*load_profiles(PROFILES), "mine"}
    with pytest.raises(SetupError, match=r"'mine' is there twice.*mine\.toml"):
        load_profiles(folder, folder)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no press profile"):
        load_profiles(tmp_path)
