"""What cannot be understood is kept whole, and can be taken later."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.reception import NOW, Reception, native_order, open_reception, shopify_body, siteflow_body


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        yield reception


def _replay(reception: Reception, letter: int, query: str = "") -> tuple[int, dict[str, object]]:
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
