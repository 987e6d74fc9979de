"""Orders as plants and shops post them, and what they are answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from app.domain.access import Role
from tests.reception import Reception, native_order, open_reception, shopify_body, siteflow_body
from tests.sound_pdf import saved, sound


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        yield reception


def test_a_native_order_is_answered_with_jobs_tag_and_card(reception: Reception) -> None:
    answer = reception.post(native_order())
    assert answer.status_code == 201
    order = answer.json()
    assert answer.headers["location"] == order["links"]["self"]
    assert [job["source_item_id"] for job in order["jobs"]] == ["1", "2"]
    assert [job["carries_insert"] for job in order["jobs"]].count(True) <= 1
    assert order["tag"]["reason"]
    assert order["tag"]["facts"]["n_prior"] == 0
    assert reception.counts()["orders"] == reception.counts()["tags"] == 1
    assert reception.counts()["jobs"] == 2


def test_a_first_order_gets_its_card_planned_and_begun(reception: Reception) -> None:
    order = reception.post(native_order()).json()
    assert order["tag"]["occasion"] == "first"
    assert order["card"]["template"] == "hearth"
    assert order["card"]["language"] == "de"
    assert order["card"]["state"] == "planned"
    assert reception.queue.inserts == [order["jobs"][0]["id"]]


def test_site_flow_and_shopify_orders_come_by_their_own_doors(reception: Reception) -> None:
    siteflow, shopify = reception.post_siteflow(siteflow_body()), reception.post_shopify(shopify_body())
    assert (siteflow.status_code, shopify.status_code) == (201, 201)
    assert siteflow.json()["brand"] == "maple-row"
    assert shopify.json()["brand"] == "fernweh"
    assert reception.counts()["orders"] == 2


def test_the_same_order_again_is_answered_with_the_same_bytes(reception: Reception) -> None:
    first = reception.post(native_order())
    reception.clock.advance(timedelta(hours=1))
    again = reception.post(json.dumps(native_order(), indent=4).encode())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert reception.counts()["orders"] == 1
    assert len(reception.queue.inserts) == 1


def test_a_webhook_delivered_twice_is_one_order(reception: Reception) -> None:
    first, again = reception.post_shopify(shopify_body()), reception.post_shopify(shopify_body())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert reception.counts()["orders"] == 1


def test_a_site_flow_order_without_a_date_may_be_repeated_later(reception: Reception) -> None:
    body = siteflow_body().replace(b'"placedAt"', b'"otherDate"')
    first = reception.post_siteflow(body)
    reception.clock.advance(timedelta(minutes=30))
    again = reception.post_siteflow(body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content


def test_one_order_id_with_another_content_is_a_conflict(reception: Reception) -> None:
    reception.post(native_order())
    answer = reception.post(native_order(country="AT"))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/conflict"
    assert answer.json()["mend"]
    assert reception.counts()["orders"] == 1
    assert reception.letters() == []


def test_an_idempotency_key_is_bound_to_its_body(reception: Reception) -> None:
    first = reception.post(native_order(), **{"Idempotency-Key": "k-1"})
    again = reception.post(native_order(), **{"Idempotency-Key": "k-1"})
    other = reception.post(native_order(id="FW-2"), **{"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert again.content == first.content
    assert other.json()["type"] == "/problems/idempotency-mismatch"
    assert reception.counts()["orders"] == 1


def test_an_unreadable_idempotency_key_is_refused(reception: Reception) -> None:
    answer = reception.post(native_order(), **{"Idempotency-Key": "k" * 256})
    assert answer.status_code == 422
    assert answer.json()["violations"][0]["pointer"] == "/header/idempotency-key"
    assert reception.counts()["orders"] == 0


@pytest.mark.parametrize("keyed", [False, True])
def test_two_identical_posts_at_once_make_one_order(reception: Reception, *, keyed: bool) -> None:
    gate, answers = Barrier(4), []
    headers = {"Idempotency-Key": "k-1"} if keyed else {}

    def post() -> None:
        gate.wait()
        answers.append(reception.post(native_order(), **headers))

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    assert reception.counts()["orders"] == reception.counts()["tags"] == 1
    assert len(reception.queue.inserts) == 1


def test_an_order_is_read_back_as_it_was_answered(reception: Reception) -> None:
    answered = reception.post(native_order()).json()
    assert reception.get(f"/v1/orders/{answered['id']}").json() == answered


def test_a_job_says_where_its_orders_card_is(reception: Reception) -> None:
    order = reception.post(native_order()).json()
    first, second = (reception.get(f"/v1/jobs/{job['id']}").json() for job in order["jobs"])
    assert first["carries_insert"]
    assert not second["carries_insert"]
    assert first["links"]["insert"] == second["links"]["insert"]
    assert second["order"] == order["id"]


def test_an_insert_that_is_not_drawn_yet_is_a_conflict_that_says_when(reception: Reception) -> None:
    job, other = (job["id"] for job in reception.post(native_order()).json()["jobs"])
    answer = reception.get(f"/v1/jobs/{job}/insert.pdf")
    assert answer.status_code == 409
    assert "state planned, due 2025-11-03T14:00:00Z" in answer.json()["detail"]
    elsewhere = reception.get(f"/v1/jobs/{other}/insert.pdf")
    assert elsewhere.status_code == 404
    assert f"/v1/jobs/{job}/insert.pdf" in elsewhere.json()["mend"]


def test_an_insert_is_fetched_once_and_then_only_compared(reception: Reception) -> None:
    job = reception.post(native_order()).json()["jobs"][0]["id"]
    sha256 = reception.services.artifacts.put(b"%PDF-1.6 a card", ".pdf")
    with reception.services.store.transaction() as tx:
        tx.session.connection().exec_driver_sql(
            "UPDATE inserts SET state = 'ready', pdf_sha256 = ?", (sha256,)
        )
    path = f"/v1/jobs/{job}/insert.pdf"
    fetched = reception.get(path)
    assert fetched.content == b"%PDF-1.6 a card"
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["etag"] == f'"{sha256}"'
    assert f"{job}-0.pdf" in fetched.headers["content-disposition"]
    assert reception.get(path, **{"If-None-Match": f'W/"{sha256}", "x"'}).status_code == 304
    assert reception.get(path, **{"If-None-Match": '"x"'}).status_code == 200


def test_an_insert_is_seen_in_every_view(reception: Reception) -> None:
    job = reception.post(native_order()).json()["jobs"][0]["id"]
    path = f"/v1/jobs/{job}/insert.jpg"
    assert reception.get(path).status_code == 409
    sha256 = reception.services.artifacts.put(saved(sound()), ".pdf")
    with reception.services.store.transaction() as tx:
        tx.session.connection().exec_driver_sql(
            "UPDATE inserts SET state = 'ready', pdf_sha256 = ?", (sha256,)
        )
    seen = {}
    for query in (
        "view=page",
        "view=proof&side=back",
        "view=ink",
        "view=separations&ink=Black",
        "size=thumb",
    ):
        answer = reception.get(f"{path}?{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        seen[answer.headers["etag"]] = answer.content
    assert len(set(seen.values())) == len(seen) == 5
    again = reception.get(f"{path}?size=thumb", **{"If-None-Match": list(seen)[-1]})
    assert again.status_code == 304
    unknown = reception.get(f"{path}?view=separations&ink=Teal")
    assert unknown.status_code == 404
    assert reception.get(f"{path}?view=sideways").status_code == 422


def test_an_order_without_a_card_says_why_and_has_no_file(reception: Reception) -> None:
    order = reception.post(native_order(supplied_insert=True)).json()
    assert order["card"] is None
    assert order["tag"]["reason"]
    answer = reception.get(f"/v1/jobs/{order['jobs'][0]['id']}/insert.pdf")
    assert answer.status_code == 404
    assert order["tag"]["reason"] in answer.json()["detail"]


def test_a_brands_key_needs_not_name_its_brand_and_cannot_name_another(reception: Reception) -> None:
    reception.key = reception.add_key(brand="fernweh")
    unnamed = {name: value for name, value in native_order().items() if name != "brand"}
    assert reception.post(unnamed).json()["brand"] == "fernweh"
    refused = reception.post(native_order(brand="maple-row", id="2"))
    assert refused.status_code == 403
    assert reception.letters() == []


def test_another_brands_orders_are_not_there(reception: Reception) -> None:
    order = reception.post(native_order()).json()
    reception.key = reception.add_key(brand="maple-row")
    job = order["jobs"][0]["id"]
    for path in (f"/v1/orders/{order['id']}", f"/v1/jobs/{job}", f"/v1/jobs/{job}/insert.pdf"):
        assert reception.get(path).status_code == 404


def test_a_designer_may_not_read_orders(reception: Reception) -> None:
    order = reception.post(native_order()).json()
    reception.key = reception.add_key(Role.DESIGNER)
    assert reception.get(f"/v1/orders/{order['id']}").status_code == 403
    assert reception.post(native_order(id="2")).status_code == 403


def test_addresses_are_stored_nowhere(reception: Reception) -> None:
    reception.post(native_order())
    reception.post_shopify(shopify_body())
    reception.post_siteflow(siteflow_body())
    with reception.services.store.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    for private in ("jonna@example.com", "ada@example.com", "Lange Gasse", "Mill Lane"):
        assert private not in dump


def test_orders_are_listed_newest_first_a_page_at_a_time(reception: Reception) -> None:
    ids = []
    for number in range(5):
        ids.append(reception.post(native_order(id=f"FW-{number}")).json()["id"])
        reception.clock.advance(timedelta(seconds=1))
    seen: list[str] = []
    path = "/v1/orders?limit=2&brand=fernweh"
    while path:
        page = reception.get(path)
        seen += [order["id"] for order in page.json()["orders"]]
        path = page.links["next"]["url"].removeprefix("http://127.0.0.1:8000") if "next" in page.links else ""
    assert seen == ids[::-1]


def test_the_list_names_nobody_and_is_narrowed_by_what_is_asked(reception: Reception) -> None:
    reception.post(native_order())
    reception.post_siteflow(siteflow_body())
    everything = reception.get("/v1/orders")
    assert len(everything.json()["orders"]) == 2
    assert "Jonna" not in everything.text
    assert len(reception.get("/v1/orders?brand=maple-row").json()["orders"]) == 1
    assert len(reception.get("/v1/orders?state=no_card").json()["orders"]) == 0
    reception.key = reception.add_key(brand="fernweh")
    assert [o["brand"] for o in reception.get("/v1/orders").json()["orders"]] == ["fernweh"]
