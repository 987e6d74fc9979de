"""Shows a brand's settings in force, and where each value comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.brand import Brand
from app.domain.brand_settings import Path, SettingsVersion, value_at
from app.registry.brand_document import whole_document
from app.services.brands_in_force import BrandsInForce
from app.store.database import Transaction

DEFAULT = "default"
FILE = "brand.toml"
SETTINGS = "settings"
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: DEFAULT, FILE, or SETTINGS with the version that set it."""

    place: str
    version: SettingsVersion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSettings:
    """All settings of a brand. `document` has the keys of brand.toml, with each default written out."""

    brand: Brand
    document: Mapping[str, Any]
    origins: Mapping[Path, Origin]
    """Of each value that is no object, by its path."""
    latest: SettingsVersion | None
    """The version in force; None: brand.toml alone."""


def show_settings(tx: Transaction, brands: BrandsInForce, code: str) -> ShownSettings:
    """The settings of a brand as they are in force.

    Raises:
        NotFound: there is no such brand.
    """
    brand = brands(tx, code)
    document = whole_document(brand.document)
    file = brands.files[code].document if code in brands.files else {}
    latest = tx.settings.get(code, brand.settings_version) if brand.settings_version else None
    origins: dict[Path, Origin] = {}
    ours: set[Path] = set()
    for path in _values(document):
        if latest is not None and value_at(latest.settings, path) is not None:
            ours.add(path)
        else:
            origins[path] = Origin(DEFAULT if value_at(file, path) is None else FILE)
    origins |= {path: Origin(SETTINGS, version) for path, version in _set_by(tx, latest, ours).items()}
    return ShownSettings(brand=brand, document=document, origins=origins, latest=latest)


def _values(document: Mapping[str, Any], at: Path = ()) -> Iterator[Path]:
    for key, value in document.items():
        if isinstance(value, Mapping) and value:
            yield from _values(value, (*at, key))
        else:
            yield (*at, key)


def _set_by(
    tx: Transaction, latest: SettingsVersion | None, wanted: Collection[Path]
) -> dict[Path, SettingsVersion]:
    """The latest version that changed each path; the one in force for what no version ever changed."""
    if latest is None:
        return {}
    found: dict[Path, SettingsVersion] = {}
    before: int | None = latest.version + 1
    while before is not None and len(found) < len(wanted):
        page = tx.settings.page(latest.brand, limit=_PAGE, before=before)
        for version in page:
            for change in version.changes:
                if change.path in wanted:
                    found.setdefault(change.path, version)
        before = page[-1].version if len(page) == _PAGE else None
    return dict.fromkeys(wanted, latest) | found
