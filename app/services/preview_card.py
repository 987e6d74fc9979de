"""Pictures of a finished card for the screen, drawn once from its PDF and kept.

They are a cache beside the artifacts: one folder a PDF, named by its sha256, so that erasing a card erases
its pictures, and losing the folder loses nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from threading import Lock

from app.errors import NotFound
from app.pdf.preview import Area, InkLimit, Intent, Picture, View, Wanted
from app.store.artifacts import ArtifactStore

Draw = Callable[[bytes, Wanted], list[Picture]]
"""A PDF and what is wanted of it → pictures, in the order of its pages."""


class PictureSize(Enum):
    """How large a picture is wanted: its resolution in dpi, and what of the card shows."""

    THUMB = (40, "trim")
    """About 2.3 pixels for every CSS pixel of the list; the card as it is cut."""
    LARGE = (192, "bleed")
    """Two pixels for every CSS pixel at true size; with the bleed, for the overlays."""

    def __init__(self, dpi: int, area: Area) -> None:
        self.dpi = dpi
        self.area = area


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a side is shown. Of separations, one ink is shown as it is, several together in their colours."""

    size: PictureSize = PictureSize.LARGE
    view: View = View.PAGE
    inks: tuple[str, ...] = ()
    intent: Intent = Intent.ABSOLUTE
    limit: InkLimit = field(default_factory=InkLimit)
    icc: Path | None = None
    """The press's profile, for a file that carries none."""

    @property
    def name(self) -> str:
        """A file name for it; looks that show the same share one."""
        if self.view is View.PAGE:
            return str(self.size.dpi)
        said = repr((self.view.value, self.inks, self.intent.value, self.limit, self.icc and self.icc.name))
        return f"{self.size.dpi}-{self.view}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"

    @property
    def one_plate(self) -> bool:
        """Whether it is a plate as it is."""
        return self.view is View.SEPARATIONS and len(self.inks) == 1

    @property
    def wanted(self) -> Wanted:
        """What to draw. All plates are drawn where one is wanted: who looks at one looks at the next."""
        together = self.view is View.SEPARATIONS and not self.one_plate
        return Wanted(
            view=View.PROOF if together else self.view,
            dpi=self.size.dpi,
            area=self.size.area,
            inks=() if self.one_plate else self.inks,
            intent=Intent.RELATIVE if together else self.intent,
            limit=self.limit,
            icc=self.icc.read_bytes() if self.icc else b"",
            own_first=True,
        )


class PreviewCard:
    """Finds or draws the picture of one side."""

    def __init__(self, artifacts: ArtifactStore, folder: Path, draw: Draw) -> None:
        self._artifacts = artifacts
        self._folder = folder
        self._draw = draw
        # One at a time: fifty thumbnails of a page are asked for at once, and each PDF holds two.
        self._drawing = Lock()

    def picture(self, pdf_sha256: str, side: int, look: Look) -> Path:
        """The JPEG of one side (0 is the front).

        Raises:
            NotFound: the PDF is not stored, or has no such side or ink.
            PreviewFailed: it cannot be drawn.
        """
        path = self._path(pdf_sha256, side, look)
        if not path.exists():
            with self._drawing:
                if not path.exists():
                    self.draw(pdf_sha256, look)
        if not path.exists():
            what = f"side {side + 1}" + (f" with an ink {look.inks[0]}" if look.one_plate else "")
            raise NotFound(f"the card {pdf_sha256[:12]}… has no {what}")
        return path

    def draw(self, pdf_sha256: str, look: Look) -> None:
        """Draw every side now, so that whoever looks first does not wait."""
        for picture in self._draw(self._artifacts.read(pdf_sha256, ".pdf"), look.wanted):
            shown = replace(look, inks=(picture.ink,)) if picture.ink else look
            _write_whole(self._path(pdf_sha256, picture.page - 1, shown), picture.content)

    def kept(self, pdf_sha256: str, name: str, make: Callable[[bytes], Mapping[str, bytes]]) -> Path:
        """A JPEG that something else makes of a file, kept beside its previews.

        Args:
            pdf_sha256: which file.
            name: which picture.
            make: the file's bytes → all such pictures by name.

        Raises:
            NotFound: the PDF is not stored.
        """
        folder = self._folder_of(pdf_sha256)
        path = folder / f"{name}.jpg"
        if not path.exists():
            with self._drawing:
                if not path.exists():
                    for each, content in make(self._artifacts.read(pdf_sha256, ".pdf")).items():
                        _write_whole(folder / f"{each}.jpg", content)
        return path

    def forget(self, pdf_sha256: str) -> None:
        """Erase every picture of a card."""
        shutil.rmtree(self._folder_of(pdf_sha256), ignore_errors=True)

    def _folder_of(self, pdf_sha256: str) -> Path:
        return self._folder / pdf_sha256[:2] / pdf_sha256[2:]

    def _path(self, pdf_sha256: str, side: int, look: Look) -> Path:
        return self._folder_of(pdf_sha256) / f"{side}-{look.name}.jpg"


def _write_whole(path: Path, content: bytes) -> None:
    """A reader sees the file whole or not at all. No fsync: what a power cut takes is drawn again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).replace(path)
