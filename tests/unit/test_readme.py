"""The README's tables and links are checked against the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from app import targets
from app.registry.plugins import discover
from app.settings import RouteSettings, Settings, TargetSettings
from app.targets import Driver

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def default_of(field: Any) -> str:
    if field.default is PydanticUndefined or field.default is None or field.default == "":
        return ""
    if isinstance(field.default, tuple):
        return json.dumps([each.model_dump(exclude_defaults=True) for each in field.default])
    if isinstance(field.default, frozenset):
        return json.dumps(sorted(field.default))
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def settings_table() -> str:
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = default_of(field)
        shown = f"`{default}`" if default else ""
        meaning = (field.description or "").replace("|", "\\|")
        rows.append(f"| `TIPIN_{name.upper()}` | {shown} | {meaning} |")
    return "\n".join(rows)


def test_the_settings_table_is_the_settings() -> None:
    found = re.search(r"<!-- settings: .*? -->\n(.*?)\n?<!-- /settings -->", README, re.DOTALL)
    assert found is not None
    assert found.group(1) == settings_table(), f"put this table there:\n{settings_table()}"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make ([a-z]+)\b", README, re.MULTILINE))))
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_example_of_targets_and_routes_is_one_that_opens() -> None:
    found = re.search(r"<!-- example: targets and routes -->\n```json\n(.*?)```", README, re.DOTALL)
    assert found is not None
    example = json.loads(found.group(1))
    drivers: dict[str, Driver] = discover(targets)
    shown = [TargetSettings.model_validate(target) for target in example["targets"]]
    for target in shown:
        drivers[target.driver].options.model_validate(target.options)
    for position, route in enumerate(example["routes"]):
        read = RouteSettings.model_validate(route).as_route(position)
        assert {read.target, read.fallback} <= {"", *(target.name for target in shown)}
