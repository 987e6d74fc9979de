"""The colour bar: patches that a press operator holds the sheet's inks to."""

from __future__ import annotations

from app.domain.brand import Ink
from app.domain.profile import PressProfile
from app.domain.units import points
from app.pdf.file.syntax import number

PATCH = 4.0
"""mm."""
_LEAST = 4
_PATCHES: tuple[Ink, ...] = (
    *((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)),
    *((0.5, 0, 0, 0), (0, 0.5, 0, 0), (0, 0, 0.5, 0), (0, 0, 0, 0.5)),
    *((0, 1, 1, 0), (1, 0, 1, 0), (1, 1, 0, 0), (0.5, 0.4, 0.4, 0)),
)
"""Solids, middle tones, overprints of two, and three inks that are grey together (ISO 12647-2)."""


def patches(profile: PressProfile) -> tuple[Ink, ...]:
    """Those that this press may print."""
    return tuple(ink for ink in _PATCHES if 100 * sum(ink) <= profile.ink_limit)


def bar_width(profile: PressProfile, room: float) -> float:
    """Of the widest bar in so much room, in mm: whole patches, or 0 where there is none."""
    count = min(len(patches(profile)), int(room / PATCH))
    return count * PATCH if count >= _LEAST else 0.0


def bar(profile: PressProfile, left: float, bottom: float, width: float, height: float) -> str:
    """The first patches on that width in mm; the corner and the height are in pt."""
    wide = points(PATCH)
    return "".join(
        f"{' '.join(map(number, ink))} k {number(left + place * wide)} {number(bottom)} "
        f"{number(wide)} {number(height)} re f\n"
        for place, ink in enumerate(patches(profile)[: round(width / PATCH)])
    )
