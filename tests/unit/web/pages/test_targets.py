"""The page of targets: how each is, who may run them, and what nobody is certain of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from app.domain.access import Role
from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.domain.target_state import Gate
from app.domain.ticket import Condition, Receipt, SilentTarget, Ticket
from tests.desk import Plant, sign_in
from tests.sent import NOW, Sent
from tests.stored import planned, put_order

JOB = "JOB0000000001"
SAME = {"Sec-Fetch-Site": "same-origin"}


def _csrf(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def _client(plant: Plant, name: str = "Mina") -> TestClient:
    client = TestClient(plant.app())
    sign_in(client, name)
    return client


def _uncertain(plant: Plant) -> None:
    with plant.store.transaction() as tx:
        put_order(tx, "ORDER00000001", JOB)
        tx.inserts.plan(replace(planned("ORDER00000001", JOB), target="hot-folder"))
        tx.components.move(tx.components.get(JOB), InsertState.UNKNOWN, reason="the answer was lost")


def test_each_target_says_how_it_is(plant: Plant) -> None:
    with plant.store.transaction() as tx:
        tx.targets.seen("hot-folder", Condition(attention=("paper is out",), queued=3), at=NOW)
    page = _client(plant).get("/desk/targets").text
    assert "Needs a hand" in page
    assert "paper is out" in page
    assert "in its own queue" in page
    assert "Set up wrongly" in page
    assert "use: ipp" in page


def test_a_target_is_paused_and_resumed(plant: Plant) -> None:
    client = _client(plant)
    for verb, gate, word in (
        ("pause", Gate.PAUSED, "Paused"),
        ("drain", Gate.DRAINING, "Drained"),
        ("resume", Gate.OPEN, "Working"),
    ):
        sent = {"csrf": _csrf(client.get("/desk/targets").text), "name": "hot-folder"}
        page = client.post(f"/desk/targets/gate/{verb}", data=sent, headers=SAME).text
        assert word in page
        with plant.store.reading() as tx:
            assert (tx.targets.get("hot-folder").gate, tx.targets.get("hot-folder").gate_by) == (gate, "Mina")


def test_an_uncertain_piece_is_settled(plant: Plant) -> None:
    _uncertain(plant)
    client = _client(plant)
    page = client.get("/desk/targets").text
    assert "the answer was lost" in page
    after = client.post(f"/desk/targets/pieces/{JOB}/printed", data={"csrf": _csrf(page)}, headers=SAME).text
    assert "the answer was lost" not in after
    with plant.store.reading() as tx:
        assert tx.components.get(JOB).state is InsertState.DONE_BY_DEVICE


def test_who_serves_one_brand_sees_no_switches(plant: Plant) -> None:
    plant.add_person("Ola", brand="acme")
    plant.add_person("Dee", role=Role.DESIGNER)
    client = _client(plant, "Ola")
    page = client.get("/desk/targets").text
    assert "Pause</button>" not in page
    sent = {"csrf": _csrf(page), "name": "hot-folder"}
    assert client.post("/desk/targets/gate/pause", data=sent, headers=SAME).status_code == 403
    assert _client(plant, "Dee").get("/desk/targets").status_code == 403


def test_a_form_of_another_site_does_nothing(plant: Plant) -> None:
    sent = {"csrf": "made up", "name": "hot-folder"}
    assert _client(plant).post("/desk/targets/gate/pause", data=sent, headers=SAME).status_code == 403


class _Press(SilentTarget):
    """Gives back as told."""

    in_time = True

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        raise NotImplementedError

    def cancel(self, _name: str, _reference: str) -> bool:
        return self.in_time


def test_a_card_is_taken_back_from_its_order_s_page(plant: Plant) -> None:
    plant.presses["press"] = press = _Press()
    plant.send(Sent(number="FW-1", state=InsertState.ACCEPTED))
    order = order_id("fernweh", "FW-1")
    client = _client(plant)
    page = client.get(f"/desk/orders/{order}").text
    assert "Take the card back from" in page
    job = page.partition("/pieces/")[2].partition("/")[0]
    with plant.store.transaction() as tx:
        tx.components.move(tx.components.get(job), InsertState.ACCEPTED, target="press")
    sent, path = {"csrf": _csrf(page)}, f"/desk/pieces/{job}/recall"
    press.in_time = False
    refused = client.post(path, data=sent, headers=SAME)
    assert (refused.status_code, "too late" in refused.text) == (409, True)
    press.in_time = True
    page = client.post(path, data=sent, headers=SAME).text
    assert "taken back before it was printed" in page
    assert "Mina" in page
    assert "Take the card back" not in page
    assert client.post(path, data=sent, headers=SAME).status_code == 409


def test_who_runs_no_targets_takes_nothing_back(plant: Plant) -> None:
    plant.add_person("Dana", role=Role.DESIGNER)
    plant.send(Sent(number="FW-1", state=InsertState.ACCEPTED))
    client = _client(plant, "Dana")
    page = client.get(f"/desk/orders/{order_id('fernweh', 'FW-1')}").text
    assert "Take the card back" not in page
    sent = {"csrf": _csrf(page)}
    assert client.post("/desk/pieces/J/recall", data=sent, headers=SAME).status_code == 403


def test_the_address_for_signals_is_shown_to_those_who_run_targets_alone(plant: Plant) -> None:
    plant.add_person("Dana", role=Role.DESIGNER)
    plant.add_person("Ben", role=Role.OPERATOR, brand="fernweh")
    assert "/v1/signals/hot-folder/a-secret" in _client(plant).get("/desk/targets").text
    for name in ("Dana", "Ben"):
        assert "a-secret" not in _client(plant, name).get("/desk/targets").text
