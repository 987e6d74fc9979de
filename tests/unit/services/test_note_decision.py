"""What orders leave behind beside their cards: posted to the running application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.decision import Arm
from app.domain.event import CustomerEvent, CustomerEventType
from app.domain.policy import CardsPer
from app.services.brands_in_force import BrandsInForce
from app.store.eligibility import Eligible
from tests.reception import NOW, Reception, native_order, open_reception

DAY = timedelta(days=1)
JOBS = [{"id": "1", "sku": "PB-A4", "quantity": 1}, {"id": "2", "sku": "CA-A3", "quantity": 1}]


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        set_policy(reception, soft_skip=0.0, holdout=0.0)
        yield reception


def set_policy(reception: Reception, **changes: Any) -> None:
    """Another policy of Fernweh's, as its folder would say it."""
    brands: BrandsInForce = reception.services.understand._brands
    files = brands.files
    assert isinstance(files, dict)
    files["fernweh"] = replace(files["fernweh"], policy=replace(files["fernweh"].policy, **changes))


def post(reception: Reception, number: str, customer: str | None = "c-1", **changed: Any) -> dict[str, Any]:
    who = {"given_name": "Jonna"} | ({"id": customer} if customer else {})
    placed = reception.clock.now().isoformat()
    body = native_order(id=number, customer=who, placed_at=placed) | changed
    for name in ("promised_at", "needed_by", "number", "gift"):
        if name not in changed:
            body.pop(name, None)
    answer = reception.post(body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def log(reception: Reception, experiment: str = "permanent") -> list[Eligible]:
    with reception.services.store.reading() as tx:
        return list(tx.eligibility.of_experiment("fernweh", experiment))


def by_arm(reception: Reception) -> dict[Arm, str]:
    """A customer for each arm, found by posting."""
    found: dict[Arm, str] = {}
    for n in range(60):
        post(reception, f"find-{n}", f"find-{n}", jobs=[JOBS[0]])
        found[log(reception)[-1].arm] = f"find-{n}"
        if len(found) == len(Arm):
            return found
        reception.clock.advance(timedelta(seconds=1))
    raise AssertionError("no such customers")


def test_eligibility_is_logged_in_both_arms(reception: Reception) -> None:
    set_policy(reception, holdout=0.5)
    found = by_arm(reception)
    for line in log(reception):
        assert (line.occasion, line.template, line.share) == ("first", "hearth", 0.5)
        assert line.variant
    held = post(reception, "second", found[Arm.HOLDOUT])
    assert held["card"] is None
    assert held["tag"]["reason"].startswith("held out to measure what cards do; it would have been: second")
    carded = post(reception, "third", found[Arm.CARDS])
    assert carded["card"]["occasion"] == "first_repeat"


def test_a_withheld_card_counts_like_one_that_was_sent(reception: Reception) -> None:
    """So that both arms come to the same caps, and to the same customers who could have a card."""
    set_policy(reception, holdout=0.5)
    found = by_arm(reception)
    reasons = []
    for arm in Arm:
        for sku in ("WA-30", "PR-10"):
            reception.clock.advance(DAY)
            said = post(reception, f"{arm}-{sku}", found[arm], jobs=[JOBS[0] | {"sku": sku}])
        reasons.append(said["tag"]["considered"][0]["why"].split(" went out")[0])
    assert reasons == ["the last card of any kind"] * 2, said["tag"]["considered"]


def test_a_second_trouble_is_a_task_for_a_person(reception: Reception) -> None:
    post(reception, "1", promised_at=(NOW + DAY).isoformat())
    reception.clock.advance(2 * DAY)
    first = post(reception, "2", promised_at=(NOW + 3 * DAY).isoformat())
    assert first["card"]["occasion"] == "after_delay"
    reception.clock.advance(2 * DAY)
    second = post(reception, "3")
    assert second["card"] is None
    (task,) = reception.get("/v1/tasks").json()["tasks"]
    assert (task["kind"], task["occasion"], task["order"]) == ("write", "after_delay", second["id"])
    assert "until then a person should write" in task["reason"]
    assert 'tipin_person_tasks{brand="fernweh",kind="write"} 1.0' in reception.get("/metrics").text
    assert 'tipin_no_card_total{brand="fernweh",rule="recovery_gap"} 1.0' in reception.get("/metrics").text


def test_a_task_is_closed_by_the_api(reception: Reception) -> None:
    test_a_second_trouble_is_a_task_for_a_person(reception)
    (task,) = reception.get("/v1/tasks").json()["tasks"]
    headers = {"Authorization": f"Bearer {reception.key}"}
    address = f"/v1/tasks/{task['id']}"
    for _ in range(2):
        assert reception.client.post(f"{address}/done", headers=headers).json()["state"] == "done"
    assert reception.client.post(f"{address}/dismiss", headers=headers).status_code == 409
    assert reception.client.post("/v1/tasks/999/done", headers=headers).status_code == 404
    assert reception.get("/v1/tasks").json()["tasks"] == []
    assert len(reception.get("/v1/tasks?state=done").json()["tasks"]) == 1


def test_used_up_words_warn_the_brand(reception: Reception) -> None:
    reasons = []
    for number in range(12):
        # A gift's words are generic, and there are few of them.
        answer = post(reception, str(number), gift={"recipient_name": "Noor"}, jobs=[JOBS[number % 2]])
        reasons.append(answer["tag"]["reason"])
        reception.clock.advance(400 * DAY)
    assert "every wording" in "".join(reasons)
    (task,) = (t for t in reception.get("/v1/tasks").json()["tasks"] if t["kind"] == "new_words")
    assert task["reason"].endswith("(hearth, de)")


def test_a_card_for_each_parcel_and_no_second_first_order(reception: Reception) -> None:
    set_policy(reception, cards_per=CardsPer.JOB)
    answer = post(reception, "1", jobs=JOBS)
    assert answer["card"]["occasion"] == "first"
    (further,) = answer["further_cards"]
    assert further["occasion"] == "generic"
    assert [job["carries_insert"] for job in answer["jobs"]] == [True, True]
    assert reception.queue.inserts == [job["id"] for job in answer["jobs"]]
    again = reception.get(f"/v1/jobs/{answer['jobs'][1]['id']}").json()
    assert again["card"]["occasion"] == "generic"
    listed = reception.get("/v1/orders").json()["orders"]
    assert [line["id"] for line in listed] == [answer["id"]]


def test_who_asked_for_no_cards_after_ordering_gets_none(reception: Reception) -> None:
    event = CustomerEvent(type=CustomerEventType.OPTED_OUT, at=NOW - DAY, source_event_id="e")
    with reception.services.store.transaction() as tx:
        tx.customers.record("fernweh", "id:c-1", [event], received_at=NOW)
    answer = post(reception, "1", placed_at=(NOW - 2 * DAY).isoformat())
    assert answer["tag"]["reason"] == "the customer asked for no cards"


def test_the_explanation_tells_every_rule(reception: Reception) -> None:
    answer = post(reception, "1")
    told = reception.get(answer["jobs"][0]["links"]["explanation"].removeprefix("http://127.0.0.1:8000"))
    assert told.status_code == 200, told.text
    why = told.json()
    assert (why["result"], why["occasion"], why["because"]) == ("card", "first", None)
    assert {rule["rule"] for rule in why["forbids"]} >= {"opt_out", "bereavement", "open_complaint"}
    (first,) = (one for one in why["considered"] if one["outcome"] == "chosen")
    assert {rule["rule"] for rule in first["rules"]} == {"switched_off", "history", "again", "no_words"}
    assert [w["variant"] for w in first["wordings"] if w["chosen"]] == [why["card"]["variant"]]
    assert why["experiment"]["arm"] == "cards"
    key = reception.add_key(brand="maple-row")
    job = why["job"]
    assert reception.get(f"/v1/jobs/{job}/explanation", Authorization=f"Bearer {key}").status_code == 404


def test_a_guest_has_no_past_and_no_row_of_another(reception: Reception) -> None:
    answer = post(reception, "1", None)
    assert answer["tag"]["reason"].startswith("a guest")
    assert log(reception) == []
