"""What the interpreter makes of content: places, colours, states."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from app.pdf.preflight.content.marks import ImageMark, Mark, PathMark, TextMark
from app.pdf.preflight.subject import Page, Subject
from tests.sound_pdf import LETTER, PROFILE, SPACE, form, resources, saved, sound

_OPEN: list[Subject] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """A file must stay open as long as its objects are looked at."""
    yield
    _OPEN.clear()


def page_of(content: bytes, pdf: pikepdf.Pdf | None = None) -> Page:
    pdf = sound() if pdf is None else pdf
    pdf.pages[0].obj.Contents = pdf.make_stream(content)
    _OPEN.append(Subject(saved(pdf), PROFILE, PROFILE.safe))
    return _OPEN[-1].pages[0]


def mark_of(content: bytes, pdf: pikepdf.Pdf | None = None) -> Mark:
    (mark,) = page_of(content, pdf).painted.marks
    return mark


@pytest.mark.parametrize(
    ("content", "bounds"),
    [
        (b"10 20 30 40 re f", (10, 20, 40, 60)),
        (b"40 60 -30 -40 re f", (10, 20, 40, 60)),
        (b"2 0 0 3 5 7 cm 10 20 30 40 re f", (25, 67, 85, 187)),
        (b"0 1 -1 0 100 0 cm 10 20 30 40 re f", (40, 10, 80, 40)),
        (b"1 0 0 1 5 5 cm 2 0 0 2 0 0 cm 1 1 m 3 1 l 3 9 l h f", (7, 7, 11, 23)),
        (b"0 0 20 20 re W n 10 10 30 30 re f", (10, 10, 20, 20)),
        (b"10 10 m 20 20 30 20 v 40 10 50 10 y f", (10, 10, 50, 20)),
        (b"4 w 10 10 m 50 10 l S", (8, 8, 52, 12)),
        (b"q 2 0 0 2 0 0 cm Q 1 1 8 8 re B", (0.5, 0.5, 9.5, 9.5)),
    ],
)
def test_a_path_is_where_its_matrix_and_clip_put_it(content: bytes, bounds: tuple[float, ...]) -> None:
    assert mark_of(content).bounds == pytest.approx(bounds)


def test_what_the_clip_hides_is_no_mark() -> None:
    assert page_of(b"0 0 9 9 re W n 20 20 5 5 re f").painted.marks == []


def test_a_form_is_placed_by_its_matrix_clipped_by_its_box_and_leaves_the_state_alone() -> None:
    pdf = sound()
    inner = form(pdf, b"0 0 1 0 k 0 0 500 500 re f", Matrix=Array([2, 0, 0, 2, 10, 10]))
    inner.BBox = Array([0, 0, 20, 30])
    resources(pdf).XObject.Inner = inner
    first, second = page_of(b"1 0 0 0 k /Inner Do 0 0 5 5 re f", pdf).painted.marks
    assert first.bounds == pytest.approx((10, 10, 50, 70))
    assert dict(first.look.fill.inks)["Yellow"] == 1
    assert first.inside == "/Inner"
    assert dict(second.look.fill.inks)["Cyan"] == 1


@pytest.mark.parametrize(
    ("content", "inks"),
    [
        (b"", {"Black": 1}),
        (b"0.25 g", {"Black": 0.75}),
        (b"0.1 0.2 0.3 0.4 k", {"Cyan": 0.1, "Magenta": 0.2, "Yellow": 0.3, "Black": 0.4}),
        (b"/DeviceCMYK cs", {"Cyan": 0, "Magenta": 0, "Yellow": 0, "Black": 1}),
        (b"/Spot cs", {"Gold": 1}),
        (b"/Spot cs 0.5 scn", {"Gold": 0.5}),
        (b"/Table cs 1 sc", {"Cyan": 1, "Magenta": 0, "Yellow": 0.2, "Black": 0}),
        (b"/All cs 0.5 scn", dict.fromkeys(("Cyan", "Magenta", "Yellow", "Black"), 0.5)),
        (b"/None cs", {}),
        (b"/Icc cs 0 0 1 0 scn", {"Cyan": 0, "Magenta": 0, "Yellow": 1, "Black": 0}),
    ],
)
def test_a_colour_is_its_inks(content: bytes, inks: dict[str, float]) -> None:
    pdf = sound()
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([1] * 4), N=1)
    resources(pdf).ColorSpace = Dictionary(
        Spot=Array([Name.Separation, Name.Gold, Name.DeviceCMYK, function]),
        All=Array([Name.Separation, Name.All, Name.DeviceCMYK, function]),
        None_=Array([Name.Separation, Name("/None"), Name.DeviceCMYK, function]),
        Table=Array([Name.Indexed, Name.DeviceCMYK, 1, String(b"\0\0\0\0\xff\0\x33\0")]),
        Icc=Array([Name.ICCBased, pdf.make_stream(b"", N=4)]),
    )
    resources(pdf).ColorSpace["/None"] = resources(pdf).ColorSpace.None_
    mark = mark_of(content + b" 0 0 9 9 re f", pdf)
    assert dict(mark.look.fill.inks) == pytest.approx(inks)


def test_overprint_and_transparency_are_tracked() -> None:
    pdf = sound()
    resources(pdf).ExtGState = Dictionary(
        A=Dictionary(OP=True, OPM=1, ca=0.5, BM=Name.Multiply), B=Dictionary(op=False)
    )
    first, second = page_of(b"/A gs 0 0 9 9 re f /B gs 0 0 9 9 re B", pdf).painted.marks
    assert (first.look.fill_overprints, first.look.overprint_mode) == (True, 1)
    assert (first.look.fill_alpha, first.look.blend) == (0.5, "Multiply")
    assert (second.look.fill_overprints, second.look.stroke_overprints) == (False, True)


def test_a_group_is_painted_as_one_with_the_state_around_it() -> None:
    pdf = sound()
    resources(pdf).ExtGState = Dictionary(A=Dictionary(ca=0.5))
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
    resources(pdf).XObject.Grouped = form(pdf, b"/A gs 0 0 9 9 re f", Group=group)
    resources(pdf).XObject.Grouped.Resources = Dictionary(ExtGState=resources(pdf).ExtGState)
    assert mark_of(b"/A gs /Grouped Do", pdf).look.fill_alpha == 0.25


def text_mark(content: bytes) -> TextMark:
    mark = mark_of(b"BT " + content + b" ET")
    assert isinstance(mark, TextMark)
    return mark


@pytest.mark.parametrize(
    ("content", "left", "size"),
    [
        (b"/F1 10 Tf 30 40 Td <0001> Tj", 31, 10),
        (b"/F1 10 Tf 2 0 0 2 30 40 Tm <0001> Tj", 32, 20),
        (b"/F1 10 Tf 50 Tz 30 40 Td <0001> Tj", 30.5, 10),
        (b"/F1 10 Tf 12 TL 30 52 Td T* <0001> Tj", 31, 10),
        (b"/F1 10 Tf 30 40 Td [-100 <0001>] TJ", 32, 10),
        (b"/F1 10 Tf 12 TL 30 52 Td <0001> '", 31, 10),
        (b'/F1 10 Tf 12 TL 30 52 Td 1 2 <0001> "', 31, 10),
    ],
)
def test_a_glyph_is_where_text_operators_put_it(content: bytes, left: float, size: float) -> None:
    mark = text_mark(content)
    assert mark.bounds[0] == pytest.approx(left)
    assert mark.bounds[1] == pytest.approx(40)
    assert mark.size == pytest.approx(size)


def test_glyphs_advance_by_width_and_spacing() -> None:
    shown = b"".join(b"%04X" % code for code in (LETTER, SPACE, LETTER))
    mark = text_mark(b"/F1 10 Tf 3 Tc 0 20 Td <" + shown + b"> Tj")
    assert [bounds[0] for _, bounds in mark.glyphs if bounds[2] - bounds[0] == pytest.approx(4)] == (
        pytest.approx([1, 1 + 2 * 9])
    )


def test_invisible_text_paints_nothing() -> None:
    mark = text_mark(b"/F1 10 Tf 3 Tr <0001> Tj")
    assert not mark.filled
    assert not mark.stroked


def test_an_image_has_its_resolution_from_its_matrix() -> None:
    mark = mark_of(b"q 72 0 0 36 0 0 cm /Photo Do Q")
    assert isinstance(mark, ImageMark)
    assert mark.resolution == pytest.approx(240)
    turned = mark_of(b"q 0 72 -144 0 200 0 cm /Photo Do Q")
    assert isinstance(turned, ImageMark)
    assert turned.resolution == pytest.approx(120)


def test_marks_know_the_layers_they_are_in() -> None:
    pdf = sound()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Cut")))
    resources(pdf).Properties = Dictionary(L=layer)
    content = b"/OC /L BDC /Tag BMC 0 0 9 9 re f EMC EMC 0 0 9 9 re f"
    inside, outside = page_of(content, pdf).painted.marks
    assert [str(one.Name) for one in inside.look.layers] == ["Cut"]
    assert outside.look.layers == ()


def test_a_type_3_glyph_paints_what_its_procedure_paints() -> None:
    pdf = sound()
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 1000, 1000]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        FirstChar=65,
        LastChar=65,
        Widths=Array([500]),
        Encoding=Dictionary(Differences=Array([65, Name.box])),
        CharProcs=Dictionary(box=pdf.make_stream(b"500 0 0 0 500 500 d1 0 0 500 500 re f")),
        Resources=Dictionary(),
    )
    resources(pdf).Font.T3 = pdf.make_indirect(font)
    path, shown = page_of(b"BT /T3 20 Tf 100 100 Td (A) Tj ET", pdf).painted.marks
    assert isinstance(path, PathMark)
    assert path.bounds == pytest.approx((100, 100, 110, 110))
    assert isinstance(shown, TextMark)


def test_a_type_3_glyph_draws_with_the_resources_of_its_font() -> None:
    pdf = sound()
    square = form(pdf, b"0 0 500 500 re f")
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 1000, 1000]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        FirstChar=65,
        LastChar=65,
        Widths=Array([500]),
        Encoding=Dictionary(Differences=Array([65, Name.box])),
        CharProcs=Dictionary(box=pdf.make_stream(b"500 0 d0 /OfTheFont Do")),
        Resources=Dictionary(XObject=Dictionary(OfTheFont=square)),
    )
    resources(pdf).Font.T3 = pdf.make_indirect(font)
    page = page_of(b"BT /T3 20 Tf 100 100 Td (A) Tj ET /OfTheFont Do", pdf)
    path, shown = page.painted.marks
    assert isinstance(path, PathMark)
    assert path.bounds == pytest.approx((100, 100, 108, 110))
    assert isinstance(shown, TextMark)
    (fault,) = page.painted.faults
    assert "/OfTheFont is not among the XObject resources" in str(fault), "the page has none of that name"


def test_resources_may_stand_in_the_page_tree() -> None:
    pdf = sound()
    pdf.Root.Pages.Resources = pdf.pages[0].obj.Resources
    for page in pdf.pages:
        del page.obj.Resources
    report = Subject(saved(pdf), PROFILE, PROFILE.safe)
    assert report.pages[0].painted.faults == []
    assert report.pages[0].painted.marks
