"""What a file really is, by its first bytes, for people whose file is not what its name says."""

from __future__ import annotations

_BEGINNINGS = (
    (b"\xff\xd8\xff", "a JPEG"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG, which is RGB"),
    (b"GIF8", "a GIF, which is RGB"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"8BPS", "a Photoshop document"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%!PS", "an EPS"),
)
_BRANDS = {
    b"heic": "an HEIC photo",
    b"heix": "an HEIC photo",
    b"mif1": "an HEIF photo",
    b"avif": "an AVIF photo",
}
_FTYP = slice(4, 8)
_BRAND = slice(8, 12)


def kind_of(data: bytes) -> str:
    """Such as “a PNG, which is RGB”, to be said after “it is”."""
    if not data:
        return "empty"
    if data[_FTYP] == b"ftyp":
        return _BRANDS.get(data[_BRAND], "a film")
    if data[:4] == b"RIFF" and data[_BRAND] == b"WEBP":
        return "a WebP, which is RGB"
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    return "an SVG" if b"<svg" in data[:1024] else "something else"
