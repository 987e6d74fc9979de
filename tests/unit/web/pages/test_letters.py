from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.domain.access import Caller, Role
from app.store.dead_letters import Received
from tests.desk import HASH, Plant, sign_in
from tests.reception import NOW, Reception, native_order, open_reception

HOSTILE = b'{"id": "<script>alert(1)</script>\xe2\x80\xae", "x": "\x00\xff"}'
PROBLEM = {
    "title": "The order cannot be understood",
    "detail": "<b>one</b> thing is wrong",
    "mend": "write it otherwise",
    "violations": [{"pointer": "/id", "detail": "it holds <", "mend": "leave it out"}],
}


def keep(plant: Plant, body: bytes = HOSTILE, *, brand: str = "fernweh") -> int:
    received = Received(brand=brand, source="native", body=body, received_at=NOW, headers={})
    with plant.store.transaction() as tx:
        return tx.dead_letters.keep(received, PROBLEM)


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def replay(client: TestClient, letter: int, **fields: str) -> str:
    """Where a replay leads."""
    token = csrf(client.get(f"/desk/dead-letters/{letter}").text)
    answer = client.post(
        f"/desk/dead-letters/{letter}/replay",
        data={"csrf": token, **fields},
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_with_nothing_to_show_it_says_what_would_stand_here(client: TestClient) -> None:
    assert "Everything that came in was understood" in client.get("/desk/dead-letters").text


def test_letters_are_counted_on_the_list_of_orders(client: TestClient, plant: Plant) -> None:
    keep(plant)
    assert "1 body not understood" in client.get("/desk/orders").text


def test_a_letter_says_what_is_wrong_and_shows_its_body_inert(client: TestClient, plant: Plant) -> None:
    letter = keep(plant)
    for path in ("/desk/dead-letters", f"/desk/dead-letters/{letter}"):
        page = client.get(path).text
        assert "&lt;b&gt;one&lt;/b&gt; thing is wrong" in page
        assert "<script>alert" not in page
        assert "\u202e" not in page
    assert "⟨U+202E⟩" in page
    assert r"\xff" in page
    assert "␀" in page
    assert "<code>/id</code>" in page


def test_a_problem_may_have_neither_a_mend_nor_places(client: TestClient, plant: Plant) -> None:
    received = Received(brand="", source="native", body=b"?", received_at=NOW, headers={})
    with plant.store.transaction() as tx:
        letter = tx.dead_letters.keep(received, {"title": "Not an order", "detail": "it is no JSON"})
    assert "it is no JSON" in client.get(f"/desk/dead-letters/{letter}").text


def test_a_body_comes_whole_as_a_file_that_no_browser_opens(client: TestClient, plant: Plant) -> None:
    answer = client.get(f"/desk/dead-letters/{keep(plant)}/body")
    assert answer.content == HOSTILE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_a_huge_body_is_shown_in_part(client: TestClient, plant: Plant) -> None:
    page = client.get(f"/desk/dead-letters/{keep(plant, b'x' * 150_000)}").text
    assert "50000 bytes more" in page
    assert "x" * 100_001 not in page


def test_letters_come_in_pages(client: TestClient, plant: Plant) -> None:
    for n in range(51):
        keep(plant, f"body {n}".encode())
    page = client.get("/desk/dead-letters").text
    assert page.count('class="open"') == 50
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link
    assert client.get(link[1]).text.count('class="open"') == 1


def test_another_brands_letters_are_not_shown(stranger: TestClient, plant: Plant) -> None:
    letter = keep(plant)
    plant.add_person("Salma", brand="maple-row")
    sign_in(stranger, "Salma")
    assert "Everything that came in" in stranger.get("/desk/dead-letters").text
    assert stranger.get(f"/desk/dead-letters/{letter}").status_code == 404
    assert stranger.get(f"/desk/dead-letters/{letter}/body").status_code == 404


@pytest.mark.parametrize("letter", ["0", "-1", "x", str(2**63)])
def test_an_id_that_is_none_is_refused(client: TestClient, letter: str) -> None:
    assert client.get(f"/desk/dead-letters/{letter}").status_code == 422


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        with reception.services.store.transaction() as tx:
            tx.access.set_operator(Caller(name="Mina", role=Role.OPERATOR), HASH)
        sign_in(reception.client)
        yield reception


def test_a_replay_that_fails_again_says_so(reception: Reception) -> None:
    reception.post(native_order(placed_at="yesterday"))
    (letter,) = reception.letters()
    where = replay(reception.client, letter["id"])
    assert where == f"/desk/dead-letters/{letter['id']}?again=1"
    page = reception.client.get(where).text
    assert "Still not understood" in page
    assert "Tried 2 times" in page


def test_a_replay_that_is_understood_leads_to_its_order(reception: Reception) -> None:
    reception.post(native_order(brand=None))
    (letter,) = reception.letters()
    where = replay(reception.client, letter["id"], brand="fernweh")
    page = reception.client.get(where).text
    assert native_order()["id"] in page
    again = reception.client.get(f"/desk/dead-letters/{letter['id']}").text
    assert "Understood" in again
    assert where in again
    assert "Try again" not in again


def test_a_replay_needs_the_sessions_token(reception: Reception) -> None:
    reception.post(native_order(placed_at="yesterday"))
    (letter,) = reception.letters()
    answer = reception.client.post(
        f"/desk/dead-letters/{letter['id']}/replay", headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 403
    assert reception.letters()[0]["attempts"] == 1


def test_news_say_whom_they_are_of_and_may_be_read_for_another(reception: Reception) -> None:
    headers = {"X-Api-Key": reception.key}
    answer = reception.client.post("/v1/customers/c-7?brand=fernweh", content=b"{}", headers=headers)
    path = f"/desk/dead-letters/{answer.json()['dead_letter']['id']}"
    page = reception.client.get(path).text
    assert "Who a customer is <bdi>c-7</bdi>" in page
    assert "Of the customer" in page
    assert (
        replay(reception.client, answer.json()["dead_letter"]["id"], about="id:c-7") == "/desk/dead-letters"
    )
    after = reception.client.get(path).text
    assert "What it tells is written down" in after
    assert "Try again" not in after
    assert "Everything that came in" in reception.client.get("/desk/dead-letters").text
