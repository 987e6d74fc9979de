"""The small readers: dates, XMP, ToUnicode, widths, colour spaces."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from app.pdf.preflight.content.paint import space_of
from app.pdf.preflight.content.typeface import Typeface
from app.pdf.preflight.objects import rectangle
from app.pdf.preflight.xmp import Xmp, pdf_date, xmp_date
from tests.sound_pdf import LETTER, XMP, resources, sound

PACIFIC = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:20250601", datetime(2025, 6, 1, tzinfo=UTC)),
        ("D:20250601080910Z", datetime(2025, 6, 1, 8, 9, 10, tzinfo=UTC)),
        ("D:20250601080910Z00'00'", datetime(2025, 6, 1, 8, 9, 10, tzinfo=UTC)),
        ("D:20250601080910-08'00'", datetime(2025, 6, 1, 8, 9, 10, tzinfo=PACIFIC)),
        ("D:20250601080910+0530", datetime(2025, 6, 1, 2, 39, 10, tzinfo=UTC)),
    ],
)
def test_a_pdf_date_is_read_with_its_zone(text: str, moment: datetime) -> None:
    assert pdf_date(text) == moment


@pytest.mark.parametrize("text", ["", "2025-06-01", "D:2025x", "D:20251301"])
def test_what_is_no_pdf_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  from `datetime` too
        pdf_date(text)


def test_an_xmp_date_needs_its_zone() -> None:
    assert xmp_date("2025-06-01T10:00:00+02:00") == datetime(2025, 6, 1, 8, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        xmp_date("2025-06-01T10:00:00")


def test_xmp_is_read_from_attributes_elements_and_lists() -> None:
    packet = Xmp(
        XMP.replace('pdf:Trapped="False"', "")
        .replace("<dc:title>", "<pdf:Trapped>True</pdf:Trapped><dc:title>")
        .encode()
    )
    assert packet.get("xmpMM:VersionID") == "1"
    assert packet.get("pdf:Trapped") == "True"
    assert packet.get("dc:title") == "Card"
    assert packet.get("dc:creator") is None


@pytest.mark.parametrize("packet", [b"", b"<a>", b"<!DOCTYPE a><a/>", b"x" * 1_000_001])
def test_a_hostile_xmp_packet_is_refused(packet: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        Xmp(packet)


def face(**changes: object) -> Typeface:
    pdf = sound()
    font = resources(pdf).Font.F1
    for key, value in changes.items():
        target = font if key == "ToUnicode" else font.DescendantFonts[0]
        target[f"/{key}"] = pdf.make_stream(value) if isinstance(value, bytes) else value
    assert isinstance(font, pikepdf.Dictionary)
    found = Typeface(font)
    found.keep = pdf  # type: ignore[attr-defined]  # the file must stay open as long as its objects
    return found


def test_widths_come_in_two_forms() -> None:
    found = face(W=Array([1, Array([500, 510]), 7, 9, 300]), DW=250)
    assert [found.glyph(code).width for code in (1, 2, 3, 7, 9, 10)] == [500, 510, 250, 300, 300, 250]


def test_fonts_alike_save_for_what_they_lead_to_are_read_each() -> None:
    def width(of_one: int) -> float:
        pdf = sound()
        font = resources(pdf).Font.F1
        font.DescendantFonts[0].W = Array([1, pdf.make_indirect(Array([of_one]))])
        assert isinstance(font, pikepdf.Dictionary)
        return Typeface(font).glyph(1).width

    assert [width(500), width(700)] == [500, 700]


def test_the_same_font_of_two_files_is_read_once() -> None:
    assert face().glyph(LETTER) is face().glyph(LETTER)
    assert face(DW=251).glyph(LETTER) is not face().glyph(LETTER)


def test_to_unicode_is_read_in_all_its_forms() -> None:
    cmap = (
        b"2 beginbfchar <0001> <0041> <0002> <D83DDE00> endbfchar "
        b"2 beginbfrange <0003> <0005> <0061> <0006> <0007> [<0078> <00660069>] endbfrange"
    )
    found = face(ToUnicode=cmap)
    assert [found.glyph(code).text for code in range(1, 9)] == ["A", "😀", "a", "b", "c", "x", "fi", None]


def test_a_glyph_map_is_followed() -> None:
    found = face(CIDToGIDMap=b"\0\0" + b"\0\x02" + b"\0\x01")
    assert found.glyph(1).blank
    assert not found.glyph(2).blank
    assert found.glyph(3).absent


def test_a_glyph_knows_its_ink() -> None:
    assert face().glyph(LETTER).bounds == pytest.approx((100, 0, 500, 700))


@pytest.mark.parametrize(
    "value",
    [Name.Nonsense, Array(), Array([Name.Nonsense]), Array([Name.Indexed]), Dictionary(), Array([Array([])])],
)
def test_what_is_no_colour_space_is_refused(value: pikepdf.Object) -> None:
    with pytest.raises((ValueError, IndexError, TypeError)):
        space_of(value)


def test_a_colour_space_that_holds_itself_is_refused() -> None:
    pdf = pikepdf.new()
    loop = pdf.make_indirect(Array([Name.Pattern]))
    loop.append(loop)
    with pytest.raises(ValueError, match="colour space"):
        space_of(loop)


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        (Array([3, 4, 1, 2]), (1, 2, 3, 4)),
        (Array([1, 2, 3]), None),
        (Array([1, 2, 3, Name.X]), None),
        (Name.X, None),
        (None, None),
    ],
)
def test_a_rectangle_has_any_two_corners(value: object, bounds: tuple[float, ...] | None) -> None:
    assert rectangle(value) == bounds
