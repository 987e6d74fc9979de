"""A small print file that stands in for a card where a test is not about its drawing."""

from __future__ import annotations

import io

import pikepdf
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

_BLEED, _WIDTH, _HEIGHT = 3 * mm, 105 * mm, 148 * mm

PREFLIGHT = {
    "profile": "isocoated-v2-300",
    "standard": "PDF/X-4",
    "passed": True,
    "pages": 2,
    "checks": [
        {"name": "boxes", "title": "Boxes", "severity": "error", "passed": True, "findings": [], "more": 0},
        {
            "name": "resolution",
            "title": "Resolution of photos",
            "severity": "warning",
            "passed": False,
            "findings": [
                {"says": "212 ppi", "mend": "use a larger photo", "page": 1, "box": None, "object": ""}
            ],
            "more": 0,
        },
    ],
}
"""A report in the form in which it is stored beside a file."""


def card_pdf(name: str) -> bytes:
    """Two pages of A6 with 3 mm bleed."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(_WIDTH + 2 * _BLEED, _HEIGHT + 2 * _BLEED))
    for tint in (0.2, 0.05):
        canvas.setFillColorCMYK(0, tint, tint, 0)
        canvas.rect(0, 0, _WIDTH + 2 * _BLEED, _HEIGHT + 2 * _BLEED, stroke=0, fill=1)
        canvas.setFillColorCMYK(0, 0, 0, 1)
        canvas.drawString(14 * mm, 120 * mm, name.encode("latin-1", "replace").decode("latin-1")[:40])
        canvas.showPage()
    canvas.save()
    out = io.BytesIO()
    with pikepdf.open(drawn) as pdf:
        for page in pdf.pages:
            box = (_BLEED, _BLEED, _BLEED + _WIDTH, _BLEED + _HEIGHT)
            page.trimbox = pikepdf.Array([round(number, 4) for number in box])
            page.bleedbox = page.mediabox
        pdf.save(out)
    return out.getvalue()
