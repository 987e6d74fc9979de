"""Pictures of a finished card for the screen, drawn once from its PDF and kept.

They are a cache beside the artifacts: one folder a PDF, named by its sha256, so that erasing a card erases
its pictures, and losing the folder loses nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import Literal

from app.errors import NotFound
from app.store.artifacts import ArtifactStore

Area = Literal["bleed", "trim"]
Draw = Callable[[bytes, float, Area], list[bytes]]
"""A PDF, a resolution in dpi, and whether the bleed shows → its pages as JPEG."""


class PictureSize(Enum):
    """How large a picture is wanted: its resolution in dpi, and what of the card shows."""

    THUMB = (40, "trim")
    """About 2.3 pixels for every CSS pixel of the list; the card as it is cut."""
    LARGE = (192, "bleed")
    """Two pixels for every CSS pixel at true size; with the bleed, for the overlays."""

    def __init__(self, dpi: int, area: Area) -> None:
        self.dpi = dpi
        self.area = area


class PreviewCard:
    """Finds or draws the picture of one side."""

    def __init__(self, artifacts: ArtifactStore, folder: Path, draw: Draw) -> None:
        self._artifacts = artifacts
        self._folder = folder
        self._draw = draw
        # One at a time: fifty thumbnails of a page are asked for at once, and each PDF holds two.
        self._drawing = Lock()

    def picture(self, pdf_sha256: str, side: int, size: PictureSize) -> Path:
        """The JPEG of one side (0 is the front).

        Raises:
            NotFound: the PDF is not stored, or has no such side.
        """
        path = self._path(pdf_sha256, side, size)
        if not path.exists():
            with self._drawing:
                if not path.exists():
                    self.draw(pdf_sha256, size)
        if not path.exists():
            raise NotFound(f"the card {pdf_sha256[:12]}… has no side {side + 1}")
        return path

    def draw(self, pdf_sha256: str, size: PictureSize) -> None:
        """Draw every side now, so that whoever looks first does not wait."""
        pages = self._draw(self._artifacts.read(pdf_sha256, ".pdf"), size.dpi, size.area)
        for side, picture in enumerate(pages):
            _write_whole(self._path(pdf_sha256, side, size), picture)

    def forget(self, pdf_sha256: str) -> None:
        """Erase every picture of a card."""
        shutil.rmtree(self._folder_of(pdf_sha256), ignore_errors=True)

    def _folder_of(self, pdf_sha256: str) -> Path:
        return self._folder / pdf_sha256[:2] / pdf_sha256[2:]

    def _path(self, pdf_sha256: str, side: int, size: PictureSize) -> Path:
        return self._folder_of(pdf_sha256) / f"{side}-{size.dpi}.jpg"


def _write_whole(path: Path, content: bytes) -> None:
    """A reader sees the file whole or not at all. No fsync: what a power cut takes is drawn again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).replace(path)
