"""The process that draws, apart from the service: run as a program, never imported by it.

It gets one file at a time over a pipe and answers with pictures. A file that makes pdfium crash, hang or eat
memory takes only this process with it.
"""

from __future__ import annotations

import resource
import sys
from multiprocessing.connection import Connection

import pypdfium2

from app.pdf.preview import pages
from app.pdf.preview.wanted import Picture, View, Wanted, pack_pictures, pack_refusal

_MEMORY = 2 * 1024**3
"""Bytes of address space; a page of the most pixels takes a third of it in all its plates."""


def main() -> None:
    """Answer questions until the pipe closes. Argument: the pipe's descriptor."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Connection(int(sys.argv[1])) as pipe:
        while True:
            try:
                question = pipe.recv_bytes()
            except EOFError:
                return
            pipe.send_bytes(_answer(question))


def _answer(question: bytes) -> bytes:
    try:
        wanted, pdf = Wanted.unpack(question)
        return pack_pictures(_drawn(pdf, wanted))
    except (pypdfium2.PdfiumError, MemoryError, OSError, ValueError) as error:
        return pack_refusal(str(error) or "it takes too much memory")


def _drawn(pdf: bytes, wanted: Wanted) -> list[Picture]:
    if wanted.view is View.PAGE:
        return pages.draw(pdf, wanted)
    # Imported when first needed: most who look at a list of thumbnails never see a plate.
    from app.pdf.preview import views  # noqa: PLC0415

    return views.draw(pdf, wanted)


if __name__ == "__main__":
    main()
