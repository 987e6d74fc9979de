from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.errors import SetupError
from app.settings import Settings, TargetSettings
from app.targets.hot_folder import HotFolderOptions

CHANGES: list[dict[str, Any]] = [
    {},
    {"data_dir": Path("/some where/else"), "port": 9000, "work": False},
    {"private_hosts": frozenset({"a.internal", "b.internal"}), "brands_dir": Path("brands")},
    {"targets": (TargetSettings(name="p1", driver="pull", options={}),), "webhook_timeout_seconds": 2.5},
    {"database_url": "postgresql+psycopg://tipin:p%40ss@host/tipin", "public_url": "https://tipin.example/"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: ",".join(changes) or "defaults")
def test_another_process_reads_the_same_settings(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(**changes)
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert Settings() == settings


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("{", {"": "TIPIN_TARGETS is not JSON: Expecting property name enclosed in double quotes: line 1"}),
        ('"press"', {"TIPIN_TARGETS": "It has to be a list"}),
        ('{"name": "press"}', {"TIPIN_TARGETS": "It has to be a list"}),
        ("[1, 2]", {f"TIPIN_TARGETS[{place}]": "It has to be an object" for place in (0, 1)}),
        ('[{"name": "press"}]', {"TIPIN_TARGETS[0].driver": "It is missing"}),
    ],
)
def test_targets_that_cannot_be_are_told_with_the_place_and_an_example(
    said: str, wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIPIN_TARGETS", said)
    with pytest.raises(SetupError) as error:
        Settings.read()
    told = {one.pointer: one.detail for one in error.value.violations} or {"": error.value.detail}
    assert told.keys() == wrong.keys()
    assert all(told[place].startswith(detail) for place, detail in wrong.items())
    assert "For example: TIPIN_TARGETS='[{" in error.value.mend


def test_each_wrong_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPIN_PORT", "http")
    monkeypatch.setenv("TIPIN_ROUTES", '[{"when": {"colour": "red"}}]')
    with pytest.raises(SetupError) as error:
        Settings.read()
    places = [violation.pointer for violation in error.value.violations]
    assert places == ["TIPIN_PORT", "TIPIN_ROUTES[0].when.colour"]
    assert error.value.mend.count("\n") == 1


def test_the_examples_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("targets", "routes"):
        for example in Settings.model_fields[name].examples or ["no example"]:
            monkeypatch.setenv(f"TIPIN_{name.upper()}", example)
    settings = Settings.read()
    assert settings.routes
    for target in settings.targets:
        assert target.driver == "hot_folder"
        HotFolderOptions.model_validate(target.options)
