"""A blanked or missing letter is caught: by its outline, by the count of glyphs, by the ink in its frame."""

from __future__ import annotations

import io
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from app.domain.template import Role
from app.pdf.frames import area_of
from app.pdf.preflight import preflight
from tests.families import BUILT_IN
from tests.glyphs import blank_letters, drawn_glyphs
from tests.printed import Printed, print_samples, said

DPI = 75
CONTRAST = 60
"""Steps of gray between the lightest and the darkest of a frame with text."""
PICTURES = {Role.QR, Role.DATA_MATRIX, Role.SIGNATURE}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[Printed]:
    every = print_samples(tmp_path_factory.mktemp("printed"), every=9)
    return [next(one for one in every if one.template is template) for template in BUILT_IN.values()]


def frames_without_ink(path: Path, one: Printed, folder: Path) -> set[Role]:
    """The text frames in whose place poppler draws nothing that stands out."""
    said("pdftoppm", "-gray", "-r", str(DPI), path, folder / "page")
    blank: set[Role] = set()
    for picture, side in zip(sorted(folder.glob("page*.pgm")), one.template.sides, strict=True):
        with Image.open(picture) as drawn:
            page = np.asarray(drawn).astype(int)
        for frame in side.frames:
            if frame.role in PICTURES or frame.follows or not _says(one, frame.role):
                continue
            area = area_of(frame, one.template, one.card.direction)
            left, right = (round(x * DPI / 72) for x in (area.left, area.right))
            top, bottom = (round(page.shape[0] - y * DPI / 72) for y in (area.top, area.bottom))
            inside = page[top:bottom, left:right]
            if inside.max() - inside.min() < CONTRAST:
                blank.add(frame.role)
    return blank


def _says(one: Printed, role: Role) -> bool:
    wording = one.card.wordings[0]
    said_there = {
        Role.HEADLINE: wording.headline,
        Role.GREETING: wording.greeting,
        Role.MESSAGE: wording.message,
    }
    return bool((said_there | dict(one.card.texts)).get(role))


def without_outlines(pdf: pikepdf.Pdf, keep: Callable[[int], bool]) -> bytes:
    """The file with the outlines of glyphs taken out of each font program, save for those to be kept."""
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary) and "/FontFile2" in found:
            found.FontFile2.write(_blanked(found.FontFile2.read_bytes(), keep))
    out = io.BytesIO()
    pdf.save(out, force_version="1.6", fix_metadata_version=False, deterministic_id=True)
    return out.getvalue()


def _blanked(program: bytes, keep: Callable[[int], bool]) -> bytes:
    """Each glyph that is not kept gets no contours and a box of nothing."""
    tables = {
        program[at : at + 4]: struct.unpack(">II", program[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", program[4:6])[0], 16)
    }
    (loca, length), (glyf, _) = tables[b"loca"], tables[b"glyf"]
    places = list(struct.unpack(f">{length // 4}I", program[loca : loca + length]))
    data = bytearray(program)
    for glyph in range(len(places) - 1):
        if not keep(glyph) and places[glyph + 1] > places[glyph]:
            data[glyf + places[glyph] : glyf + places[glyph] + 10] = bytes(10)
    return bytes(data)


def test_a_sound_card_has_every_letter_and_ink_in_every_frame(printed: list[Printed], tmp_path: Path) -> None:
    for number, one in enumerate(printed):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert frames_without_ink(one.path, one, folder) == set(), one.path.name
        with pikepdf.open(one.path) as pdf:
            assert blank_letters(pdf, ET.fromstring(said("mutool", "trace", one.path))) == set()


def test_one_blank_letter_is_found_by_fonttools_and_by_preflight(
    printed: list[Printed], tmp_path: Path
) -> None:
    one = printed[0]
    with pikepdf.open(one.path) as pdf:
        first = drawn_glyphs(ET.fromstring(said("mutool", "trace", one.path)))[0]
        gone = int(first.get("glyph") or 0)
        broken = tmp_path / "broken.pdf"
        broken.write_bytes(without_outlines(pdf, lambda glyph: glyph != gone))
    with pikepdf.open(broken) as pdf:
        found = blank_letters(pdf, ET.fromstring(said("mutool", "trace", broken)))
    assert gone in {glyph for _, glyph in found}
    report = preflight(broken, one.profile, safe=one.template.safe)
    assert "no-blank-glyphs" in {outcome.name for outcome in report.errors}


def test_a_font_without_any_outline_leaves_its_frames_without_ink(
    printed: list[Printed], tmp_path: Path
) -> None:
    for number, one in enumerate(printed):
        folder = tmp_path / str(number)
        folder.mkdir()
        broken = folder / "broken.pdf"
        with pikepdf.open(one.path) as pdf:
            broken.write_bytes(without_outlines(pdf, lambda _: False))
        # A signature may have moved up into the message's frame.
        assert Role.GREETING in frames_without_ink(broken, one, folder), one.path.name
