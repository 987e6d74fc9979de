"""Colour spaces, as the inks that they print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pikepdf
from pikepdf import Name

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
_COMPONENTS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3, "Lab": 3, "DeviceCMYK": 4}
_DEEPEST_SPACE = 4
_FULL = 0.995
_NOTHING = 0.005


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space. `families` names it and every space inside it; `inks` is empty where unknown.

    `palette` is an Indexed space's look-up table with its base space.
    """

    family: str
    count: int
    inks: tuple[str, ...]
    families: frozenset[str]
    base: Space | None = None
    palette: bytes = b""


@dataclass(frozen=True)  # without slots, for its cached properties: checks ask them of every mark
class Paint:
    """A colour as ink: (name, 0 to 1) each; `measured` is False where the inks cannot be known."""

    space: Space
    inks: tuple[tuple[str, float], ...]
    measured: bool = True
    pattern: str = ""

    @cached_property
    def total(self) -> float:
        """Sum of all inks, 1 a full ink."""
        return sum(tint for _, tint in self.inks)

    @cached_property
    def process_total(self) -> float:
        """Sum of the four process inks."""
        return sum(tint for name, tint in self.inks if name in PROCESS)

    @cached_property
    def black(self) -> float:
        """How much black."""
        return dict(self.inks).get("Black", 0.0)

    @cached_property
    def colours(self) -> int:
        """How many inks print."""
        return sum(tint > _NOTHING for _, tint in self.inks)

    @cached_property
    def white(self) -> bool:
        """Whether it prints no ink: the paper shows."""
        return self.measured and self.colours == 0

    @cached_property
    def pure_black(self) -> bool:
        """Whether it is full black ink alone."""
        return self.measured and self.colours == 1 and self.black >= _FULL


def device(family: str) -> Space:
    """One of the device spaces."""
    inks = {"DeviceGray": ("Black",), "DeviceCMYK": PROCESS}.get(family, ())
    return Space(family, _COMPONENTS[family], inks, frozenset({family}))


GRAY = device("DeviceGray")
RGB = device("DeviceRGB")
CMYK = device("DeviceCMYK")
PATTERN = Space("Pattern", 0, (), frozenset({"Pattern"}))
_SHORT = {"/G": GRAY, "/RGB": RGB, "/CMYK": CMYK, "/DeviceGray": GRAY, "/DeviceRGB": RGB, "/DeviceCMYK": CMYK}


def space_of(value: object, depth: int = 0) -> Space:
    """The colour space that a PDF object describes (ISO 32000-1, 8.6).

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, Name):
        known = PATTERN if value == Name.Pattern else _SHORT.get(str(value))
        if known is not None:
            return known
        raise ValueError(f"{value} is no colour space")
    if not isinstance(value, pikepdf.Array) or not len(value) or depth > _DEEPEST_SPACE:
        raise ValueError("a colour space is a name or an array")
    family = str(value[0])[1:]
    reader = _READERS.get(family)
    if reader is not None:
        return reader(value, family, depth)
    if len(value) == 1:
        return space_of(value[0], depth + 1)
    raise ValueError(f"/{family} is no colour space")


def _calibrated(_: pikepdf.Array, family: str, __: int) -> Space:
    return Space(family, _COMPONENTS[family], (), frozenset({family}))


def _icc_based(value: pikepdf.Array, _: str, __: int) -> Space:
    count = int(value[1].N)
    inks = {1: ("Black",), 4: PROCESS}.get(count, ())
    return Space("ICCBased", count, inks, frozenset({f"ICCBased {count}"}))


def _named_inks(value: pikepdf.Array, family: str, depth: int) -> Space:
    named = [value[1]] if family == "Separation" else list(value[1].as_list())
    names = tuple(str(name)[1:] for name in named)
    alternate = space_of(value[2], depth + 1)
    return Space(family, len(names), names, frozenset({family}) | alternate.families)


def _indexed(value: pikepdf.Array, _: str, depth: int) -> Space:
    base = space_of(value[1], depth + 1)
    table = value[3]
    palette = table.read_bytes() if isinstance(table, pikepdf.Stream) else bytes(table)
    return Space("Indexed", 1, base.inks, frozenset({"Indexed"}) | base.families, base, palette)


def _pattern(value: pikepdf.Array, family: str, depth: int) -> Space:
    """With the space of an uncoloured pattern's colour."""
    under = space_of(value[1], depth + 1).families if len(value) > 1 else frozenset[str]()
    return Space(family, 0, (), PATTERN.families | under)


_READERS: dict[str, Callable[[pikepdf.Array, str, int], Space]] = {
    "CalGray": _calibrated,
    "CalRGB": _calibrated,
    "Lab": _calibrated,
    "ICCBased": _icc_based,
    "Separation": _named_inks,
    "DeviceN": _named_inks,
    "Indexed": _indexed,
    "I": _indexed,
    "Pattern": _pattern,
}


def paint_in(space: Space, components: Sequence[float]) -> Paint:
    """The ink of a colour in a space.

    Raises:
        ValueError: the number of components is not the space's.
    """
    if len(components) != space.count:
        raise ValueError(f"{space.family} has {space.count} components, not {len(components)}")
    if space.base is not None:
        index = int(components[0]) * space.base.count
        entry = space.palette[index : index + space.base.count]
        # The colour stays in the Indexed space: the next `sc` gives an index again.
        return replace(paint_in(space.base, [byte / 255 for byte in entry]), space=space)
    if not space.inks:
        return Paint(space, (), measured=False)
    if space.family == "DeviceGray" or (space.family == "ICCBased" and space.count == 1):
        return Paint(space, (("Black", 1 - _tint(components[0])),))
    inks: list[tuple[str, float]] = []
    for name, value in zip(space.inks, components, strict=True):
        if name == "All":
            inks += [(process, _tint(value)) for process in PROCESS]
        elif name != "None":
            inks.append((name, _tint(value)))
    return Paint(space, tuple(inks))


@lru_cache(maxsize=4096)
def device_paint(components: tuple[float, ...]) -> Paint:
    """The ink of a colour in the device space that has so many components; one object for each colour."""
    return paint_in({1: GRAY, 3: RGB, 4: CMYK}[len(components)], components)


def initial_paint(space: Space) -> Paint:
    """The colour in force when a space was just chosen (ISO 32000-1, 8.6.8, table 74, CS)."""
    if space.family == "Pattern":
        return Paint(space, (), measured=False)
    if space.family in ("Separation", "DeviceN"):
        return paint_in(space, [1.0] * space.count)
    if space.count == len(PROCESS):
        return paint_in(space, (0.0, 0.0, 0.0, 1.0))
    return paint_in(space, [0.0] * space.count)


def _tint(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)
