from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.domain.access import Role
from app.domain.fact_catalogue import FACTS
from app.web.api.rule_bodies import EXAMPLE
from tests.reception import NOW, Reception, native_order, open_reception

BRAND = "maple-row"
RULES = f"/v1/brands/{BRAND}/rules"
WORDS = {"own": {"en": [{"headline": "Three of us", "message": "Order number {n_orders, number} of yours."}]}}
THIRD: dict[str, Any] = {
    "name": "third-order",
    "title": "Third order",
    "when": {"fact": "n_prior", "op": "=", "value": 2},
    "kind": "moment",
    "place": {"before": "first"},
    "words": WORDS,
}


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("rules")) as reception:
        for customer in range(12):
            for nth in range(3):
                placed = NOW - timedelta(days=60 - 10 * nth, minutes=customer)
                order(reception, f"h-{customer}-{nth}", f"c{customer}", placed_at=placed.isoformat())
        reception.key = reception.add_key(Role.ADMIN)
        yield reception


def order(reception: Reception, number: str, customer: str, **changed: Any) -> dict[str, Any]:
    body = native_order(brand=BRAND, id=number, customer={"id": customer, "given_name": "Ana"}, **changed)
    body.pop("promised_at", None)
    answer = reception.post(body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def tagged(reception: Reception, number: str, customer: int) -> Any:
    """The occasion of a new customer's third order."""
    for nth in range(3):
        placed = reception.clock.now() - timedelta(minutes=10 * (3 - nth))
        told = order(reception, f"{number}-{nth}", f"new-{number}-{customer}", placed_at=placed.isoformat())
    return told["tag"]["occasion"] or told["tag"]["reason"]


def post(reception: Reception, path: str, body: Any = None, **headers: str) -> Any:
    headers = {"X-Api-Key": reception.key} | headers
    return reception.client.post(f"{RULES}{path}", json=body, headers=headers)


def test_a_rule_lives_from_draft_to_retirement(reception: Reception) -> None:
    made = post(reception, "?why=try", THIRD)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    assert made.json()["sentence"] == "2 orders before this one"
    assert made.json()["state"] == "draft"
    assert (
        order(reception, "before", "c1", placed_at=NOW.isoformat())["tag"]["occasion"] != "rule:third-order"
    )
    assert tagged(reception, "draft", 0) != "rule:third-order"

    published = post(reception, "/third-order/publish", {"version": 1})
    assert published.status_code == 200, published.text
    assert published.json()["in_force"] == 1
    assert tagged(reception, "published", 1) == "rule:third-order"

    retired = post(reception, "/third-order/retire")
    assert retired.json()["state"] == "retired"
    assert tagged(reception, "retired", 2) != "rule:third-order"
    (version,) = reception.get(f"{RULES}/third-order/versions").json()["versions"]
    assert (version["made_by"], version["published_by"], version["ended_by"]) == ("admin",) * 3
    assert version["why"] == "try"


def test_a_saved_rule_is_a_new_draft_while_the_old_version_stays_in_force(reception: Reception) -> None:
    rule = THIRD | {"name": "edited"}
    post(reception, "", rule)
    post(reception, "/edited/publish", {"version": 1})
    headers = {"X-Api-Key": reception.key}
    path = f"{RULES}/edited"
    changed = rule | {"title": "The third"}
    unnamed = reception.client.put(path, json=changed, headers=headers)
    assert unnamed.status_code == 428
    saved = reception.client.put(path, json=changed, headers=headers | {"If-Match": '"1"'})
    assert (saved.json()["latest"]["version"], saved.json()["in_force"]) == (2, 1)
    stale = reception.client.put(path, json=changed, headers=headers | {"If-Match": '"1"'})
    assert stale.status_code == 412
    other = reception.client.put(path, json=THIRD, headers=headers | {"If-Match": '"2"'})
    assert other.status_code == 422
    assert reception.get(path).headers["etag"] == '"2"'
    assert "edited" in [one["name"] for one in reception.get(RULES).json()["rules"]]
    post(reception, "/edited/retire")


def test_faults_are_told_with_their_places(reception: Reception) -> None:
    answer = post(reception, "/validate", THIRD | {"when": {"fact": "n_priors", "op": "=", "value": 1}})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (fault,) = answer.json()["violations"]
    assert fault["pointer"] == "/when/fact"
    assert "did you mean n_prior?" in fault["mend"]


def test_a_tree_1000_deep_is_refused_with_its_place(reception: Reception) -> None:
    deep = '{"not":' * 1_000 + "{}" + "}" * 1_000
    body = '{"name":"deep","title":"Deep","when":' + deep + "}"
    answer = reception.client.post(f"{RULES}/validate", content=body, headers={"X-Api-Key": reception.key})
    assert answer.status_code == 422
    assert answer.json()["violations"][0]["pointer"].startswith("/when/not/not")
    far = body.replace(deep, '{"not":' * 100_000 + "{}" + "}" * 100_000)
    answer = reception.client.post(f"{RULES}/validate", content=far, headers={"X-Api-Key": reception.key})
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"name": NaN}', b'{"name":"a","name":"b"}'])
def test_what_is_no_rule_is_refused(reception: Reception, body: bytes) -> None:
    answer = reception.client.post(RULES, content=body, headers={"X-Api-Key": reception.key})
    assert answer.status_code == 422
    assert answer.json()["mend"]


def test_the_example_of_the_document_can_be_used_by_its_brand(reception: Reception) -> None:
    answer = post(reception, "/validate", EXAMPLE)
    assert answer.status_code == 200, answer.text
    assert (
        answer.json()["sentence"] == "2 orders before this one, and calendars in this order, and not (a gift)"
    )


def test_the_catalogue_says_what_a_rule_may_be_made_of(reception: Reception) -> None:
    found = reception.get(f"/v1/brands/{BRAND}/rule-catalogue").json()
    assert {fact["name"] for fact in found["facts"]} == FACTS.keys()
    money = next(fact for fact in found["facts"] if fact["name"] == "spend_365")
    assert (money["unit"], money["type"]) == ("GBP", "money")
    assert "first" in [occasion["code"] for occasion in found["priorities"]]
    assert "generic" in found["words"]
    assert found["languages"] == ["en", "ar"]


def test_a_rule_is_tried_on_past_orders_and_changes_nothing(reception: Reception) -> None:
    before = reception.counts()
    answer = post(reception, "/simulate?days=365", THIRD | {"name": "tried"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["orders"] >= 36
    assert found["matched"] >= 12
    assert found["cards"] + found["held_out"] >= 12
    assert sum(one["orders"] for one in found["instead_of"]) == found["cards"]
    case = found["cases"][0]
    assert case["customer"].startswith("c-")
    assert case["verdicts"] == ["2 orders before this one ✓"]
    assert reception.counts() == before
    headers = {"X-Api-Key": reception.key, "Accept": "application/x-ndjson"}
    told = reception.client.post(f"{RULES}/simulate?days=365", json=THIRD, headers=headers)
    assert json.loads(told.text.splitlines()[-1]) == found
    wrong = reception.client.post(f"{RULES}/simulate", json=THIRD | {"kind": "loud"}, headers=headers)
    assert wrong.status_code == 422


def test_a_rule_for_everybody_has_to_be_confirmed(reception: Reception) -> None:
    everybody = THIRD | {"name": "everybody", "when": {"fact": "n_prior", "op": ">=", "value": 0}}
    post(reception, "", everybody)
    assert "matches every one" in post(reception, "/simulate", everybody).json()["concern"]
    refused = post(reception, "/everybody/publish", {"version": 1})
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/needs-confirmation"
    assert "(100 %)" in refused.json()["detail"]
    confirmed = post(reception, "/everybody/publish", {"version": 1, "confirm": True})
    assert confirmed.status_code == 200
    post(reception, "/everybody/retire")


@pytest.mark.parametrize("body", [{}, {"version": 0}, {"version": "x"}, {"version": 1, "confirmed": True}])
def test_what_publishing_does_not_understand(reception: Reception, body: dict[str, Any]) -> None:
    post(reception, "", THIRD | {"name": "unpublished"})
    assert post(reception, "/unpublished/publish", body).status_code == 422


def test_words_of_its_own_are_fitted_before_a_rule_is_in_force(reception: Reception) -> None:
    long = {"headline": "Thank you", "message": "We were so very glad to hear from you. " * 30}
    wordy = THIRD | {"name": "wordy", "words": {"own": {"en": [long]}}}
    assert post(reception, "", wordy).status_code == 201, "a draft may say too much"
    refused = post(reception, "/wordy/publish", {"version": 1, "confirm": True})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    (fault,) = refused.json()["violations"]
    assert fault["pointer"] == "/words/own/en/0"
    assert "in en, the message on the " in fault["detail"]
    assert reception.get("/v1/brands/maple-row/rules/wordy").json()["in_force"] is None


def test_who_may_not(reception: Reception) -> None:
    assert reception.client.get(RULES).status_code == 401
    operator = {"X-Api-Key": reception.add_key(Role.OPERATOR)}
    assert reception.client.post(RULES, json=THIRD, headers=operator).status_code == 403
    assert reception.client.get(RULES, headers=operator).status_code == 200
    other = {"X-Api-Key": reception.add_key(Role.DESIGNER, "fernweh")}
    assert reception.client.get(RULES, headers=other).status_code == 404
    designer = {"X-Api-Key": reception.add_key(Role.DESIGNER, BRAND)}
    found = reception.client.post(f"{RULES}/simulate", json=THIRD, headers=designer)
    assert found.json()["cases"] == []
    assert found.json()["matched"]


def test_rules_that_are_not_there(reception: Reception) -> None:
    assert reception.get(f"{RULES}/nobody").status_code == 404
    assert reception.get(f"{RULES}/nobody/versions").status_code == 404
    assert post(reception, "/nobody/publish", {"version": 1}).status_code == 404
    assert post(reception, "/nobody/retire").status_code == 404
    assert reception.get("/v1/brands/nobody/rules").status_code == 404
