"""Sheets as they are written: exact places, one copy of what is shared, steps alive, same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray

from app.domain.geometry import Box
from app.domain.profile import Standard
from app.domain.sheet import CutOrder, Duplex
from app.errors import WrongState
from app.pdf.impose.layout import Back, Layout, lay_out
from app.pdf.impose.run import sheet_profile
from app.pdf.impose.writer import SheetWriter
from app.pdf.preflight import preflight
from tests.sheets import GUTTER, PIECE, PROFILE, SHEET, block, piece, run_of, sheet_writer, write_sheets

_DPI = 254
"""Ten pixels a mm."""
_CYAN, _MAGENTA, _BLACK = "1 0 0 0", "0 1 0 0", "0 0 0 1"
_ALL_OVER = (-3, -3, 66, 46)


@pytest.fixture(scope="module")
def writer() -> SheetWriter:
    return sheet_writer()


def _pieces(folder: Path, count: int) -> list[Path]:
    """Cyan fronts and magenta backs, each with a black corner at the bottom left, its width the number's."""
    return [
        piece(
            folder / f"piece-{number:02}.pdf",
            [block(ink, *_ALL_OVER) + block(_BLACK, 0, 0, 10 + number, 5) for ink in (_CYAN, _MAGENTA)],
        )
        for number in range(count)
    ]


def _drawn(path: Path) -> list[NDArray[np.uint8]]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [np.asarray(page.render(scale=_DPI / 72, rev_byteorder=True).to_pil()) for page in pdf]


def _dark(picture: NDArray[np.uint8], box: Box) -> NDArray[np.bool_]:
    """The black pixels in a box of a sheet, in mm."""
    top, bottom, left, right = (round(10 * n) for n in (box.y, box.bottom, box.x, box.right))
    dark: NDArray[np.bool_] = picture[top:bottom, left:right].max(axis=2) < 90
    return dark


def _corner(picture: NDArray[np.uint8], box: Box) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the black in a box, in mm from its corner."""
    rows, columns = np.nonzero(_dark(picture, box))
    return columns.min() / 10, rows.min() / 10, (columns.max() + 1) / 10, (rows.max() + 1) / 10


_LAYOUTS = {
    "upright": lay_out(SHEET, 4, PIECE, GUTTER),
    "turned": lay_out((110.0, 150.0), 4, PIECE, 4),
    "slug at the side": lay_out((151.0, 150.0), 4, PIECE, 8),
}


@pytest.mark.parametrize("duplex", [Duplex.LONG, Duplex.SHORT])
@pytest.mark.parametrize("name", _LAYOUTS)
def test_each_piece_stands_on_its_place_to_a_tenth_of_a_mm(
    name: str, duplex: Duplex, tmp_path: Path, writer: SheetWriter
) -> None:
    layout = _LAYOUTS[name]
    count = layout.count + 2
    write_sheets(run_of(_pieces(tmp_path, count), layout=layout, duplex=duplex), tmp_path / "s.pdf", writer)
    first, back, *_ = _drawn(tmp_path / "s.pdf")
    behind = Back(layout.sheet, duplex)
    angle = 90 if layout.turned else 0
    for place, number in zip(layout.places, _tops(count, layout.count), strict=True):
        assert _corner(first, place.trim) == pytest.approx(_expected(layout, number, angle), abs=0.11)
        found = _corner(back, behind.behind(place.trim))
        assert found == pytest.approx(_expected(layout, number, behind.angle(angle)), abs=0.11)


def _tops(count: int, places: int) -> Sequence[int]:
    whole, more = divmod(count, places)
    return [place * whole + min(place, more) for place in range(places)]


def _expected(layout: Layout, number: int, angle: int) -> tuple[float, float, float, float]:
    """Where the black corner is on a piece that lies turned by so much, counterclockwise."""
    wide, (width, height) = 10 + number, layout.trim
    match angle:
        case 0:
            return 0, height - 5, wide, height
        case 90:
            return width - 5, height - wide, width, height
        case 180:
            return width - wide, 0, width, 5
        case _:
            return 0, 0, 5, wide


def test_marks_stand_where_the_knife_goes(tmp_path: Path, writer: SheetWriter) -> None:
    run = run_of(_pieces(tmp_path, 4))
    write_sheets(run, tmp_path / "s.pdf", writer)
    picture, *_ = _drawn(tmp_path / "s.pdf")
    block_ = run.layout.block
    drawn = picture.max(axis=2) < 230  # a hairline is less than a pixel
    above = drawn[round(10 * block_.y) - 15 : round(10 * block_.y) - 5].all(axis=0).nonzero()[0] / 10
    beside = drawn[:, round(10 * block_.x) - 15 : round(10 * block_.x) - 5].all(axis=1).nonzero()[0] / 10
    assert _middles(above) == pytest.approx(run.layout.cuts_across, abs=0.11)
    assert _middles(beside) == pytest.approx(run.layout.cuts_down, abs=0.11)


def _middles(dark: NDArray[np.float64]) -> list[float]:
    """Pixels beside each other are one line."""
    groups = np.split(dark, np.flatnonzero(np.diff(dark) > 0.15) + 1)
    return [float(group.mean()) + 0.05 for group in groups]


def test_bleeds_end_in_the_middle_of_the_gutter(tmp_path: Path, writer: SheetWriter) -> None:
    layout = lay_out((150.0, 120.0), 4, PIECE, 3)
    write_sheets(run_of(_pieces(tmp_path, layout.count), layout=layout), tmp_path / "s.pdf", writer)
    picture, *_ = _drawn(tmp_path / "s.pdf")
    white = (picture.min(axis=2) > 250).astype(int)
    first, second, *_ = layout.places
    between = slice(round(10 * first.trim.right), round(10 * second.trim.x))
    assert not white[round(10 * first.trim.y) + 50, between].any()
    assert white[round(10 * first.trim.y) + 50, : round(10 * layout.block.x) - 1].any()


def test_sheets_pass_their_preflight_and_say_what_they_are(tmp_path: Path, writer: SheetWriter) -> None:
    run = run_of(_pieces(tmp_path, 7), separators=True)
    sheets = write_sheets(run, tmp_path / "s.pdf", writer)
    report = preflight(tmp_path / "s.pdf", sheet_profile(PROFILE, run.layout.margin), at_once=2)
    assert report.passed, [(one.name, one.findings) for one in report.errors]
    assert not report.warnings
    assert [sorted(sheet.placed.items()) for sheet in sheets] == [
        [],
        [
            (0, "piece-00"),
            (1, "piece-02"),
            (2, "piece-03"),
            (3, "piece-04"),
            (4, "piece-05"),
            (5, "piece-06"),
        ],
        [(0, "piece-01")],
    ]
    with pypdfium2.PdfDocument(tmp_path / "s.pdf") as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert len(texts) == 6
    for number, facing in ((1, "front"), (2, "back"), (3, "front")):
        assert f"Sheet {(number + 1) // 2} of 3 {facing}" in texts[number - 1]
    assert "Goes under stack 1" in texts[0]
    assert "pieces 1 to 7 of 7" in texts[2]
    assert "piece 2 of 7" in texts[4]
    codes = [{code.text for code in zxingcpp.read_barcodes(page)} for page in _drawn(tmp_path / "s.pdf")]
    assert codes == [{sheets[page // 2].code} for page in range(6)]


def test_a_sheet_is_a_document_part_of_pdf_vt(tmp_path: Path, writer: SheetWriter) -> None:
    profile = replace(PROFILE, standard=Standard.PDF_VT1)
    run = run_of(_pieces(tmp_path, 7), separators=True)
    run = replace(run, profile=profile, identity=replace(run.identity, standard=Standard.PDF_VT1))
    sheets = write_sheets(run, tmp_path / "s.pdf", writer)
    report = preflight(tmp_path / "s.pdf", sheet_profile(profile, run.layout.margin), at_once=2)
    assert report.passed, [(one.name, one.findings) for one in report.errors]
    with pikepdf.open(tmp_path / "s.pdf") as pdf:
        root = pdf.Root.DPartRoot
        assert [str(name) for name in root.NodeNameList] == ["/Run", "/Sheet"]
        parts = list(root.DPartRootNode.DParts[0])
        keys = [str(part.DPM.CIP4_Root.CIP4_Recipient.CIP4_UniqueID) for part in parts]
        assert keys == [sheet.code for sheet in sheets]
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        spans = [(numbers[part.Start.objgen], numbers[part.End.objgen]) for part in parts]
        assert spans == [(0, 1), (2, 3), (4, 5)]
        assert [page.obj.DPart.objgen for page in pdf.pages] == [
            part.objgen for part in parts for _ in (0, 1)
        ]


def test_the_same_run_gives_the_same_bytes(tmp_path: Path, writer: SheetWriter) -> None:
    run = run_of(_pieces(tmp_path, 7))
    write_sheets(run, tmp_path / "one.pdf", writer)
    write_sheets(run, tmp_path / "two.pdf")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_what_pieces_share_is_there_once(tmp_path: Path, writer: SheetWriter) -> None:
    same = [
        piece(tmp_path / f"{number}.pdf", [block(_CYAN, *_ALL_OVER), block(_MAGENTA, *_ALL_OVER)])
        for number in range(12)
    ]
    write_sheets(run_of(same), tmp_path / "s.pdf", writer)
    forms = re.findall(rb"/Subtype/Form", (tmp_path / "s.pdf").read_bytes())
    assert len(forms) == 2


def test_layers_and_spots_live_on_and_are_one(tmp_path: Path, writer: SheetWriter) -> None:
    paths = []
    for number in range(3):
        path = piece(tmp_path / f"{number}.pdf", [block(_CYAN, *_ALL_OVER)])
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            step = pikepdf.Dictionary(
                Type=pikepdf.Name.OCG,
                Name="Cutting line",
                GTS_Metadata=pikepdf.Dictionary(
                    GTS_ProcStepsGroup=pikepdf.Name.Structural, GTS_ProcStepsType=pikepdf.Name.Cutting
                ),
            )
            layer = pdf.make_indirect(step)
            pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(Name="D"))
            pdf.pages[0].Resources.Properties = pikepdf.Dictionary(Cut=layer)
            pdf.save(path)
        paths.append(path)
    write_sheets(run_of(paths, sides=1), tmp_path / "s.pdf", writer)
    with pikepdf.open(tmp_path / "s.pdf") as pdf:
        (kept,) = pdf.Root.OCProperties.OCGs
        assert kept.GTS_Metadata.GTS_ProcStepsType == pikepdf.Name.Cutting
        assert pdf.Root.OCProperties.D.ON[0].objgen == kept.objgen
        assert str(pdf.Root.OCProperties.D.Name)


def test_sheets_stream_in_blocks_and_stay_one_sound_file(tmp_path: Path, writer: SheetWriter) -> None:
    layout = lay_out((90.0, 70.0), 4, PIECE, 3)
    paths = _pieces(tmp_path, 3) * 50
    sheets = write_sheets(run_of(paths, layout=layout, order=CutOrder.SEQUENCE), tmp_path / "s.pdf", writer)
    assert len(sheets) == 150
    with pikepdf.open(tmp_path / "s.pdf") as pdf:
        assert not pdf.check_pdf_syntax()
        assert len(pdf.pages) == 300
        assert len(pdf.Root.Pages.Kids) == 3


def test_a_file_that_went_away_is_named(tmp_path: Path, writer: SheetWriter) -> None:
    paths = _pieces(tmp_path, 2)
    paths[1].unlink()
    with pytest.raises(WrongState, match=r"piece-01.pdf, page 1 cannot be placed any more"):
        list(writer.write(run_of(paths), io.BytesIO(), io.BytesIO()))
