"""Art as a finished PDF page: copied whole, or refused with the reason."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from app.domain.profile import Standard
from app.domain.units import points
from app.errors import ArtworkUnusable
from app.pdf.art.finished import CHECKED, write_finished_art
from app.pdf.engine import Renderer
from app.pdf.file.objects import ObjectFile
from app.pdf.preflight.check import all_checks
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PLAIN, card
from tests.object_file import front_art

_PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
_SIZE = (points(111), points(154))


def _art(path: Path, *, pages: int = 1, size: tuple[float, float] = _SIZE, offset: float = 0) -> Path:
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(1000, 1000))
            page.mediabox = pikepdf.Array([offset, offset, offset + size[0], offset + size[1]])
            state = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, LW=2, OP=False, D=[[1.5, 2], 0], X=None)
            inner = pdf.make_stream(b"0 0 10 10 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
            inner.BBox = pikepdf.Array([0, 0, 10, 10])
            page.Resources = pikepdf.Dictionary(
                ExtGState=pikepdf.Dictionary(G=pdf.make_indirect(state)),
                XObject=pikepdf.Dictionary(Inner=inner, Again=inner),
            )
            page.Contents = pdf.make_stream(b"/G gs 0.1 0 0 0 k /Inner Do /Again Do")
        pdf.save(path)
    return path


def test_a_card_is_drawn_over_it(renderer: Renderer, tmp_path: Path) -> None:
    front, back = PLAIN.sides
    art = {"*": _art(tmp_path / "front.pdf", offset=7)}
    template = replace(PLAIN, sides=(replace(front, art=art), back))
    with pikepdf.open(io.BytesIO(renderer.render(template, card(), None))) as pdf:
        form = front_art(pdf).Resources.XObject.P0
        assert form.read_bytes().strip().startswith(b"/G gs")
        assert [float(value) for value in form.Matrix] == [1, 0, 0, 1, -7, -7]
        assert form.Resources.XObject.Inner.read_bytes() == b"0 0 10 10 re f"
        assert form.Resources.XObject.Inner.objgen == form.Resources.XObject.Again.objgen
        assert form.Resources.ExtGState.G.LW == 2
        assert [float(value) for value in form.Resources.ExtGState.G.D[0]] == [1.5, 2]
        assert not pdf.check_pdf_syntax()


@pytest.mark.parametrize(
    ("made", "fault"),
    [({"pages": 2}, "has 2 pages"), ({"size": (300.0, 400.0)}, r"is 105\.8 × 141\.1 mm with its bleed")],
)
def test_another_shape_is_refused(tmp_path: Path, made: dict[str, object], fault: str) -> None:
    path = _art(tmp_path / "art.pdf", **made)  # type: ignore[arg-type]  # each case names its own
    with pytest.raises(ArtworkUnusable, match=fault):
        write_finished_art(ObjectFile(), path, _SIZE, _PROFILE)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("locked.pdf", "is encrypted and cannot be opened"),
        ("restricted.pdf", "is encrypted"),
        ("broken.pdf", "cannot be opened"),
        ("missing.pdf", r"cannot be read \(No such file"),
        ("picture.pdf", "is named PDF but is a PNG"),
    ],
)
def test_a_locked_or_broken_file_is_refused(tmp_path: Path, name: str, says: str) -> None:
    with pikepdf.open(_art(tmp_path / "open.pdf")) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
        pdf.save(tmp_path / "restricted.pdf", encryption=pikepdf.Encryption(owner="a", user=""))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.6 no more")
    (tmp_path / "picture.pdf").write_bytes(b"\x89PNG")
    with pytest.raises(ArtworkUnusable, match=says) as caught:
        write_finished_art(ObjectFile(), tmp_path / name, _SIZE, _PROFILE)
    assert caught.value.mend


def _spoil(path: Path, spoil: Callable[[pikepdf.Pdf], None]) -> Path:
    with pikepdf.open(_art(path), allow_overwriting_input=True) as pdf:
        spoil(pdf)
        pdf.save(path)
    return path


def _rgb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b"1 0 0 rg 0 0 50 50 re f")


def _rgb_image(pdf: pikepdf.Pdf) -> None:
    picture = pdf.make_stream(bytes(32 * 32 * 3), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
    picture.Width = picture.Height = 32
    picture.BitsPerComponent, picture.ColorSpace = 8, pikepdf.Name.DeviceRGB
    pdf.pages[0].Resources.XObject.Photo = picture
    pdf.pages[0].Contents = pdf.make_stream(b"10 0 0 10 0 0 cm /Photo Do")


def _coarse_image(pdf: pikepdf.Pdf) -> None:
    _rgb_image(pdf)
    picture = pdf.pages[0].Resources.XObject.Photo
    picture.write(bytes(32 * 32))
    picture.ColorSpace = pikepdf.Name.DeviceGray
    pdf.pages[0].Contents = pdf.make_stream(b"200 0 0 200 0 0 cm /Photo Do")


def _open_font(pdf: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    pdf.pages[0].Resources.Font = pikepdf.Dictionary(F=font)
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F 20 Tf 50 50 Td (Hello) Tj ET")


def _turned(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].rotate(90, relative=False)


def _too_much_ink(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b"1 1 1 0.9 k 0 0 300 400 re f")


def _nothing_there(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b"/Gone Do")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_rgb, "DeviceRGB"),
        (_rgb_image, "Photo.*DeviceRGB"),
        (_coarse_image, "12 ppi"),
        (_open_font, "font .*Helvetica.* not embedded"),
        (_turned, "turned by 90°"),
        (_too_much_ink, "%"),
        (_nothing_there, "Gone"),
    ],
)
def test_what_a_card_would_fail_for_is_told_of_the_art(
    tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None], says: str
) -> None:
    path = _spoil(tmp_path / "art.pdf", spoil)
    with pytest.raises(ArtworkUnusable, match=says) as caught:
        write_finished_art(ObjectFile(), path, _SIZE, _PROFILE)
    assert str(path) in caught.value.detail
    assert caught.value.mend


def _blend(pdf: pikepdf.Pdf) -> None:
    glass = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=0.5)
    pdf.pages[0].Resources.ExtGState.Glass = glass
    pdf.pages[0].Contents = pdf.make_stream(b"/Glass gs 0.1 0 0 0 k 0 0 50 50 re f")


def test_what_only_an_old_front_end_cannot_print_is_told_for_that_one_alone(tmp_path: Path) -> None:
    path = _spoil(tmp_path / "art.pdf", _blend)
    assert write_finished_art(ObjectFile(), path, _SIZE, _PROFILE)
    with pytest.raises(ArtworkUnusable, match="lets through what is under it"):
        write_finished_art(ObjectFile(), path, _SIZE, replace(_PROFILE, standard=Standard.PDF_X1A))


def test_every_check_of_art_is_one_of_the_preflights() -> None:
    assert {check.name for check in all_checks()} >= CHECKED
