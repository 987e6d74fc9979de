"""A photo that has to be gone is in no file of the plant any more, whatever way it came and was printed."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from tests.photo_plant import BRAND, PhotoPlant, open_photo_plant, read_photos_here
from tests.photo_traces import striped, traces
from tests.photos import saved
from tests.reception import native_order

PHOTO = saved(striped(960), quality=80)
INLINE = base64.b64encode(PHOTO).decode()
CUSTOMER = "c-mia"
EVERYWHERE = {".photo", ".pdf", ".jpg", ".spooled", ".upload", ".part", ".db"}


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PhotoPlant]:
    read_photos_here(monkeypatch)
    with open_photo_plant(tmp_path, consent_by_contract=False) as plant:
        yield plant


def print_it_in_every_way(plant: PhotoPlant, *pictures: str) -> None:
    """Sent beforehand and inside orders; printed, shown, printed again; stopped, misread, killed."""
    agreed = {"consent": True}
    sent = plant.send(PHOTO).json()["id"]
    record = plant.order({"photo": sent} | agreed, number="1", customer=CUSTOMER)["jobs"][0]["id"]
    plant.work()
    path, client = f"/v1/jobs/{record}", plant.reception.client
    for picture in ("item.jpg", *pictures):
        assert plant.reception.get(f"{path}/items/1/{picture}").status_code == 200
    asked = {"reason": "damaged", "component": 1}
    assert client.post(f"{path}/reprint", json=asked, headers=plant.key).status_code == 200
    plant.work()
    assert plant.reception.get(f"{path}/items/1/item.jpg").status_code == 200
    both = {"data": INLINE} | agreed
    twice = plant.order(both, both | {"product": "photo-tag"}, number="2", customer=CUSTOMER)
    plant.work()
    for number in (1, 2):
        assert plant.item(twice["jobs"][0]["id"], number).state is InsertState.ACCEPTED
    plant.order({"data": INLINE, "consent": False}, number="3", customer=CUSTOMER)
    plant.order(both, number="4", customer=CUSTOMER)  # nobody makes it any more
    plant.reception.queue.items.clear()
    jobs = [{"id": "1", "sku": "CK-80", "photo": {"data": INLINE}}]
    misread = native_order(id="5", placed_at="never", jobs=jobs, customer={"id": CUSTOMER})
    assert plant.reception.post(misread).status_code == 422
    artifacts = plant.reception.services.artifacts
    (artifacts.incoming() / "killed.upload").write_bytes(PHOTO)
    sheet = artifacts.incoming() / "killed" / "sheet.pdf"
    sheet.parent.mkdir()
    sheet.write_bytes(PHOTO)
    stored = artifacts.path(
        artifacts.put(PHOTO + b"\0", ".photo"), ".photo"
    )  # and killed before it was written down
    stored.with_name(f".{stored.name}.0123456789abcdef.part").write_bytes(PHOTO)
    artifacts.put(b"%PDF-1.6\n" + PHOTO, ".pdf")


def found(plant: PhotoPlant) -> set[str]:
    """Where in the plant the photo still is. What the press took is the press's."""
    folder = plant.reception.services.settings.data_dir
    with closing(sqlite3.connect(folder / "tipin.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in (folder / "hot-folder").glob("*"):
        file.unlink()
    return traces(folder, PHOTO)


def erase(plant: PhotoPlant) -> None:
    events = [{"id": "e1", "type": "erased", "at": plant.reception.clock.now().isoformat()}]
    answer = plant.reception.client.post(
        f"/v1/customers/id:{CUSTOMER}/events",
        json={"events": events},
        params={"brand": BRAND},
        headers=plant.key,
    )
    assert answer.status_code < 300, answer.text


def expire(plant: PhotoPlant) -> None:
    assert plant.flow.expire() == 2  # the photo, and the order that still waited for it


@pytest.mark.parametrize("end", [erase, expire])
def test_no_file_shows_it_any_more(plant: PhotoPlant, end: object) -> None:
    assert found(plant) == set()
    print_it_in_every_way(plant, *(("mock-up.jpg",) if end is expire else ()))
    assert found(plant) == EVERYWHERE
    if end is expire:
        assert plant.flow.expire() == 1  # the one without consent: its photo is of no use
    plant.reception.clock.at = datetime.now(UTC).replace(year=2100)
    assert callable(end)
    end(plant)
    assert plant.flow.clear() >= 5
    assert found(plant) == set()


def test_what_still_has_time_stays(plant: PhotoPlant) -> None:
    plant.reception.clock.at = datetime.now(UTC)
    print_it_in_every_way(plant)
    plant.reception.clock.advance(timedelta(hours=2))
    assert (plant.flow.expire(), plant.flow.clear()) == (1, 5)
    assert found(plant) == EVERYWHERE - {".upload", ".part"}
    assert (plant.flow.expire(), plant.flow.clear()) == (0, 0)
