"""A side's art as one form: photographs cover their box around their focus, equal content is written once."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from app.domain.geometry import Box
from app.domain.template import CardTemplate, Focus, Picture, Side
from app.errors import ArtworkUnusable
from app.pdf.art.side import ArtWriter
from app.pdf.engine import Renderer
from app.pdf.file.objects import ObjectFile
from app.pdf.preflight import preflight
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PALETTE, PLAIN, card
from tests.object_file import finished, front_art
from tests.photographs import jpeg, without_adobe

PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
SHARP = (1400, 1900)


def family(front: Side) -> CardTemplate:
    return replace(PLAIN, sides=(front, PLAIN.sides[1]))


def photo_side(tmp_path: Path, data: bytes, *, focus: Focus = (0.5, 0.5)) -> Side:
    path = tmp_path / "hills.jpg"
    path.write_bytes(data)
    return replace(PLAIN.sides[0], art={"*": path}, focus=focus)


def rendered(renderer: Renderer, front: Side) -> bytes:
    return renderer.render(family(front), card(), None)


def test_a_photograph_fills_the_front_and_the_file_passes_its_preflight(
    renderer: Renderer, tmp_path: Path
) -> None:
    data = jpeg("CMYK", SHARP)
    made = rendered(renderer, photo_side(tmp_path, data))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        image = front_art(pdf).Resources.XObject.P0
        assert image.read_raw_bytes() == data
        assert image.ColorSpace == pikepdf.Name.DeviceCMYK
        assert image.Filter == pikepdf.Name.DCTDecode
        assert [int(n) for n in image.Decode] == [1, 0] * 4
    failed = [check for check in preflight(made, PROFILE).document()["checks"] if not check["passed"]]
    assert not failed


@pytest.mark.parametrize("corner", ["left top", "right bottom"])
def test_it_reaches_every_corner_of_the_bleed(renderer: Renderer, tmp_path: Path, corner: str) -> None:
    made = rendered(renderer, photo_side(tmp_path, jpeg("CMYK", (1900, 1900))))
    page = pdfium.PdfDocument(made)[0].render(scale=1).to_pil().convert("L")
    place = (0, 0) if corner == "left top" else (page.width - 1, page.height - 1)
    assert page.getpixel(place) < 250


def test_inks_stored_the_other_way_round_print_the_same_way_round(renderer: Renderer, tmp_path: Path) -> None:
    """Adobe stores no ink as 255; the very same bytes without its marker mean full ink."""
    pale = jpeg("CMYK", SHARP)
    shades = []
    for data in (pale, without_adobe(pale)):
        made = rendered(renderer, photo_side(tmp_path, data))
        shades.append(pdfium.PdfDocument(made)[0].render(scale=0.1).to_pil().convert("L").getpixel((5, 2)))
    assert shades[0] > shades[1] + 60


def drawn(tmp_path: Path, side: Side) -> pikepdf.Pdf:
    """A file whose only page shows a side's art."""
    file = ObjectFile()
    form = ArtWriter(file, PROFILE).write(family(side), side, "first", PALETTE)
    pages = file.reserve()
    content = file.add_stream(b"/Art Do")
    page = file.add(
        f"<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 315 437]/Contents {content} 0 R"
        f"/Resources<</XObject<</Art {form} 0 R>>>>>>"
    )
    file.write(pages, b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % page)
    root = file.add(f"<</Type/Catalog/Pages {pages} 0 R>>")
    path = tmp_path / "drawn.pdf"
    path.write_bytes(finished(file, root=root))
    return pikepdf.open(path)


def matrices(tmp_path: Path, focus: Focus) -> list[list[float]]:
    """Where a square image is put in a box of 60 × 30 mm at the trim's top left."""
    front = photo_side(tmp_path, jpeg("L", SHARP))
    square = tmp_path / "square.jpg"
    square.write_bytes(jpeg("L", (600, 600)))
    picture = Picture(path=square, box=Box(0, 0, 60, 30), focus=focus)
    with drawn(tmp_path, replace(front, pictures=(picture,))) as pdf:
        form = pdf.pages[0].resources.XObject.Art
        return [
            [round(float(n) * 25.4 / 72, 2) for n in step.operands]
            for step in pikepdf.parse_content_stream(form)
            if str(step.operator) == "cm"
        ]


@pytest.mark.parametrize(
    ("focus", "bottom"),
    [((0.5, 0.5), 106.0), ((0.5, 0.0), 91.0), ((0.5, 1.0), 121.0), ((0.9, 0.35), 97.0), ((0.5, 0.1), 91.0)],
)
def test_the_focus_stays_in_the_middle_as_far_as_the_box_stays_covered(
    tmp_path: Path, focus: Focus, bottom: float
) -> None:
    """60 mm of picture in 30 mm of box, whose foot is 118 + 3 mm over the page's foot."""
    _, boxed = matrices(tmp_path, focus)
    assert boxed == pytest.approx([60, 0, 0, 60, 3, bottom], abs=0.02)


def test_equal_content_is_written_once(tmp_path: Path) -> None:
    front = photo_side(tmp_path, jpeg("L", SHARP))
    copy = tmp_path / "another-name.JPG"
    copy.write_bytes((tmp_path / "hills.jpg").read_bytes())
    picture = Picture(path=copy, box=Box(10, 10, 60, 30))
    back = replace(PLAIN.sides[1], art={"*": copy})
    file = ObjectFile()
    writer = ArtWriter(file, PROFILE)
    first = writer.write(PLAIN, front, "first", PALETTE)
    assert writer.write(PLAIN, back, "win_back", PALETTE) == first
    assert writer.write(PLAIN, replace(front, pictures=(picture,)), "first", PALETTE) != first
    data = file.prefix().data
    assert data.count(b"/Subtype/Image") == 1
    assert data.count(b"/Subtype/Form") == 2


def test_a_drawing_in_the_same_inks_is_written_once_and_in_others_again() -> None:
    file = ObjectFile()
    writer = ArtWriter(file, PROFILE)
    front = PLAIN.sides[0]
    first = writer.write(PLAIN, front, "first", PALETTE)
    assert writer.write(PLAIN, front, "first", dict(PALETTE)) == first
    others = {token: (0.0, 0.0, 0.0, ink[3]) for token, ink in PALETTE.items()}
    assert writer.write(PLAIN, front, "first", others) != first


@pytest.mark.parametrize(
    ("size", "says"),
    [
        ((500, 700), r"hills\.jpg has 114 ppi when it fills 111 × 154 mm; 150 ppi is the least"),
        ((3000, 800), r"has 132 ppi when it fills 111 × 154 mm"),
    ],
)
def test_a_picture_too_small_for_the_bleed_is_refused(
    tmp_path: Path, size: tuple[int, int], says: str
) -> None:
    with pytest.raises(ArtworkUnusable, match=says) as caught:
        drawn(tmp_path, photo_side(tmp_path, jpeg("L", size)))
    assert "1311 × 1819 pixels" in caught.value.mend


def test_no_art_for_an_occasion_is_told(tmp_path: Path) -> None:
    side = replace(PLAIN.sides[0], art={"win_back": tmp_path / "x.svg"})
    with pytest.raises(ArtworkUnusable, match="plain has no front art for 'first'"):
        drawn(tmp_path, side)
