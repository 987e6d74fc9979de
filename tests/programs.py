"""System programs that tests call, and what to install where one is missing."""

from __future__ import annotations

import shutil

import pytest

PACKAGES = {
    "qpdf": "qpdf",
    "pdffonts": "poppler-utils",
    "pdfimages": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "mutool": "mupdf-tools",
    "gs": "ghostscript",
    "exiftool": "libimage-exiftool-perl",
    "chromium": "chromium",
}
"""Program to its Debian package; the test set-up installs these."""


def need(program: str) -> str:
    """The program's path; skips the test, saying what to install, where it is missing."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is missing: apt-get install {PACKAGES[program]}")
    return path
