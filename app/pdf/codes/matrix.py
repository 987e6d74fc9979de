"""A matrix code ready to be drawn: K100 on white, its quiet zone included, as large as its frame allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain.profile import PressProfile
from app.domain.units import millimetres
from app.errors import ArtworkUnusable
from app.pdf.codes.modules import Modules
from app.pdf.codes.rectangles import rectangle_paths
from app.pdf.file.syntax import number
from app.pdf.text.area import Area


@dataclass(frozen=True, slots=True)
class MatrixCode:
    """A QR or Data Matrix."""

    place: str
    """What it is, for people, such as "the QR code on the back"."""
    modules: int
    """A side, without quiet zone."""
    quiet: float
    """Free modules on each side."""
    path: bytes
    """Rectangles in modules, from the top left."""

    def operators(self, area: Area, profile: PressProfile) -> bytes:
        """The code in the middle of its area.

        Raises:
            ArtworkUnusable: its modules would be smaller than the profile allows.
        """
        width, beginning = _beginning(self.modules, self.quiet, area)
        if width < profile.smallest_module - 1e-6:
            raise ArtworkUnusable(
                f"{self.place} has {self.modules} modules a side, {width:.2f} mm each in its "
                f"frame; at least {profile.smallest_module:g} mm can be read",
                mend="shorten what it says, or make its frame larger",
                frame=self.place,
            )
        return beginning + self.path + b" f Q\n"


@lru_cache(maxsize=256)
def _beginning(modules: int, quiet: float, area: Area) -> tuple[float, bytes]:
    """The width of a module in mm, and all before the path: the white of code and quiet zone, the grid."""
    count = modules + 2 * quiet
    module = min(area.width, area.height) / count
    side = module * count
    x, y = area.left + (area.width - side) / 2, area.bottom + (area.height - side) / 2
    white = f"{number(x)} {number(y)} {number(side)} {number(side)} re f"
    corner = f"{number(x + quiet * module)} {number(y + side - quiet * module)}"
    grid = f"{module:.5f} 0 0 {-module:.5f} {corner} cm"
    return millimetres(module), f"q 0 0 0 0 k {white} 0 0 0 1 k\n{grid}".encode("ascii")


def matrix_codes(place: str, quiet: float, codes: Sequence[Modules]) -> list[MatrixCode]:
    """Codes of one frame, ready to be drawn."""
    paths = rectangle_paths(codes)
    return [MatrixCode(place, len(modules), quiet, path) for modules, path in zip(codes, paths, strict=True)]
