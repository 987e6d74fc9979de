"""A brand's settings are changed over the API, by version, and are in force at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from app.domain.access import Role
from app.domain.insert import InsertState
from app.registry.places import BRANDS
from tests.reception import Reception, native_order, open_reception

SIGNATURE = BRANDS / "fernweh" / "signature.png"
ADDRESS = "/v1/brands/fernweh/settings"


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        reception.key = reception.add_key(Role.ADMIN)
        yield reception


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    """One for tests that change nothing, since they are refused."""
    with open_reception(tmp_path_factory.mktemp("untouched")) as reception:
        reception.key = reception.add_key(Role.ADMIN)
        yield reception
        assert reception.get(ADDRESS).json()["version"] == 0


def ask(
    reception: Reception, method: str, path: str, body: Any = None, *, key: str = "", **headers: str
) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"X-Api-Key": key or reception.key} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return reception.client.request(method, path, content=content if body is not None else None, headers=sent)


def change(reception: Reception, settings: dict[str, Any], onto: str = "*", **more: Any) -> Response:
    return ask(reception, "PATCH", ADDRESS, {"settings": settings} | more, If_Match=onto)


def test_settings_show_where_each_value_comes_from(untouched: Reception) -> None:
    answer = untouched.get(ADDRESS)
    found = answer.json()
    assert (answer.headers["etag"], found["version"]) == ('"0"', 0)
    assert found["settings"]["policy"]["soft_gap_days"] == 45
    assert found["origins"]["/policy/soft_gap_days"]["from"] == "default"
    assert found["origins"]["/policy/milestones"]["from"] == "brand.toml"
    assert found["origins"]["/signer/role/de"]["from"] == "brand.toml"


def test_a_change_is_a_new_version(reception: Reception) -> None:
    answer = change(reception, {"policy": {"holdout": 0.2, "milestones": [5, 23]}}, '"0"', why="a test")
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"1"'
    found = answer.json()
    assert found["settings"]["policy"]["milestones"] == [5, 23]
    origin = found["origins"]["/policy/holdout"]
    assert (origin["from"], origin["version"], origin["who"]) == ("settings", 1, "admin (API key)")
    assert found == reception.get(ADDRESS).json()
    (version,) = reception.get(f"{ADDRESS}/history").json()["versions"]
    assert (version["version"], version["why"]) == (1, "a test")
    assert version["changes"] == [
        {"pointer": "/policy/holdout", "before": 0.0, "after": 0.2},
        {"pointer": "/policy/milestones", "before": [23], "after": [5, 23]},
    ]


def test_null_gives_a_value_back_to_the_file(reception: Reception) -> None:
    change(reception, {"policy": {"holdout": 0.2, "generic_before_minutes": 30}, "needed_by_minutes": 30})
    found = change(reception, {"policy": {"holdout": None, "generic_before_minutes": None}}).json()
    assert (found["version"], found["settings"]["policy"]["holdout"]) == (2, 0.0)
    assert found["origins"]["/policy/holdout"]["from"] == "brand.toml"
    assert found["origins"]["/policy/generic_before_minutes"]["from"] == "default"
    assert found["settings"]["needed_by_minutes"] == 30


def test_nothing_changed_is_no_version(untouched: Reception) -> None:
    assert change(untouched, {"policy": {"holdout": 0}}).json()["version"] == 0
    assert untouched.get(f"{ADDRESS}/history").json() == {"versions": []}


def test_of_two_who_save_at_once_the_second_is_told(reception: Reception) -> None:
    assert change(reception, {"name": "One"}, '"0"').status_code == 200
    second = change(reception, {"name": "Two"}, '"0"')
    assert second.status_code == 412
    assert "version 1 is in force, saved by admin" in second.json()["detail"]
    assert reception.get(ADDRESS).json()["settings"]["name"] == "One"


@pytest.mark.parametrize("tag", ["", "x", "-1", '"', "9" * 40])
def test_a_change_says_what_it_changes(untouched: Reception, tag: str) -> None:
    answer = change(untouched, {"name": "One"}, tag)
    assert (answer.status_code, answer.json()["type"]) == (428, "/problems/version-needed")
    assert 'If-Match: "0"' in answer.json()["mend"]


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a zone that is none": ({"time_zone": "Mars/Olympus"}, "/time_zone", "no time zone"),
    "a holdout over half": ({"policy": {"holdout": 0.6}}, "/policy/holdout", "at most 0.5"),
    "a milestone of 0": ({"policy": {"milestones": [0]}}, "/policy/milestones/0", "at least"),
    "a cap below zero": ({"policy": {"soft_gap_days": -1}}, "/policy/soft_gap_days", "at least 0"),
    "one occasion twice": ({"policy": {"order": ["first", "first"]}}, "/policy/order/1", "place 1 already"),
    "in order and off": (
        {"policy": {"order": ["first"], "switched_off": ["first"]}},
        "/policy/order/0",
        "switched off",
    ),
    "an unknown occasion": ({"policy": {"order": ["frist"]}}, "/policy/order/0", "no occasion 'frist'"),
    "a channel without a name": ({"policy": {"channels": {" ": {}}}}, "/policy/channels", "no name"),
    "a key of the brand's on a channel": (
        {"policy": {"channels": {"web": {"soft_gap_days": 10}}}},
        "/policy/channels/web/soft_gap_days",
        "belongs elsewhere",
    ),
    "an unknown key": ({"policy": {"holdot": 0.1}}, "/policy/holdot", "no key"),
    "an unknown template": ({"template": "harth"}, "/template", "no card template"),
    "an unknown target": ({"target": "press-9"}, "/target", "have no 'press-9'"),
    "an unknown typeface": ({"signer": {"typeface": "quill"}}, "/signer/typeface", "no typeface"),
    "a language it lacks": ({"imprint": {"fr": "Fernweh"}}, "/imprint/fr", "no language of the brand"),
    "the bench key": ({"key": "ZZ"}, "/key", "fixed"),
    "the currency": ({"currency": "GBP"}, "/currency", "fixed"),
    "a text for a number": ({"needed_by_minutes": "soon"}, "/needed_by_minutes", "whole number"),
}


@pytest.mark.parametrize(("settings", "pointer", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_what_cannot_be_in_force_is_refused(
    untouched: Reception, settings: dict[str, Any], pointer: str, says: str
) -> None:
    answer = change(untouched, settings)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/settings-unusable")
    (violation,) = answer.json()["violations"]
    assert violation["pointer"] == pointer
    assert says in violation["detail"]
    assert violation["mend"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"settings": 1}', b'{"settings": {"a": 1, "a": 2}}', b'{"setting": {}}']
)
def test_a_body_that_is_no_change_is_refused(untouched: Reception, body: bytes) -> None:
    assert ask(untouched, "PATCH", ADDRESS, body, If_Match="*").status_code == 422


def test_a_cap_of_zero_is_no_cap(reception: Reception) -> None:
    assert (
        change(reception, {"policy": {"soft_gap_days": 0}}).json()["settings"]["policy"]["soft_gap_days"] == 0
    )


def test_a_change_is_in_force_for_the_next_order_and_no_earlier_one(reception: Reception) -> None:
    first = reception.post(native_order(id="before")).json()
    assert first["tag"]["occasion"] == "first"
    change(reception, {"policy": {"switched_off": ["first"]}})
    customer = {"id": "c-77", "given_name": "Mina"}
    second = reception.post(native_order(id="after", customer=customer)).json()
    assert second["tag"]["occasion"] is None
    assert reception.get(f"/v1/orders/{first['id']}").json()["tag"] == first["tag"]
    with reception.services.store.reading() as tx:
        versions = [tx.tags.get(order["id"]).settings_version for order in (first, second)]
    assert versions == [0, 1]


def test_an_earlier_version_is_put_in_force_again(reception: Reception) -> None:
    change(reception, {"name": "One"})
    change(reception, {"name": "Two", "needed_by_minutes": 20})
    answer = ask(reception, "POST", f"{ADDRESS}/revert", {"version": 1, "why": "oops"}, If_Match='"2"')
    found = answer.json()
    assert (found["version"], found["settings"]["name"], found["settings"]["needed_by_minutes"]) == (
        3,
        "One",
        240,
    )
    back = ask(reception, "POST", f"{ADDRESS}/revert", {"version": 0}, If_Match="*").json()
    assert (back["version"], back["settings"]["name"]) == (4, "Fernweh")
    versions = reception.get(f"{ADDRESS}/history?limit=3").json()["versions"]
    assert [(v["version"], v["reverts_to"]) for v in versions] == [(4, 0), (3, 1), (2, None)]
    missing = ask(reception, "POST", f"{ADDRESS}/revert", {"version": 9}, If_Match="*")
    assert missing.status_code == 404


def test_history_is_turned_page_by_page(reception: Reception) -> None:
    for name in ("One", "Two", "Three"):
        change(reception, {"name": name})
    page = reception.get(f"{ADDRESS}/history?limit=2")
    assert 'rel="next"' in page.headers["link"]
    assert [v["version"] for v in page.json()["versions"]] == [3, 2]
    rest = reception.get(f"{ADDRESS}/history?limit=2&cursor=2")
    assert [v["version"] for v in rest.json()["versions"]] == [1]
    assert "link" not in rest.headers


def test_who_may_see_and_change_settings(reception: Reception) -> None:
    operator = reception.add_key(Role.OPERATOR)
    designer = reception.add_key(Role.DESIGNER)
    other = reception.add_key(Role.ADMIN, "maple-row")
    assert ask(reception, "GET", ADDRESS, key=operator).status_code == 200
    assert ask(reception, "PATCH", ADDRESS, {"settings": {}}, key=operator, If_Match="*").status_code == 403
    assert ask(reception, "PATCH", ADDRESS, {"settings": {}}, key=designer, If_Match="*").status_code == 200
    for method, path in (("GET", ADDRESS), ("GET", f"{ADDRESS}/history")):
        assert ask(reception, method, path, key=other).status_code == 404
    assert ask(reception, "PATCH", ADDRESS, {"settings": {}}, key=other, If_Match="*").status_code == 404
    listed = ask(reception, "GET", "/v1/brands", key=other).json()["brands"]
    assert [brand["code"] for brand in listed] == ["maple-row"]
    assert ask(reception, "POST", "/v1/brands", {"code": "a", "document": {}}, key=other).status_code == 403
    assert reception.get("/v1/brands/oak/settings").status_code == 404


def test_a_signature_is_uploaded(reception: Reception) -> None:
    path = "/v1/brands/fernweh/signature"
    answer = ask(reception, "PUT", path, SIGNATURE.read_bytes(), If_Match='"0"')
    assert answer.json()["settings"]["signer"]["signature"].startswith("sha256:")
    with reception.services.store.reading() as tx:
        picture = reception.services.brands(tx, "fernweh").signer.signature
    assert picture is not None
    assert picture.read_bytes() == SIGNATURE.read_bytes()
    assert ask(reception, "PUT", path, b"GIF89a", If_Match="*").status_code == 422
    broken = ask(reception, "PUT", path, SIGNATURE.read_bytes()[:200], If_Match="*")
    assert (broken.status_code, broken.json()["violations"][0]["pointer"]) == (422, "/signer/signature")


def elm(reception: Reception, **changed: Any) -> dict[str, Any]:
    document: dict[str, Any] = reception.get(ADDRESS).json()["settings"]
    document["signer"].pop("signature")
    return document | {"key": "EM", "name": "Elm & Daughters"} | changed


def test_a_brand_is_made_without_a_folder_and_takes_orders_at_once(reception: Reception) -> None:
    answer = ask(reception, "POST", "/v1/brands", {"code": "elm", "document": elm(reception)})
    assert answer.status_code == 201, answer.text
    assert answer.json()["version"] == 1
    order = reception.post(native_order(id="E-1", brand="elm"))
    assert order.status_code == 201, order.text
    card = order.json()["card"]
    assert (order.json()["tag"]["occasion"], card["state"]) == ("first", InsertState.PLANNED)
    codes = [brand["code"] for brand in reception.get("/v1/brands").json()["brands"]]
    assert codes == ["elm", "fernweh", "maple-row"]
    changed = ask(
        reception, "PATCH", "/v1/brands/elm/settings", {"settings": {"name": "Elm"}}, If_Match='"1"'
    )
    assert changed.json()["version"] == 2
    reverted = ask(reception, "POST", "/v1/brands/elm/settings/revert", {"version": 0}, If_Match="*")
    assert reverted.status_code == 404


def test_a_new_brand_is_held_to_the_same_rules(untouched: Reception) -> None:
    def make(code: str, document: dict[str, Any]) -> Response:
        return ask(untouched, "POST", "/v1/brands", {"code": code, "document": document})

    assert make("fernweh", elm(untouched)).status_code == 409
    for code, changed, pointer in (
        ("El m", {}, "/code"),
        ("elm", {"key": "FW"}, "/key"),
        ("elm", {"currency": "EUX"}, "/currency"),
        ("elm", {"template": "harth"}, "/template"),
    ):
        answer = make(code, elm(untouched, **changed))
        assert (answer.status_code, answer.json()["violations"][0]["pointer"]) == (422, pointer)
    lacking = make("elm", {"name": "Elm"}).json()["violations"]
    assert {"/key", "/palette", "/signer"} <= {violation["pointer"] for violation in lacking}
