"""The process that draws pages with pdfium, apart from the service: run as a program, never imported by it.

It gets one file at a time over a pipe and answers with pictures. A file that makes pdfium crash, hang or eat
memory takes only this process with it. Nothing of `app` is imported, so that it starts fast and owns nothing.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
from multiprocessing.connection import Connection
from typing import NamedTuple

import pypdfium2

_OK, _FAILED = b"\x00", b"\x01"
_MEMORY = 2 * 1024**3
"""Bytes of address space; a page of the most pixels takes a tenth of it."""
_QUALITY = 88
_POINTS = 72.0


class Wanted(NamedTuple):
    """The head of a request, in its order."""

    dpi: float
    most_pages: int
    most_pixels: int
    trimmed: bool


def main() -> None:
    """Answer requests until the pipe closes. Arguments: the pipe's descriptor, the form of a request."""
    head = struct.Struct(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Connection(int(sys.argv[1])) as pipe:
        while True:
            try:
                request = pipe.recv_bytes()
            except EOFError:
                return
            try:
                pictures = _draw(request[head.size :], Wanted(*head.unpack_from(request)))
            except (pypdfium2.PdfiumError, MemoryError, OSError, ValueError) as error:
                pipe.send_bytes(_FAILED + str(error).encode())
                continue
            sizes = struct.pack(f">I{len(pictures)}I", len(pictures), *map(len, pictures))
            pipe.send_bytes(_OK + sizes + b"".join(pictures))


def _draw(pdf: bytes, wanted: Wanted) -> list[bytes]:
    with pypdfium2.PdfDocument(pdf) as document:
        if len(document) > wanted.most_pages:
            raise ValueError(f"it has {len(document)} pages; up to {wanted.most_pages} are drawn")
        return [_picture(document[number], wanted) for number in range(len(document))]


def _picture(page: pypdfium2.PdfPage, wanted: Wanted) -> bytes:
    crop = _margins(page) if wanted.trimmed else (0.0, 0.0, 0.0, 0.0)
    width, height = page.get_size()
    width, height = width - crop[0] - crop[2], height - crop[1] - crop[3]
    if width <= 0 or height <= 0:
        raise ValueError("a page has no size")
    scale = wanted.dpi / _POINTS
    if width * height * scale * scale > wanted.most_pixels:
        raise ValueError(f"a page would have more than {wanted.most_pixels:,} pixels")
    bitmap = page.render(scale=scale, crop=crop, may_draw_forms=False, draw_annots=False)
    out = io.BytesIO()
    # Full colour resolution: small text in colour blurs otherwise.
    bitmap.to_pil().convert("RGB").save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def _margins(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """What lies outside the trim: left, bottom, right, top, in points."""
    left, bottom, right, top = page.get_mediabox()
    trim = page.get_trimbox()
    return trim[0] - left, trim[1] - bottom, right - trim[2], top - trim[3]


if __name__ == "__main__":
    main()
