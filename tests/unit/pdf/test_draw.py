"""Drawing: inks by size, overprint, codes on white, the signature at its written size."""

from __future__ import annotations

import re

import pytest

from app.domain.brand import Ink
from app.domain.geometry import Box
from app.domain.template import Align, Frame, Role
from app.pdf.art.signature import Signature
from app.pdf.draw import BLACK, signature_operators, text_ink
from app.pdf.layout import PlacedPicture
from app.pdf.text.area import Area
from tests.cards import card

_AREA = Area(100, 100, 160, 140)


def _placed(role: Role, align: Align = Align.START) -> PlacedPicture:
    return PlacedPicture(Frame(role=role, box=Box(0, 0, 21, 14), align=align), _AREA)


@pytest.mark.parametrize(
    ("ink", "size", "printed"),
    [
        ((0.6, 0.3, 0, 0.75), 14.0, (0.6, 0.3, 0, 0.75)),
        ((0.6, 0.3, 0, 0.75), 13.75, BLACK),
        ((0, 0, 0, 0.6), 5.0, (0, 0, 0, 0.6)),
        ((0, 0.8, 0, 0), 8.0, (0, 0.8, 0, 0)),
        ((0.5, 0.5, 0, 0), 8.0, BLACK),
    ],
)
def test_small_text_is_printed_in_one_ink(ink: Ink, size: float, printed: Ink) -> None:
    assert text_ink(ink, size) == printed


@pytest.mark.parametrize(
    ("align", "direction", "x"),
    [
        (Align.START, "ltr", 100),
        (Align.START, "rtl", 131.654),
        (Align.END, "ltr", 131.654),
        (Align.END, "rtl", 100),
        (Align.CENTRE, "ltr", 115.827),
    ],
)
def test_a_signature_stands_where_its_frame_says_as_it_was_written(
    align: Align, direction: str, x: float
) -> None:
    signature = Signature(b"", (400, 200), 10.0, 5.0)
    drawn = signature_operators(signature, "Sig", _placed(Role.SIGNATURE, align), card(direction=direction))
    assert re.search(rf"k 28\.346 0 0 14\.173 {x:g} 112\.913 cm /Sig Do Q", drawn)


def test_a_signature_larger_than_its_frame_is_made_smaller() -> None:
    signature = Signature(b"", (400, 200), 100.0, 10.0)
    drawn = signature_operators(signature, "Sig", _placed(Role.SIGNATURE), card())
    assert "60 0 0 6 100 117 cm" in drawn
