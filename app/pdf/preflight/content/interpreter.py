"""Carries out a page's content and notes what it paints; forms, patterns and masks included.

Operators are functions in the `operators_*` modules of this package, each under its PDF name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pikepdf

from app.pdf.preflight.content.instructions import Instruction, parsed, parsed_page
from app.pdf.preflight.content.marks import Clip, Fault, Painted, Subpath
from app.pdf.preflight.content.matrix import IDENTITY, Bounds, Matrix, common, moved, multiply
from app.pdf.preflight.content.paint import Space, space_of
from app.pdf.preflight.content.state import State, starting_state
from app.pdf.preflight.content.typeface import Typeface
from app.pdf.preflight.limits import DEEPEST_FORM, MOST_OPERATORS, STRANGE

Operator = Callable[["Interpreter", list[Any]], None]
OPERATORS: dict[str, Operator] = {}
Found = TypeVar("Found")


def operator(*names: str) -> Callable[[Operator], Operator]:
    """Make a function carry out the operators of these names."""

    def register(function: Operator) -> Operator:
        for name in names:
            OPERATORS[name] = function
        return function

    return register


class TooMuchContent(Exception):
    """The file's content is beyond what is checked."""


@dataclass(slots=True)
class Budget:
    """Operators that may still be carried out, for the whole file."""

    operators: int = field(default_factory=lambda: MOST_OPERATORS)

    def spend(self, count: int) -> None:
        """Take them off.

        Raises:
            TooMuchContent: none are left.
        """
        self.operators -= count
        if self.operators < 0:
            raise TooMuchContent(f"more than {MOST_OPERATORS:,} operators")


class Interpreter:
    """Runs content and fills `painted`. One a page."""

    def __init__(self, page: Bounds, budget: Budget, typefaces: dict[tuple[int, int], Typeface]) -> None:
        self.painted = Painted()
        self.state = starting_state(page, IDENTITY)
        self.resources: pikepdf.Object = pikepdf.Dictionary()
        self.layers: tuple[pikepdf.Object, ...] = ()
        self.inside = ""
        self.text_matrix: Matrix = IDENTITY
        self.line_matrix: Matrix = IDENTITY
        self.subpaths: list[Subpath] = []
        self.boxes = 0
        self.pending_clip: bool | None = None
        """Whether the clip set by `W` or `W*` for the end of this path is even-odd; None without one."""
        self._stack: list[State] = []
        self._marked: list[bool] = []
        self._depth = 0
        self._budget = budget
        self._typefaces = typefaces
        self._resolved: dict[tuple[int, str, str], Any] = {}
        self._examined: set[tuple[int, int]] = set()
        self._noted: set[tuple[str, int]] = set()

    def run_page(self, page: pikepdf.Page) -> None:
        """Carry out a page's content.

        Raises:
            TooMuchContent: it is beyond the limits.
            pikepdf.PdfError: it cannot be parsed.
        """
        # `pikepdf.Page.resources` makes them where they are missing; inherited ones are found too.
        self.resources = page.resources
        self._run(parsed_page(page))

    def run_form(self, form: pikepdf.Stream, name: str, matrix: Matrix, *, clip: bool = True) -> None:
        """Carry out a form's content in the present state, which is unchanged afterwards."""
        if self._depth >= DEEPEST_FORM:
            raise TooMuchContent(f"forms in forms more than {DEEPEST_FORM} deep")
        kept = (self.state, self.resources, self._stack, self._marked, self.inside, self.layers)
        texts = (self.text_matrix, self.line_matrix, self.subpaths, self.boxes)
        self.state, self._stack, self._marked, self.inside = self.state.saved(), [], [], name
        self.state.ctm = multiply(matrix, self.state.ctm)
        self.subpaths, self.boxes = [], 0
        self.resources = form.get("/Resources", self.resources)
        if clip:
            self._clip_to_form(form)
        if "/Group" in form:
            self.state.enter_group()
        self._depth += 1
        try:
            self._run(parsed(form))
        finally:
            self._depth -= 1
            self.state, self.resources, self._stack, self._marked, self.inside, self.layers = kept
            self.text_matrix, self.line_matrix, self.subpaths, self.boxes = texts

    def examine(self, stream: pikepdf.Object, name: str) -> None:
        """Look through content that paints elsewhere (a pattern's cell, a soft mask), once.

        Its colour spaces, fonts and faults are noted; its marks are not on the page, so they are not.
        """
        if not isinstance(stream, pikepdf.Stream):
            raise TypeError(f"{name} is no stream")
        if stream.objgen in self._examined:
            return
        self._examined.add(stream.objgen)
        before = len(self.painted.marks)
        self.run_form(stream, name, IDENTITY, clip=False)
        del self.painted.marks[before:]

    def _clip_to_form(self, form: pikepdf.Stream) -> None:
        left, bottom, right, top = (float(n) for n in form.BBox.as_list())
        self.clip_to(moved((left, bottom, right, top), self.state.ctm))

    def clip_to(self, bounds: Bounds) -> None:
        """Narrow the clip to a box in page points."""
        shared = common(self.state.clip.bounds, bounds)
        nothing = (bounds[0], bounds[1], bounds[0], bounds[1])
        self.state.clip = Clip(shared or nothing, self.state.clip.shapes)

    def _run(self, instructions: Iterable[Instruction]) -> None:
        if isinstance(instructions, list):
            self._budget.spend(len(instructions))
        for name, operands in instructions:
            function = OPERATORS.get(name)
            if function is None:
                self.fault("content", f"{name!r} is no operator")
                continue
            try:
                function(self, operands)
            except STRANGE as error:
                self.fault("content", f"the operator {name} cannot be carried out: {error}")
        if self._stack or self._marked:
            self.fault("content", "a saved state or marked content is not closed")

    def save(self) -> None:
        """`q`."""
        self._stack.append(self.state.saved())

    def restore(self) -> None:
        """`Q`."""
        if not self._stack:
            raise ValueError("nothing was saved")
        self.state = self._stack.pop()

    def begin_marked(self, layer: pikepdf.Object | None) -> None:
        """Start marked content, in a layer (optional content group) or in none."""
        self._marked.append(layer is not None)
        if layer is not None:
            self.layers = (*self.layers, layer)

    def end_marked(self) -> None:
        """`EMC`."""
        if not self._marked:
            raise ValueError("no marked content is open")
        if self._marked.pop():
            self.layers = self.layers[:-1]

    def resource(self, category: str, name: str, read: Callable[[pikepdf.Object], Found]) -> Found | None:
        """A named resource as `read` makes it; None, with a fault noted, where there is none."""
        # The dictionary of a resource is not an indirect object as a rule: its key is the content's own.
        key = (self._resources_key(), category, name)
        if key in self._resolved:
            return self._resolved[key]  # type: ignore[no-any-return]  # made by the same `read` before
        named = self.resources.get(category)
        value = None if named is None else named.get(name)
        made: Found | None = None
        if value is None:
            self.fault("resource", f"{name} is not among the {category[1:]} resources")
        else:
            made = read(value)
        self._resolved[key] = made
        return made

    def _resources_key(self) -> int:
        return hash((self.inside, self.resources.objgen))

    def typeface(self, font: pikepdf.Object) -> Typeface:
        """A font, read once a file."""
        if not isinstance(font, pikepdf.Dictionary):
            raise TypeError("a font is a dictionary")
        if not font.is_indirect:
            return Typeface(font)
        known = self._typefaces.get(font.objgen)
        if known is None:
            known = self._typefaces[font.objgen] = Typeface(font)
        return known

    def space(self, name: str) -> Space | None:
        """The colour space of that name in force here, noted as used."""
        own = name.startswith("/Device") or name == "/Pattern"
        found = space_of(pikepdf.Name(name)) if own else self.resource("/ColorSpace", name, space_of)
        if found is not None:
            self.use_space(found, "colour")
        return found

    def use_space(self, space: Space, used_by: str) -> None:
        """Note that a colour space was used."""
        entry = (used_by, id(space))
        if entry not in self._noted:
            self._noted.add(entry)
            self.painted.spaces.append((used_by, space))

    def fault(self, kind: str, says: str) -> None:
        """Note something wrong in the content."""
        entry = Fault(kind, says, self.inside)
        if entry not in self.painted.faults:
            self.painted.faults.append(entry)

    def unmeasured(self, what: str) -> None:
        """Note something whose ink cannot be known."""
        if what not in self.painted.unmeasured:
            self.painted.unmeasured.append(what)
