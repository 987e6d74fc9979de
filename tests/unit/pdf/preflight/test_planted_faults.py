"""Each fault is planted alone into a sound file; exactly its own check must find it, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from app.domain.profile import Severity, Standard
from app.pdf.preflight import all_checks, checks_for, preflight
from tests.sound_pdf import (
    BLANK,
    CODE_128,
    EAN_13,
    MM,
    PROFILE,
    append,
    bars,
    code,
    data_matrix,
    form,
    photo,
    picture,
    profile_of,
    qr_matrix,
    rectangle,
    replace,
    resources,
    saved,
    sound,
    text,
)

Plant = Callable[[pikepdf.Pdf], bytes | None]
FAULTS: list[tuple[str, Standard, Plant]] = []
X4, VT1, X1A = Standard


def fault(check: str, *standards: Standard) -> Callable[[Plant], Plant]:
    """The check that must find what the function breaks; it may return the file's bytes itself.

    Planted into a sound PDF/X-4 unless other standards are named.
    """

    def register(plant: Plant) -> Plant:
        FAULTS.extend((check, standard, plant) for standard in standards or (X4,))
        return plant

    return register


def xmp(pdf: pikepdf.Pdf, old: str, new: str) -> None:
    text = pdf.Root.Metadata.read_bytes().decode()
    assert old in text
    pdf.Root.Metadata.write(text.replace(old, new).encode())


def intent(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.Root.OutputIntents[0]


# Structure


@fault("syntax-sound")
def the_cross_reference_table_points_nowhere(pdf: pikepdf.Pdf) -> bytes:
    data = saved(pdf)
    return data[: data.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"


@fault("header-version")
def the_header_says_an_older_version(pdf: pikepdf.Pdf) -> bytes:
    return saved(pdf).replace(b"%PDF-1.6", b"%PDF-1.4", 1)


@fault("header-version")
def the_catalogue_says_another_version(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Version = Name("/1.7")


@fault("no-encryption")
def the_file_is_encrypted(pdf: pikepdf.Pdf) -> bytes:
    return saved(pdf, encryption=pikepdf.Encryption(owner="owner", user="", R=4, metadata=False))


@fault("file-id")
def the_identifier_is_gone(pdf: pikepdf.Pdf) -> bytes:
    return saved(pdf).replace(b"/ID [", b"/Id [", 1)


@fault("no-lzw")
def a_stream_is_compressed_by_lzw(pdf: pikepdf.Pdf) -> None:
    # The LZW code of nothing: clear, end of data.
    pdf.Root.Extra = pikepdf.Stream(pdf, b"\x80\x40\x40", Filter=Name.LZWDecode)


@fault("no-external-streams")
def a_stream_is_in_another_file(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pikepdf.Stream(pdf, b"", F=String("other.bin"))


@fault("no-postscript-xobjects")
def a_postscript_xobject_is_drawn(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Ps = pikepdf.Stream(pdf, b"showpage", Type=Name.XObject, Subtype=Name.PS)
    append(pdf, b"/Ps Do")


@fault("no-reference-xobjects")
def a_form_refers_to_another_file(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Art.Ref = Dictionary(F=String("other.pdf"), Page=0)


@fault("no-opi")
def an_image_stands_in_by_opi(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Photo.OPI = Dictionary()


@fault("no-actions")
def an_action_runs_on_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])


@fault("no-actions")
def a_page_runs_javascript(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


@fault("no-actions")
def the_file_brings_javascript(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array()))


@fault("page-tree-sound")
def the_tree_miscounts(pdf: pikepdf.Pdf) -> bytes:
    return saved(pdf).replace(b"/Count 2", b"/Count 3", 1)


# Output intent


@fault("output-intent-single")
def there_are_two_intents(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


@fault("output-intent-single")
def there_is_no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


@fault("output-intent-single")
def the_intent_is_for_archiving(pdf: pikepdf.Pdf) -> None:
    intent(pdf).S = Name.GTS_PDFA1


@fault("output-condition-named")
def the_condition_is_another(pdf: pikepdf.Pdf) -> None:
    intent(pdf).OutputConditionIdentifier = String("FOGRA51")


@fault("output-condition-described")
def the_registry_is_missing(pdf: pikepdf.Pdf) -> None:
    del intent(pdf).RegistryName


@fault("output-profile-embedded")
def no_profile_is_embedded(pdf: pikepdf.Pdf) -> None:
    del intent(pdf).DestOutputProfile


@fault("output-profile-embedded")
def the_profile_is_cut_off(pdf: pikepdf.Pdf) -> None:
    intent(pdf).DestOutputProfile = pdf.make_stream(PROFILE.icc.read_bytes()[:-100], N=4)


@fault("output-profile-class")
def the_profile_is_a_monitors(pdf: pikepdf.Pdf) -> None:
    data = bytearray(PROFILE.icc.read_bytes())
    data[12:16] = b"mntr"
    intent(pdf).DestOutputProfile = pdf.make_stream(bytes(data), N=4)


@fault("output-profile-channels")
def the_channel_count_is_wrong(pdf: pikepdf.Pdf) -> None:
    intent(pdf).DestOutputProfile.N = 3


@fault("output-profile-matches")
def the_profile_is_another_press_s(pdf: pikepdf.Pdf) -> None:
    data = bytearray(PROFILE.icc.read_bytes())
    data[-1] ^= 1
    intent(pdf).DestOutputProfile = pdf.make_stream(bytes(data), N=4)


# Metadata


@fault("xmp-readable")
def the_metadata_are_missing(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


@fault("xmp-readable")
def the_metadata_are_encoded(pdf: pikepdf.Pdf) -> bytes:
    # The writer would decode it: the filter's name is set in the finished file, where it has its room.
    stream = pdf.Root.Metadata
    stream.write(stream.read_bytes().hex().encode() + b">")
    stream.Filtex = Name.ASCIIHexDecode
    return saved(pdf).replace(b"/Filtex", b"/Filter")


@fault("xmp-readable")
def the_metadata_are_not_xml(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata.write(b"<rdf:RDF>")


@fault("xmp-readable")
def the_metadata_bring_entities(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, "<x:xmpmeta", '<!DOCTYPE x [<!ENTITY e "lol">]><x:xmpmeta')


@fault("xmp-readable")
def the_metadata_have_another_type(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata.Subtype = Name.JSON


@fault("xmp-pdfx-version")
def the_standard_is_another(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, "PDF/X-4", "PDF/X-3")


@fault("xmp-identifiers")
def the_rendition_is_not_said(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, 'xmpMM:RenditionClass="default"', "")


@fault("xmp-dates")
def a_date_is_missing(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, 'xmp:MetadataDate="2025-06-01T08:00:00Z"', "")


@fault("xmp-dates")
def a_date_has_no_zone(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, 'xmp:MetadataDate="2025-06-01T08:00:00Z"', 'xmp:MetadataDate="2025-06-01T08:00:00"')


@fault("xmp-title")
def the_title_is_missing(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, '<rdf:Alt><rdf:li xml:lang="x-default">Card</rdf:li></rdf:Alt>', "")
    del pdf.trailer.Info.Title


@fault("trapped-stated")
def trapping_is_a_string(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.Trapped = String("False")


@fault("trapped-stated")
def trapping_is_unknown(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, 'pdf:Trapped="False"', 'pdf:Trapped="Unknown"')


@fault("info-agrees")
def the_titles_differ(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.Title = String("Another")


@fault("info-agrees")
def the_dates_differ(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.ModDate = String("D:20250601080001Z")


@fault("info-agrees")
def trapping_differs(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.Trapped = Name("/True")


# Boxes


@fault("trim-box-stated")
def no_trim_is_said(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj.TrimBox


@fault("trim-box-stated")
def trim_and_art_are_both_said(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.ArtBox = pdf.pages[1].obj.TrimBox


@fault("boxes-nested")
def the_bleed_is_over_the_media(pdf: pikepdf.Pdf) -> None:
    left, bottom, right, top = (float(n) for n in pdf.pages[1].obj.BleedBox.as_list())
    pdf.pages[1].obj.BleedBox = Array([left, bottom, right + 5, top])


@fault("boxes-nested")
def the_trim_is_over_the_bleed(pdf: pikepdf.Pdf) -> None:
    _, bottom, right, top = (float(n) for n in pdf.pages[1].obj.TrimBox.as_list())
    pdf.pages[1].obj.BleedBox = Array([20, 0, right + 8, top + 8])
    assert bottom > 0


@fault("crop-box-is-media-box")
def a_crop_box_hides_the_bleed(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.CropBox = pdf.pages[0].obj.TrimBox


@fault("no-user-unit")
def the_unit_is_another(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.UserUnit = 2


@fault("bleed-wide-enough")
def the_bleed_is_two_millimetres(pdf: pikepdf.Pdf) -> None:
    trim = [float(n) for n in pdf.pages[1].obj.TrimBox.as_list()]
    pdf.pages[1].obj.BleedBox = Array(
        [n + side * 2 * MM for n, side in zip(trim, (-1, -1, 1, 1), strict=True)]
    )


@fault("pages-same-trim")
def the_back_is_smaller(pdf: pikepdf.Pdf) -> None:
    left, bottom, right, top = (float(n) for n in pdf.pages[1].obj.TrimBox.as_list())
    pdf.pages[1].obj.TrimBox = Array([left, bottom + 6, right, top])


@fault("no-annotations")
def a_link_stands_on_the_page(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 50, 90, 90]))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


# Content


@fault("content-sound")
def an_operator_is_unknown(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"1 2 paint")


@fault("content-sound")
def an_operand_is_missing(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"1 0 0 1 5 cm")


@fault("content-sound")
def a_state_is_restored_that_was_not_saved(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"Q")


@fault("content-sound")
def a_state_is_not_restored(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q")


@fault("content-sound")
def an_inline_picture_is_compressed_by_lzw(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 1 0 0 1 60 200 cm BI /W 1 /H 1 /IM true /F /LZW ID \x80\x40\x40 EI Q")


@fault("resources-present")
def a_form_is_missing(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"/Absent Do")


@fault("resources-present")
def a_graphics_state_is_missing(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"/Absent gs")


# Fonts


def descendant(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return resources(pdf).Font.F1.DescendantFonts[0]


@fault("fonts-embedded")
def the_font_is_not_embedded(pdf: pikepdf.Pdf) -> None:
    del descendant(pdf).FontDescriptor.FontFile2


@fault("fonts-embedded")
def a_base_font_is_used(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources(pdf).Font.F2 = pdf.make_indirect(font)
    append(pdf, text(20, 40, 14).replace(b"/F1", b"/F2"))


@fault("no-notdef")
def a_missing_glyph_is_shown(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q /Over gs 0 0 0 1 k " + text(20, 40, codes=(0,)) + b"Q")


@fault("no-notdef")
def a_glyph_beyond_the_font_is_shown(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q /Over gs 0 0 0 1 k " + text(20, 40, codes=(77,)) + b"Q")


@fault("no-blank-glyphs")
def a_letter_draws_nothing(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q /Over gs 0 0 0 1 k " + text(20, 40, codes=(BLANK,)) + b"Q")


@fault("font-widths-agree")
def the_widths_are_not_the_fonts(pdf: pikepdf.Pdf) -> None:
    descendant(pdf).W = Array([0, Array([600, 590, 600, 600])])


@fault("text-searchable")
def the_text_does_not_say_its_characters(pdf: pikepdf.Pdf) -> None:
    del resources(pdf).Font.F1.ToUnicode


# Colour


@fault("no-device-rgb")
def a_tint_in_a_form_is_rgb(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Art = form(pdf, b"q 1 0 0 rg 50 50 20 20 re f Q")


@fault("no-device-rgb")
def a_picture_is_rgb(pdf: pikepdf.Pdf) -> None:
    out = io.BytesIO()
    Image.new("RGB", (240, 240), (90, 60, 30)).save(out, "JPEG")
    picture = resources(pdf).XObject.Photo
    picture.write(out.getvalue(), filter=Name.DCTDecode)
    picture.ColorSpace = Name.DeviceRGB
    del picture.Decode


@fault("no-device-rgb")
def a_palette_is_rgb(pdf: pikepdf.Pdf) -> None:
    picture = resources(pdf).XObject.Photo
    picture.write(bytes(240 * 240))
    picture.ColorSpace = Array([Name.Indexed, Name.DeviceRGB, 0, String(b"\x10\x20\x30")])
    del picture.Decode


@fault("no-device-rgb")
def an_inline_picture_is_rgb(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 1 0 0 1 60 200 cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI Q")


@fault("no-device-rgb")
def a_shading_is_rgb(pdf: pikepdf.Pdf) -> None:
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0]), C1=Array([0, 1, 0]), N=1)
    axial = Dictionary(
        ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 9, 0]), Function=function
    )
    resources(pdf).Shading = Dictionary(Sh=axial)
    append(pdf, b"q " + rectangle(20, 80, 10, 10) + b"W n /Sh sh Q")


@fault("no-device-rgb")
def a_soft_mask_is_rgb(pdf: pikepdf.Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    mask = Dictionary(S=Name.Luminosity, G=form(pdf, b"1 1 1 rg 0 0 9 9 re f", Group=group))
    resources(pdf).ExtGState.Masked = Dictionary(SMask=mask)
    append(pdf, b"q /Masked gs Q")


@fault("no-device-rgb")
def the_page_blends_in_rgb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)


@fault("no-device-rgb")
def a_group_blends_in_rgb(pdf: pikepdf.Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    resources(pdf).XObject.Art = form(pdf, b"", Group=group)


@fault("no-device-rgb")
def a_spot_falls_back_on_rgb(pdf: pikepdf.Pdf) -> None:
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([0, 0, 0]), N=1)
    spot = Array([Name.Separation, Name("/Gold"), Name.DeviceRGB, function])
    resources(pdf).ColorSpace = Dictionary(Spot=spot)
    append(pdf, b"/Spot cs 0.5 scn " + rectangle(20, 40, 10, 10) + b"f")


@fault("colours-in-inks")
def a_tint_is_icc_based(pdf: pikepdf.Pdf) -> None:
    icc = pdf.make_stream(PROFILE.icc.read_bytes(), N=4)
    resources(pdf).ColorSpace = Dictionary(Other=Array([Name.ICCBased, icc]))
    append(pdf, b"/Other cs 0.1 0.2 0 0 scn " + rectangle(20, 40, 10, 10) + b"f")


@fault("no-transfer-functions")
def a_transfer_function_is_set(pdf: pikepdf.Pdf) -> None:
    resources(pdf).ExtGState.Transfer = Dictionary(TR=Name.Identity)
    append(pdf, b"q /Transfer gs Q")


@fault("no-transfer-functions")
def a_second_transfer_function_is_set(pdf: pikepdf.Pdf) -> None:
    resources(pdf).ExtGState.Transfer = Dictionary(TR2=Name.Identity)
    append(pdf, b"q /Transfer gs Q")


@fault("layer-configurations-named")
def a_layer_configuration_has_no_name(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(Order=Array()))


@fault("layers-not-automatic")
def layers_switch_themselves(pdf: pikepdf.Pdf) -> None:
    default = Dictionary(Name=String("Default"), AS=Array())
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=default)


def spot(pdf: pikepdf.Pdf, name: str) -> bytes:
    function = Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0, 1, 0, 0]), N=1
    )
    space = Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, function])
    resources(pdf).ColorSpace = Dictionary(Spot=space)
    return b"/Spot CS 1 SCN 1 w " + rectangle(20, 40, 10, 10) + b"S"


@fault("processing-steps-marked")
def a_cutting_line_is_in_no_layer(pdf: pikepdf.Pdf) -> None:
    append(pdf, spot(pdf, "CutContour"))


@fault("processing-steps-marked")
def a_white_is_in_a_layer_for_cutting(pdf: pikepdf.Pdf) -> None:
    step = Dictionary(GTS_ProcStepsGroup=Name.Structural, GTS_ProcStepsType=Name.Cutting)
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Step"), GTS_Metadata=step))
    resources(pdf).Properties = Dictionary(Step=layer)
    append(pdf, b"/OC /Step BDC " + spot(pdf, "White") + b" EMC")


# Images and ink


@fault("image-resolution")
def a_picture_is_far_too_small(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Photo = photo(pdf, 100)


@fault("image-sharpness")
def a_picture_is_somewhat_too_small(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Photo = photo(pdf, 160)


@fault("ink-coverage")
def a_tint_is_too_heavy(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 0.9 0.9 0.9 0.9 k " + rectangle(20, 80, 25, 17) + b"f Q")


@fault("ink-coverage")
def overprints_add_up(pdf: pikepdf.Pdf) -> None:
    place = rectangle(10, 80, 30, 17)
    append(
        pdf, b"q /Over gs 1 1 0 0 k " + place + b"f 0 0 1 0 k " + place + b"f 0 0 0 0.5 k " + place + b"f Q"
    )


@fault("ink-coverage")
def a_picture_is_too_heavy(pdf: pikepdf.Pdf) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (240, 240), (230, 230, 230, 230)).save(out, "JPEG")
    resources(pdf).XObject.Photo.write(out.getvalue(), filter=Name.DCTDecode)


@fault("ink-measured")
def a_shading_is_painted(pdf: pikepdf.Pdf) -> None:
    function = Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0, 1, 0, 0]), N=1
    )
    shading = Dictionary(
        ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=Array([0, 0, 100, 0]), Function=function
    )
    resources(pdf).Shading = Dictionary(Sh=shading)
    append(pdf, b"q " + rectangle(20, 80, 10, 10) + b"W n /Sh sh Q")


# Overprint and small things


@fault("white-knocks-out")
def white_overprints(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q /Over gs 0 0 0 0 k " + rectangle(20, 80, 10, 10) + b"f Q")


@fault("black-text-one-ink")
def small_black_text_has_four_inks(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q /Over gs 0.5 0.4 0.4 1 k " + text(20, 40) + b"Q")


@fault("black-text-overprints")
def small_black_text_knocks_out(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 0 0 0 1 k " + text(20, 40) + b"Q")


@fault("black-text-overprints")
def small_black_text_overprints_in_the_wrong_mode(pdf: pikepdf.Pdf) -> None:
    resources(pdf).ExtGState.Wrong = Dictionary(op=True, OPM=0)
    append(pdf, b"q /Wrong gs 0 0 0 1 k " + text(20, 40) + b"Q")


@fault("heavy-text")
def large_text_is_too_heavy(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 0.7 0.65 0.6 0.9 k " + text(20, 40, 14) + b"Q")


@fault("reversed-text-size")
def tiny_text_is_white(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 0 0 0 0 k " + text(20, 40, 4) + b"Q")


@fault("reversed-text-size")
def text_is_made_tiny_by_the_matrix(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 0.2 0 0 0.2 40 200 cm 0.3 0.6 0 0 k BT /F1 18 Tf <0001> Tj ET Q")


@fault("reversed-line-width")
def a_hairline_has_two_inks(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q 0.3 0.6 0 0 K 0.1 w 60 250 m 120 250 l S Q")


# Codes


@fault("codes-black-on-white")
def a_code_is_rich_black(pdf: pikepdf.Pdf) -> None:
    drawn = code(qr_matrix(), 65, 105, 0.6)
    replace(pdf, drawn, drawn.replace(b"0 0 0 1 k", b"0.4 0.3 0.3 1 k"))


@fault("codes-black-on-white")
def a_code_stands_on_a_tint(pdf: pikepdf.Pdf) -> None:
    inner = rectangle(65 + 3, 105 + 3, 5, 5)
    code_at = b"0 0 0 1 k\n" + rectangle(65, 105, 7 * 0.6, 0.6)
    replace(pdf, code_at, b"0 0.3 0 0 k " + inner + b"f\n" + code_at)


@fault("codes-quiet-zone")
def something_stands_in_the_quiet_zone(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"0 0.3 0 0 k " + rectangle(63.5, 103.5, 1, 1) + b"f")


@fault("codes-quiet-zone")
def a_data_matrix_touches_a_line(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"0 0 0 1 k " + rectangle(79.7, 118, 0.2, 14) + b"f", page=1)


@fault("codes-readable")
def a_code_is_damaged(pdf: pikepdf.Pdf) -> None:
    broken = [list(row) for row in qr_matrix()]
    for row in range(9, 28):
        for column in range(9, 20):
            broken[row][column] = (row + column) % 2 == 0
    replace(pdf, code(qr_matrix(), 65, 105, 0.6), code(broken, 65, 105, 0.6))


@fault("codes-black-on-white")
def a_bar_code_is_blue(pdf: pikepdf.Pdf) -> None:
    drawn = bars(EAN_13, 15, 85, 0.33)
    replace(pdf, drawn, drawn.replace(b"0 0 0 1 k", b"1 0.6 0 0 k"), page=1)


@fault("codes-quiet-zone")
def a_line_stands_ten_modules_before_an_ean(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"0 0 0 1 k " + rectangle(15 - 10.6 * 0.33, 84, 0.2, 14) + b"f", page=1)


@fault("codes-quiet-zone")
def a_tint_begins_nine_modules_after_a_code_128(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"0 0 0.2 0 k " + rectangle(15 + (len(CODE_128) + 9) * 0.3, 60, 5, 12) + b"f", page=1)


@fault("codes-readable")
def two_symbols_of_a_code_128_changed_places(pdf: pikepdf.Pdf) -> None:
    first, second = CODE_128[11:22], CODE_128[22:33]
    swapped = CODE_128[:11] + second + first + CODE_128[33:]
    replace(pdf, bars(CODE_128, 15, 60, 0.3), bars(swapped, 15, 60, 0.3), page=1)


@fault("codes-readable")
def a_digit_of_an_ean_is_another(pdf: pikepdf.Pdf) -> None:
    wrong = EAN_13[:50] + EAN_13[71:78] + EAN_13[57:]
    replace(pdf, bars(EAN_13, 15, 85, 0.33), bars(wrong, 15, 85, 0.33), page=1)


@fault("codes-large-enough")
def a_bar_code_is_too_fine(pdf: pikepdf.Pdf) -> None:
    replace(pdf, bars(EAN_13, 15, 85, 0.33), bars(EAN_13, 15, 85, 0.2), page=1)


@fault("codes-large-enough")
def a_code_is_too_small(pdf: pikepdf.Pdf) -> None:
    replace(pdf, code(data_matrix(), 80, 120, 0.5), code(data_matrix(), 80, 120, 0.2), page=1)


# The knife


@fault("safe-zone")
def text_is_near_the_knife(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"q /Over gs 0 0 0 1 k " + text(2, 40) + b"Q")


@fault("safe-zone")
def a_code_is_near_the_knife(pdf: pikepdf.Pdf) -> None:
    replace(pdf, code(data_matrix(), 80, 120, 0.5), code(data_matrix(), 94, 120, 0.5), page=1)


@fault("safe-zone")
def a_picture_is_near_the_knife(pdf: pikepdf.Pdf) -> None:
    append(pdf, picture(84, 10, 20))


@fault("bleed-filled")
def a_picture_ends_in_the_bleed(pdf: pikepdf.Pdf) -> None:
    append(pdf, picture(86, 10, 20))


@fault("bleed-filled")
def a_tint_ends_in_the_bleed(pdf: pikepdf.Pdf) -> None:
    append(pdf, b"0 0.3 0 0 k " + rectangle(-1, 10, 20, 20) + b"f")


# Records of PDF/VT-1


def tree(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.Root.DPartRoot.DPartRootNode


def leaf(pdf: pikepdf.Pdf, number: int) -> pikepdf.Object:
    return tree(pdf).DParts[0][number]


@fault("dpart-root", VT1)
def there_are_no_parts(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.DPartRoot


@fault("dpart-root", VT1)
def the_parts_root_stands_in_the_catalogue(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root.DPartRoot
    pdf.Root.DPartRoot = Dictionary(dict(root.items()))


@fault("dpart-root", VT1)
def the_first_part_is_not_an_object(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DPartRoot.DPartRootNode = Dictionary(DParts=Array())


@fault("dpart-levels", VT1)
def a_level_has_no_name(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DPartRoot.NodeNameList = Array([Name("/Record")])


@fault("dpart-levels", VT1)
def a_level_has_a_name_with_a_blank(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DPartRoot.NodeNameList = Array([Name("/Job"), Name("/One record")])


@fault("dpart-levels", VT1)
def the_level_of_records_is_not_there(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DPartRoot.RecordLevel = 2


@fault("dpart-nodes", VT1)
def a_part_has_another_parent(pdf: pikepdf.Pdf) -> None:
    leaf(pdf, 1).Parent = leaf(pdf, 0)


@fault("dpart-nodes", VT1)
def the_parts_are_in_one_array(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DPartRoot.DPartRootNode.DParts = Array([Array(tree(pdf).DParts[0].as_list()), Name.Loose])


@fault("dpart-nodes", VT1)
def a_part_is_listed_twice(pdf: pikepdf.Pdf) -> None:
    tree(pdf).DParts.append(Array([leaf(pdf, 1)]))


@fault("dpart-cover", VT1)
def a_page_is_in_no_part(pdf: pikepdf.Pdf) -> None:
    tree(pdf).DParts = Array([Array([leaf(pdf, 0)])])
    pdf.pages[1].obj.DPart = leaf(pdf, 0)


@fault("dpart-cover", VT1)
def the_parts_are_in_another_order(pdf: pikepdf.Pdf) -> None:
    tree(pdf).DParts = Array([Array([leaf(pdf, 1), leaf(pdf, 0)])])


@fault("dpart-cover", VT1)
def a_part_starts_on_what_is_no_page(pdf: pikepdf.Pdf) -> None:
    leaf(pdf, 1).Start = pdf.Root


@fault("page-dpart", VT1)
def a_page_names_another_part(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.DPart = leaf(pdf, 0)


@fault("page-dpart", VT1)
def a_page_names_no_part(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj.DPart


@fault("record-keys", VT1)
def a_record_has_no_key(pdf: pikepdf.Pdf) -> None:
    del leaf(pdf, 1).DPM


@fault("record-keys", VT1)
def two_records_have_one_key(pdf: pikepdf.Pdf) -> None:
    leaf(pdf, 1).DPM = leaf(pdf, 0).DPM


@fault("dpart-metadata", VT1)
def a_record_tells_the_name(pdf: pikepdf.Pdf) -> None:
    leaf(pdf, 1).DPM.CIP4_Root.CIP4_Recipient.CIP4_Contact = Dictionary(CIP4_FamilyName=String("Miller"))


@fault("dpart-metadata", VT1)
def a_record_is_keyed_by_an_address(pdf: pikepdf.Pdf) -> None:
    leaf(pdf, 1).DPM.CIP4_Root.CIP4_Recipient.CIP4_UniqueID = String("anna@example.com")


@fault("shared-objects-scoped", VT1)
def shared_art_has_no_hints(pdf: pikepdf.Pdf) -> None:
    for key in ("GTS_Encapsulated", "GTS_Scope", "GTS_XID"):
        del resources(pdf).XObject.Art[f"/{key}"]


@fault("shared-objects-scoped", VT1)
def shared_art_is_for_single_use(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Art.GTS_Scope = Name.SingleUse


@fault("shared-objects-scoped", VT1)
def global_art_has_no_environment(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Art.GTS_Scope = Name.Global


@fault("xmp-pdfvt-version", VT1)
def xmp_does_not_say_that_it_is_vt(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, 'pdfvtid:GTS_PDFVTVersion="PDF/VT-1"', "")


@fault("xmp-pdfvt-version", VT1)
def the_parts_are_older_than_the_file(pdf: pikepdf.Pdf) -> None:
    xmp(pdf, 'GTS_PDFVTModDate="2025-06-01T08:00:00Z"', 'GTS_PDFVTModDate="2025-05-01T08:00:00Z"')


# PDF/X-1a


@fault("header-version", X1A)
def the_header_says_a_newer_version(pdf: pikepdf.Pdf) -> bytes:
    return saved(pdf).replace(b"%PDF-1.4", b"%PDF-1.6", 1)


@fault("info-pdfx-version", X1A)
def the_information_says_another_standard(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.GTS_PDFXVersion = String("PDF/X-3:2003")


@fault("info-complete", X1A)
def the_information_has_no_title(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer.Info.Title


@fault("info-complete", X1A)
def the_information_has_no_date(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer.Info.CreationDate


@fault("no-transparency", X1A)
def a_picture_has_a_soft_mask(pdf: pikepdf.Pdf) -> None:
    mask = pdf.make_stream(bytes(240 * 240), Type=Name.XObject, Subtype=Name.Image, Width=240, Height=240)
    mask.ColorSpace, mask.BitsPerComponent = Name.DeviceGray, 8
    resources(pdf).XObject.Photo.SMask = mask


@fault("no-transparency", X1A)
def a_tint_lets_through(pdf: pikepdf.Pdf) -> None:
    resources(pdf).ExtGState.Thin = Dictionary(ca=0.5)
    append(pdf, b"q /Thin gs 0 0.1 0 0 k " + rectangle(20, 80, 10, 10) + b"f Q")


@fault("no-transparency", X1A)
def a_tint_multiplies(pdf: pikepdf.Pdf) -> None:
    resources(pdf).ExtGState.Blend = Dictionary(BM=Name.Multiply)
    append(pdf, b"q /Blend gs 0 0.1 0 0 k " + rectangle(20, 80, 10, 10) + b"f Q")


@fault("no-transparency", X1A)
def the_art_is_a_group(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Art.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)


@fault("no-layers", X1A)
def the_art_is_a_layer(pdf: pikepdf.Pdf) -> None:
    resources(pdf).XObject.Art.OC = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Art")))


@fault("no-layers", X1A)
def the_catalogue_has_layers(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(Name=String("Default")))


@fault("images-of-their-time", X1A)
def a_picture_has_sixteen_bits(pdf: pikepdf.Pdf) -> None:
    made = pdf.make_stream(bytes(8), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    made.ColorSpace, made.BitsPerComponent = Name.DeviceCMYK, 16
    resources(pdf).XObject.Deep = made


@fault("images-of-their-time", X1A)
def a_picture_is_jbig2(pdf: pikepdf.Pdf) -> None:
    made = pikepdf.Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Image, Filter=Name.JBIG2Decode)
    resources(pdf).XObject.Old = made


@fault("no-object-streams", X1A)
def objects_stand_in_a_stream(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pikepdf.Stream(pdf, b"", Type=Name.ObjStm, N=0, First=0)


@fault("colours-of-the-press", X1A)
def a_tint_is_to_be_converted(pdf: pikepdf.Pdf) -> None:
    icc = pdf.make_stream(PROFILE.icc.read_bytes(), N=4)
    resources(pdf).ColorSpace = Dictionary(Other=Array([Name.ICCBased, icc]))
    append(pdf, b"/Other cs 0.1 0.2 0 0 scn " + rectangle(20, 40, 10, 10) + b"f")


@pytest.mark.parametrize("standard", Standard)
def test_the_sound_file_passes_every_check(standard: Standard) -> None:
    report = preflight(saved(sound(standard)), profile_of(standard))
    assert [outcome.name for outcome in report.outcomes if outcome.findings] == []
    assert report.passed
    assert report.pages == report.painted == 2
    assert len(report.outcomes) == len(checks_for(profile_of(standard))) + 1


@pytest.mark.parametrize(
    ("check", "standard", "plant"), FAULTS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_planted_fault_is_found_by_its_own_check_alone(
    check: str, standard: Standard, plant: Plant
) -> None:
    pdf = sound(standard)
    report = preflight(plant(pdf) or saved(pdf), profile_of(standard))
    found = {outcome.name: outcome for outcome in report.outcomes if outcome.findings}
    assert list(found) == [check], found
    assert all(finding.says and finding.mend for finding in found[check].findings)
    assert report.passed == (found[check].severity is Severity.WARNING)


def test_every_check_has_a_planted_fault_in_a_standard_of_its_own() -> None:
    planted = {(check, standard) for check, standard, _ in FAULTS}
    assert {check for check, _ in planted} == {check.name for check in all_checks()}
    apply = {(check.name, standard) for check in all_checks() for standard in check.standards}
    assert planted <= apply
