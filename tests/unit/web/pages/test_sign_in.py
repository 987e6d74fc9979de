from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.domain.access import Role
from app.store.tables import SessionRow
from app.web.pages.session import local_path
from tests.desk import OPERATOR, PASSWORD, Plant, sign_in

SAME = {"Sec-Fetch-Site": "same-origin"}


def enter(client: TestClient, **fields: str) -> int:
    data = {"name": OPERATOR, "password": PASSWORD, **fields}
    return client.post("/desk/sign-in", data=data, headers=SAME, follow_redirects=False).status_code


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_stranger_is_sent_to_sign_in_and_back(stranger: TestClient) -> None:
    answer = stranger.get("/desk/orders?state=held", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/sign-in?to=/desk/orders%3Fstate%3Dheld"
    back = stranger.post(
        "/desk/sign-in",
        data={"name": OPERATOR, "password": PASSWORD, "to": "/desk/orders?state=held"},
        headers=SAME,
        follow_redirects=False,
    )
    assert back.headers["location"] == "/desk/orders?state=held"


@pytest.mark.parametrize("path", ["/orders/X", "/orders/X/card.pdf", "/orders/live", "/orders/X/live"])
def test_nothing_is_shown_to_a_stranger(stranger: TestClient, path: str) -> None:
    assert stranger.get(f"/desk{path}", follow_redirects=False).status_code == 303


def test_a_picture_is_not_shown_to_a_stranger(stranger: TestClient) -> None:
    answer = stranger.get(f"/desk/cards/J/{'0' * 64}/front-thumb.jpg", follow_redirects=False)
    assert answer.status_code == 303


def test_the_cookie_is_strict_and_hidden_from_scripts(stranger: TestClient) -> None:
    answer = stranger.post(
        "/desk/sign-in",
        data={"name": OPERATOR, "password": PASSWORD},
        headers=SAME,
        follow_redirects=False,
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age=43200" in cookie


def test_over_tls_the_cookie_is_bound_to_this_host(plant: Plant) -> None:
    app = plant.app(public_url="https://cards.example.com/")
    with TestClient(app, base_url="https://cards.example.com") as client:
        sign_in(client)
        assert list(client.cookies) == ["__Host-tipin"]
        assert client.get("/desk/orders").status_code == 200


def test_only_the_cookies_hash_is_kept(client: TestClient, plant: Plant) -> None:
    token = client.cookies["tipin"]
    with plant.store.reading() as tx:
        (kept,) = tx.session.exec(select(SessionRow)).all()
    assert token not in repr(kept)


@pytest.mark.parametrize(
    "fields", [{"password": "another one"}, {"name": "Nobody"}, {"password": "x" * 5_000}]
)
def test_a_wrong_name_or_password_says_the_same(stranger: TestClient, fields: dict[str, str]) -> None:
    answer = stranger.post(
        "/desk/sign-in", data={"name": OPERATOR, "password": PASSWORD, **fields}, headers=SAME
    )
    assert answer.status_code == 403
    assert "do not go together" in answer.text
    assert "tipin" not in stranger.cookies


def test_tries_are_limited_and_the_wait_is_told(stranger: TestClient) -> None:
    assert [enter(stranger, password="wrong") for _ in range(5)] == [403] * 5
    answer = stranger.post("/desk/sign-in", data={"name": OPERATOR, "password": PASSWORD}, headers=SAME)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert "Too many tries" in answer.text


def test_somebody_else_may_still_sign_in_meanwhile(stranger: TestClient, plant: Plant) -> None:
    plant.add_person("Ole")
    for _ in range(5):
        enter(stranger, password="wrong")
    assert enter(stranger, name="Ole") == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_elsewhere_is_refused(stranger: TestClient, headers: dict[str, str]) -> None:
    answer = stranger.post("/desk/sign-in", data={"name": OPERATOR, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "not sent from tipin" in answer.text


def test_over_plain_http_the_origin_is_proof_enough(stranger: TestClient) -> None:
    answer = stranger.post(
        "/desk/sign-in",
        data={"name": OPERATOR, "password": PASSWORD},
        headers={"Origin": "http://testserver"},
        follow_redirects=False,
    )
    assert answer.status_code == 303


def test_signing_out_ends_the_session_for_good(client: TestClient) -> None:
    token = client.cookies["tipin"]
    page = client.get("/desk/orders").text
    answer = client.post("/desk/sign-out", data={"csrf": csrf(page)}, headers=SAME, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache"'
    client.cookies.set("tipin", token)
    assert client.get("/desk/orders", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("data", [{}, {"csrf": ""}, {"csrf": "ümläut"}])
def test_signing_out_needs_the_sessions_token(client: TestClient, data: dict[str, str]) -> None:
    answer = client.post("/desk/sign-out", data=data, headers=SAME)
    assert answer.status_code == 403
    assert "earlier session" in answer.text
    assert client.get("/desk/orders", follow_redirects=False).status_code == 200


def test_a_token_of_another_session_is_refused(client: TestClient) -> None:
    old = csrf(client.get("/desk/orders").text)
    sign_in(client)
    assert client.post("/desk/sign-out", data={"csrf": old}, headers=SAME).status_code == 403


def test_a_session_runs_out(client: TestClient, plant: Plant) -> None:
    plant.clock.at += timedelta(hours=11, minutes=59)
    assert client.get("/desk/orders", follow_redirects=False).status_code == 200
    plant.clock.at += timedelta(minutes=2)
    assert client.get("/desk/orders", follow_redirects=False).status_code == 303


def test_sessions_that_ran_out_are_forgotten_at_the_next_sign_in(client: TestClient, plant: Plant) -> None:
    plant.clock.at += timedelta(hours=13)
    sign_in(client)
    with plant.store.reading() as tx:
        assert len(tx.session.exec(select(SessionRow)).all()) == 1


def test_another_password_or_role_ends_every_session(client: TestClient, plant: Plant) -> None:
    plant.add_person(OPERATOR)
    assert client.get("/desk/orders", follow_redirects=False).status_code == 303


def test_a_designer_sees_no_orders(stranger: TestClient, plant: Plant) -> None:
    plant.add_person("Ines", role=Role.DESIGNER)
    sign_in(stranger, "Ines")
    answer = stranger.get("/desk/orders")
    assert answer.status_code == 403
    assert "a designer sees no orders" in answer.text


def test_a_link_from_a_mail_asks_again_from_our_own_page(stranger: TestClient) -> None:
    # The browser keeps a strict cookie back on the way in from elsewhere.
    answer = stranger.get(
        "/desk/orders?state=held", headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False
    )
    assert answer.status_code == 200
    assert 'content="0;url=/desk/orders?state=held"' in answer.text


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/desk/orders/7ZK?x=1", "/desk/orders/7ZK?x=1"),
        ("", "/desk/orders"),
        ("https://elsewhere.example/desk/", "/desk/orders"),
        ("//elsewhere.example/desk/", "/desk/orders"),
        ("/\\elsewhere.example", "/desk/orders"),
        ("/desk/\\elsewhere.example", "/desk/orders"),
        ("/v1/orders", "/desk/orders"),
        ("javascript:alert(1)", "/desk/orders"),
    ],
)
def test_after_signing_in_one_stays_on_these_pages(wanted: str, goes: str) -> None:
    assert local_path(wanted, "/desk") == goes
