"""What a card says, set in the frames of its template.

Copy-fitting, in this order: other line breaks, smaller type down to the frame's least, a shorter wording,
and then an error that names the frame. One wording serves the whole card, and frames of one hand and one
size range keep one size, as a person's writing does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import attrgetter
from typing import NamedTuple

from app.domain.card import Card, Wording
from app.domain.template import CODES, CardTemplate, Frame
from app.errors import TextDoesNotFit
from app.pdf.codes.bars import lines_below
from app.pdf.frames import FramePlan, Plan, Plans, below
from app.pdf.text.area import Area
from app.pdf.text.clean import clean
from app.pdf.text.fit import Text
from app.pdf.text.hand import Hand
from app.pdf.text.hyphens import hyphen_points
from app.pdf.text.paragraph import Setting, shape_paragraph
from app.pdf.text.place import SetText
from app.pdf.typefaces import Typefaces

_FIXED_KEPT = 1024
"""Printed texts kept: imprints and labels come with every card, codes and names with one."""
_characters = attrgetter("characters")


class PlacedText(NamedTuple):
    """A frame with its text set; the whole goes up by `lift` pt with the text that the frame follows."""

    frame: Frame
    text: SetText
    lift: float = 0.0


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


class Compositor:
    """Lays out cards. What it keeps (plans, words, fixed texts) never changes one."""

    def __init__(self, typefaces: Typefaces) -> None:
        """Nothing is kept yet."""
        self._typefaces = typefaces
        self._plans = Plans()
        self._print = lru_cache(maxsize=_FIXED_KEPT)(self._set_printed)

    def lay_out(self, template: CardTemplate, card: Card) -> list[SideLayout]:
        """Both sides of a card with the first of its wordings that fits.

        Raises:
            TextDoesNotFit: no wording fits.
            MissingGlyph: a character cannot be drawn.
            SetupError: there is no such typeface.
        """
        misfit = TextDoesNotFit("the card has no wording", mend="give the template one for this occasion")
        plan = self._plans.of(template, card.direction)
        for wording in card.wordings:
            try:
                return self._sides(plan, card, wording)
            except TextDoesNotFit as error:
                misfit = error
        if len(card.wordings) > 1:
            detail = f"{misfit.detail}, and none of the {len(card.wordings)} wordings fits"
            misfit = TextDoesNotFit(detail, mend=misfit.mend, frame=misfit.frame)
        raise misfit

    def _sides(self, plan: Plan, card: Card, wording: Wording) -> list[SideLayout]:
        scanned = card.signature is not None
        sides = []
        for texts, pictures in plan.sides:
            fittings = [self._fitting(frame, card, wording) for frame in texts[scanned]]
            for frame in pictures[scanned]:
                if frame.barred:
                    fittings += self._below(frame, plan, card)
            sides.append(_placed(_set_together(fittings), pictures[scanned]))
        return sides

    def _below(self, code: FramePlan, plan: Plan, card: Card) -> Iterator[_Fitting]:
        """The text under a bar code; codes are written from left to right in every language."""
        for line, said in lines_below(code.frame, code.box, card.code(code.frame.role)):
            frame = below(code, line, plan.template)
            yield _Fitting(frame, len(said), partial(self._set_printed, frame, said, card.language, "ltr"))

    def _fitting(self, frame: FramePlan, card: Card, wording: Wording) -> _Fitting | None:
        """How a text is fitted; None where it says nothing."""
        said = frame.said(card, wording).strip()
        if not said:
            return None
        if len(said) > frame.most:
            raise frame.misfit(len(said))
        if not frame.written:
            fit = partial(self._print, frame, said, card.language, card.direction)
            return _Fitting(frame, len(said), fit)
        hyphens = hyphen_points if frame.frame.hyphenate else None
        typeface = self._typefaces.written(card.hand, card.language, hyphens)
        hand = Hand(card.seed, frame.name)
        text = _text(frame, said, Setting(typeface, _base(card.direction), hand))
        return _Fitting(frame, len(said), text.fit) if text else None

    def _set_printed(
        self, frame: FramePlan, said: str, language: str, direction: str, largest: float
    ) -> SetText | None:
        face = frame.frame
        hyphens = hyphen_points if face.hyphenate else None
        typeface = self._typefaces.printed(face.typeface, language, face.tracking, hyphens)
        text = _text(frame, said, Setting(typeface, _base(direction)))
        return text.fit(largest) if text else None


class _Fitting(NamedTuple):
    """A text that waits for its size: `fit` sets it at the largest that fits, at most the one given."""

    frame: FramePlan
    characters: int
    fit: Callable[[float], SetText | None]

    def at_most(self, largest: float) -> SetText:
        """The text set.

        Raises:
            TextDoesNotFit: no size fits.
        """
        done = self.fit(largest)
        if done is None:
            raise self.frame.misfit(self.characters)
        return done


def _base(direction: str) -> int:
    return 1 if direction == "rtl" else 0


def _text(frame: FramePlan, said: str, setting: Setting) -> Text | None:
    cleaned = clean(said, frame.place).strip()
    if not cleaned:
        return None
    emoji = setting.typeface.chain.emoji
    cleaned = emoji.settled(cleaned) if emoji else cleaned
    paragraphs = [shape_paragraph(line.strip(), setting, frame.place) for line in cleaned.split("\n")]
    return Text(paragraphs, frame.measure) if any(paragraph.pieces for paragraph in paragraphs) else None


def _set_together(fittings: Iterable[_Fitting | None]) -> list[tuple[FramePlan, SetText]]:
    """Texts of one hand and one size range, all at the smallest size that one of them needs.

    The longest comes first, since it is most likely the one that needs it.
    """
    waiting = [fitting for fitting in fittings if fitting is not None]
    smallest: dict[int, float] = {}
    done: dict[FramePlan, SetText] = {}
    for each in sorted(waiting, key=_characters, reverse=True):
        frame = each.frame
        text = each.at_most(smallest.get(frame.group, frame.measure.largest))
        smallest[frame.group] = text.size
        done[frame] = text
    for each in waiting:
        size = smallest[each.frame.group]
        if done[each.frame].size != size:
            done[each.frame] = each.at_most(size)
    return [(each.frame, done[each.frame]) for each in waiting]


def _placed(texts: Sequence[tuple[FramePlan, SetText]], pictures: Sequence[FramePlan]) -> SideLayout:
    """Frames that follow a text go up by what it left of its frame, as a signature stands under a note."""
    free = {plan.name: done.free for plan, done in texts}
    return SideLayout(
        [PlacedText(plan.frame, done, free.get(plan.follows, 0.0)) for plan, done in texts],
        [PlacedPicture(plan.frame, plan.area.lifted(free.get(plan.follows, 0.0))) for plan in pictures],
    )
