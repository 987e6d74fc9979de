from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.access import Role
from tests.reception import Reception, open_reception

CSV = (
    "id,placed_at,value_minor,currency,customer_id,skus\n"
    "H-1,2025-01-02T10:00:00Z,2500,EUR,7,PB-A4-40\n"
    "H-2,yesterday,2500,EUR,7,PB-A4-40\n"
)
ADDRESS = "/v1/history/imports"


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("history"), max_history_bytes=20_000) as reception:
        yield reception


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def send(
    reception: Reception, body: str, *, brand: str = "fernweh", key: str = ""
) -> tuple[int, dict[str, object]]:
    answer = reception.client.post(
        f"{ADDRESS}?brand={brand}", content=body.encode(), headers=headers(key or reception.key)
    )
    return answer.status_code, answer.json()


def test_a_file_is_sent_tried_started_and_watched(reception: Reception) -> None:
    client, key = reception.client, headers(reception.key)
    status, answer = send(reception, CSV)
    assert status == 201, answer
    one, proposal = answer["history_import"], answer["proposal"]
    assert isinstance(one, dict)
    assert isinstance(proposal, dict)
    assert (one["state"], proposal["ready"], proposal["orders"], proposal["rejected"]) == (
        "uploaded",
        "tipin-csv",
        1,
        1,
    )
    assert proposal["first_orders"][0]["customer"] == "customer 1"
    address = f"{ADDRESS}/{one['id']}"
    tried = client.post(f"{address}/try", content=proposal["mapping"].encode(), headers=key).json()
    assert tried["reasons"] == {"placed_at is no moment of the form iso": 1}
    assert client.post(f"{address}/try", content=b"[columns", headers=key).status_code == 422
    assert client.get(f"{address}/rejects", headers=key).status_code == 404
    started = client.post(f"{address}/start", headers=key)
    assert (started.status_code, started.json()["state"]) == (202, "running")
    assert reception.queue.imports[-1] == (one["id"], 0)
    assert client.post(f"{address}/start", headers=key).status_code == 409
    assert client.delete(address, headers=key).status_code == 409
    assert client.get(address, headers=key).json()["bytes"] == len(CSV)
    assert one["id"] in json.dumps(client.get(ADDRESS, headers=key).json())


def test_a_file_that_is_none_or_too_large_is_refused_and_not_kept(reception: Reception) -> None:
    folder = reception.services.settings.data_dir / "history"
    before = set(folder.glob("*/*"))
    assert send(reception, "%PDF-1.7")[0] == 422
    status, problem = send(reception, "id,x\n" + "1,2\n" * 10_000)
    assert (status, problem["type"]) == (413, "/problems/body-too-large")
    assert send(reception, CSV, brand="nobody")[0] == 404
    assert set(folder.glob("*/*")) == before


def test_other_brands_and_roles_see_and_do_nothing(reception: Reception) -> None:
    _, answer = send(reception, CSV)
    one = answer["history_import"]
    assert isinstance(one, dict)
    other = reception.add_key(Role.PLANT, "maple-row")
    assert send(reception, CSV, key=other)[0] == 403
    assert reception.client.get(f"{ADDRESS}/{one['id']}", headers=headers(other)).status_code == 404
    assert reception.client.get(ADDRESS, headers=headers(other)).json() == {"imports": []}
    designer = reception.add_key(Role.DESIGNER)
    assert reception.client.get(ADDRESS, headers=headers(designer)).status_code == 403
    assert (
        reception.client.delete(f"{ADDRESS}/{one['id']}", headers=headers(reception.key)).status_code == 204
    )
    assert not (Path(reception.services.settings.data_dir) / "history" / str(one["id"])).exists()
