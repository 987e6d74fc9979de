"""A bar code ready to be drawn: K100 bars on white, as wide as its frame allows, its text below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.geometry import Box
from app.domain.profile import PressProfile
from app.domain.template import Align, CodeOptions, Frame, Role, VerticalAlign
from app.domain.units import millimetres, points
from app.errors import ArtworkUnusable
from app.pdf.codes.code_128 import code_128_widths
from app.pdf.codes.ean import Ean, read_ean
from app.pdf.file.syntax import number
from app.pdf.text.area import Area

CODE_128_QUIET_ZONE = 10
"""Free modules on each side (ISO/IEC 15417:2007, 4.7.2)."""
_EAN_MODULES = (0.264, 0.66)
"""Least and largest module in mm: 80 and 200 % (ISO/IEC 15420:2009, 4.5.1)."""
_CODE_128_MODULES = (0.0, 0.5)
"""Wider ones read no better; short texts would only look coarse beside longer ones."""
_GUARD_REACH = 5
"""Modules that guard bars reach further down."""
_LARGEST_REACH = 0.6
"""Of the line's height, so that guards never stand out below the digits."""


@dataclass(frozen=True, slots=True)
class BarCode:
    """A Code 128, EAN or UPC."""

    place: str
    """What it is, for people, such as "the EAN on the back"."""
    widths: str
    """Of bars and spaces in turn, in modules."""
    quiet: tuple[float, float]
    """Free modules on the left and on the right."""
    long: tuple[range, ...]
    """Modules whose bars reach down between the digits."""
    module_limits: tuple[float, float]
    """Least and largest width of a module that the kind of code allows, in mm."""
    bar_height: float | None
    """In mm; None for all that the frame has."""
    line: float
    """Height of the text below, in mm."""

    def operators(self, area: Area, profile: PressProfile) -> bytes:
        """The code in the middle of its area.

        Raises:
            ArtworkUnusable: its bars would be finer than the profile, or the kind of code, allows.
        """
        count = sum(self.quiet) + sum(map(int, self.widths))
        module = self._module(area, count, profile)
        line = points(self.line)
        height = area.height - line if self.bar_height is None else points(self.bar_height)
        foot = area.bottom + (area.height - height - line) / 2
        left = area.left + (area.width - count * module) / 2
        white = f"{number(left)} {number(foot)} {number(count * module)} {number(height + line)} re f"
        place = f"{module:.5f} 0 0 1 {number(left + self.quiet[0] * module)} {number(foot + line)} cm"
        reach = min(_GUARD_REACH * module, _LARGEST_REACH * line)
        bars = " ".join(
            f"{x} {number(-reach)} {width} {number(height + reach)} re"
            if self._is_long(x)
            else f"{x} 0 {width} {number(height)} re"
            for x, width in self._bars()
        )
        return f"q 0 0 0 0 k {white} 0 0 0 1 k\n{place}\n{bars} f Q\n".encode("ascii")

    def _module(self, area: Area, count: float, profile: PressProfile) -> float:
        """Width of a module in pt."""
        least, largest = max(profile.smallest_module, self.module_limits[0]), self.module_limits[1]
        module = millimetres(area.width) / count
        if module < least - 1e-6:
            raise ArtworkUnusable(
                f"{self.place} has {count:g} modules with its quiet zones: {count * least:.1f} mm at "
                f"{least:g} mm each, and its frame has {millimetres(area.width):.1f} mm",
                mend="shorten what it says, or make its frame wider",
                frame=self.place,
            )
        return points(min(module, largest))

    def _bars(self) -> Iterator[tuple[int, int]]:
        """Left edge and width of each bar."""
        x = 0
        for turn, width in enumerate(map(int, self.widths)):
            if turn % 2 == 0:
                yield x, width
            x += width

    def _is_long(self, x: int) -> bool:
        return bool(self.line) and any(x in modules for modules in self.long)


def bar_code(frame: Frame, text: str, place: str) -> BarCode:
    """The code of one text.

    Raises:
        ArtworkUnusable: the text cannot be encoded.
    """
    options = frame.code
    line = frame.line_below
    if frame.role is Role.EAN:
        ean = read_ean(text, options.check_digit)
        return BarCode(
            place, ean.widths, _ean_quiet(ean, options), ean.long, _EAN_MODULES, options.bar_height, line
        )
    quiet = max(options.quiet, CODE_128_QUIET_ZONE)
    widths = code_128_widths(text, gs1=options.gs1)
    return BarCode(place, widths, (quiet, quiet), (), _CODE_128_MODULES, options.bar_height, line)


def lines_below(frame: Frame, box: Box, text: str) -> Iterator[tuple[Frame, str]]:
    """The text under the bars: a frame for each part of it, and what it says.

    Args:
        frame: the bar code's.
        box: where that stands, mirrored or not, in mm.
        text: what the code says.

    Raises:
        ArtworkUnusable: the text cannot be encoded, or cannot be written.
    """
    line = frame.line_below
    if not line:
        return
    unused = 0.0 if frame.code.bar_height is None else box.height - line - frame.code.bar_height
    below = replace(
        frame, box=box, align=Align.CENTRE, vertical=VerticalAlign.BOTTOM, mirror=False, leading=line
    )
    top = box.bottom - unused / 2 - line
    if frame.role is Role.CODE_128:
        if not text.isprintable():
            raise ArtworkUnusable(
                "a Code 128 with control characters cannot be written below its bars",
                mend="take them out, or set label = false",
            )
        yield replace(below, box=Box(box.x, top, box.width, line)), text
        return
    ean = read_ean(text, frame.code.check_digit)
    left, right = _ean_quiet(ean, frame.code)
    module = min(box.width / (left + ean.modules + right), _EAN_MODULES[1])
    first = box.x + (box.width - (left + ean.modules + right) * module) / 2 + left * module
    for digits, start, end in ean.written:
        yield replace(below, box=Box(first + start * module, top, (end - start) * module, line)), digits


def _ean_quiet(ean: Ean, options: CodeOptions) -> tuple[float, float]:
    left, right = ean.quiet
    return max(left, options.quiet), max(right, options.quiet)
