"""Processing steps (ISO 19593-1): spots that no ink of the press is, but a knife's way or a white ground."""

from __future__ import annotations

from collections.abc import Mapping

from app.pdf.preflight.content.marks import Mark

STEPS: Mapping[str, tuple[str, str | None]] = {
    "CutContour": ("Structural", "Cutting"),
    "White": ("White", None),
}
"""Each step's spot, with the group and the type that its layer must say."""


def spots_of(mark: Mark) -> set[str]:
    """The steps whose spots a mark is painted with."""
    inks = {name for name, _ in (*mark.look.fill.inks, *mark.look.stroke.inks)}
    return inks.intersection(STEPS)
