"""Reads brands: `brand.toml` and the signer's scanned signature beside it."""

from __future__ import annotations

from pathlib import Path

from app.domain.brand import Brand
from app.errors import SetupError
from app.registry.brand_document import FindPicture, read_brand
from app.registry.toml_file import TomlFile


def load_brands(*folders: Path) -> dict[str, Brand]:
    """Every brand folder inside `folders`, by its code, which is the folder's name.

    Raises:
        SetupError: naming each fault with file, line, key and mend; or a code or key that is there twice.
    """
    found: dict[str, Brand] = {}
    for folder in (child for place in folders if place.is_dir() for child in sorted(place.iterdir())):
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        brand = load_brand(folder)
        for other in found.values():
            if brand.code == other.code or brand.key == other.key:
                raise SetupError(
                    f"two brands share the code {brand.code!r} or the key {brand.key!r}: "
                    f"{other.folder} and {folder}",
                    mend="give each folder its own name and each brand.toml its own key",
                )
        found[brand.code] = brand
    return found


def load_brand(folder: Path) -> Brand:
    """One brand folder; errors as for `load_brands`."""
    return read_brand(TomlFile(folder / "brand.toml"), code=folder.name, folder=folder, find=beside(folder))


def beside(folder: Path) -> FindPicture:
    """Finds a picture by its file name in a brand's folder, and nowhere else."""

    def find(name: str) -> Path | None:
        path = folder / name
        return path if path.resolve().is_relative_to(folder.resolve()) and path.is_file() else None

    return find
