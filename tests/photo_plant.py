"""A reception whose photo items are made as well: HTTP in, PDF and ticket out, without a worker's process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.domain.component import component_key
from app.domain.item import Item
from app.flow.queue import HAND_OVER, MAKE_ITEM
from app.photo.develop import develop
from app.photo.lab import PhotoLab
from app.photo.master import make_master
from app.services.make_item import MakeItem
from app.wiring import Flow, open_flow
from tests.reception import Reception, native_order, open_reception, own_designs

PHOTOS = {"consent_by_contract": True, "products": {"CK-": "edible-cookie", "PC-": "photo-card-a6"}}
BRAND = "fernweh"


@dataclass
class PhotoPlant:
    """A reception and the flow behind it."""

    reception: Reception
    flow: Flow

    def send(self, photo: bytes, *, reads: str = "", **query: Any) -> Any:
        """POST /v1/photos, for a customer who reads these languages."""
        headers = self.key | ({"Accept-Language": reads} if reads else {})
        return self.reception.client.post(
            "/v1/photos", params={"brand": BRAND} | query, content=photo, headers=headers
        )

    @property
    def key(self) -> dict[str, str]:
        """The plant's key."""
        return {"Authorization": f"Bearer {self.reception.key}"}

    @property
    def make(self) -> MakeItem:
        """The task's own service."""
        made = self.flow.tasks[MAKE_ITEM].run
        assert isinstance(made, MakeItem)
        return made

    def order(
        self,
        *photos: Mapping[str, Any] | None,
        number: str = "P-1",
        sku: str = "CK-80",
        customer: str = "",
    ) -> Any:
        """Post an order with a job for each photo; None for a job without."""
        jobs = [
            {"id": str(index), "sku": sku} | ({} if photo is None else {"photo": dict(photo)})
            for index, photo in enumerate(photos, 1)
        ]
        whose = {"id": customer or f"c-{number}", "given_name": "Jonna", "language": "de"}
        answer = self.reception.post(native_order(id=number, jobs=jobs, customer=whose))
        assert answer.status_code == 201, answer.text
        return answer.json()

    def work(self) -> None:
        """Do all that was begun, items only."""
        while self.reception.queue.items:
            record, number, revision = self.reception.queue.items.pop(0)
            generation = self.item(record, number).generation
            self.flow.tasks[MAKE_ITEM].run(record, number, generation, revision, 0)
            with self.reception.services.store.reading() as tx:
                tries = tx.components.get(record, number).tries
            self.flow.tasks[HAND_OVER].run(component_key(record, number), generation, tries)

    def item(self, record: str, number: int = 1) -> Item:
        """An item as it stands."""
        with self.reception.services.store.reading() as tx:
            return tx.items.get(record, number)


def read_photos_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read photos in this process: sound ones, which are no danger, and many of them."""
    monkeypatch.setattr(PhotoLab, "master", lambda _lab, data: make_master(data))
    monkeypatch.setattr(PhotoLab, "develop", lambda _lab, *asked: develop(*asked))


@contextmanager
def open_photo_plant(folder: Path, *, database: str = "", **photos: Any) -> Iterator[PhotoPlant]:
    """A plant in a folder, whose brand prints photos; `photos` are further settings of it."""
    with open_reception(folder, database_url=database) as reception:
        services = reception.services
        with services.store.transaction() as tx:
            onto = services.brands(tx, BRAND).settings_version
            services.brand_desk.save(tx, BRAND, {"photos": PHOTOS | photos}, onto=onto, who="test", why="")
        flow = open_flow(
            services.settings,
            designs=own_designs(),
            store=services.store,
            clock=reception.clock,
        )
        flow.queue.prepare()
        try:
            yield PhotoPlant(reception, flow)
        finally:
            flow.lab.close()
