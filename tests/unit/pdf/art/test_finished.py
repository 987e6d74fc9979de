"""Art as a finished PDF page: copied whole, or refused with the reason."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from app.domain.units import points
from app.errors import ArtworkUnusable
from app.pdf.art.finished import write_finished_art
from app.pdf.engine import Renderer
from app.pdf.file.objects import ObjectFile
from tests.cards import PLAIN, card

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
        form = pdf.pages[0].resources.XObject.Art0
        assert form.read_bytes().strip().startswith(b"/G gs")
        assert [float(value) for value in form.Matrix] == [1, 0, 0, 1, -7, -7]
        assert form.Resources.XObject.Inner.read_bytes() == b"0 0 10 10 re f"
        assert form.Resources.XObject.Inner.objgen == form.Resources.XObject.Again.objgen
        assert form.Resources.ExtGState.G.LW == 2
        assert [float(value) for value in form.Resources.ExtGState.G.D[0]] == [1.5, 2]
        assert not pdf.check_pdf_syntax()


@pytest.mark.parametrize(
    ("made", "fault"),
    [({"pages": 2}, "has 2 pages"), ({"size": (300.0, 400.0)}, r"is 300\.0 × 400\.0 pt with its bleed")],
)
def test_another_shape_is_refused(tmp_path: Path, made: dict[str, object], fault: str) -> None:
    path = _art(tmp_path / "art.pdf", **made)  # type: ignore[arg-type]  # each case names its own
    with pytest.raises(ArtworkUnusable, match=fault):
        write_finished_art(ObjectFile(), path, _SIZE)


def test_a_locked_or_broken_file_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(_art(tmp_path / "open.pdf")) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.6 no more")
    for name in ("locked.pdf", "broken.pdf", "missing.pdf"):
        with pytest.raises(ArtworkUnusable, match="cannot be opened"):
            write_finished_art(ObjectFile(), tmp_path / name, _SIZE)
