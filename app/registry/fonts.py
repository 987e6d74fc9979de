"""The fonts that tipin prints with, as `fonts/manifest.toml` lists them.

```toml
[[fonts]]
name = "playpen"                    # what the typefaces below call it
family = "Playpen Sans"
file = "playpen-sans/PlaypenSans[wght].ttf"
version = "2.0"
source = "https://github.com/TypeTogether/Playpen-Sans"
licence = "OFL-1.1"
licence_file = "playpen-sans/OFL.txt"
sha256 = "…"
scripts = ["Latn", "Cyrl"]          # ISO 15924
variations = { wght = 400 }         # instance of a variable font
scale = 1.0                         # size against the other fonts of its typeface

[typefaces]                         # a role → its fonts, in the order to be tried for each grapheme
hand = ["playpen", "aref-ruqaa"]
fallback = ["noto-sans-sc"]         # tried after every other typeface
```
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import SetupError

FALLBACK = "fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """One font at one instance. `scale` evens out its size against its typeface's other fonts."""

    name: str
    family: str
    path: Path
    version: str
    source: str
    licence: str
    licence_file: Path
    sha256: str
    scripts: tuple[str, ...]
    variations: Mapping[str, float]
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FontLibrary:
    """Every font by name, and the typeface roles that name them in the order to be tried."""

    fonts: Mapping[str, FontFile]
    typefaces: Mapping[str, tuple[FontFile, ...]]

    def chain(self, typeface: str) -> tuple[FontFile, ...]:
        """The fonts of a typeface in the order to be tried, the common fallback last.

        Raises:
            SetupError: there is no such typeface.
        """
        try:
            own = self.typefaces[typeface]
        except KeyError:
            known = ", ".join(sorted(self.typefaces))
            raise SetupError(
                f"there is no typeface {typeface!r}; known are {known}",
                mend="name one of these, or add it to fonts/manifest.toml",
            ) from None
        return own + tuple(f for f in self.typefaces.get(FALLBACK, ()) if f not in own)


def load_fonts(folder: Path) -> FontLibrary:
    """Read `manifest.toml` in `folder` and check that every file is the one that it names.

    Raises:
        SetupError: the manifest or a file is missing, broken, or not what the manifest says.
    """
    manifest = folder / "manifest.toml"
    try:
        document = tomllib.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetupError(f"{manifest} is missing", mend="restore the fonts folder") from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{manifest} is not valid TOML: {error}") from error
    fonts = {font.name: font for font in (_font(folder, entry) for entry in document.get("fonts", []))}
    typefaces = {}
    for role, names in document.get("typefaces", {}).items():
        unknown = [name for name in names if name not in fonts]
        if unknown:
            raise SetupError(
                f"{manifest}: typeface {role!r} names {unknown[0]!r}, which is not under [[fonts]]"
            )
        typefaces[role] = tuple(fonts[name] for name in names)
    return FontLibrary(fonts=fonts, typefaces=typefaces)


def _font(folder: Path, entry: Mapping[str, Any]) -> FontFile:
    where = f"{folder / 'manifest.toml'}, font {entry.get('name', '?')!r}"
    try:
        font = FontFile(
            name=entry["name"],
            family=entry["family"],
            path=folder / entry["file"],
            version=entry["version"],
            source=entry["source"],
            licence=entry["licence"],
            licence_file=folder / entry["licence_file"],
            sha256=entry["sha256"],
            scripts=tuple(entry["scripts"]),
            variations={axis: float(value) for axis, value in entry.get("variations", {}).items()},
            scale=float(entry.get("scale", 1.0)),
        )
    except KeyError as error:
        raise SetupError(f"{where}: {error.args[0]!r} is missing") from None
    if not font.path.is_file():
        raise SetupError(f"{where}: {font.path} is missing", mend="restore the fonts folder")
    if hashlib.sha256(font.path.read_bytes()).hexdigest() != font.sha256:
        raise SetupError(f"{where}: {font.path} is not the file that its sha256 names")
    return font
