"""Finished pages as form XObjects of another file: what several of them share is copied once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from app.domain.geometry import Box
from app.domain.units import points
from app.errors import WrongState
from app.pdf.file.copier import Copier, Known
from app.pdf.file.identity import hints
from app.pdf.file.streamed import StreamedFile
from app.pdf.file.syntax import number
from app.pdf.preflight.limits import STRANGE
from app.pdf.preflight.objects import inherited, rectangle

_OPEN = 64
"""Files that are kept open: those of a sheet, whose backs are placed after their fronts."""
_KNOWN = 20_000
"""Objects that are remembered by their content."""
_RIGHT = 90
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageAt:
    """A page of a file, from 0."""

    path: Path
    index: int


@dataclass(frozen=True, slots=True)
class Form:
    """A page as an object of the sheet: its number, its trim in pt, and how it is to be turned (degrees)."""

    number: int
    trim: Bounds
    rotation: int

    def placed(self, box: Box, height: float, angle: int) -> str:
        """The matrix that brings its trim onto a box in mm of a sheet of that height, turned.

        Args:
            box: on the sheet, from its top-left corner.
            height: of the sheet, mm.
            angle: counterclockwise, degrees, a multiple of 90.
        """
        left, bottom, right, top = self.trim
        x, y = points(box.x), points(height - box.bottom)
        match (angle - self.rotation) % 360:
            case 0:
                turned = (1, 0, 0, 1, x - left, y - bottom)
            case 90:
                turned = (0, 1, -1, 0, x + top, y - left)
            case 180:
                turned = (-1, 0, 0, -1, x + right, y + top)
            case _:
                turned = (0, -1, 1, 0, x - bottom, y + right)
        return " ".join(map(number, turned))


class Pages:
    """Brings pages of finished files into one file."""

    def __init__(self, file: StreamedFile, *, hinted: bool = False) -> None:
        """Nothing is there yet; `layers` are the numbers of the layers that came along.

        Forms of a PDF/VT file are `hinted`: a press may keep what it made of them.
        """
        self._file = file
        self._hinted = hinted
        self._known = Known(_KNOWN)
        self._open: OrderedDict[Path, tuple[pikepdf.Pdf, Copier]] = OrderedDict()
        self.layers: dict[int, None] = {}

    def form(self, at: PageAt) -> Form:
        """A page as a form.

        Raises:
            WrongState: the file is not what it was when it was checked.
        """
        try:
            pdf, copier = self._opened(at.path)
            page = pdf.pages[at.index]
            trim = rectangle(page.obj.get("/TrimBox"))
            if trim is None:
                raise ValueError("there is no TrimBox")
            # What of it is seen is the sheet's affair: a piece's code may stand under its bleed.
            media = rectangle(inherited(page, "/MediaBox")) or trim
            return Form(self._copied(page, media, copier), trim, int(inherited(page, "/Rotate") or 0))
        except (OSError, *STRANGE) as error:
            raise WrongState(
                f"{at.path}, page {at.index + 1} cannot be placed any more ({error})",
                mend="leave files alone while they are imposed; run again",
            ) from error

    def close(self) -> None:
        """Let go of all files."""
        for pdf, _ in self._open.values():
            pdf.close()
        self._open.clear()

    def _opened(self, path: Path) -> tuple[pikepdf.Pdf, Copier]:
        found = self._open.get(path)
        if found is None:
            pdf = pikepdf.open(path, suppress_warnings=True)
            found = self._open[path] = pdf, Copier(self._file, self._known, self.layers)
            if len(self._open) > _OPEN:
                _, (oldest, _) = self._open.popitem(last=False)
                oldest.close()
        self._open.move_to_end(path)
        return found

    def _copied(self, page: pikepdf.Page, media: Bounds, copier: Copier) -> int:
        """Write the form, or find it: the sheet's content says where it goes."""
        box = " ".join(map(number, media)).encode("ascii")
        entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources " % box
        entries += copier.spell(inherited(page, "/Resources") or pikepdf.Dictionary())
        group = page.obj.get("/Group")
        if group is not None:
            entries += b"/Group " + copier.spell(group)
        contents = page.obj.get("/Contents")
        if isinstance(contents, pikepdf.Stream):
            data, coding = contents.read_raw_bytes(), _coding(contents, copier)
        else:
            parts = [] if contents is None else [part.read_bytes() for part in contents.as_list()]
            data, coding = b"\n".join(parts), b""
        if self._hinted:
            entries += hints(data, entries.decode("latin-1")).encode("ascii")
        return copier.add(b"<<%b%b/Length %d>>\nstream\n%b\nendstream" % (entries, coding, len(data), data))


def _coding(contents: pikepdf.Stream, copier: Copier) -> bytes:
    kept = (key for key in ("/Filter", "/DecodeParms") if key in contents)
    return b"".join(key.encode("ascii") + b" " + copier.spell(contents[key]) for key in kept)
