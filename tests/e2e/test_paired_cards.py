"""The customer's photo on the front of their card: there where it can be, and never what a card waits for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pypdfium2
import pytest

from app.domain.insert import Insert, InsertState
from app.flow.queue import MAKE
from app.services.pair_photo import wait_until
from tests.barcodes import read_all
from tests.photo_plant import PhotoPlant, open_photo_plant
from tests.photos import saved, shipped

RED = saved(shipped("astronaut.png").resize((1200, 1200)), quality=90)
TINY = saved(shipped("astronaut.png").resize((420, 420)))
PLACE = (18, 21, 69, 79)
"""Of the photo on hearth's front, mm."""


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhotoPlant]:
    with open_photo_plant(tmp_path_factory.mktemp("paired")) as plant:
        yield plant


def card(plant: PhotoPlant, record: str) -> Insert:
    with plant.reception.services.store.reading() as tx:
        return tx.inserts.get(record)


def made(plant: PhotoPlant, record: str) -> Insert:
    plant.flow.tasks[MAKE].run(record, card(plant, record).generation)
    return card(plant, record)


def front(plant: PhotoPlant, insert: Insert) -> np.ndarray:
    """The colours of the photo's place."""
    assert insert.pdf_sha256 is not None
    pdf = plant.reception.services.artifacts.read(insert.pdf_sha256, ".pdf")
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=300 / 72).to_pil().convert("RGB") for page in document]
    (code, link) = sorted((found.text for found in read_all(np.asarray(pages[1].convert("L")))), key=len)
    assert code == insert.card.bench_code if insert.card else ""
    assert link
    left, top, width, height = ((mm + 3 * (at < 2)) / 25.4 * 300 for at, mm in enumerate(PLACE))
    return np.asarray(pages[0].crop((round(left), round(top), round(left + width), round(top + height))))


def shows_photo(plant: PhotoPlant, insert: Insert) -> bool:
    """An astronaut's suit is orange; nothing in the drawings is as many colours."""
    place = front(plant, insert)
    return len(np.unique(place.reshape(-1, 3) // 16, axis=0)) > 200


def test_a_photo_that_is_here_is_on_the_card_and_the_plain_one_is_beside_it(plant: PhotoPlant) -> None:
    photo = plant.send(RED).json()["id"]
    paired, plain = (
        plant.order({"photo": photo, "on_card": on}, number=f"Q-{on}")["jobs"][0]["id"]
        for on in (True, False)
    )
    with_photo, without = made(plant, paired), made(plant, plain)
    assert (with_photo.state, with_photo.reason) == (InsertState.READY, "")
    assert with_photo.card is not None
    assert with_photo.card.photo is not None
    assert with_photo.card.photo.id == photo
    assert shows_photo(plant, with_photo)
    assert without.card is not None
    assert without.card.photo is None
    assert not shows_photo(plant, without)


def test_a_card_waits_for_its_photo_half_of_its_time_and_no_longer(plant: PhotoPlant) -> None:
    record = plant.order({"url": "https://photos.example.com/1.jpg", "on_card": True}, number="Q-w")["jobs"][
        0
    ]["id"]
    waiting = made(plant, record)
    assert waiting.state is InsertState.PLANNED
    until = wait_until(waiting)
    assert waiting.needed_by is not None
    assert waiting.planned_at < until < waiting.needed_by
    before = plant.reception.clock.now()
    plant.reception.clock.at = until + timedelta(seconds=1)
    try:
        late = made(plant, record)
    finally:
        plant.reception.clock.at = before
    assert (late.state, late.degradation) == (InsertState.READY, "none")
    assert late.reason == "printed without its photo: its photo did not come in time"
    assert not shows_photo(plant, late)


def test_a_photo_that_comes_has_its_card_made(plant: PhotoPlant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plant.make, "_fetch", lambda _url: RED)
    record = plant.order({"url": "https://photos.example.com/2.jpg", "on_card": True}, number="Q-c")["jobs"][
        0
    ]["id"]
    assert made(plant, record).state is InsertState.PLANNED
    plant.work()
    names = [task.workflow_id for task in plant.flow.queue.client.list_queued_workflows()]
    assert f"{record}-0-photo-1" in names
    assert f"{record}-0-late" in names
    assert shows_photo(plant, made(plant, record))


@pytest.mark.parametrize(
    ("photo", "asked", "says"),
    [
        (TINY, {}, "its photo cannot be printed there: the photo has 420 × 420 pixels"),
        (RED, {"consent": False}, "its photo cannot be used"),
    ],
)
def test_a_photo_that_must_not_be_printed_leaves_the_plain_card(
    plant: PhotoPlant, photo: bytes, asked: dict[str, object], says: str
) -> None:
    kept = plant.send(photo).json()["id"]
    order = plant.order({"photo": kept, "on_card": True, **asked}, number=f"Q-{len(photo)}-{len(asked)}")
    done = made(plant, order["jobs"][0]["id"])
    assert done.state is InsertState.READY
    assert says in done.reason
    assert not shows_photo(plant, done)


def test_a_deleted_photo_is_gone_from_the_card_too(plant: PhotoPlant) -> None:
    other = saved(shipped("astronaut.png").resize((1201, 1201)), quality=90)
    photo = plant.send(other).json()["id"]
    record = plant.order({"photo": photo, "on_card": True}, number="Q-gone")["jobs"][0]["id"]
    shown = made(plant, record)
    assert shows_photo(plant, shown)
    client = plant.reception.client
    assert client.delete(f"/v1/photos/{photo}", headers=plant.key).status_code == 204
    folder = plant.reception.services.artifacts.folder
    assert not list(folder.rglob(f"{shown.pdf_sha256}*"))
    again = card(plant, record)
    assert (again.state, again.card, again.generation) == (InsertState.PLANNED, None, 0)
    plain = made(plant, record)
    assert plain.state is InsertState.READY
    assert not shows_photo(plant, plain)


def test_a_reprint_shows_the_photo_again_while_it_is_kept(plant: PhotoPlant) -> None:
    photo = plant.send(RED).json()["id"]
    record = plant.order({"photo": photo, "on_card": True}, number="Q-r")["jobs"][0]["id"]
    first = made(plant, record)
    with plant.reception.services.store.transaction() as tx:
        assert tx.components.accepted(
            tx.components.get(record), reference="x", at=plant.reception.clock.now()
        )
    answer = plant.reception.client.post(
        f"/v1/jobs/{record}/reprint", json={"reason": "damaged"}, headers=plant.key
    )
    assert answer.status_code < 300, answer.text
    again = made(plant, record)
    assert again.generation == 1
    assert shows_photo(plant, again)
    assert np.abs(front(plant, again).astype(int) - front(plant, first)).max() == 0
