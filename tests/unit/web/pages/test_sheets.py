"""The pages of gang sheets: the list, one sheet with what stands where, and what people do there."""

from __future__ import annotations

import io
from datetime import timedelta
from unittest.mock import create_autospec

import numpy as np
import pikepdf
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.domain.access import Role
from app.domain.gang_sheet import GangSheet, SheetState
from app.domain.insert import InsertState
from app.domain.ticket import SilentTarget
from tests.desk import Plant, sign_in
from tests.sent import NOW, Sent
from tests.shown_sheets import put_sheet

SAME = {"Sec-Fetch-Site": "same-origin"}
_READY, _THERE = InsertState.READY, InsertState.ACCEPTED


def _sent(count: int, state: InsertState) -> list[Sent]:
    return [Sent(number=f"FW-{number + 1}", state=state) for number in range(count)]


def _csrf(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def _post(client: TestClient, path: str, **data: str) -> str:
    token = _csrf(client.get("/desk/sheets/SHEET00000001").text)
    answer = client.post(f"/desk/sheets/{path}", data={"csrf": token, **data}, headers=SAME)
    assert answer.status_code == 200, answer.text
    return answer.text


def _now(plant: Plant, sheet: GangSheet) -> GangSheet:
    with plant.store.reading() as tx:
        return tx.gang_sheets.get(sheet.brand, sheet.id)


def test_an_empty_list_teaches(client: TestClient) -> None:
    page = client.get("/desk/sheets").text
    assert "No target gangs its pieces" in page
    assert '"gang": {"sheet": "SRA3"' in page


def test_the_list_tells_how_full_sheets_are_and_when_they_close(client: TestClient, plant: Plant) -> None:
    put_sheet(plant, _sent(3, _READY))
    page = client.get("/desk/sheets").text
    assert "Filling up" in page
    assert "<strong>3</strong> of 8 places" in page
    assert "closes when full, at the latest" in page
    assert page.count('class="cell"') == 8
    assert page.count('class="taken"') == 3


def test_a_sheet_shows_both_sides_and_what_stands_where(client: TestClient, plant: Plant) -> None:
    put_sheet(plant, _sent(3, _THERE), state=SheetState.ACCEPTED, closed_at=NOW, closed_by="full")
    page = client.get("/desk/sheets/SHEET00000001").text
    for place in (1, 2, 3):
        assert f'aria-label="Place {place}: order FW-{place}"' in page
    assert "it was full" in page
    assert page.count("Print place") == 3
    for number in (1, 2):
        answer = client.get(f"/desk/sheets/SHEET00000001/pages/{number}.jpg")
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == (1210, 1701)
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/desk/sheets/SHEET00000001/pages/2.jpg", headers=known).status_code == 304
    assert client.get("/desk/sheets/SHEET00000001/pages/3.jpg").status_code == 404
    assert client.get("/desk/sheets/SHEET00000001?sheet=2").status_code == 404
    pdf = client.get("/desk/sheets/SHEET00000001/sheet.pdf")
    assert 'filename="SHEET00000001.pdf"' in pdf.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(pdf.content)) as file:
        assert len(file.pages) == 2


def test_a_pile_is_turned_sheet_by_sheet(client: TestClient, plant: Plant) -> None:
    put_sheet(plant, _sent(9, _THERE), sheets=2, state=SheetState.ACCEPTED)
    assert "The separator" in client.get("/desk/sheets/SHEET00000001").text
    second, third = (client.get(f"/desk/sheets/SHEET00000001?sheet={at}").text for at in (2, 3))
    assert second.count("Print place") == 8
    assert third.count("Print place") == 1
    assert 'aria-label="Place 1: order FW-2"' in third


def test_one_is_closed_by_hand_with_the_reason(client: TestClient, plant: Plant) -> None:
    sheet = put_sheet(plant, _sent(2, _READY))
    page = _post(client, f"{sheet.id}/close", note="the courier is early")
    assert "closed by Mina: the courier is early" in page
    now = _now(plant, sheet)
    assert (now.state, now.closed_by, now.note, now.tries) == (
        SheetState.CLOSED,
        "Mina",
        "the courier is early",
        1,
    )


def test_a_sheet_on_its_way_shows_how_far_it_is(client: TestClient, plant: Plant) -> None:
    put_sheet(plant, _sent(4, _READY), state=SheetState.CLOSED, looked_at=3)
    assert "3 of 4 places checked" in client.get("/desk/sheets/SHEET00000001").text
    assert '<progress max="4" value="3"' in client.get("/desk/sheets").text


@pytest.mark.parametrize(
    ("end", "state", "pieces"),
    [("printed", SheetState.DONE, InsertState.DONE_BY_DEVICE), ("not-printed", SheetState.CLOSED, _READY)],
)
def test_an_uncertain_sheet_is_settled_at_once(
    end: str, state: SheetState, pieces: InsertState, client: TestClient, plant: Plant
) -> None:
    orders = _sent(3, InsertState.UNKNOWN)
    sheet = put_sheet(plant, orders, state=SheetState.UNKNOWN, reason="the answer was lost", sha256="0")
    assert "Needs you now" in client.get("/desk/sheets").text
    _post(client, f"{sheet.id}/{end}")
    assert (_now(plant, sheet).state, _now(plant, sheet).sha256) == (state, "0" if end == "printed" else "")
    with plant.store.reading() as tx:
        assert {tx.components.get(sent.job_id).state for sent in orders} == {pieces}


def test_a_sheet_is_taken_back_with_the_reason(client: TestClient, plant: Plant) -> None:
    plant.presses["hot-folder"] = press = create_autospec(SilentTarget, instance=True)
    orders = _sent(2, _THERE)
    sheet = put_sheet(plant, orders, state=SheetState.ACCEPTED)
    without = {"csrf": _csrf(client.get(f"/desk/sheets/{sheet.id}").text), "note": " "}
    refused = client.post(f"/desk/sheets/{sheet.id}/recall", data=without, headers=SAME)
    assert (refused.status_code, _now(plant, sheet).state) == (422, SheetState.ACCEPTED)
    page = _post(client, f"{sheet.id}/recall", note="the wrong paper")
    assert "taken back before it was printed: the wrong paper (Mina)" in page
    press.cancel.assert_called_once_with(sheet.id, sheet.target_reference)
    assert _now(plant, sheet).state is SheetState.EMPTY
    with plant.store.reading() as tx:
        assert {tx.components.get(sent.job_id).state for sent in orders} == {InsertState.CANCELLED}


def test_what_was_printed_again_is_void_here(client: TestClient, plant: Plant) -> None:
    orders = _sent(2, _THERE)
    put_sheet(plant, orders, state=SheetState.ACCEPTED)
    with plant.store.transaction() as tx:
        insert = tx.inserts.get(orders[0].job_id)
        tx.components.move(tx.components.get(orders[0].job_id), InsertState.PLANNED, generation=1)
        assert insert.generation == 0
    page = client.get("/desk/sheets/SHEET00000001").text
    assert "Printed again since, as no. 2: take this one out." in page
    assert page.count("Print place") == 1
    picture = client.get("/desk/sheets/SHEET00000001/pages/1.jpg")
    with Image.open(io.BytesIO(picture.content)) as shown:
        grey = np.asarray(shown.convert("L"))
    assert grey[200:400, 200:500].min() > 250, "its place is empty"
    assert np.median(grey[200:400, 700:1000]) < 250, "and the other stands where it stood"


def test_who_may_only_look_is_offered_nothing_else(plant: Plant) -> None:
    put_sheet(plant, _sent(1, _READY))
    plant.add_person("Noor", role=Role.DESIGNER)
    with TestClient(plant.app()) as client:
        sign_in(client, "Noor")
        page = client.get("/desk/sheets/SHEET00000001").text
        assert "Close and send" not in page
        sent = {"csrf": _csrf(page)}
        answer = client.post("/desk/sheets/SHEET00000001/close", data=sent, headers=SAME)
        assert answer.status_code == 403


def test_another_brands_sheet_is_not_found(plant: Plant) -> None:
    put_sheet(plant, _sent(1, _READY))
    plant.add_person("Ana", brand="maple-row")
    with TestClient(plant.app()) as client:
        sign_in(client, "Ana")
        assert client.get("/desk/sheets/SHEET00000001").status_code == 404
        assert client.get("/desk/sheets/SHEET00000001/pages/1.jpg").status_code == 404
        assert "SHEET00000001" not in client.get("/desk/sheets").text


def test_versions_change_with_what_is_seen(client: TestClient, plant: Plant) -> None:
    sheet = put_sheet(plant, _sent(1, _READY))

    def versions() -> list[str]:
        pages = (client.get(path).text for path in ("/desk/sheets", f"/desk/sheets/{sheet.id}"))
        return [page.partition('data-version="')[2].partition('"')[0] for page in pages]

    before = versions()
    assert versions() == before
    with plant.store.transaction() as tx:
        tx.gang_sheets.move(sheet, SheetState.OPEN, close_at=NOW + timedelta(hours=1))
    assert all(one != other for one, other in zip(before, versions(), strict=True))
