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


PHOTO = saved(Image.new("RGB", (80, 80)))
COMMENTED = PHOTO[:2] + b"\xff\xfe\x00\x14%PDF-1.7 and so on" + PHOTO[2:]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PHOTO + archive(), "a ZIP archive"),
        (PHOTO + archive() + b"behind it", "a ZIP archive"),
        (COMMENTED, "a PDF"),
        (PHOTO + b"%PDF-1.4\n1 0 obj\n%%EOF\n", "a PDF"),
        (PHOTO + b"<script>alert(1)</script>", "a web page"),
        (b"GIF89a/*" + PHOTO + b"*/=1;<?php system($_GET[0]); ?>", "a web page"),
    ],
    ids=["zip", "zip and more", "PDF before", "PDF behind", "script", "gif and php"],
)
def test_a_photo_that_is_something_else_as_well_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(PhotoUnusable) as refused:
        kind_of(data)
    assert said in refused.value.detail
    assert refused.value.reason == "two_in_one"


@pytest.mark.parametrize(
    "behind", [b"\0\0\0\x20ftypmp42" + bytes(300), PHOTO, b"SEFHe\0\0\0SEFT", b"PK\x05\x06 by chance"]
)
def test_what_phones_put_behind_a_photo_is_no_fault(behind: bytes) -> None:
    assert kind_of(PHOTO + behind) == "JPEG"
