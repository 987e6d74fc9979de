"""Goes through one content stream and writes it again for one ink.

Operators that need more than copying are functions in the `operators_*` modules, under their PDF names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Dictionary, Name, Operator

from app.pdf.preflight.content.paint import GRAY, Space
from app.pdf.preview.inks import Colour

if TYPE_CHECKING:
    from app.pdf.preview.one_ink.separator import OneInk

Instruction = pikepdf.ContentStreamInstruction
BLACK = Colour(1.0, "DeviceGray")
_RENAMED = ("/XObject", "/Font", "/Pattern", "/Shading", "/ColorSpace")


@dataclass(frozen=True, slots=True)
class Look:
    """What of the graphics state decides how a mark stands on the plate."""

    fill: Colour = BLACK
    stroke: Colour = BLACK
    fill_space: Space = GRAY
    stroke_space: Space = GRAY
    fill_overprints: bool = False
    stroke_overprints: bool = False
    mode: int = 0
    """The overprint mode."""
    text: int = 0
    """The text rendering mode."""


class Content:
    """One content stream on its way.

    Args:
        one: the ink, and the file's forms and images for it.
        resources: what names in the stream mean.
        look: the state that it starts in.
        depth: forms around it.
    """

    def __init__(self, one: OneInk, resources: pikepdf.Object, look: Look, depth: int) -> None:
        self.one = one
        self.source = resources
        self.look = look
        self.depth = depth
        self.stack: list[Look] = []
        self.out: list[Any] = []
        self.own = Dictionary(dict(resources.items()))
        """The resources that what is written needs. Default colour spaces would change its grays."""
        self.own["/ColorSpace"] = Dictionary()
        for category in _RENAMED:
            self.own[category] = Dictionary(dict(self.own[category].items()) if category in self.own else {})
        self._made = 0

    def take(self, instruction: Instruction) -> None:
        """Write one instruction as this ink has it."""
        function = OPERATORS.get(str(instruction.operator))
        if function is None:
            self.out.append(instruction)
        else:
            function(self, instruction)

    def say(self, operator: str, *operands: Any) -> None:
        """Write an instruction."""
        self.out.append((list(operands), Operator(operator)))

    def set_colour(self, found: Colour, space: Space, *, stroke: bool) -> None:
        """Take a colour as the current one, and write it."""
        if stroke:
            self.look = replace(self.look, stroke=found, stroke_space=space)
        else:
            self.look = replace(self.look, fill=found, fill_space=space)
        self.say("G" if stroke else "g", gray(found))

    def fill_lands(self) -> bool:
        """Whether what is filled touches this plate."""
        look = self.look
        return look.fill.lands(self.one.ink, overprints=look.fill_overprints, mode=look.mode)

    def stroke_lands(self) -> bool:
        """Whether what is stroked does."""
        look = self.look
        return look.stroke.lands(self.one.ink, overprints=look.stroke_overprints, mode=look.mode)

    def resource(self, category: str, name: object) -> pikepdf.Object | None:
        """A named resource; None where it is missing, which preflight tells."""
        named = self.source.get(category)
        return None if named is None else named.get(str(name))

    def renamed(self, category: str, made: pikepdf.Object) -> Name:
        """The name of a resource that is made here."""
        self._made += 1
        name = Name(f"/tipin{self._made}")
        self.own[category][name] = made
        return name

    def form(
        self, form: pikepdf.Stream, look: Look, resources: pikepdf.Object | None = None
    ) -> pikepdf.Stream:
        """A form, pattern cell or glyph that stands in this content, for this ink."""
        return self.one.form(form, self.source if resources is None else resources, look, self.depth + 1)


Function = Callable[[Content, Instruction], None]
OPERATORS: dict[str, Function] = {}


def operator(*names: str) -> Callable[[Function], Function]:
    """Make a function write the operators of these names."""

    def register(function: Function) -> Function:
        OPERATORS.update(dict.fromkeys(names, function))
        return function

    return register


def gray(found: Colour) -> float:
    """A tint as PDF's gray, 0 for full ink."""
    return round(1 - found.tint, 6)


def floats(operands: list[Any]) -> list[float]:
    """Operands that are numbers."""
    return [float(number) for number in operands]
