"""A sender that sends too much is told when to go on; others are not held up by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reception import Reception, native_order, open_reception, shopify_body


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path, requests_a_second=0.001, requests_at_once=2) as reception:
        yield reception


def test_one_key_over_its_rate_is_told_when_to_go_on(reception: Reception) -> None:
    assert [reception.post(native_order(id=name)).status_code for name in ("A", "B")] == [201, 201]
    answer = reception.post(native_order(id="C"))
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-requests")
    assert 0 < int(answer.headers["retry-after"]) <= 1000
    assert "TIPIN_REQUESTS_A_SECOND" in answer.json()["mend"]
    assert reception.key not in answer.text
    assert reception.counts()["orders"] == 2
    assert reception.get("/v1/orders").status_code == 429, "every request of the key counts"
    other = reception.add_key()
    assert reception.get("/v1/orders", Authorization=f"Bearer {other}").status_code == 200


def test_an_unknown_key_fills_no_memory(reception: Reception) -> None:
    for number in range(5):
        answer = reception.get("/v1/orders", Authorization=f"Bearer {number}")
        assert answer.status_code == 401


def test_a_signed_hook_has_a_rate_of_its_own(reception: Reception) -> None:
    statuses = [reception.post_shopify(shopify_body()).status_code for _ in range(3)]
    assert statuses == [201, 200, 429]
    assert reception.get("/v1/orders").status_code == 200
