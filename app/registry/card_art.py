"""The art that `template.toml` names, as far as names and text tell: drawings, finished pages, photographs.

What is in them the print engine checks (`app/pdf/art`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.domain.brand import PALETTE_TOKENS
from app.domain.geometry import Box
from app.domain.template import CENTRE, Picture
from app.registry.toml_file import Key, TomlFile, TomlModel

Length = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]

_PHOTOGRAPHS = frozenset({".jpg", ".jpeg"})
_ART = frozenset({".svg", ".pdf"}) | _PHOTOGRAPHS
_CLASS = re.compile(r"""\bclass\s*=\s*["']([^"']*)["']""")
_TOKEN = re.compile(r"^(?:fill|stroke)-(.+)$")
_VIEW_BOX = re.compile(r"""\bviewBox\s*=\s*["']([^"']*)["']""")
_TOLERANCE = 1e-6


class PictureModel(TomlModel):
    """A photograph in a box, as it is written."""

    file: str
    box: tuple[float, float, Length, Length]
    focus: tuple[Share, Share] = CENTRE


@dataclass(frozen=True, slots=True)
class Sheet:
    """What art is placed on: the trim, and in mm how far the bleed lies outside and the safe zone inside."""

    trim: Box
    bleed: float
    safe: float


class ArtReader:
    """Finds the files that a template's sides name, and notes what is wrong with them."""

    def __init__(self, file: TomlFile, folder: Path, sheet: Sheet) -> None:
        """`file` takes the faults; the art lies in `folder`."""
        self._file = file
        self._folder = folder
        self._sheet = sheet

    def art(self, names: Mapping[str, str], key: Key) -> dict[str, Path]:
        """Occasion → file, of one side."""
        if "*" not in names:
            self._file.fault(key, "has no picture for occasions not named", 'add "*" = "art/….svg"')
        return {occasion: self._find(name, (*key, occasion), _ART) for occasion, name in names.items()}

    def pictures(self, models: Sequence[PictureModel], key: Key) -> tuple[Picture, ...]:
        """The photographs of one side."""
        return tuple(self._picture(model, (*key, index)) for index, model in enumerate(models))

    def photo_box(self, corners: tuple[float, float, float, float], key: Key) -> Box:
        """The box of a picture, which its file or each customer gives."""
        box = Box(*corners)
        if not self._well_placed(box):
            safe, bleed = self._sheet.safe, self._sheet.bleed
            self._file.fault(
                key,
                "the picture ends near the knife, which is off by up to a millimetre",
                f"let each edge stay {safe:g} mm inside the trim, or end {bleed:g} mm outside it",
            )
        return box

    def _picture(self, model: PictureModel, key: Key) -> Picture:
        box = self.photo_box(model.box, (*key, "box"))
        path = self._find(model.file, (*key, "file"), _PHOTOGRAPHS)
        return Picture(path=path, box=box, focus=model.focus)

    def _well_placed(self, box: Box) -> bool:
        """Whether each edge is in the safe zone or at the end of the bleed."""
        safe, bleed = (self._sheet.trim.inset(by) for by in (self._sheet.safe, -self._sheet.bleed))
        return bleed.contains(box) and all(
            inwards >= -_TOLERANCE or abs(edge - end) <= _TOLERANCE
            for inwards, edge, end in (
                (box.x - safe.x, box.x, bleed.x),
                (box.y - safe.y, box.y, bleed.y),
                (safe.right - box.right, box.right, bleed.right),
                (safe.bottom - box.bottom, box.bottom, bleed.bottom),
            )
        )

    def _find(self, name: str, key: Key, kinds: frozenset[str]) -> Path:
        path = self._folder / name
        if not path.resolve().is_relative_to(self._folder.resolve()):
            self._file.fault(key, f"{name} is outside the template's folder", "copy it into art/")
        elif path.suffix.lower() not in kinds:
            self._file.fault(
                key, f"{name} is of no kind that is printed", f"save it as one of {', '.join(sorted(kinds))}"
            )
        elif not path.is_file():
            self._file.fault(key, f"{name} does not exist", self._meant(name) or f"put it at {path}")
        elif path.suffix.lower() == ".svg" and (problem := self._drawing_fault(path)):
            self._file.fault(key, f"{name} {problem}", "see the template's other drawings")
        return path

    def _meant(self, name: str) -> str:
        """The file that is there under nearly the same name: capitals count, though not on every computer."""
        there = {str(path.relative_to(self._folder)) for path in self._folder.glob("*/*")}
        meant = get_close_matches(name, sorted(there), n=1)
        return f"did you mean {meant[0]}?" if meant else ""

    def _drawing_fault(self, path: Path) -> str | None:
        """What keeps a drawing from this template: its coordinates or colours."""
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as problem:
            return f"is not UTF-8 (byte {problem.start})"
        page = self._sheet.trim.inset(-self._sheet.bleed)
        view_box = _VIEW_BOX.search(text)
        if view_box is None or _numbers(view_box.group(1)) != [0.0, 0.0, page.width, page.height]:
            return f'needs viewBox="0 0 {page.width:g} {page.height:g}": millimetres over the bleed box'
        classes = {name for group in _CLASS.findall(text) for name in group.split()}
        tokens = {match.group(1) for name in classes if (match := _TOKEN.match(name))}
        unknown = sorted(tokens - PALETTE_TOKENS - {"none"})
        known = ", ".join(sorted(PALETTE_TOKENS))
        return f"names unknown colours: {', '.join(unknown)}; use one of {known}" if unknown else None


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        return []
