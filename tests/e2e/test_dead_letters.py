"""What cannot be understood is kept whole, and can be taken later."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.reception import NOW, Reception, native_order, open_reception, shopify_body, siteflow_body


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        yield reception


def _replay(reception: Reception, letter: int, query: str = "") -> tuple[int, dict[str, Any]]:
    answer = reception.client.post(
        f"/v1/dead-letters/{letter}/replay{query}", headers={"X-Api-Key": reception.key}
    )
    return answer.status_code, answer.json()


def test_a_body_that_is_not_understood_is_kept_whole(reception: Reception) -> None:
    body = b'{"id": "FW-1", "brand": "fernweh", "x": '
    answer = reception.post(body)
    assert answer.status_code == 422
    letter = answer.json()["dead_letter"]
    kept = reception.get(f"/v1/dead-letters/{letter['id']}").json()
    assert letter["links"]["self"].endswith(f"/v1/dead-letters/{letter['id']}")
    assert base64.b64decode(kept["body_base64"]) == body
    assert kept["body"] == body.decode()
    assert kept["problem"]["detail"] == answer.json()["detail"]
    assert not any(reception.counts().values())


def test_the_same_body_again_is_one_letter(reception: Reception) -> None:
    ids = {reception.post(b"\xff").json()["dead_letter"]["id"] for _ in range(3)}
    (letter,) = reception.letters()
    assert ids == {letter["id"]}
    assert letter["attempts"] == 3
    assert reception.get(f"/v1/dead-letters/{letter['id']}").json()["body"] is None


def test_an_order_by_the_wrong_door_is_told_the_right_one_and_taken_through_it(reception: Reception) -> None:
    answer = reception.client.post(
        "/hooks/native/maple-row", content=siteflow_body(), headers={"X-Api-Key": reception.key}
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unknown-format"
    assert "/hooks/siteflow/maple-row" in answer.json()["mend"]
    status, order = _replay(reception, answer.json()["dead_letter"]["id"], "?format=siteflow")
    assert (status, order["source"]) == (201, "siteflow")
    assert reception.letters() == []


def test_a_body_for_a_brand_that_is_not_there_yet_is_taken_once_it_is(reception: Reception) -> None:
    answer = reception.post(native_order(brand="new-brand"))
    assert answer.status_code == 422
    assert answer.json()["violations"][0]["pointer"] == "/brand"
    letter = answer.json()["dead_letter"]["id"]
    assert _replay(reception, letter)[0] == 422
    assert reception.letters()[0]["attempts"] == 2


def test_a_replayed_order_is_of_the_moment_it_came(reception: Reception) -> None:
    body = siteflow_body().replace(b'"placedAt"', b'"otherDate"')
    answer = reception.client.post(
        "/hooks/native/maple-row", content=body, headers={"X-Api-Key": reception.key}
    )
    letter = answer.json()["dead_letter"]["id"]
    reception.clock.advance(timedelta(days=2))
    first = _replay(reception, letter, "?format=siteflow")
    again = _replay(reception, letter, "?format=siteflow")
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert first[1]["placed_at"] == NOW.isoformat().replace("+00:00", "Z")


def test_another_topic_is_kept_and_not_taken_for_a_new_order(reception: Reception) -> None:
    answer = reception.post_shopify(shopify_body(), topic="orders/paid")
    assert answer.status_code == 422
    letter = answer.json()["dead_letter"]["id"]
    assert _replay(reception, letter)[0] == 422
    assert reception.counts()["orders"] == 0


def test_letters_are_listed_newest_first_a_page_at_a_time(reception: Reception) -> None:
    for number in range(5):
        reception.post(json.dumps({"number": number}).encode())
    seen: list[int] = []
    path = "/v1/dead-letters?limit=2"
    while path:
        page = reception.get(path)
        seen += [letter["id"] for letter in page.json()["dead_letters"]]
        path = page.links["next"]["url"].removeprefix("http://127.0.0.1:8000") if "next" in page.links else ""
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


def test_a_brand_sees_its_own_letters_only(reception: Reception) -> None:
    letter = reception.post_shopify(b"{}").json()["dead_letter"]["id"]
    reception.key = reception.add_key(brand="maple-row")
    assert reception.letters() == []
    assert reception.get(f"/v1/dead-letters/{letter}").status_code == 404
    assert _replay(reception, letter)[0] == 404
    assert _replay(reception, letter, "?brand=fernweh")[0] == 403
    reception.key = reception.add_key(brand="fernweh")
    assert [found["id"] for found in reception.letters()] == [letter]


@pytest.mark.parametrize("letter", ["0", "-1", "99", str(2**64), "x"])
def test_a_letter_that_is_not_there(reception: Reception, letter: str) -> None:
    assert reception.get(f"/v1/dead-letters/{letter}").status_code in {404, 422}


SHIPPED = {"id": "s-1", "type": "shipped", "at": NOW.isoformat()}
ERASED = {"events": [{"id": "gone", "type": "erased", "at": NOW.isoformat()}]}


def _tell(reception: Reception, path: str, body: object) -> tuple[int, dict[str, Any]]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = reception.client.post(f"/v1/{path}", content=content, headers={"X-Api-Key": reception.key})
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("path", "body", "kept_as", "pointers"),
    [
        ("orders/FW-1/events?brand=fernweh", b'{"events": [', "order-events", []),
        (
            "orders/FW-1/events?brand=fernweh",
            {"events": [SHIPPED | {"at": "soon"}]},
            "order-events",
            ["/events/0/at"],
        ),
        (
            "customers/id:c-7/events?brand=fernweh",
            {"events": [{"id": "x", "type": "lost"}]},
            "customer-events",
            ["/events/0/type", "/events/0/at"],
        ),
        ("customers/id:c-7?brand=fernweh", {"birthday": "31-31"}, "customer", ["/birthday"]),
    ],
)
def test_news_that_is_not_understood_is_kept_with_whom_the_address_named(
    reception: Reception, path: str, body: object, kept_as: str, pointers: list[str]
) -> None:
    status, problem = _tell(reception, path, body)
    assert status == 422
    assert [one["pointer"] for one in problem.get("violations", [])] == pointers or not pointers
    (letter,) = reception.letters()
    assert letter["id"] == problem["dead_letter"]["id"]
    about = path.partition("/")[2].partition("?")[0].partition("/")[0]
    assert (letter["format"], letter["about"], letter["brand"]) == (kept_as, about, "fernweh")
    assert _replay(reception, letter["id"])[0] == 422
    assert reception.letters()[0]["attempts"] == 2
    assert 'tipin_refused_total{problem="malformed-report"} 1.0' in reception.get("/metrics").text


def test_the_same_news_of_two_orders_are_two_letters(reception: Reception) -> None:
    for order in ("FW-1", "FW-2", "FW-1"):
        _tell(reception, f"orders/{order}/events?brand=fernweh", {"events": []})
    assert sorted((one["about"], one["attempts"]) for one in reception.letters()) == [
        ("FW-1", 2),
        ("FW-2", 1),
    ]


def test_news_without_a_brand_are_recorded_once_it_is_named_as_of_when_they_came(
    reception: Reception,
) -> None:
    reception.post(native_order())
    order = native_order()["id"]
    status, problem = _tell(reception, f"orders/{order}/events", {"events": [SHIPPED]})
    assert (status, problem["violations"][0]["pointer"]) == (422, "/brand")
    letter = problem["dead_letter"]["id"]
    reception.clock.advance(timedelta(days=2))
    status, noted = _replay(reception, letter, "?brand=fernweh")
    assert status == 202
    (event,) = reception.get(f"/v1/orders/{order}/events?brand=fernweh").json()["events"][-1:]
    assert (event["id"], event["received_at"]) == ("s-1", NOW.isoformat().replace("+00:00", "Z"))
    assert noted["orders"][0]["new"] == ["s-1"]
    assert 'tipin_events_total{brand="fernweh",type="shipped"} 1.0' in reception.get("/metrics").text
    kept = reception.get(f"/v1/dead-letters/{letter}").json()
    assert kept["links"]["order"].endswith(noted["orders"][0]["order"])
    assert reception.letters() == []


def test_news_of_a_customer_whose_key_was_none_are_recorded_under_the_right_one(reception: Reception) -> None:
    said = {"given_name": "Jonna", "birthday": "05-17"}
    status, problem = _tell(reception, "customers/c-7?brand=fernweh", said)
    assert (status, "no customer key" in problem["detail"]) == (422, True)
    letter = problem["dead_letter"]["id"]
    assert _replay(reception, letter)[0] == 422
    assert _replay(reception, letter, "?about=id:c-7")[0] == 202
    known = reception.get("/v1/customers/id:c-7?brand=fernweh").json()
    assert (known["given_name"], known["standing"]["birthday"]) == ("Jonna", "05-17")


def test_an_order_posted_as_its_own_events_becomes_an_order(reception: Reception) -> None:
    problem = _tell(reception, "orders/FW-1/events?brand=fernweh", native_order())[1]
    status, order = _replay(reception, problem["dead_letter"]["id"], "?format=native")
    assert (status, order["source"]) == (201, "native")


def test_who_is_erased_is_erased_from_news_that_were_not_understood(reception: Reception) -> None:
    _tell(reception, "customers/id:c-7?brand=fernweh", {"given_name": "Jonna", "birthday": "never"})
    _tell(reception, "customers/id:c-8?brand=fernweh", {"given_name": "Mika", "birthday": "never"})
    assert _tell(reception, "customers/id:c-7/events?brand=fernweh", ERASED)[0] == 200
    assert [one["about"] for one in reception.letters()] == ["id:c-8"]


def test_news_from_nobody_are_not_kept(reception: Reception) -> None:
    own = reception.key
    reception.key = reception.add_key(brand="maple-row")
    assert _tell(reception, "orders/FW-1/events?brand=fernweh", b"?")[0] == 403
    reception.key = "nobody"
    assert _tell(reception, "orders/FW-1/events?brand=fernweh", b"?")[0] == 401
    reception.key = own
    assert reception.letters() == []
