from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from app.errors import PhotoUnusable
from app.photo.kinds import kind_of
from tests.photos import saved, scene


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"])
def test_photos_are_known_by_their_first_bytes(kind: str) -> None:
    assert kind_of(saved(scene(), kind)) == kind


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("photo.jpg", saved(scene()))
    return out.getvalue()


OTHERS = [
    (b"", "empty (0 bytes)", "empty"),
    (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing", "no_photo"),
    (b"\xef\xbb\xbf\n <svg onload='alert(1)'/>", "an SVG drawing", "no_photo"),
    (b"<!DOCTYPE html><html><body>Not found", "a web page", "no_photo"),
    (b"<script>location='//evil'</script>", "a web page", "no_photo"),
    (b"%PDF-1.7\n", "a PDF", "no_photo"),
    (b"\0\0\0\x20ftypisom\0\0\0\0", "a film", "no_photo"),
    (b"BM" + bytes(60), "a BMP", "no_photo"),
    (b"\x7fELF", "a program", "no_photo"),
    (b"II+\0\x08\0\0\0", "a BigTIFF", "no_photo"),
    (b"hello", "something unknown", "no_photo"),
    (archive(), "a ZIP archive", "no_photo"),
]


@pytest.mark.parametrize(("data", "said", "reason"), OTHERS)
def test_anything_else_is_refused_by_its_name(data: bytes, said: str, reason: str) -> None:
    with pytest.raises(PhotoUnusable) as refused:
        kind_of(data)
    assert said in refused.value.detail
    assert refused.value.reason == reason
    assert refused.value.mend


def test_a_photo_with_something_behind_it_is_the_photo() -> None:
    both = saved(Image.new("RGB", (80, 80))) + archive()
    assert kind_of(both) == "JPEG"
