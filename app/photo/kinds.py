"""What came as a photo, by its first bytes. Names and content types lie; nothing is opened by guessing."""

from __future__ import annotations

import re
import struct
from typing import Final

from app.errors import PhotoUnusable

_JPEG, _PNG, _WEBP, _TIFF, _HEIF, _AVIF, _GIF = "JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF"
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", _JPEG),
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
)
_BRANDS: Final = {
    b"heic": _HEIF, b"heix": _HEIF, b"heim": _HEIF, b"heis": _HEIF, b"hevc": _HEIF, b"hevx": _HEIF,
    b"mif1": _HEIF, b"msf1": _HEIF, b"avif": _AVIF, b"avis": _AVIF,
}  # fmt: skip
_OTHERS: Final = (
    (b"%PDF-", "a PDF"),
    (b"8BPS", "a Photoshop document"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"BM", "a BMP"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%!PS", "an EPS"),
    (b"II+\0", "a BigTIFF"),
    (b"MM\0+", "a BigTIFF"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\x1aE\xdf\xa3", "a film"),
)
_FTYP, _BRAND = slice(4, 8), slice(8, 12)
_HEAD = 1024
"""Bytes at both ends in which readers look for what a file is."""
_PAGE = re.compile(rb"<(\?php|script|html|!doctype html)\b", re.IGNORECASE)
_ZIP_END, _ZIP_END_SIZE = b"PK\x05\x06", 22
_LONGEST_ZIP_END = _ZIP_END_SIZE + 65_535
_MEND = "send a JPEG, PNG, HEIC, AVIF, WebP, TIFF or GIF"


def kind_of(data: bytes) -> str:
    """Pillow's name of a photo's format, such as JPEG.

    Raises:
        PhotoUnusable: it is empty, something that is no photo, or something else as well.
    """
    if not data:
        raise PhotoUnusable(
            "the photo is empty (0 bytes)",
            # A photo inside a letter that was not understood is dropped when an order's would have been.
            mend="send it again; where its order was replayed from what was not understood, the photo in it "
            "was deleted after its time: ask the customer for it once more",
            reason="empty",
        )
    kind = _kind(data)
    if second := _second(data):
        raise PhotoUnusable(
            f"the photo is {second} as well", mend="open and save it anew", reason="two_in_one"
        )
    return kind


def _kind(data: bytes) -> str:
    if data[_FTYP] == b"ftyp" and data[_BRAND] in _BRANDS:
        return _BRANDS[data[_BRAND]]
    if data[:4] == b"RIFF" and data[_BRAND] == b"WEBP":
        return _WEBP
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    raise PhotoUnusable(f"this is no photo but {_other(data)}", mend=_MEND, reason="no_photo")


def _second(data: bytes) -> str:
    """What else programs would take a photo for; empty for nothing.

    Much that stands behind a phone's photo is honest: a film of the moment, a map of brightness.
    """
    head, tail = data[:_HEAD], data[-_HEAD:]
    if b"%PDF-" in head or (b"%%EOF" in tail and b"%PDF-" in data):
        return "a PDF"
    if _PAGE.search(head) or _PAGE.search(tail):
        return "a web page"
    return "a ZIP archive" if _is_archive(data) else ""


def _is_archive(data: bytes) -> bool:
    """Whether a ZIP's directory stands at its end (APPNOTE 4.3.16); anything may stand before the archive."""
    end = data.rfind(_ZIP_END, -_LONGEST_ZIP_END)
    if end < 0 or end + _ZIP_END_SIZE > len(data):
        return False
    (size,) = struct.unpack_from("<I", data, end + 12)
    return size == 0 or data[max(0, end - size) :].startswith(b"PK\x01\x02")


def _other(data: bytes) -> str:
    if data[_FTYP] == b"ftyp":
        return "a film"
    for beginning, name in _OTHERS:
        if data.startswith(beginning):
            return name
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "an SVG drawing"
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<script")):
        return "a web page"
    return "something unknown"
