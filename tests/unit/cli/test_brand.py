from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.domain.brand_settings import SettingsVersion
from app.domain.clock import SystemClock
from app.errors import SetupError
from app.registry.places import BRANDS
from app.settings import Settings
from app.wiring import brands_in_force, build_worker, open_store


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIPIN_DATA_DIR", str(tmp_path))
    return tmp_path


def brand(*said: str) -> Result:
    return CliRunner().invoke(app, ["brand", *said])


def test_settings_are_shown_changed_and_taken_back() -> None:
    assert "policy.holdout = 0.0  (brand.toml)" in brand("show", "fernweh", "policy").output
    done = brand("set", "fernweh", "policy.holdout=0.2", "name=Fernweh & Co", "--why", "a test")
    assert done.output == "version 1 is in force\n"
    assert brand("show", "fernweh", "name").output == 'name = "Fernweh & Co"  (version 1)\n'
    assert json.loads(brand("show", "fernweh", "--json").output)["policy"]["holdout"] == 0.2
    assert "fernweh\tFernweh & Co\tversion 1" in brand("list").output
    told = brand("history", "fernweh").output
    assert "(command line): a test" in told
    assert "  /policy/holdout: 0.0 → 0.2" in told
    assert brand("set", "fernweh", "policy.holdout=0.2").output == "nothing differs from version 1\n"
    assert brand("revert", "fernweh", "0").output == "version 2 is in force\n"
    assert 'name = "Fernweh"  (brand.toml)\n' in brand("show", "fernweh").output
    assert "as version 0" in brand("history", "fernweh", "--limit", "1").output


def test_what_cannot_be_in_force_is_told_with_its_mend() -> None:
    done = brand("set", "fernweh", "policy.holdout=0.9", "time_zone=Mars")
    assert done.exit_code == 1
    assert "/policy/holdout: 0.9 must be at most 0.5; write a smaller number" in done.stderr
    assert brand("show", "oak").exit_code == 1
    assert brand("history", "oak").exit_code == 1


@pytest.mark.parametrize("said", ["policy.holdout", "=1", "policy..holdout=1"])
def test_what_is_no_assignment_is_refused(said: str) -> None:
    assert brand("set", "fernweh", said).exit_code == 2


def test_no_value_stands_within_another() -> None:
    assert brand("set", "fernweh", "policy=1", "policy.holdout=0").exit_code == 2


def test_an_unknown_key_is_no_setting() -> None:
    assert brand("show", "fernweh", "policy.holdot").exit_code == 2


def test_a_brand_is_made_from_its_file(tmp_path: Path) -> None:
    text = (BRANDS / "fernweh" / "brand.toml").read_text(encoding="utf-8")
    file = tmp_path / "elm.toml"
    file.write_text(
        text.replace('"FW"', '"EM"').replace('signature = "signature.png"\n', ""), encoding="utf-8"
    )
    assert brand("create", "elm", str(file)).output == "elm is made and takes orders\n"
    assert brands_in_force(Settings())["elm"].key == "EM"
    assert brand("create", "elm", str(file)).exit_code == 1
    file.write_text("key =", encoding="utf-8")
    assert brand("create", "oak", str(file)).exit_code == 2


def force(code: str, **settings: object) -> None:
    """Save settings that nobody checked, as an older tipin or another set of files may have."""
    store = open_store(Settings())
    with store.transaction() as tx:
        tx.settings.add(
            SettingsVersion(
                brand=code, version=1, at=SystemClock().now(), who="ida", settings=settings, changes=()
            )
        )
    store.close()


def test_a_plant_does_not_start_on_settings_that_name_what_is_gone() -> None:
    force("fernweh", template="harth")
    with pytest.raises(SetupError, match="'fernweh', version 1 of its settings: /template") as refused:
        build_worker(Settings())
    assert "tipin brand history fernweh" in refused.value.mend
    assert brand("set", "fernweh", "template=null").exit_code == 0
    build_worker(Settings())


def test_settings_of_a_folder_that_is_gone_are_those_of_no_brand() -> None:
    force("oak", name="Oak")
    assert "oak" not in brands_in_force(Settings())
    assert brand("show", "oak").exit_code == 1
