"""`/v1/sheets` over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.access import Role
from app.domain.component import component_key
from app.domain.gang_sheet import GangPlace, GangSheet, SheetForm, SheetState
from app.domain.sheet import CutOrder
from tests.reception import NOW, Reception, open_reception
from tests.stored import planned, put_order

JOB = "JOB0000000001"
_SHEET = GangSheet(
    brand="fernweh",
    id="SHEET00000001",
    target="hot-folder",
    kind="cards",
    form=SheetForm(
        sheet=(320.0, 450.0),
        margin=4.0,
        trim=(105.0, 148.0),
        bleed=3.0,
        gap=3.0,
        order=CutOrder.CUT_STACK,
        sheets=1,
        two_sided=True,
    ),
    room=8,
    state=SheetState.OPEN,
    opened_at=NOW,
    close_at=NOW + timedelta(hours=4),
)


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("sheets")) as opened:
        with opened.services.store.transaction() as tx:
            put_order(tx, "ORDER00000001", JOB)
            insert = replace(planned("ORDER00000001", JOB), target="hot-folder")
            tx.inserts.plan(insert)
            sheet = replace(_SHEET, brand=insert.brand)
            tx.gang_sheets.open(sheet)
            place = GangPlace(number=0, count=1, record=JOB, component=0, generation=0)
            tx.gang_sheets.place(sheet, place, close_at=sheet.close_at)
        opened.key = opened.add_key(Role.OPERATOR)
        yield opened


def test_a_sheet_is_seen_closed_by_hand_and_told_of(reception: Reception) -> None:
    (one,) = reception.get("/v1/sheets").json()["sheets"]
    assert (one["id"], one["state"], one["room"], one["taken"]) == (_SHEET.id, "open", 8, 1)
    assert one["paper"]["name"] == "SRA3"
    assert one["progress"] == {"looked_at": 0, "places": 1}
    seen = reception.get(f"/v1/sheets/{_SHEET.id}").json()
    (place,) = seen.pop("places")
    assert (seen.pop("pages"), seen) == (0, one)
    assert (place["piece"], place["order"], place["state"]) == (
        component_key(JOB, 0),
        "ORDER00000001",
        "planned",
    )
    assert (place["stands"], place["left_out"], place["void"]) == ([], "", False)
    assert reception.get("/v1/sheets?state=accepted").json() == {"sheets": []}
    for _ in range(2):
        path, note = f"/v1/sheets/{_SHEET.id}/close", {"note": "the courier is early"}
        closed = reception.client.post(path, headers={"X-Api-Key": reception.key}, json=note)
        assert (closed.status_code, closed.json()["state"]) == (200, "closed")
        assert closed.json()["closed_by"] == Role.OPERATOR
        assert closed.json()["note"] == "the courier is early"
    assert reception.queue.sheets == [f"{_SHEET.id} 1"]
    for end in ("printed", "not-printed"):
        path = f"/v1/sheets/{_SHEET.id}/{end}"
        settled = reception.client.post(path, headers={"X-Api-Key": reception.key})
        assert settled.status_code == 409, "nothing about it is uncertain"
    back = f"/v1/sheets/{_SHEET.id}/recall"
    for body, status in (({}, 422), ({"note": " "}, 422), ({"note": "the wrong paper"}, 409)):
        refused = reception.client.post(back, headers={"X-Api-Key": reception.key}, json=body)
        assert refused.status_code == status, "it is at no press yet"


def test_an_unknown_sheet_is_not_found(reception: Reception) -> None:
    assert reception.get("/v1/sheets/NONE").status_code == 404
    assert reception.get("/v1/sheets/NONE/sheet.pdf").status_code == 404


def test_a_sheet_of_which_no_piece_is_drawn_has_no_file(reception: Reception) -> None:
    assert reception.get(f"/v1/sheets/{_SHEET.id}/pages/1.jpg").status_code == 409
    assert reception.get(f"/v1/sheets/{_SHEET.id}/sheet.pdf").status_code == 409


def test_another_brands_key_sees_none_of_it(reception: Reception) -> None:
    key = reception.add_key(Role.OPERATOR, brand="another")
    seen = reception.client.get("/v1/sheets", headers={"X-Api-Key": key})
    assert seen.json() == {"sheets": []}
    one = reception.client.get(f"/v1/sheets/{_SHEET.id}", headers={"X-Api-Key": key})
    assert one.status_code == 404
