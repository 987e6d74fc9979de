from __future__ import annotations

from typing import Any

import pytest

from app.domain.brand_settings import Change, changes, merged, value_at

BASE: dict[str, Any] = {
    "name": "Acorn",
    "policy": {"milestones": [23], "holdout": 0.1, "channels": {"web": {"cards": False}}},
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, BASE),
        ({"name": "Oak"}, BASE | {"name": "Oak"}),
        ({"policy": {"milestones": [5, 6]}}, BASE | {"policy": BASE["policy"] | {"milestones": [5, 6]}}),
        (
            {"policy": {"holdout": None}},
            BASE | {"policy": {k: BASE["policy"][k] for k in ("milestones", "channels")}},
        ),
        ({"signer": {"name": "Ida", "role": None}}, BASE | {"signer": {"name": "Ida"}}),
        ({"name": {"en": "Acorn"}}, BASE | {"name": {"en": "Acorn"}}),
    ],
    ids=[
        "nothing",
        "a value",
        "within an object",
        "null takes away",
        "a new object",
        "an object for a value",
    ],
)
def test_settings_go_over_what_the_file_says(settings: dict[str, Any], expected: dict[str, Any]) -> None:
    assert merged(BASE, settings) == expected


def test_what_is_under_the_settings_stays_as_it_is() -> None:
    merged(BASE, {"policy": {"channels": {"web": {"cards": True}}}})
    assert value_at(BASE, ("policy", "channels", "web", "cards")) is False


def test_every_changed_value_is_told_by_its_path() -> None:
    after = merged(
        BASE, {"name": None, "policy": {"milestones": [5], "channels": {"shop": {"cards": False}}}}
    )
    assert changes(BASE, after) == (
        Change(("name",), "Acorn", None),
        Change(("policy", "channels", "shop", "cards"), None, False),
        Change(("policy", "milestones"), [23], [5]),
    )


def test_nothing_changed_is_no_change() -> None:
    assert changes(BASE, merged(BASE, {"name": "Acorn"})) == ()


def test_a_path_that_leads_nowhere_has_no_value() -> None:
    assert value_at(BASE, ("name", "en")) is None
    assert value_at(BASE, ("policy", "holdout")) == 0.1
