"""`/v1/targets` over HTTP, and the pieces that nobody is certain of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from httpx2 import Response

from app.domain.access import Role
from app.domain.insert import InsertState
from tests.reception import Reception, open_reception
from tests.stored import planned, put_order

JOB = "JOB0000000001"


@pytest.fixture(scope="module")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("targets")) as reception:
        with reception.services.store.transaction() as tx:
            put_order(tx, "ORDER00000001", JOB)
            tx.inserts.plan(replace(planned("ORDER00000001", JOB), target="hot-folder"))
        yield reception


@pytest.fixture
def reception(_opened: Reception) -> Reception:
    _opened.key = _opened.add_key(Role.OPERATOR)
    _opened.queue.handings.clear()
    _opened.queue.tendings.clear()
    return _opened


def _post(reception: Reception, path: str, key: str = "") -> Response:
    return reception.client.post(path, headers={"X-Api-Key": key or reception.key})


def _become(reception: Reception, state: InsertState) -> None:
    with reception.services.store.transaction() as tx:
        assert tx.components.move(tx.components.get(JOB), state)


def test_a_target_is_listed_with_all_that_is_known(reception: Reception) -> None:
    (one,) = reception.get("/v1/targets").json()["targets"]
    assert (one["name"], one["driver"], one["gate"], one["trouble"]) == (
        "hot-folder",
        "hot_folder",
        "open",
        "",
    )
    assert reception.get("/v1/targets/hot-folder").json() == one
    assert reception.get("/v1/targets/fax").status_code == 404


def test_pausing_draining_and_resuming_is_kept_with_who_did_it(reception: Reception) -> None:
    for verb, gate in (("pause", "paused"), ("drain", "draining"), ("resume", "open")):
        for _ in range(2):
            answer: dict[str, Any] = _post(reception, f"/v1/targets/hot-folder/{verb}").json()
            assert (answer["gate"], answer["gate_by"]) == (gate, "operator")
    assert reception.queue.tendings == ["hot-folder"] * 3


@pytest.mark.parametrize(("role", "brand"), [(Role.PLANT, ""), (Role.DESIGNER, ""), (Role.OPERATOR, "acme")])
def test_who_may_not_pause_a_target(reception: Reception, role: Role, brand: str) -> None:
    key = reception.add_key(role, brand)
    assert _post(reception, "/v1/targets/hot-folder/pause", key).status_code == 403
    assert reception.get("/v1/targets/hot-folder").json()["gate"] == "open"


def test_an_uncertain_piece_is_settled_either_way(reception: Reception) -> None:
    assert _post(reception, f"/v1/components/{JOB}/printed").status_code == 409
    _become(reception, InsertState.UNKNOWN)
    assert reception.get("/v1/targets/hot-folder").json()["unknown"] == 1
    answer = _post(reception, f"/v1/components/{JOB}/not-printed").json()
    assert (answer["state"], answer["reason"]) == ("ready", "marked as not printed")
    (handing,) = reception.queue.handings
    assert handing.startswith(f"{JOB}-0 ")
    _become(reception, InsertState.UNKNOWN)
    answer = _post(reception, f"/v1/components/{JOB}/printed").json()
    assert (answer["state"], answer["reason"]) == ("done_by_device", "marked as printed")


def test_another_brand_s_piece_is_not_there(reception: Reception) -> None:
    _become(reception, InsertState.UNKNOWN)
    key = reception.add_key(Role.OPERATOR, "fernweh")
    assert _post(reception, f"/v1/components/{JOB}/printed", key).status_code == 404
    assert _post(reception, "/v1/components/none/printed").status_code == 404


def test_what_a_folder_never_had_cannot_be_taken_back(reception: Reception) -> None:
    _become(reception, InsertState.ACCEPTED)
    answer = _post(reception, f"/v1/components/{JOB}/recall")
    assert (answer.status_code, "too late" in answer.json()["detail"]) == (409, True)
