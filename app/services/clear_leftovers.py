"""Deletes what a kill or a race left behind: files that nothing names, and photos inside old dead letters.

A file is stored before the row that names it and deleted before the row forgets it; so a process that ends
in between leaves a file too many, never one too few. No photo may outlive its time in such a file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from app.domain.brand import PhotoPolicy
from app.domain.clock import Clock
from app.services.brands_in_force import BrandsInForce
from app.services.keep_photo import MASTER_SUFFIX
from app.services.plan_items import SPOOL_SUFFIX
from app.store.artifacts import ArtifactStore
from app.store.database import Store

_PDF_SUFFIX = ".pdf"
_KINDS = frozenset({MASTER_SUFFIX, SPOOL_SUFFIX, _PDF_SUFFIX})
_GRACE = timedelta(hours=1)
"""Far more than lies between the storing of a file and the commit of the row that names it."""
_BATCH = 500


class ClearLeftovers:
    """A sweep over all that is stored; once a day is enough."""

    def __init__(
        self,
        *,
        store: Store,
        brands: BrandsInForce,
        artifacts: ArtifactStore,
        forget_pictures: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._brands = brands
        self._artifacts = artifacts
        self._forget_pictures = forget_pictures
        self._clock = clock

    def __call__(self) -> int:
        """Delete what was left behind; returns how many files and letters that were."""
        moment = (self._clock.now() - _GRACE).timestamp()
        cleared = self._artifacts.clear_unfinished(moment)
        stored = self._artifacts.untouched_since(moment, _KINDS)
        while batch := list(islice(stored, _BATCH)):
            with self._store.reading() as tx:
                named = tx.leftovers.named([sha256 for sha256, _ in batch])
            cleared += sum(self._clear(*each) for each in batch if each[0] not in named)
        return cleared + self._letters()

    def _clear(self, sha256: str, suffix: str) -> bool:
        """Delete a file, unless something names it by now: the same may have been made anew meanwhile."""
        with self._store.transaction() as tx:
            tx.leftovers.one_at_a_time(sha256)
            if tx.leftovers.named([sha256]):
                return False
            if suffix == _PDF_SUFFIX:
                self._forget_pictures(sha256)
            self._artifacts.remove(sha256, suffix)
        return True

    def _letters(self) -> int:
        """Take the photos out of dead letters that are older than their brand keeps photos."""
        cleared = 0
        with self._store.reading() as tx:
            letters = tx.dead_letters.long_ones()
        for letter, code, received_at in letters:
            with self._store.transaction() as tx:
                brand = self._brands.find(tx, code)
                days = (PhotoPolicy() if brand is None else brand.photos).keep_days
                if received_at + timedelta(days=days) <= self._clock.now():
                    cleared += tx.dead_letters.drop_photos(letter)
        return cleared
