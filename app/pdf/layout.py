"""Where everything on a side goes: frames in mm become areas in pt, texts are set and fitted in them.

Copy-fitting, in this order: other line breaks, smaller type down to the frame's least, a shorter wording,
and then an error that names the frame. One wording serves the whole card, and frames of one hand and one
size range keep one size, as a person's writing does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.card import Card, Wording
from app.domain.geometry import Box
from app.domain.template import BAR_CODES, CODES, Align, CardTemplate, Frame, Role, Side
from app.domain.units import millimetres, points
from app.errors import TextDoesNotFit
from app.pdf.codes.bars import lines_below
from app.pdf.text.clean import clean
from app.pdf.text.fit import Area, Measure, SetText, Text
from app.pdf.text.hand import Hand
from app.pdf.text.shape import Typeface, shape_paragraph
from app.pdf.typefaces import HAND, Typefaces

_NARROWEST = 0.12
"""Mean advance in em that no text is under, marks without width included."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A frame with its text set."""

    frame: Frame
    text: SetText


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A frame that holds a code or the signature, and its area on the page."""

    frame: Frame
    area: Area

    @property
    def name(self) -> str:
        """What it is for people."""
        return CODES.get(self.frame.role, "signature")


@dataclass(frozen=True, slots=True)
class SideLayout:
    """Everything on one side, in the order to be drawn."""

    texts: list[PlacedText]
    pictures: list[PlacedPicture]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A text that is shaped but has no size yet."""

    frame: Frame
    text: Text
    characters: int
    place: str


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


def lay_out(template: CardTemplate, card: Card, typefaces: Typefaces) -> list[SideLayout]:
    """Both sides of a card with the first of its wordings that fits.

    Raises:
        TextDoesNotFit: no wording fits.
        MissingGlyph: a character cannot be drawn.
    """
    misfit = TextDoesNotFit("the card has no wording", mend="give the template one for this occasion")
    for wording in card.wordings:
        writer = _Writer(template, card, wording, typefaces)
        try:
            return [writer.lay_out(side) for side in template.sides]
        except TextDoesNotFit as error:
            misfit = error
    if len(card.wordings) > 1:
        detail = f"{misfit.detail}, and none of the {len(card.wordings)} wordings fits"
        misfit = TextDoesNotFit(detail, mend=misfit.mend, frame=misfit.frame)
    raise misfit


class _Writer:
    """Sets one wording of one card."""

    def __init__(self, template: CardTemplate, card: Card, wording: Wording, typefaces: Typefaces) -> None:
        self._template = template
        self._card = card
        self._typefaces = typefaces
        self._said = {
            Role.HEADLINE: wording.headline,
            Role.GREETING: wording.greeting,
            Role.MESSAGE: wording.message,
        }
        self._safe = _on_page(template.trim_box.inset(template.safe), template)

    def lay_out(self, side: Side) -> SideLayout:
        """One side.

        Raises:
            TextDoesNotFit: a text does not fit its frame.
        """
        pictures: list[PlacedPicture] = []
        waiting: list[_Waiting] = []
        for frame in side.frames:
            if self._is_picture(frame.role):
                pictures.append(PlacedPicture(frame, area_of(frame, self._template, self._card.direction)))
                waiting += self._below(frame, side)
                continue
            place = f"the {frame.role.value.replace('_', ' ')} on the {side.name}"
            said = self._said.get(frame.role, self._card.texts.get(frame.role, ""))
            said = clean(said, place).strip()
            if not said:
                continue
            if len(said) > _most_characters(frame):
                raise _misfit(frame, place, len(said))
            waiting.append(_Waiting(frame, self._shape(said, frame, place), len(said), place))
        return _lift_followers(SideLayout(list(_set_together(waiting)), pictures))

    def _below(self, frame: Frame, side: Side) -> Iterator[_Waiting]:
        """The text under a bar code."""
        if frame.role not in BAR_CODES:
            return
        place = f"the {CODES[frame.role]} on the {side.name}"
        box = box_of(frame, self._template, self._card.direction)
        for line, said in lines_below(frame, box, self._card.code(frame.role)):
            yield _Waiting(line, self._shape(clean(said, place), line, place, base=0), len(said), place)

    def _is_picture(self, role: Role) -> bool:
        return role in CODES or (role is Role.SIGNATURE and self._card.signature is not None)

    def _shape(self, said: str, frame: Frame, place: str, base: int | None = None) -> Text:
        if base is None:
            base = 1 if self._card.direction == "rtl" else 0
        typeface = self._typeface(frame)
        paragraphs = [shape_paragraph(line.strip(), base, typeface, place) for line in said.split("\n")]
        return Text(paragraphs, self._measure(frame))

    def _typeface(self, frame: Frame) -> Typeface:
        card = self._card
        if frame.typeface == HAND:
            return self._typefaces.written(card.hand, card.language, Hand(card.seed, frame.role.value))
        return self._typefaces.printed(frame.typeface, card.language, frame.tracking)

    def _measure(self, frame: Frame) -> Measure:
        return Measure(
            area=area_of(frame, self._template, self._card.direction),
            safe=self._safe,
            align=frame.align,
            vertical=frame.vertical,
            smallest=frame.size[0],
            largest=frame.size[1],
            leading=points(frame.leading),
            even=frame.role is Role.HEADLINE or frame.align is Align.CENTRE,
        )


def _set_together(waiting: Sequence[_Waiting]) -> Iterator[PlacedText]:
    """Set each text; those of one hand and one size range all at the smallest size that one of them needs."""
    fitted = [_fit(each, each.frame.size[1]) for each in waiting]
    together: Mapping[tuple[str, tuple[float, float]], float] = {
        _group(each.frame): min(
            done.size
            for other, done in zip(waiting, fitted, strict=True)
            if _group(other.frame) == _group(each.frame)
        )
        for each in waiting
    }
    for each, done in zip(waiting, fitted, strict=True):
        size = together[_group(each.frame)]
        yield PlacedText(each.frame, done if done.size == size else _fit(each, size))


def _lift_followers(layout: SideLayout) -> SideLayout:
    """Frames that follow a text go up by what it left of its frame, as a signature stands under a note."""
    free: dict[Role | None, float] = {placed.frame.role: placed.text.free for placed in layout.texts}

    def lift(frame: Frame) -> float:
        return free.get(frame.follows, 0.0)

    return SideLayout(
        [replace(placed, text=placed.text.lifted(lift(placed.frame))) for placed in layout.texts],
        [replace(placed, area=placed.area.lifted(lift(placed.frame))) for placed in layout.pictures],
    )


def _group(frame: Frame) -> tuple[str, tuple[float, float]]:
    return frame.typeface, frame.size


def _fit(waiting: _Waiting, largest: float) -> SetText:
    """The text at the largest size that fits.

    Raises:
        TextDoesNotFit: none does.
    """
    done = waiting.text.fit(largest)
    if done is None:
        raise _misfit(waiting.frame, waiting.place, waiting.characters)
    return done


def _most_characters(frame: Frame) -> int:
    """More than any text has that could fit: what is longer is not worth shaping."""
    smallest = millimetres(frame.size[0])
    lines = 1 + frame.box.height / (frame.leading * frame.size[0] / frame.size[1])
    return int(lines * (1 + frame.box.width / (smallest * _NARROWEST)))


def _misfit(frame: Frame, place: str, characters: int) -> TextDoesNotFit:
    return TextDoesNotFit(
        f"{place} has {characters} characters, too many for its frame of "
        f"{frame.box.width:g} × {frame.box.height:g} mm even at {frame.size[0]:g} pt",
        mend="give the wording a shorter one to fall back to, or the frame more room",
        frame=place,
    )
