"""The pages inside the whole service."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.access import Caller, Role
from app.web.pages.sample import sample_call, sample_order
from tests.desk import HASH, sign_in
from tests.reception import NOW, Reception, open_reception


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        with reception.services.store.transaction() as tx:
            tx.access.set_operator(Caller(name="Mina", role=Role.OPERATOR), HASH)
        yield reception


def test_the_service_leads_to_its_pages(reception: Reception) -> None:
    answer = reception.client.get("/")
    assert answer.url.path == "/desk/sign-in"
    assert "script-src 'nonce-" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"]


def test_the_api_keeps_its_own_headers_and_errors(reception: Reception) -> None:
    answer = reception.client.get("/v1/nowhere")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_a_posted_order_stands_in_the_list_with_its_reason(reception: Reception) -> None:
    sign_in(reception.client)
    order = sample_order(reception.services.brands.files["fernweh"], NOW)
    answer = reception.post(order)
    assert answer.status_code == 201
    assert str(order["id"]) in reception.client.get("/desk/orders").text
    page = reception.client.get(f"/desk/orders/{answer.json()['id']}").text
    assert "Jonna" in page
    assert "Planned" in page
    assert "First order" in page


def test_the_sample_call_posts_that_order(reception: Reception) -> None:
    brands = reception.services.brands.files
    words = shlex.split(sample_call(brands, "https://cards.example.com/", NOW).replace("\\\n", " "))
    assert words[:2] == ["curl", "https://cards.example.com/v1/orders"]
    assert reception.post(json.loads(words[-1])).status_code == 201


def test_without_a_brand_there_is_no_sample_call() -> None:
    assert sample_call({}, "https://cards.example.com/", NOW) == ""
