from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from app.domain.call_back import DeliveryState
from app.domain.diff import Cause, Diff
from app.domain.insert import Degradation, InsertState
from tests.desk import Plant, sign_in
from tests.sent import NOW, Sent, many

STATES = (InsertState.ACCEPTED, InsertState.PLANNED, InsertState.HELD, None)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>"


def numbers(page: str) -> list[str]:
    """Order numbers of the list itself, in order; not of what stands above it."""
    return re.findall(r'class="open"[^>]*><bdi>([^<]*)</bdi>', page.partition('id="list-title"')[2])


def link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    assert found, f"no {rel} link"
    return found[1].replace("&amp;", "&")


def test_an_empty_plant_is_told_how_to_begin(client: TestClient) -> None:
    page = client.get("/desk/orders").text
    assert "No orders yet" in page
    assert "curl http://127.0.0.1:8000/v1/orders" in page
    assert "tipin keys create" in page


def test_orders_stand_newest_first_with_their_pictures_by_address(client: TestClient, plant: Plant) -> None:
    newer, older = plant.print(Sent(number="N-2")), Sent(number="N-1", at=NOW - timedelta(hours=1))
    plant.send(older, newer)
    page = client.get("/desk/orders").text
    assert numbers(page) == ["N-2", "N-1"]
    assert f"/desk/cards/{newer.job_id}/{newer.pdf}/front-thumb.jpg" in page
    assert 'width="67" height="95"' in page
    assert plant.drawn == [], "the list itself never draws"


@pytest.mark.parametrize("asked", ["#MR10", "5000101"])
def test_an_order_is_shown_by_the_number_the_customer_knows_and_found_by_either(
    client: TestClient, plant: Plant, asked: str
) -> None:
    sent = Sent(number="5000101202", called="#MR1042")
    plant.send(sent, Sent(number="N-1"))
    assert numbers(client.get("/desk/orders", params={"number": asked}).text) == ["#MR1042"]
    assert "<h1><bdi>#MR1042</bdi></h1>" in client.get(f"/desk/orders/{sent.order_id}").text


def test_imported_history_is_not_listed(client: TestClient, plant: Plant) -> None:
    plant.send(Sent(number="H-1", imported=True))
    assert "No orders yet" in client.get("/desk/orders").text


def test_what_waits_for_a_person_stands_above(client: TestClient, plant: Plant) -> None:
    plant.send(
        *many(8, [InsertState.ACCEPTED]),
        Sent(number="F-1", at=NOW - timedelta(days=9), state=InsertState.FAILED, stopped="no font has this"),
        Sent(number="C-1", at=NOW - timedelta(days=8), delivery=DeliveryState.GIVEN_UP),
    )
    above = client.get("/desk/orders").text.partition('id="list-title"')[0]
    assert "1 card stopped or held" in above
    assert "1 sender not told" in above
    assert above.index("C-1") < above.index("F-1")
    assert "no font has this" in above


@pytest.fixture
def sorted_plant(plant: Plant) -> Plant:
    plant.send(
        Sent(number="A-1", state=InsertState.HELD),
        Sent(number="A-2", state=InsertState.FAILED, occasion="win_back"),
        Sent(number="B_3", state=InsertState.ACCEPTED, brand="maple-row"),
        Sent(number="B%4", state=None),
        Sent(number="A-5", state=InsertState.ACCEPTED, delivery=DeliveryState.GIVEN_UP),
    )
    return plant


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=held", {"A-1"}),
        ("state=no_card", {"B%4"}),
        ("state=needs-me", {"A-1", "A-2", "A-5"}),
        ("occasion=win_back", {"A-2"}),
        ("brand=maple-row", {"B_3"}),
        ("number=a-", {"A-1", "A-2", "A-5"}),
        ("number=_", {"B_3"}),
        ("number=%25", {"B%4"}),
        ("state=held&occasion=win_back", set()),
        ("state=nonsense", set()),
        (f"number={Sent(number='A-2').order_id.lower()}", {"A-2"}),
        (f"number={Sent(number='A-2').job_id}", {"A-2"}),
    ],
)
def test_the_list_is_narrowed(client: TestClient, sorted_plant: Plant, query: str, found: set[str]) -> None:
    del sorted_plant
    page = client.get(f"/desk/orders?{query}").text
    assert set(numbers(page)) == found
    assert found or "No order fits all of this" in page


def test_a_person_of_one_brand_sees_only_that_brand(stranger: TestClient, sorted_plant: Plant) -> None:
    sorted_plant.add_person("Salma", brand="maple-row")
    sign_in(stranger, "Salma")
    assert numbers(stranger.get("/desk/orders").text) == ["B_3"]
    assert numbers(stranger.get("/desk/orders?brand=fernweh").text) == []
    assert "stopped or held" not in stranger.get("/desk/orders").text
    other = Sent(number="A-1")
    assert stranger.get(f"/desk/orders/{other.order_id}").status_code == 404
    assert stranger.get(f"/desk/orders/{other.order_id}/card.pdf").status_code == 404


def test_one_pages_through_ten_thousand_orders_and_back(client: TestClient, plant: Plant) -> None:
    plant.send_many(10_000, STATES)
    first = client.get("/desk/orders").text
    assert len(numbers(first)) == 50
    assert 'rel="prev"' not in first
    second = client.get(link(first, "next")).text
    third = client.get(link(second, "next")).text
    seen = numbers(first) + numbers(second) + numbers(third)
    assert seen == [f"FW-{20_000 + n}" for n in range(150)]
    assert numbers(client.get(link(third, "prev")).text) == numbers(second)
    narrowed = client.get("/desk/orders?state=held").text
    assert numbers(client.get(link(narrowed, "next")).text)[0] == f"FW-{20_000 + 4 * 50 + 2}"


def test_the_last_page_says_where_it_ends(client: TestClient, plant: Plant) -> None:
    plant.send(*many(51, STATES))
    last = client.get(link(client.get("/desk/orders").text, "next")).text
    assert numbers(last) == ["FW-20050"]
    assert 'rel="next"' not in last
    assert 'rel="prev"' not in client.get(link(last, "prev")).text


def test_orders_of_one_moment_are_neither_lost_nor_shown_twice(client: TestClient, plant: Plant) -> None:
    plant.send(*(Sent(number=f"S-{n}") for n in range(120)))
    seen: list[str] = []
    page = client.get("/desk/orders").text
    while True:
        seen += numbers(page)
        if 'rel="next"' not in page:
            break
        page = client.get(link(page, "next")).text
    assert sorted(seen) == sorted(f"S-{n}" for n in range(120))


@pytest.mark.parametrize("cursor", ["x", "1", "-", "99999999999999999999999-A", "1e9-A"])
def test_a_place_that_is_none_is_refused_in_words(client: TestClient, cursor: str) -> None:
    answer = client.get("/desk/orders", params={"after": cursor})
    assert answer.status_code == 422
    assert "no place in the list" in answer.text


def test_the_number_of_queries_does_not_grow_with_the_rows(client: TestClient, plant: Plant) -> None:
    asked: list[str] = []
    event.listen(plant.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    plant.send(Sent(number="one"))
    asked.clear()
    client.get("/desk/orders")
    for_one = len(asked)
    plant.send(*many(60, [InsertState.ACCEPTED]))
    asked.clear()
    client.get("/desk/orders")
    assert len(asked) == for_one


def test_names_stay_inert_everywhere(client: TestClient, plant: Plant) -> None:
    sent = Sent(
        number=HOSTILE,
        name=HOSTILE + "\u202egnp.exe",
        state=InsertState.FAILED,
        stopped=HOSTILE,
        reason=HOSTILE,
    )
    plant.send(sent)
    for path in ("/desk/orders", f"/desk/orders/{sent.order_id}", f"/desk/orders?number={'%3Cscript%3E'}"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page
        assert "&lt;script&gt;" in page
    assert "⟨U+202E⟩" in client.get(f"/desk/orders/{sent.order_id}").text


def test_one_order_says_why_what_happened_and_what_comes(client: TestClient, plant: Plant) -> None:
    sent = plant.print(Sent(number="N-1", reason="the first order we know of this customer"))
    plant.send(sent)
    page = client.get(f"/desk/orders/{sent.order_id}").text
    for words in (
        "At the press",
        "It is printed, then packed with the order.",
        "First order",
        "the first order we know of this customer",
        "Chosen",
        "€612.30",
        "high value from €480.00",
        "Handed over to hot-folder",
        "Sender told",
        "Resolution of photos",
        "212 ppi",
        "105 × 148 mm",
        "carries the card",
    ):
        assert words in page, words


def test_the_overlays_follow_the_files_own_boxes(client: TestClient, plant: Plant) -> None:
    sent = plant.print(Sent(number="N-1"))
    plant.send(sent)
    page = client.get(f"/desk/orders/{sent.order_id}").text
    width, height = (
        float(n) for n in re.findall(r'class="card" [^>]*width="([\d.]+)mm" height="([\d.]+)mm"', page)[0]
    )
    assert width == pytest.approx(111, abs=0.01)
    assert height == pytest.approx(154, abs=0.01)
    safe = re.search(
        r'class="overlay safe"><rect class="under" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', page
    )
    assert safe
    assert [float(n) for n in safe.groups()] == pytest.approx([5, 5, 95], abs=0.01)


@pytest.mark.parametrize("state", list(InsertState))
def test_every_state_has_its_word_and_its_page(client: TestClient, plant: Plant, state: InsertState) -> None:
    sent = Sent(number="N-1", state=state, stopped="this is why")
    plant.send(sent)
    assert f'href="#shape-{state}"' in client.get("/desk/orders").text
    page = client.get(f"/desk/orders/{sent.order_id}").text
    assert f'id="shape-{state}"' in page
    assert "What happens next" in page


def test_an_order_without_a_card_says_so(client: TestClient, plant: Plant) -> None:
    sent = Sent(number="N-1", state=None, reason="no occasion held")
    plant.send(sent)
    page = client.get(f"/desk/orders/{sent.order_id}").text
    assert "This order travels without a card" in page
    assert "no occasion held" in page
    assert client.get(f"/desk/orders/{sent.order_id}/card.pdf").status_code == 404


def test_a_stand_in_is_called_one(client: TestClient, plant: Plant) -> None:
    sent = plant.print(Sent(number="N-1", degradation=Degradation.GENERIC, stopped="no font has “𓀀”"))
    plant.send(sent)
    assert "generic card stands in" in client.get(f"/desk/orders/{sent.order_id}").text


def test_the_pdf_comes_whole_under_its_name_at_the_press(client: TestClient, plant: Plant) -> None:
    sent = plant.print(Sent(number="N-1"))
    plant.send(sent)
    answer = client.get(f"/desk/orders/{sent.order_id}/card.pdf")
    assert answer.content == plant.artifacts.read(sent.pdf or "", ".pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert f'filename="{sent.job_id}-0.pdf"' in answer.headers["content-disposition"]


def test_an_order_that_does_not_exist_is_not_found_in_words(client: TestClient) -> None:
    answer = client.get("/desk/orders/7ZK")
    assert answer.status_code == 404
    assert "There is no such thing here" in answer.text
    assert "Sign out" in answer.text, "one stays signed in"


def test_what_an_order_would_now_be_tagged_with_is_shown_until_it_is_taken_back(
    client: TestClient, plant: Plant
) -> None:
    sent = Sent(number="N-1")
    plant.send(sent)
    diff = Diff(
        brand=sent.brand,
        order_id=sent.order_id,
        tagged="first",
        before="first",
        after="first_repeat",
        reason="second order, 3 days after the first",
        cause=Cause(kind="order", id="N-0"),
        found_at=NOW,
    )
    with plant.store.transaction() as tx:
        tx.diffs.add(diff)
    page = client.get(f"/desk/orders/{sent.order_id}").text
    assert 'class="diff"' in page
    assert page.count("An earlier order came late (N-0): second order, 3 days after the first") == 1
    with plant.store.transaction() as tx:
        tx.diffs.add(replace(diff, before="first_repeat", after="first"))
    page = client.get(f"/desk/orders/{sent.order_id}").text
    assert 'class="diff"' not in page
    assert "Would be tagged as it was again" in page


def test_a_held_order_is_released_from_its_page(client: TestClient, plant: Plant) -> None:
    sent = Sent(number="A-1", state=InsertState.HELD)
    plant.send(sent)
    page = client.get(f"/desk/orders/{sent.order_id}").text
    assert "Release without a card" in page
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    address = f"/desk/orders/{sent.order_id}/release"
    same = {"Sec-Fetch-Site": "same-origin"}
    assert client.post(address, headers=same).status_code == 403
    answer = client.post(address, data={"csrf": csrf}, headers=same, follow_redirects=False)
    assert answer.status_code == 303
    after = client.get(f"/desk/orders/{sent.order_id}").text
    assert "Released by Mina" in after
    assert "Release without a card" not in after
    assert client.post(address, data={"csrf": csrf}, headers=same).status_code == 409
