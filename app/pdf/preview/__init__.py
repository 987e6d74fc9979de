"""Pictures of a file for people: its pages, its plates, what they print like, how much ink they carry.

Everything is drawn in a process of its own (`worker` starts it, `process` is it), from `wanted` in to
pictures out. `pages` are drawn by pdfium as they are; `plates` by pdfium too, from a copy of each page for
each ink (`one_ink`); `proof` and `coverage` are made of the plates.
"""

from __future__ import annotations

from app.pdf.preview.wanted import (
    Area,
    AsFile,
    InkLimit,
    Intent,
    MostInk,
    Picture,
    View,
    Wanted,
)
from app.pdf.preview.worker import PreviewWorker, draw

__all__ = [
    "Area",
    "AsFile",
    "InkLimit",
    "Intent",
    "MostInk",
    "Picture",
    "PreviewWorker",
    "View",
    "Wanted",
    "draw",
]
