"""Keeps a customer's photo for a brand: encoded anew, until a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.ids import photo_id
from app.domain.photo import StoredPhoto
from app.photo.master import Master
from app.store.artifacts import ArtifactStore
from app.store.database import Transaction

MASTER_SUFFIX = ".photo"


class MakesMasters(Protocol):
    """What encodes a stranger's photo anew; `PhotoLab` does it where it can harm nothing."""

    def master(self, data: bytes) -> Master:
        """The photo's own file; raises PhotoUnusable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A photo whose master is stored already; nobody keeps it yet. `sha256` is that of what came."""

    sha256: str
    master: Master
    master_sha256: str


class KeepPhoto:
    """Encodes photos anew and writes them down."""

    def __init__(self, *, lab: MakesMasters, artifacts: ArtifactStore) -> None:
        self._lab = lab
        self._artifacts = artifacts

    def encode(self, data: bytes) -> Encoded:
        """Encode and store a photo, outside any transaction: it takes a while.

        Raises:
            PhotoUnusable: it is no photo, damaged or over a limit.
            StorageUnavailable: the disk cannot take it now.
        """
        master = self._lab.master(data)
        return Encoded(
            sha256=hashlib.sha256(data).hexdigest(),
            master=master,
            master_sha256=self._artifacts.put(master.data, MASTER_SUFFIX),
        )

    def keep(
        self, tx: Transaction, brand: str, encoded: Encoded, *, now: datetime, until: datetime
    ) -> StoredPhoto:
        """Keep an encoded photo for a brand; the same again is the same photo.

        Raises:
            StorageUnavailable: the disk cannot take it now.
        """
        tx.photos.one_at_a_time(encoded.master_sha256)
        if not self._artifacts.has(encoded.master_sha256, MASTER_SUFFIX):
            # The same photo was deleted since it was encoded.
            self._artifacts.put(encoded.master.data, MASTER_SUFFIX)
        photo = StoredPhoto(
            brand=brand,
            id=photo_id(brand, encoded.sha256),
            master=encoded.master_sha256,
            bytes=len(encoded.master.data),
            facts=encoded.master.facts,
            came_at=now,
            expires_at=until,
        )
        return tx.photos.keep(photo)
