"""What a template's frames are on the page, worked out once for all cards of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from app.domain.card import Card, Wording
from app.domain.geometry import Box
from app.domain.template import BAR_CODES, CODES, Align, CardTemplate, Frame, Role
from app.domain.units import millimetres, points
from app.errors import TextDoesNotFit
from app.pdf.text.area import Area, Measure
from app.pdf.typefaces import HAND

_NARROWEST = 0.12
"""Mean advance in em that no text is under, marks without width included."""
_WORDED = frozenset({Role.HEADLINE, Role.GREETING, Role.MESSAGE})


@dataclass(frozen=True, slots=True, eq=False)
class FramePlan:
    """A frame on the page of cards that run one way.

    `place` is what it is for people ("the message on the back"), `most` more characters than any text has
    that could fit. Frames with the same `group` are set at one size; they are on one side.
    """

    frame: Frame
    box: Box
    """The frame's, in mm, mirrored where it is to be."""
    area: Area
    measure: Measure
    name: str
    """The role's, as a plain string: enum members take their time to be looked up."""
    place: str
    most: int
    side: int
    """Which side it is on, from 0."""
    group: tuple[int, int]
    key: tuple[int, str]
    """Its side and name, by which a frame that follows another one says it."""
    written: bool
    """Whether it is set in the card's hand."""
    barred: bool
    """Whether it is a bar code's, which has text below."""
    follows: tuple[int, str]
    """The key of the frame that it follows; no frame's where it follows none."""
    said: Callable[[Card, Wording], str]
    """What a card says there."""

    def misfit(self, characters: int) -> TextDoesNotFit:
        """The error for a text that does not fit."""
        frame = self.frame
        return TextDoesNotFit(
            f"{self.place} has {characters} characters, too many for its frame of "
            f"{frame.box.width:g} × {frame.box.height:g} mm even at {frame.size[0]:g} pt",
            mend="give the wording a shorter one to fall back to, or the frame more room",
            frame=self.place,
        )


@dataclass(frozen=True, eq=False)
class Plan:
    """A template's frames by side, each in the order to be drawn."""

    template: CardTemplate
    """Held, so that its id stays its own."""
    sides: tuple[SidePlan, ...]


class SidePlan(NamedTuple):
    """A side's frames: first for cards with a written signature, then for those with a scanned one."""

    texts: tuple[tuple[FramePlan, ...], tuple[FramePlan, ...]]
    pictures: tuple[tuple[FramePlan, ...], tuple[FramePlan, ...]]


class Plans:
    """The plans of the templates that a process prints."""

    def __init__(self) -> None:
        """None yet."""
        self._known: dict[tuple[int, str], Plan] = {}

    def of(self, template: CardTemplate, direction: str) -> Plan:
        """The template's plan for cards that run in a direction (`ltr` or `rtl`)."""
        known = self._known.get((id(template), direction))
        if known is None:
            known = self._known[id(template), direction] = _plan(template, direction)
        return known


def page_size(template: CardTemplate) -> tuple[float, float]:
    """Width and height of the page in pt: the trim with its bleed."""
    return tuple(points(edge + 2 * template.bleed) for edge in template.trim)  # type: ignore[return-value]  # two


def box_of(frame: Frame, template: CardTemplate, direction: str) -> Box:
    """The frame's box, mirrored for right-to-left cards where it says so."""
    box = frame.box
    if direction == "rtl" and frame.mirror:
        return Box(template.trim[0] - box.right, box.y, box.width, box.height)
    return box


def area_of(frame: Frame, template: CardTemplate, direction: str) -> Area:
    """The frame's area on the page."""
    return _on_page(box_of(frame, template, direction), template)


def _on_page(box: Box, template: CardTemplate) -> Area:
    """A box of the trim, in mm downwards, as an area of the page, in pt upwards."""
    bleed, foot = template.bleed, template.trim[1] + template.bleed
    return Area(
        points(box.x + bleed), points(foot - box.bottom), points(box.right + bleed), points(foot - box.y)
    )


def _plan(template: CardTemplate, direction: str) -> Plan:
    return Plan(
        template, tuple(_side_plan(template, index, direction) for index in range(len(template.sides)))
    )


def _side_plan(template: CardTemplate, index: int, direction: str) -> SidePlan:
    side = template.sides[index]
    groups = list(dict.fromkeys((frame.typeface, frame.size) for frame in side.frames))
    plans = [
        _frame_plan(
            template,
            frame,
            direction,
            place=f"the {_name(frame.role)} on the {side.name}",
            group=(index, groups.index((frame.typeface, frame.size))),
        )
        for frame in side.frames
    ]

    def only(*, pictures: bool, scanned: bool) -> tuple[FramePlan, ...]:
        drawn = {*CODES, Role.SIGNATURE} if scanned else set(CODES)
        return tuple(plan for plan in plans if (plan.frame.role in drawn) == pictures)

    return SidePlan(
        (only(pictures=False, scanned=False), only(pictures=False, scanned=True)),
        (only(pictures=True, scanned=False), only(pictures=True, scanned=True)),
    )


def _said(role: Role) -> Callable[[Card, Wording], str]:
    if role in _WORDED:
        of_wording: Callable[[Wording], str] = attrgetter(role.value)
        return lambda _, wording: of_wording(wording)
    return lambda card, _: card.texts.get(role, "")


def _name(role: Role) -> str:
    return CODES.get(role) or role.value.replace("_", " ")


def below(code: FramePlan, line: Frame, template: CardTemplate) -> FramePlan:
    """The plan of a line of text under a bar code; the lines of one code are of one size."""
    side, group = code.group
    return _frame_plan(template, line, "ltr", place=code.place, group=(side, -1 - group))


def _frame_plan(
    template: CardTemplate, frame: Frame, direction: str, *, place: str, group: tuple[int, int]
) -> FramePlan:
    side = group[0]
    area = area_of(frame, template, direction)
    measure = Measure(
        area=area,
        safe=_on_page(template.trim_box.inset(template.safe), template),
        align=frame.align,
        vertical=frame.vertical,
        smallest=frame.size[0],
        largest=frame.size[1],
        leading=points(frame.leading),
        even=frame.role is Role.HEADLINE or frame.align is Align.CENTRE,
        place=place,
    )
    return FramePlan(
        frame=frame,
        box=box_of(frame, template, direction),
        area=area,
        measure=measure,
        name=frame.role.value,
        place=place,
        most=_most_characters(frame),
        side=side,
        group=group,
        key=(side, frame.role.value),
        written=frame.typeface == HAND,
        barred=frame.role in BAR_CODES,
        follows=(side, frame.follows.value if frame.follows else ""),
        said=_said(frame.role),
    )


def _most_characters(frame: Frame) -> int:
    """More than any text has that could fit: what is longer is not worth looking at."""
    smallest = millimetres(frame.size[0])
    lines = 1 + frame.box.height / (frame.leading * frame.size[0] / frame.size[1])
    return int(lines * (1 + frame.box.width / (smallest * _NARROWEST)))
