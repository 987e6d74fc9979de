"""Art that comes as a finished PDF page: its objects are copied, its inks are its own.

The page becomes one form XObject. What it holds beyond that (fonts, images, colour spaces) comes along; the
card's preflight judges all of it.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pikepdf

from app.errors import ArtworkUnusable
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import number

_TOLERANCE = 0.5
"""pt, that the page may be larger or smaller than the card with its bleed."""


def write_finished_art(file: ObjectFile, path: Path, size: tuple[float, float]) -> int:
    """Write the one page of a PDF as a form XObject; gives its object number.

    Args:
        file: where to.
        path: the PDF.
        size: width and height in pt that its BleedBox (else MediaBox) must have.

    Raises:
        ArtworkUnusable: it is no PDF, locked, of several pages, or of another size.
    """
    try:
        with pikepdf.open(path) as pdf:
            if len(pdf.pages) != 1:
                raise ArtworkUnusable(f"{path} has {len(pdf.pages)} pages", mend="save one page a side")
            return _write_page(file, path, pdf.pages[0], size)
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError) as error:
        mend = "save it as PDF again, without a password"
        raise ArtworkUnusable(f"{path} cannot be opened: {error}", mend=mend) from error


def _write_page(file: ObjectFile, path: Path, page: pikepdf.Page, size: tuple[float, float]) -> int:
    left, bottom, right, top = (float(edge) for edge in page.get("/BleedBox", page.mediabox))
    found = right - left, top - bottom
    if any(abs(a - b) > _TOLERANCE for a, b in zip(found, size, strict=True)):
        raise ArtworkUnusable(
            f"{path} is {found[0]:.1f} × {found[1]:.1f} pt with its bleed",
            mend=f"make it {size[0]:.1f} × {size[1]:.1f} pt: the trim with the template's bleed",
        )
    page.contents_coalesce()
    box = " ".join(map(number, (left, bottom, right, top)))
    moved = f"1 0 0 1 {number(-left)} {number(-bottom)}"
    resources = _Copier(file).spell(page.resources).decode("latin-1")
    return file.add_stream(
        page.Contents.read_bytes(),
        f"/Type/XObject/Subtype/Form/BBox[{box}]/Matrix[{moved}]/Resources {resources}",
    )


class _Copier:
    """Copies objects of another file, each once."""

    def __init__(self, file: ObjectFile) -> None:
        self._file = file
        self._copied: dict[tuple[int, int], int] = {}

    def spell(self, thing: object) -> bytes:
        """A value as it is written in our file; what it refers to is copied there."""
        match thing:
            case None:
                return b"null"
            case bool():
                return b"true" if thing else b"false"
            case int() | Decimal():
                return str(thing).encode("ascii")
            case pikepdf.Object() if thing.is_indirect:
                return b"%d 0 R" % self._copy(thing)
            case pikepdf.Object():
                return self._direct(thing)
        raise ArtworkUnusable(f"the art holds a {type(thing).__name__}", mend="save it as PDF again")

    def _copy(self, thing: pikepdf.Object) -> int:
        known = self._copied.get(thing.objgen)
        if known is None:
            known = self._copied[thing.objgen] = self._file.reserve()
            self._file.write(known, self._direct(thing))
        return known

    def _direct(self, thing: pikepdf.Object) -> bytes:
        match thing:
            case pikepdf.Stream():
                data = thing.read_raw_bytes()
                length = b"/Length %d" % len(data)
                return (
                    b"<<"
                    + self._entries(thing.stream_dict)
                    + length
                    + b">>\nstream\n"
                    + data
                    + b"\nendstream"
                )
            case pikepdf.Dictionary():
                return b"<<" + self._entries(thing) + b">>"
            case pikepdf.Array():
                return b"[" + b" ".join(map(self.spell, thing)) + b"]"
            case _:
                return thing.unparse()

    def _entries(self, dictionary: pikepdf.Object) -> bytes:
        return b"".join(
            pikepdf.Name(key).unparse() + b" " + self.spell(value)
            for key, value in dictionary.items()
            if key != "/Length"
        )
