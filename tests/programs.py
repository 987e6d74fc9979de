"""System programs that tests call, and what to install where one is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

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
    "java": "default-jre-headless",
    "openssl": "openssl",
    "cupsd": "cups",
    "lpadmin": "cups-client",
    "ipptool": "cups-ipp-utils",
    "ippeveprinter": "cups-ipp-utils",
    "dbus-daemon": "dbus-daemon",
    "avahi-daemon": "avahi-daemon",
    "unshare": "util-linux",
}
"""Program to its Debian package; the test set-up installs these."""


_JARS = Path("/usr/share/java")
_PDFBOX = {
    "preflight.jar": "libpdfbox2-java",
    "xmpbox.jar": "libpdfbox2-java",
    "pdfbox2.jar": "libpdfbox2-java",
    "fontbox2.jar": "libfontbox2-java",
    "commons-logging.jar": "libcommons-logging-java",
    "commons-io.jar": "libcommons-io-java",
    "javax.activation.jar": "libactivation-java",
    "jaxb-api.jar": "libjaxb-api-java",
}
"""PDFBox preflight and what it needs since Java itself has it no more."""


def need_java() -> tuple[str, str]:
    """Java and the class path of PDFBox preflight; skips the test, saying what to install, without them."""
    for jar, package in _PDFBOX.items():
        if not (_JARS / jar).exists():
            pytest.skip(f"{jar} is missing: apt-get install {package}")
    return need("java"), ":".join(str(_JARS / jar) for jar in _PDFBOX)


def need(program: str) -> str:
    """The program's path; skips the test, saying what to install, where it is missing."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is missing: apt-get install {PACKAGES[program]}")
    return path
