"""Objects that a test wrote, made into a file."""

from __future__ import annotations

import pikepdf

from app.pdf.file.objects import ObjectFile, table_head, table_rows, trailer


def finished(file: ObjectFile, *, root: int) -> bytes:
    """The whole file; `root` is its catalogue."""
    info = file.add("<<>>")
    end = trailer(size=file.next, root=root, info=info, file_id=("00", "00"), table_at=file.length)
    return b"".join([*file.parts, table_head(file.next), table_rows(file.offsets), end])


def front_art(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The form that a card's front shows first: its art."""
    page = pdf.pages[0]
    name = page.Contents.read_bytes().split()[0].decode("ascii")
    return page.resources.XObject[name]
