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
languages = ["ja"]                  # BCP 47; the only cards that use it, where the manifest names any

[typefaces]                         # a role → its fonts, in the order to be tried for each grapheme
hand = ["playpen", "aref-ruqaa"]
fallback = ["noto-sans-sc"]         # tried after every other typeface

[emoji]                             # may be left out: then no emoji can be printed
font = "noto-color-emoji"           # the font of colour pictures, whatever the typeface
```

A library has dozens of fonts and a card needs one or two, so a file is first read when it is used.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from app.errors import SetupError
from app.registry.places import FONTS

FALLBACK = "fallback"
_RESTORE = "restore the fonts folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """One font at one instance. `scale` evens out its size against its typeface's other fonts.

    `languages` are those whose cards alone use it, since its letters look foreign in others; empty is all.
    """

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
    languages: tuple[str, ...] = ()

    def read(self) -> bytes:
        """The file's bytes.

        Raises:
            SetupError: it cannot be read, or is not the file that the manifest means.
        """
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise SetupError(
                f"font {self.name!r}: {self.path} cannot be read ({error.strerror})", mend=_RESTORE
            ) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise SetupError(
                f"font {self.name!r}: {self.path} is not the file that its sha256 names", mend=_RESTORE
            )
        return data


class FontChain(NamedTuple):
    """A typeface's own fonts, then those that stand in for it; each in the order to be tried."""

    own: tuple[FontFile, ...]
    fallback: tuple[FontFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FontLibrary:
    """Every font by name, the typeface roles that name them in order, and the font of colour emoji."""

    fonts: Mapping[str, FontFile]
    typefaces: Mapping[str, tuple[FontFile, ...]]
    emoji: FontFile | None = None

    def chain(self, typeface: str, language: str) -> FontChain:
        """The fonts of a typeface for a card's language (BCP 47).

        Raises:
            SetupError: there is no such typeface.
        """
        try:
            named = self.typefaces[typeface]
        except KeyError:
            known = ", ".join(sorted(self.typefaces))
            raise SetupError(
                f"there is no typeface {typeface!r}; known are {known}",
                mend="name one of these, or add it to fonts/manifest.toml",
            ) from None
        own = tuple(font for font in named if not font.languages or language in font.languages)
        return FontChain(own, tuple(font for font in self.typefaces.get(FALLBACK, ()) if font not in named))


@cache
def own_fonts() -> FontLibrary:
    """The fonts that come with tipin; read once a process.

    Raises:
        SetupError: as for `load_fonts`.
    """
    return load_fonts(FONTS)


def load_fonts(folder: Path) -> FontLibrary:
    """Read `manifest.toml` in `folder` and check that every file is there.

    Raises:
        SetupError: the manifest is missing or wrong, or a file is missing.
    """
    manifest = folder / "manifest.toml"
    try:
        document = tomllib.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetupError(f"{manifest} is missing", mend=_RESTORE) from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{manifest} is not valid TOML: {error}") from error
    fonts = {font.name: font for font in (_font(folder, entry) for entry in document.get("fonts", []))}

    def named(name: str, by: str) -> FontFile:
        if name not in fonts:
            raise SetupError(f"{manifest}: {by} names {name!r}, which is not under [[fonts]]")
        return fonts[name]

    typefaces = {
        role: tuple(named(name, f"typeface {role!r}") for name in names)
        for role, names in document.get("typefaces", {}).items()
    }
    emoji = document.get("emoji", {}).get("font")
    return FontLibrary(
        fonts=fonts, typefaces=typefaces, emoji=named(emoji, "[emoji]") if emoji is not None else None
    )


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
            languages=tuple(entry.get("languages", ())),
        )
    except KeyError as error:
        raise SetupError(f"{where}: {error.args[0]!r} is missing") from None
    if not font.path.is_file():
        raise SetupError(f"{where}: {font.path} is missing", mend=_RESTORE)
    return font
