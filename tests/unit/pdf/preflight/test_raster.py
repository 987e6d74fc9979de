"""Ink as the press lays it down: knock-out, overprint, transparency, pictures."""

from __future__ import annotations

import io
import zlib
from unittest.mock import Mock

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from app.pdf.preflight import images as images_module
from app.pdf.preflight.content.marks import ImageMark
from app.pdf.preflight.images import InkImages, ink_image
from app.pdf.preflight.raster import InkRaster
from app.pdf.preflight.subject import Subject
from app.pdf.window_means import window_means
from tests.sound_pdf import PROFILE, resources, saved, sound


def ink_at(pdf: pikepdf.Pdf, content: bytes, x: float = 50, y: float = 50) -> dict[str, float]:
    """Ink at a point of a page with just this content; inks of nothing are left out."""
    pdf.pages[0].obj.Contents = pdf.make_stream(content)
    subject = Subject(saved(pdf), PROFILE, PROFILE.safe)
    raster = InkRaster((0, 0, 100, 100), 1)
    raster.draw(subject.pages[0].painted.marks)
    found = {name: round(float(plane[int(99.5 - y), int(x)]), 2) for name, plane in raster.planes.items()}
    return {name: tint for name, tint in found.items() if tint}


SQUARE = b" 10 10 80 80 re f "


@pytest.mark.parametrize(
    ("content", "ink"),
    [
        (b"1 0.5 0 0 k" + SQUARE + b"0 0 1 0 k" + SQUARE, {"Yellow": 1}),
        (b"1 0.5 0 0 k" + SQUARE + b"/Over gs 0 0 1 0 k" + SQUARE, {"Cyan": 1, "Magenta": 0.5, "Yellow": 1}),
        (b"1 0.5 0 0 k" + SQUARE + b"/Mode0 gs 0 0 1 0 k" + SQUARE, {"Yellow": 1}),
        (b"1 0 0 0 k" + SQUARE + b"/Half gs 0 0 1 0 k" + SQUARE, {"Cyan": 0.5, "Yellow": 0.5}),
        (b"0.5 0 0 0 k" + SQUARE + b"/Times gs 0.5 0 0 0 k" + SQUARE, {"Cyan": 0.75}),
        (b"1 0 0 0 k" + SQUARE + b"/Mode0 gs /Spot cs 0.5 scn" + SQUARE, {"Cyan": 1, "Gold": 0.5}),
        (b"1 0 0 0 k" + SQUARE + b"/Spot cs 0.5 scn" + SQUARE, {"Gold": 0.5}),
        (b"1 0 0 0 k 10 10 80 80 re 30 30 40 40 re f*", {}),
        (b"1 0 0 0 k 10 10 m 90 10 l 90 90 l 10 90 l h 30 30 m 30 70 l 70 70 l 70 30 l h f", {}),
        (b"1 0 0 0 k 10 10 m 90 10 l 90 90 l 10 90 l h 30 30 m 70 30 l 70 70 l 30 70 l h f", {"Cyan": 1}),
        (b"0 0 40 40 re W n 1 0 0 0 k" + SQUARE, {}),
        (b"50 5 m 95 95 l 5 95 l W n 1 0 0 0 k" + SQUARE, {"Cyan": 1}),
        (b"10 w 0 1 0 0 K 10 50 m 90 50 l S", {"Magenta": 1}),
        (b"0.5 w 0 1 0 0 K 10 50.5 m 90 50.5 l S", {"Magenta": 0.5}),
    ],
)
def test_inks_meet_as_the_standard_says(content: bytes, ink: dict[str, float]) -> None:
    pdf = sound()
    resources(pdf).ExtGState = Dictionary(
        Over=Dictionary(op=True, OPM=1),
        Mode0=Dictionary(op=True, OPM=0),
        Half=Dictionary(ca=0.5),
        Times=Dictionary(BM=Name.Multiply),
    )
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([1] * 4), N=1)
    resources(pdf).ColorSpace = Dictionary(
        Spot=Array([Name.Separation, Name.Gold, Name.DeviceCMYK, function])
    )
    assert ink_at(pdf, content) == pytest.approx(ink, abs=0.02)


def picture(pdf: pikepdf.Pdf, data: bytes, **entries: object) -> None:
    stream = pdf.make_stream(zlib.compress(data))
    stream.Type, stream.Subtype, stream.Filter = Name.XObject, Name.Image, Name.FlateDecode
    for key, value in entries.items():
        stream[f"/{key}"] = value
    resources(pdf).XObject.Pic = stream


PLACED = b"q 80 0 0 80 10 10 cm /Pic Do Q"


def test_a_picture_stands_the_right_way_up() -> None:
    pdf = sound()
    rows = b"\xff\0\0\0" * 2 + b"\0\xff\0\0" * 2  # cyan above, magenta below
    picture(pdf, rows, Width=2, Height=2, BitsPerComponent=8, ColorSpace=Name.DeviceCMYK)
    assert ink_at(pdf, PLACED, y=70) == {"Cyan": 1}
    assert ink_at(pdf, PLACED, y=30) == {"Magenta": 1}
    assert ink_at(pdf, PLACED, x=5) == {}
    assert ink_at(pdf, b"q 80 0 0 -80 10 90 cm /Pic Do Q", y=70) == {"Magenta": 1}


def test_a_grey_picture_is_black_ink() -> None:
    pdf = sound()
    picture(pdf, b"\x40", Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray)
    assert ink_at(pdf, PLACED) == {"Black": 0.75}


def test_a_palette_and_a_decode_array_are_followed() -> None:
    pdf = sound()
    table = Array([Name.Indexed, Name.DeviceCMYK, 1, String(b"\0\0\0\0\0\xff\0\0")])
    picture(pdf, b"\x01", Width=1, Height=1, BitsPerComponent=8, ColorSpace=table)
    assert ink_at(pdf, PLACED) == {"Magenta": 1}
    picture(
        pdf, b"\0", Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray, Decode=Array([1, 0])
    )
    assert ink_at(pdf, PLACED) == {}


def test_a_soft_mask_lets_the_paper_through() -> None:
    pdf = sound()
    mask = pdf.make_stream(b"\x80", Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    mask.ColorSpace = Name.DeviceGray
    picture(pdf, b"\xff\0\0\0", Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceCMYK, SMask=mask)
    assert ink_at(pdf, PLACED)["Cyan"] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("decode", "left"), [([0, 1], {}), ([1, 0], {"Cyan": 1})])
def test_a_stencil_paints_its_zeros_in_the_fill_colour(decode: list[int], left: dict[str, float]) -> None:
    pdf = sound()
    picture(pdf, b"\x80", Width=2, Height=1, ImageMask=True, Decode=Array(decode))
    assert ink_at(pdf, b"1 0 0 0 k " + PLACED, x=30) == left


def test_a_jpeg_is_read_as_pdf_reads_it() -> None:
    pdf = sound()
    out = io.BytesIO()
    Image.new("CMYK", (64, 64), (255, 0, 128, 0)).save(out, "JPEG", quality=95)
    picture(pdf, b"", Width=64, Height=64, BitsPerComponent=8, ColorSpace=Name.DeviceCMYK)
    # Pillow writes turned values, as Adobe does: without Decode they mean the opposite.
    resources(pdf).XObject.Pic.write(out.getvalue(), filter=Name.DCTDecode)
    straight = ink_at(pdf, PLACED)
    resources(pdf).XObject.Pic.Decode = Array([1, 0] * 4)
    assert ink_at(pdf, PLACED) == pytest.approx({"Cyan": 1, "Yellow": 0.5}, abs=0.02)
    assert straight == pytest.approx({"Magenta": 1, "Yellow": 0.5, "Black": 1}, abs=0.02)


def test_the_planes_add_up() -> None:
    pdf = sound()
    pdf.pages[0].obj.Contents = pdf.make_stream(b"0.5 0.25 0 0 k 0 0 500 500 re f")
    page = Subject(saved(pdf), PROFILE, PROFILE.safe).pages[0]  # nothing of the file is read after this
    raster = InkRaster(page.bleed, 0.5)
    raster.draw(page.painted.marks)
    assert np.allclose(raster.total(), 0.75)


def test_a_photograph_is_decoded_no_finer_than_it_is_measured_and_weighs_the_same() -> None:
    pdf, out = sound(), io.BytesIO()
    dice = np.random.default_rng(1).integers(0, 256, (32, 32, 4), dtype=np.uint8)
    shown = Image.fromarray(dice, "CMYK").resize((640, 640), Image.Resampling.BICUBIC)
    shown.save(out, "JPEG", quality=92, subsampling=0)
    picture(pdf, b"", Width=640, Height=640, BitsPerComponent=8, ColorSpace=Name.DeviceCMYK)
    resources(pdf).XObject.Pic.write(out.getvalue(), filter=Name.DCTDecode)
    resources(pdf).XObject.Pic.Decode = Array([1, 0] * 4)
    pdf.pages[0].obj.Contents = pdf.make_stream(b"q 160 0 0 160 10 10 cm /Pic Do Q")
    page = Subject(saved(pdf), PROFILE, PROFILE.safe).pages[0]
    (mark,) = (mark for mark in page.painted.marks if isinstance(mark, ImageMark))
    raster = InkRaster((10, 10, 170, 170), 0.5)
    raster.draw([mark])
    assert ink_image(mark, 80).samples.shape[:2] == (80, 80)
    whole = window_means(np.asarray(shown).sum(axis=2) / 255.0, 160)
    measured = window_means(raster.total(), 20)
    assert np.abs(measured - whole[::8, ::8]).max() < 0.02


def test_a_picture_on_several_pages_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = sound()
    picture(pdf, b"\x80\0\0\0", Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceCMYK)
    pdf.pages[0].obj.Contents = pdf.make_stream(PLACED)
    marks = Subject(saved(pdf), PROFILE, PROFILE.safe).pages[0].painted.marks
    reads = Mock(side_effect=ink_image)
    monkeypatch.setattr(images_module, "ink_image", reads)
    images = InkImages()
    for _ in range(2):
        raster = InkRaster((0, 0, 100, 100), 1, images)
        raster.draw(marks)
        assert raster.total().max() == pytest.approx(0.5, abs=0.01)
    assert reads.call_count == 1
