"""Where a text may stand. Lengths in pt, y upwards, as on a PDF page."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.template import Align, VerticalAlign

OVERHANG = 0.12
"""How far a letter's tail may reach over the frame's side, em: hands and italics do."""
RISE = 0.3
"""How far marks and deep tails may reach over the frame's top and bottom, em: as between lines of a text."""
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def lifted(self, by: float) -> Area:
        """The same area, higher on the page."""
        return Area(self.left, self.bottom + by, self.right, self.top + by) if by else self


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measure:
    """What a text must keep to: its frame, the safe zone, and how it stands in the frame.

    `place` is what the text is for people ("the message on the back"). `leading` is the distance of baselines
    at the largest size; it shrinks with the type.
    """

    area: Area
    safe: Area
    align: Align
    vertical: VerticalAlign
    smallest: float
    largest: float
    leading: float
    even: bool = False
    place: str = "the text"
    width: float = field(init=False)
    height: float = field(init=False)
    overhang: float = field(init=False)
    """How far ink may reach over the frame's sides, em; most where it is not centred, since marks hang."""

    def __post_init__(self) -> None:
        """Work out what is asked often."""
        object.__setattr__(self, "width", self.area.width)
        object.__setattr__(self, "height", self.area.height)
        object.__setattr__(self, "overhang", OVERHANG + 0.5 * (self.align is not Align.CENTRE))

    def leading_at(self, size: float) -> float:
        """The distance of baselines at a size."""
        return self.leading * size / self.largest

    def limits(self, size: float) -> tuple[float, float, float, float]:
        """Where ink may be: a little outside of the frame, and never outside of the safe zone."""
        area, safe = self.area, self.safe
        overhang, rise = self.overhang * size, (RISE + ROUNDING) * size
        return (
            max(safe.left, area.left - overhang),
            max(safe.bottom, area.bottom - rise),
            min(safe.right, area.right + overhang),
            min(safe.top, area.top + rise),
        )
