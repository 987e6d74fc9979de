"""The brands as they are in force: brand.toml gives the defaults, the latest settings override them.

Each transaction asks which version is the latest, so that a change is in force at once in every process, and
one transaction never sees two versions. What a version says is read once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.domain.brand import Brand
from app.domain.brand_settings import is_whole, merged
from app.errors import NotFound
from app.registry.brand_document import FindPicture, read_brand
from app.registry.brands import beside
from app.registry.json_document import JsonDocument
from app.store.brand_settings import NO_SETTINGS, Stamp, stamp_of
from app.store.database import Transaction

STORED_PICTURE = "sha256:"
"""What the name of an uploaded signature begins with; the SHA-256 of its PNG follows."""
SIGNATURE_SUFFIX = ".png"
_MOST_KEPT = 500


class BrandsInForce:
    """Finds brands: those of brand.toml files (`files`), and those written in the database alone."""

    def __init__(
        self, files: Mapping[str, Brand], *, stored: Callable[[str], Path | None] = lambda _sha256: None
    ) -> None:
        """Nothing is read before it is asked for.

        Args:
            files: by code, as their folders say.
            stored: finds an uploaded picture by its SHA-256.
        """
        self.files = files
        self._stored = stored
        self._kept: dict[tuple[str, Stamp], Brand] = {}

    def __call__(self, tx: Transaction, code: str) -> Brand:
        """A brand as it is in force.

        Raises:
            NotFound: there is none.
        """
        brand = self.find(tx, code)
        if brand is None:
            raise NotFound(f"there is no brand {code[:40]!r}", mend="ask the plant for your brand's code")
        return brand

    def find(self, tx: Transaction, code: str) -> Brand | None:
        """The same; None where there is none."""
        stamp = tx.settings.latest(code)
        if stamp == NO_SETTINGS or self._is_gone(tx, code, stamp):
            return self.files.get(code)
        return self._at(tx, code, stamp)

    def at(self, tx: Transaction, code: str, version: int) -> Brand:
        """A brand as a version of its settings had it: what an order was tagged with, its card is drawn with.

        Raises:
            NotFound: there is no such brand or version.
            SettingsUnusable: it names something that is gone since.
        """
        latest = tx.settings.latest(code)
        if version == latest.version:
            return self(tx, code)
        if version == 0:
            if code not in self.files:
                raise NotFound(f"the brand {code[:40]!r} is not here any more", mend="put its folder back")
            return self.files[code]
        return self._at(tx, code, stamp_of(version, tx.settings.get(code, version).at))

    def all(self, tx: Transaction) -> dict[str, Brand]:
        """Every brand as it is in force, by code."""
        codes = sorted({*self.files, *tx.settings.all_latest()})
        return {code: brand for code in codes if (brand := self.find(tx, code)) is not None}

    def read(self, code: str, settings: Mapping[str, Any], version: int) -> Brand:
        """The brand that settings would make.

        Raises:
            SettingsUnusable: with every fault in them.
        """
        file = self.files.get(code)
        folder = file.folder if file else None
        return read_brand(
            JsonDocument(merged(file.document if file else {}, settings)),
            code=code,
            folder=folder,
            find=self._finder(folder),
            version=version,
        )

    def _at(self, tx: Transaction, code: str, stamp: Stamp) -> Brand:
        key = code, stamp
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self.read(code, tx.settings.get(code, stamp.version).settings, stamp.version)
        return self._kept[key]

    def _is_gone(self, tx: Transaction, code: str, stamp: Stamp) -> bool:
        """Whether there are only settings that went over a folder, and the folder is no more."""
        if code in self.files or (code, stamp) in self._kept:
            return False
        return not is_whole(tx.settings.get(code, stamp.version).settings)

    def _finder(self, folder: Path | None) -> FindPicture:
        def find(name: str) -> Path | None:
            if name.startswith(STORED_PICTURE):
                return self._stored(name.removeprefix(STORED_PICTURE))
            return beside(folder)(name) if folder else None

        return find
