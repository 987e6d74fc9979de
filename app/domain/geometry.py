"""Boxes on a page, in millimetres, origin at the trim's top-left corner, y downwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height, all in mm."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge in mm."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge in mm."""
        return self.y + self.height

    def inset(self, by: float) -> Box:
        """The box moved in by `by` mm on each side (negative grows it)."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def contains(self, other: Box, tolerance: float = 1e-6) -> bool:
        """Whether `other` lies wholly inside, within `tolerance` mm."""
        return (
            other.x >= self.x - tolerance
            and other.y >= self.y - tolerance
            and other.right <= self.right + tolerance
            and other.bottom <= self.bottom + tolerance
        )
