"""What stands on each plate, at places where it is known by arithmetic."""

from __future__ import annotations

import io
import itertools
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from app.pdf.preview.inks import Press
from app.pdf.preview.plates import Plates, plates_of
from app.pdf.preview.wanted import Wanted
from tests.sound_pdf import (
    BLEED,
    PROFILE,
    append,
    form,
    picture,
    rectangle,
    resources,
    saved,
    sound,
    text,
    with_spot,
)
from tests.sound_pdf import replace as exchange

PRESS = Press(PROFILE.icc.read_bytes())
CMYK = ("Cyan", "Magenta", "Yellow", "Black")
BOX = rectangle(60, 20, 20, 20)
MIDDLE = (70.0, 30.0)
GROUND = (0.1, 0.05, 0.2, 0.0)
ONE = 1.01 / 255
"""A step of eight bits, in which plates are drawn."""


def drawn(pdf: pikepdf.Pdf, dpi: float = 72) -> Plates:
    return next(iter(plates_of(saved(pdf), Wanted(dpi=dpi, pages=(1,)), PRESS)))


def ink_at(plates: Plates, x: float = MIDDLE[0], y: float = MIDDLE[1]) -> dict[str, float]:
    """The tint of each ink at a place in mm from the trim."""
    column, row = (int((n + BLEED) / 25.4 * plates.dpi) for n in (x, y))
    return {name: float(plate[row, column]) / 255 for name, plate in plates.inks.items()}


def painted(content: bytes, pdf: pikepdf.Pdf | None = None) -> dict[str, float]:
    """The inks in the middle of BOX once that content is painted over the card."""
    pdf = pdf or sound()
    append(pdf, content)
    return ink_at(drawn(pdf))


def cmyk(*tints: float, **spots: float) -> object:
    """What the plates should say, within a step of eight bits."""
    return pytest.approx(dict(zip(CMYK, tints, strict=True)) | spots, abs=ONE)


def state(pdf: pikepdf.Pdf, name: str, **entries: Any) -> pikepdf.Pdf:
    resources(pdf).ExtGState[f"/{name}"] = Dictionary(**entries)
    return pdf


def test_a_page_has_the_four_plates_with_their_tints() -> None:
    assert painted(b"") == cmyk(*GROUND)
    assert painted(b"0.3 0.6 0.9 0.4 k " + BOX + b"f") == cmyk(0.3, 0.6, 0.9, 0.4)
    assert painted(b"0.25 g " + BOX + b"f") == cmyk(0, 0, 0, 0.75)


def test_a_plate_that_the_file_lacks_is_empty_and_the_others_stay() -> None:
    whole, lacking = sound(), sound()
    for old, new in ((b"0.1 0.05 0.2 0 k", b"0.1 0 0.2 0 k"), (b"/Photo Do", b"")):
        exchange(lacking, old, new)
    resources(lacking).XObject.Art = form(lacking, b"")
    found, expected = drawn(lacking), drawn(whole)
    assert not found.inks["Magenta"].any()
    assert expected.inks["Magenta"].any()
    assert ink_at(found, 20, 20) == pytest.approx(ink_at(expected, 20, 20) | {"Magenta": 0.0})


def test_a_jpeg_in_four_inks_is_taken_apart() -> None:
    inks = ink_at(drawn(sound()), 20, 70)
    assert inks == pytest.approx(
        {n: v / 255 for n, v in zip(CMYK, (40, 60, 80, 10), strict=True)}, abs=2 / 255
    )


def test_what_knocks_out_leaves_nothing_under_it_and_what_overprints_leaves_all() -> None:
    fill = b"0 0 0 1 k " + BOX + b"f"
    assert painted(fill) == cmyk(0, 0, 0, 1)
    assert painted(b"/Over gs " + fill) == cmyk(0.1, 0.05, 0.2, 1)


def test_overprint_mode_zero_takes_every_process_ink() -> None:
    pdf = state(sound(), "All0", op=True, OP=True, OPM=0)
    assert painted(b"/All0 gs 0 0 0 1 k " + BOX + b"f", pdf) == cmyk(0, 0, 0, 1)


def test_white_knocks_out_even_where_it_is_asked_to_overprint_as_gray() -> None:
    pdf = state(sound(), "All0", op=True, OPM=1)
    assert painted(b"/All0 gs 1 g " + BOX + b"f", pdf) == cmyk(0, 0, 0, 0)
    assert painted(b"/Over gs 0 0 0 0 k " + BOX + b"f") == cmyk(*GROUND)


def test_fill_and_stroke_overprint_each_by_itself() -> None:
    pdf = state(sound(), "FillOnly", op=True, OP=False, OPM=1)
    append(pdf, b"/FillOnly gs 10 w 0 0 0 1 k 1 0 0 0 K " + BOX + b"B")
    plates = drawn(pdf)
    assert ink_at(plates) == cmyk(0.1, 0.05, 0.2, 1)
    assert ink_at(plates, 60, 30) == cmyk(1, 0, 0, 0)


def test_text_overprints_letter_by_letter() -> None:
    for gs, cyan in ((b"/Over gs ", 0.1), (b"", 0.0)):
        pdf = sound()
        append(pdf, gs + b"0 0 0 1 k " + text(60, 40, size=100))
        assert ink_at(drawn(pdf), 70, 30) == cmyk(cyan, cyan / 2, cyan * 2, 1)


def test_a_spot_ink_has_a_plate_of_its_own_and_knocks_out_the_others() -> None:
    found = painted(b"/Spot cs 0.7 scn " + BOX + b"f", with_spot(sound()))
    assert found == cmyk(0, 0, 0, 0, Gold=0.7)


def test_a_spot_that_overprints_lies_over_the_process_inks() -> None:
    found = painted(b"/Over gs /Spot cs 0.7 scn " + BOX + b"f", with_spot(sound()))
    assert found == cmyk(*GROUND, Gold=0.7)


def test_a_spot_that_another_page_has_is_an_empty_plate_here() -> None:
    pdf = with_spot(sound())
    append(pdf, b"/Spot cs 1 scn " + BOX + b"f", page=1)
    assert painted(b"", pdf) == cmyk(*GROUND, Gold=0)


def test_the_colorant_all_is_on_every_plate_and_none_on_no_plate() -> None:
    assert painted(b"/Spot cs 0.6 scn " + BOX + b"f", with_spot(sound(), "All")) == cmyk(0.6, 0.6, 0.6, 0.6)
    assert painted(b"/Spot cs 1 scn " + BOX + b"f", with_spot(sound(), "None")) == cmyk(*GROUND)


def test_devicen_names_its_inks_in_its_own_order() -> None:
    pdf = sound()
    function = pdf.make_stream(b"{0 exch 0 3 1 roll}", FunctionType=4, Domain=[0, 1] * 2, Range=[0, 1] * 4)
    names = Array([Name("/Gold"), Name.Magenta])
    resources(pdf).ColorSpace = Dictionary(Two=Array([Name.DeviceN, names, Name.DeviceCMYK, function]))
    assert painted(b"/Two cs 0.4 0.8 scn " + BOX + b"f", pdf) == cmyk(0, 0.8, 0, 0, Gold=0.4)


def test_opacity_and_multiply_work_on_each_ink() -> None:
    half = state(sound(), "Half", ca=0.5)
    assert painted(b"/Half gs 0.5 0 0 0 k " + BOX + b"f", half) == cmyk(0.3, 0.025, 0.1, 0)
    multiply = state(sound(), "Times", BM=Name.Multiply)
    assert painted(b"/Times gs 0.5 0 0 0 k " + BOX + b"f", multiply) == cmyk(0.55, 0.05, 0.2, 0)


def test_a_soft_mask_is_the_same_on_every_plate() -> None:
    pdf = sound()
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = form(pdf, b"0.5 g 0 0 400 500 re f", Group=group)
    state(pdf, "Masked", SMask=Dictionary(S=Name.Luminosity, G=mask))
    found = painted(b"q /Masked gs 1 1 0 0.5 k " + BOX + b"f Q", pdf)
    assert found == pytest.approx({"Cyan": 0.55, "Magenta": 0.525, "Yellow": 0.1, "Black": 0.25}, abs=2 * ONE)


def test_an_image_keeps_its_soft_mask() -> None:
    pdf = sound()
    image = pdf.make_stream(bytes((255, 0, 128, 0) * 4))
    image.Subtype, image.Width, image.Height = Name.Image, 2, 2
    image.BitsPerComponent, image.ColorSpace = 8, Name.DeviceCMYK
    soft = pdf.make_stream(bytes([128] * 4))
    soft.Subtype, soft.Width, soft.Height = Name.Image, 2, 2
    soft.BitsPerComponent, soft.ColorSpace = 8, Name.DeviceGray
    image.SMask = soft
    resources(pdf).XObject.Soft = image
    found = painted(picture(60, 20, 20, b"Soft"), pdf)
    expected = {"Cyan": 0.55, "Magenta": 0.025, "Yellow": 0.35, "Black": 0.0}
    assert found == pytest.approx(expected, abs=2 * ONE)


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_images_of_any_depth_and_decode(bits: int) -> None:
    pdf = sound()
    # Four samples of one pixel: none, full, none, full.
    most = (1 << bits) - 1
    packed = int("".join(f"{value:0{bits}b}" for value in (0, most, 0, most)), 2) << (-4 * bits % 8)
    image = pdf.make_stream(packed.to_bytes((4 * bits + 7) // 8, "big"))
    image.Subtype, image.Width, image.Height = Name.Image, 1, 1
    image.BitsPerComponent, image.ColorSpace = bits, Name.DeviceCMYK
    resources(pdf).XObject.Small = image
    assert painted(picture(60, 20, 20, b"Small"), pdf) == cmyk(0, 1, 0, 1)
    image.Decode = Array([1, 0, 1, 0, 0, 0.5, 0, 1])
    assert painted(picture(60, 20, 20, b"Small"), pdf) == cmyk(1, 0, 0, 1)


def test_indexed_images_and_inline_images() -> None:
    pdf = sound()
    image = pdf.make_stream(bytes([1] * 4))
    image.Subtype, image.Width, image.Height, image.BitsPerComponent = Name.Image, 2, 2, 8
    image.ColorSpace = Array(
        [Name.Indexed, Name.DeviceCMYK, 1, pikepdf.String(bytes([0, 0, 0, 0, 51, 102, 153, 204]))]
    )
    resources(pdf).XObject.Few = image
    assert painted(picture(60, 20, 20, b"Few"), pdf) == cmyk(0.2, 0.4, 0.6, 0.8)
    at = picture(60, 20, 20, b"X").replace(b"/X Do", b"BI /W 1 /H 1 /BPC 8 /CS /CMYK /F /AHx ID 336699CC> EI")
    assert painted(at) == cmyk(0.2, 0.4, 0.6, 0.8)


def test_a_colour_key_leaves_out_its_colour() -> None:
    pdf = sound()
    image = pdf.make_stream(bytes((255, 0, 0, 0)))
    image.Subtype, image.Width, image.Height, image.BitsPerComponent = Name.Image, 1, 1, 8
    image.ColorSpace, image.Mask = Name.DeviceCMYK, Array([250, 255, 0, 5, 0, 5, 0, 5])
    resources(pdf).XObject.Keyed = image
    assert painted(picture(60, 20, 20, b"Keyed"), pdf) == cmyk(*GROUND)


def test_a_stencil_and_its_overprint() -> None:
    pdf = sound()
    stencil = pdf.make_stream(b"\x00")
    stencil.Subtype, stencil.Width, stencil.Height, stencil.ImageMask = Name.Image, 1, 1, True
    resources(pdf).XObject.Stencil = stencil
    drawing = picture(60, 20, 20, b"Stencil")
    assert painted(b"q /Over gs 0 0 0 0.8 k " + drawing + b" Q", pdf) == cmyk(0.1, 0.05, 0.2, 0.8)
    assert painted(b"0 0 0 0.8 k " + drawing, pdf) == cmyk(0, 0, 0, 0.8)


def test_rgb_is_separated_by_the_presss_profile() -> None:
    pdf = sound()
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 40)).save(out, "PNG")
    expected = PRESS.separated(np.array([[[200, 30, 40]]], np.uint8), "RGB")[0, 0] / 255
    found = painted(b"%f %f %f rg " % (200 / 255, 30 / 255, 40 / 255) + BOX + b"f", pdf)
    assert found == cmyk(*expected)
    assert expected[1] > 0.9


def test_shadings_and_patterns_are_taken_apart() -> None:
    pdf = sound()
    function = Dictionary(
        FunctionType=2, Domain=[0, 1], C0=[0.2, 0.4, 0.6, 0.8], C1=[0.2, 0.4, 0.6, 0.8], N=1
    )
    shading = Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceCMYK,
        Coords=[0, 0, 400, 0],
        Function=function,
        Extend=[True, True],
    )
    resources(pdf).Shading = Dictionary(Even=shading)
    cell = pdf.make_stream(b"0.5 0.1 0 0 k 0 0 9 9 re f")
    shared = Dictionary(
        PatternType=1, TilingType=1, BBox=[0, 0, 9, 9], XStep=9, YStep=9, Resources=Dictionary()
    )
    uncoloured = pdf.make_stream(b"0 0 9 9 re f")
    for stream, paint in ((cell, 1), (uncoloured, 2)):
        for key, value in shared.items():
            stream[key] = value
        stream.PaintType = paint
    resources(pdf).Pattern = Dictionary(
        Even=Dictionary(PatternType=2, Shading=shading), Cell=cell, Plain=uncoloured
    )
    resources(pdf).ColorSpace = Dictionary(Under=Array([Name.Pattern, Name.DeviceCMYK]))
    even = cmyk(0.2, 0.4, 0.6, 0.8)
    assert painted(b"q " + BOX + b"W n /Even sh Q", pdf) == even
    assert painted(b"/Pattern cs /Even scn " + BOX + b"f", pdf) == even
    assert painted(b"/Pattern cs /Cell scn " + BOX + b"f", pdf) == cmyk(0.5, 0.1, 0, 0)
    assert painted(b"/Under cs 0.3 0 0.6 0 /Plain scn " + BOX + b"f", pdf) == cmyk(0.3, 0, 0.6, 0)


def test_forms_take_the_colour_and_the_overprint_of_where_they_stand() -> None:
    pdf = sound()
    resources(pdf).XObject.Bare = form(pdf, BOX + b"f")
    assert painted(b"0 0 0 0.5 k /Bare Do", pdf) == cmyk(0, 0, 0, 0.5)
    assert painted(b"q 0.4 0 0 0 k /Over gs /Bare Do Q", pdf) == cmyk(0.4, 0, 0, 0.5)


def test_a_type_3_font_draws_on_its_plates() -> None:
    pdf = sound()
    coloured = pdf.make_stream(b"1000 0 d0 0.5 0 0.25 0 k 0 0 1000 1000 re f")
    plain = pdf.make_stream(b"1000 0 0 0 1000 1000 d1 0 0 1000 1000 re f")
    resources(pdf).Font.T3 = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=[0, 0, 1000, 1000],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        FirstChar=65,
        LastChar=66,
        Widths=[1000, 1000],
        Encoding=Dictionary(Differences=Array([65, Name.Own, Name.Given])),
        CharProcs=Dictionary(Own=coloured, Given=plain),
        Resources=Dictionary(),
    )
    where = text(60, 40, size=80).replace(b"/F1", b"/T3")
    own, given = (where[: where.index(b"<")] + code + b" Tj ET" for code in (b"(A)", b"(B)"))
    assert painted(b"0 1 0 0 k " + given, pdf) == cmyk(0, 1, 0, 0)
    assert painted(own, pdf) == cmyk(0.5, 0, 0.25, 0)


def test_every_pair_of_resolutions_agrees() -> None:
    means = [{n: p.mean() / 255 for n, p in drawn(sound(), dpi).inks.items()} for dpi in (72, 150, 300)]
    for one, other in itertools.pairwise(means):
        assert one == pytest.approx(other, abs=0.003)


def test_boxes_are_where_they_are_on_the_page() -> None:
    plates = drawn(sound(), dpi=254)
    assert plates.shape == (1540, 1110)
    assert plates.trim == pytest.approx((30, 30, 1080, 1510), abs=1)
    assert plates.bleed == (0, 0, 1110, 1540)


def test_what_cannot_be_decoded_is_refused_with_its_reason() -> None:
    pdf = sound()
    resources(pdf).XObject.Photo.write(b"no JPEG", filter=Name.DCTDecode)
    with pytest.raises(ValueError, match="an image cannot be decoded"):
        drawn(pdf)


def test_forms_without_end_are_refused() -> None:
    pdf = sound()
    endless = pdf.make_indirect(form(pdf, b"/Me Do"))
    endless.Resources = Dictionary(XObject=Dictionary(Me=endless))
    resources(pdf).XObject.Me = endless
    append(pdf, b"/Me Do")
    with pytest.raises(ValueError, match="forms in forms"):
        drawn(pdf)
