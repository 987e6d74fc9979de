from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.domain.access import Caller, Role, hash_password
from app.domain.ids import order_id
from tests.reception import NOW, Reception, native_order, open_reception

PASSWORD = "correct horse battery"
THIRD: dict[str, Any] = {
    "name": "third-order",
    "title": "Third order",
    "when": {"all": [{"fact": "n_prior", "op": "=", "value": 2}]},
    "words": {"occasion": "generic"},
}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("desk")) as reception:
        for customer in range(8):
            for nth in range(3):
                placed = NOW - timedelta(days=60 - 10 * nth, minutes=customer)
                reception.post(
                    native_order(
                        brand="maple-row",
                        id=f"{customer}-{nth}",
                        customer={"id": f"c{customer}"},
                        placed_at=placed.isoformat(),
                        promised_at=None,
                    )
                )
        with reception.services.store.transaction() as tx:
            for role in (Role.ADMIN, Role.OPERATOR):
                tx.access.set_operator(Caller(name=role, role=role), hash_password(PASSWORD))
            owner = Caller(name="owner", role=Role.DESIGNER, brand="maple-row")
            tx.access.set_operator(owner, hash_password(PASSWORD))
        yield reception


@pytest.fixture
def owner(reception: Reception) -> TestClient:
    return signed_in(reception, "owner")


def signed_in(reception: Reception, name: str) -> TestClient:
    client = TestClient(reception.client.app, headers=SAME_ORIGIN, follow_redirects=False)
    client.post("/desk/sign-in", data={"name": name, "password": PASSWORD})
    return client


def csrf(client: TestClient) -> str:
    page = client.get("/desk/rules").text
    return page.split('name="csrf" value="')[1].split('"')[0]


def send(client: TestClient, path: str, rule: dict[str, Any] | None = None, **more: Any) -> Any:
    data = {"csrf": csrf(client), **more}
    if rule is not None:
        data["document"] = json.dumps(rule)
    return client.post(f"/desk/rules/maple-row/{path}", data=data)


def test_an_owner_sees_the_rules_of_their_brand_and_nothing_else(owner: TestClient) -> None:
    page = owner.get("/desk/rules")
    assert page.status_code == 200
    assert "Rules of <bdi>Maple Row</bdi>" in page.text
    assert '/desk/orders" ' not in page.text
    assert owner.get("/desk/orders").status_code == 403
    assert owner.get("/desk/rules/fernweh/new").status_code == 404


def test_an_operator_writes_no_rules(reception: Reception) -> None:
    operator = signed_in(reception, "operator")
    assert operator.get("/desk/rules").status_code == 403
    assert "/desk/rules" not in operator.get("/desk/orders").text


def test_the_page_says_the_rule_and_what_is_wrong_with_it(owner: TestClient) -> None:
    said = send(owner, "check", THIRD).json()
    assert said == {"sentence": "2 orders before this one", "warnings": []}
    wrong = send(owner, "check", THIRD | {"when": {"all": []}}).json()
    assert [one["pointer"] for one in wrong["problems"]] == ["/when/all"]
    broken = owner.post("/desk/rules/maple-row/check", data={"csrf": csrf(owner), "document": "{"})
    assert broken.status_code == 200
    assert broken.json()["problems"]


def test_the_page_tries_the_rule_and_hides_customers_from_who_sees_no_orders(
    reception: Reception, owner: TestClient
) -> None:
    lines = [json.loads(line) for line in send(owner, "simulate", THIRD, days=365).text.splitlines()]
    assert lines[-1]["done"] == lines[-1]["of"] == 24
    assert "8 orders" in lines[-1]["html"]
    assert "c-" not in lines[-1]["html"]
    shown = send(signed_in(reception, "admin"), "simulate", THIRD, days=365).text
    assert "Some of them" in shown


def test_a_rule_is_saved_published_and_retired(owner: TestClient) -> None:
    saved = send(owner, "save", THIRD | {"since": "2025-01-01"}, based_on=0, why="a try")
    assert saved.status_code == 303, saved.text
    address = saved.headers["location"]
    page = owner.get(address).text
    assert "Kept as a draft" in page
    assert "“a try”" in page
    assert "2025-01-01" in page
    asked = send(owner, "third-order/publish", version=1)
    published = (
        asked if asked.status_code == 303 else send(owner, "third-order/publish", version=1, confirm="true")
    )
    assert published.status_code == 303
    assert "In force" in owner.get(published.headers["location"]).text
    assert send(owner, "third-order/retire").status_code == 303
    assert "Retired" in owner.get("/desk/rules").text


def test_a_rule_stands_in_the_priority_of_settings_and_is_called_by_its_title(
    reception: Reception, owner: TestClient
) -> None:
    rule = THIRD | {"name": "thrice", "title": "Three and counting", "kind": "moment"}
    rule["place"] = {"before": "first"}
    assert send(owner, "save", rule, based_on=0).status_code == 303
    assert send(owner, "thrice/publish", version=1, confirm="true").status_code == 303
    page = owner.get("/desk/brands/maple-row").text
    places = re.findall(r'name="place" value="([^"]*)"', page)
    assert places[places.index("first") - 1] == "rule:thrice"
    order = native_order(
        brand="maple-row", id="third", customer={"id": "thrice"}, placed_at=NOW.isoformat(), promised_at=None
    )
    for number, days in (("a", 9), ("b", 6)):
        placed = (NOW - timedelta(days=days)).isoformat()
        reception.post(order | {"id": number, "placed_at": placed})
    found = reception.post(order).json()
    assert found["tag"]["occasion"] == "rule:thrice", found["tag"]["reason"]
    operator = signed_in(reception, Role.OPERATOR)
    listed = operator.get("/desk/orders?occasion=rule:thrice").text
    assert '<option value="rule:thrice" selected>Three and counting</option>' in listed
    one = order_id("maple-row", "third")
    for path in ("", f"/{one}", f"/{one}/why"):
        page = operator.get(f"/desk/orders{path}").text
        assert "Three and counting" in page
        assert "rule:thrice" not in page.replace('value="rule:thrice"', "")
    # Switched off, and first of all once it is on again.
    form = {"csrf": csrf(owner), "version": 0, "do": "save", "place": places, "policy.intents": "note"}
    off = form | {"on": [code for code in places if code != "rule:thrice"]}
    assert owner.post("/desk/brands/maple-row", data=off).status_code == 303
    later = order | {"id": "later", "customer": {"id": "c1"}}
    assert reception.post(later).json()["tag"]["occasion"] != "rule:thrice"
    on = form | {"version": 1, "on": places, "place": sorted(places, key="rule:thrice".__ne__)}
    assert owner.post("/desk/brands/maple-row", data=on).status_code == 303
    assert send(owner, "thrice/retire").status_code == 303


def test_what_cannot_be_saved_comes_back_with_what_was_written(owner: TestClient) -> None:
    answer = send(owner, "save", {"name": "x", "title": "A title that stays", "when": {}}, based_on=0)
    assert answer.status_code == 422
    assert "A title that stays" in answer.text
    assert "Not saved" in answer.text
    taken = THIRD | {"name": "taken"}
    send(owner, "save", taken, based_on=0)
    assert send(owner, "save", taken, based_on=0).status_code == 409
    send(owner, "save", taken, based_on=1)
    assert send(owner, "save", taken, based_on=1).status_code == 412


def test_a_rule_for_everybody_is_asked_about(owner: TestClient) -> None:
    everybody = THIRD | {"name": "everybody", "when": {"fact": "n_prior", "op": ">=", "value": 0}}
    send(owner, "save", everybody, based_on=0)
    asked = send(owner, "everybody/publish", version=1)
    assert asked.status_code == 409
    assert "Are you sure?" in asked.text
    assert send(owner, "everybody/publish", version=1, confirm="true").status_code == 303
    send(owner, "everybody/retire")


def test_words_that_do_not_fit_are_told_on_the_page(owner: TestClient) -> None:
    long = {"headline": "Thank you", "message": "We were so very glad to hear from you. " * 30}
    wordy = THIRD | {"name": "wordy", "words": {"own": {"en": [long, long]}}}
    assert send(owner, "save", wordy, based_on=0).status_code == 303
    refused = send(owner, "wordy/publish", version=1, confirm="true")
    assert refused.status_code == 422
    assert "Not published" in refused.text
    assert "in en, the message on the " in refused.text
    assert "1 more fault like it" in refused.text
    assert "Publish version 1" in owner.get("/desk/rules/maple-row/wordy").text


def test_forms_of_other_sites_are_refused(owner: TestClient) -> None:
    path = "/desk/rules/maple-row/save"
    assert owner.post(path, data={"document": "{}"}).status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    data = {"document": "{}", "csrf": csrf(owner)}
    assert owner.post(path, data=data, headers=elsewhere).status_code == 403


def test_hostile_titles_are_text(owner: TestClient) -> None:
    hostile = THIRD | {"name": "hostile", "title": "</script><script>alert(1)</script>"}
    assert send(owner, "save", hostile, based_on=0).status_code == 303
    for path in ("/desk/rules", "/desk/rules/maple-row/hostile"):
        assert "<script>alert" not in owner.get(path).text
