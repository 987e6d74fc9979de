"""`/v1/bench` and reprints over HTTP: what is answered, who may, and what is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from app.domain.access import Role
from app.domain.bench_code import bench_code
from app.domain.ids import order_id
from tests.bench import BRAND, BRANDS, NOW, put_order
from tests.reception import Reception, open_reception


@dataclass
class Packer:
    """Somebody with an operator's key at bench 1, and two orders whose cards are at the press."""

    reception: Reception
    jobs: tuple[str, str]
    key: str

    def code(self, job: int, generation: int = 0) -> str:
        secret = self.reception.services.secret.bench
        return bench_code(secret, BRANDS[BRAND].key, self.jobs[job], generation)

    def post(self, path: str, *, key: str = "", idempotency: str = "", **body: Any) -> Response:
        sent = {"Authorization": f"Bearer {key or self.key}", "Idempotency-Key": idempotency}
        return self.reception.client.post(f"/v1{path}", json=body, headers=sent)

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.reception.client.get(f"/v1{path}", headers=headers).json()

    def scan(self, scan_id: str, code: str, parcel: str) -> Any:
        answer = self.post("/bench/scans", id=scan_id, code=code, parcel=parcel, station="bench-1")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def packer(tmp_path: Path) -> Iterator[Packer]:
    with open_reception(tmp_path) as reception:
        with reception.services.store.transaction() as tx:
            jobs = put_order(tx, "B-1", needed_by=NOW + timedelta(hours=1)), put_order(tx, "B-2")
        yield Packer(reception, jobs, reception.add_key(Role.OPERATOR))


def test_a_match_says_what_to_do_and_what_the_parcel_has(packer: Packer) -> None:
    told = packer.scan("1", packer.code(0), "B-1")
    assert (told["verdict"], told["doubt"], told["repeated"]) == ("match", "", False)
    assert told["headline"] == "Right card for order B-1."
    assert told["advice"] == "Put it in and close the parcel."
    parcel = told["parcel"]
    assert (parcel["complete"], parcel["packed"], parcel["expected"]) == (True, 1, 1)
    assert (told["piece"]["state"], told["piece"]["title"]) == ("packed", "card")
    assert packer.scan("1", packer.code(0), "B-1")["repeated"]


def test_a_mismatch_is_listed_until_it_is_cleared(packer: Packer) -> None:
    told = packer.scan("1", packer.code(1), "B-1")
    assert told["verdict"] == "mismatch"
    assert told["headline"] == "Wrong parcel. This card belongs to order B-2, not to order B-1."
    (block,) = packer.get("/bench/parcels/blocked")["blocks"]
    assert (block["order"], block["station"], block["cleared_at"]) == (
        order_id(BRAND, "B-1"),
        "bench-1",
        None,
    )
    path = f"/bench/parcels/{block['order']}/clear"
    plant = packer.reception.key
    assert packer.post(path, key=plant, reason="repacked").status_code == 403
    assert packer.post(path, reason="because").status_code == 422
    (cleared,) = packer.post(path, reason="repacked", note="both looked at").json()["blocks"]
    assert (cleared["cleared_by"], cleared["reason"], cleared["note"]) == (
        "operator",
        "repacked",
        "both looked at",
    )
    assert packer.get("/bench/parcels/blocked")["blocks"] == []


def test_a_match_can_be_taken_back(packer: Packer) -> None:
    packer.scan("1", packer.code(0), "B-1")
    packer.reception.clock.advance(timedelta(seconds=9))
    undone = packer.post("/bench/scans/1/undo").json()
    assert (undone["undone"], undone["piece"]["state"], undone["undo_until"]) == (True, "accepted", None)
    assert undone["headline"] == "Taken back: the card is not packed."
    assert packer.post("/bench/scans/2/undo").status_code == 404


def test_what_is_packed_next_is_listed_until_it_is(packer: Packer) -> None:
    assert [piece["number"] for piece in packer.get("/bench/next")["pieces"]] == ["B-1", "B-2"]
    packer.scan("1", packer.code(0), "B-1")
    assert [piece["number"] for piece in packer.get(f"/bench/next?brand={BRAND}")["pieces"]] == ["B-2"]
    assert packer.get("/bench/next?brand=maple-row")["pieces"] == []


def test_a_reprint_is_answered_listed_and_voids_the_earlier_print(packer: Packer) -> None:
    path = f"/jobs/{packer.jobs[0]}/reprint"
    made = packer.post(path, idempotency="k", reason="damaged", note="creased")
    assert made.status_code == 200
    assert (made.json()["generation"], made.json()["who"], made.json()["note"]) == (1, "operator", "creased")
    assert packer.post(path, idempotency="k", reason="damaged", note="creased").json() == made.json()
    assert packer.post(path, idempotency="k", reason="lost").status_code == 422
    assert packer.post(path, reason="lost").status_code == 409
    assert packer.get(f"/jobs/{packer.jobs[0]}/reprints")["reprints"] == [made.json()]
    assert packer.scan("1", packer.code(0), "B-1")["verdict"] == "void_generation"


def test_a_designer_neither_packs_nor_prints_again(packer: Packer) -> None:
    key = packer.reception.add_key(Role.DESIGNER)
    assert packer.post(f"/jobs/{packer.jobs[0]}/reprint", key=key, reason="lost").status_code == 403
    sent = {"id": "1", "code": "x", "parcel": "y", "station": "bench-1"}
    assert packer.post("/bench/scans", key=key, **sent).status_code == 403


def test_scans_are_counted_once_by_verdict_and_blocked_orders_shown(packer: Packer) -> None:
    for _ in range(2):
        packer.scan("1", packer.code(0), "B-1")
        packer.scan("2", packer.code(0), "B-2")
        packer.scan("3", "no card", "B-2")
    page = packer.reception.client.get("/metrics").text
    assert f'tipin_bench_scans_total{{brand="{BRAND}",verdict="match"}} 1.0' in page
    assert f'tipin_bench_scans_total{{brand="{BRAND}",verdict="mismatch"}} 1.0' in page
    assert f'tipin_bench_scans_total{{brand="{BRAND}",verdict="unknown"}} 1.0' in page
    assert f'tipin_bench_blocked{{brand="{BRAND}"}} 1.0' in page
