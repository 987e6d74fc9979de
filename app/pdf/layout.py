"""What a card says, set in the frames of its template.

Copy-fitting, in this order: other line breaks, smaller type down to the frame's least, a shorter wording,
and then an error that names the frame. One wording serves the whole card, and frames of one hand and one
size range keep one size, as a person's writing does.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import NamedTuple, cast

from app.domain.card import Card, Wording
from app.domain.template import CODES, CardTemplate, Frame
from app.errors import RenderError, TextDoesNotFit
from app.pdf.codes.bars import lines_below
from app.pdf.frames import FramePlan, Plan, Plans, below
from app.pdf.text.area import Area
from app.pdf.text.clean import clean
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.columns.words import Words
from app.pdf.text.hand import Hand
from app.pdf.text.hyphens import hyphen_points
from app.pdf.text.paragraph import Setting
from app.pdf.text.place import SetText
from app.pdf.text.setter import NOTHING, Answer, Setter
from app.pdf.typefaces import Typefaces


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
    """Lays out cards. What it keeps (plans, words, printed texts) never changes one."""

    def __init__(self, typefaces: Typefaces) -> None:
        """Nothing is kept yet."""
        self._typefaces = typefaces
        self._plans = Plans()
        self._setter = Setter()

    @property
    def words(self) -> Words:
        """The rows of words that texts which were set together name."""
        return self._setter.words

    def lay_out(self, template: CardTemplate, card: Card) -> list[SideLayout]:
        """Both sides of a card with the first of its wordings that fits.

        Raises:
            TextDoesNotFit: no wording fits.
            MissingGlyph: a character cannot be drawn.
            SetupError: there is no such typeface.
        """
        layout = self._layout(template, card)
        try:
            wanted = next(layout)
            while True:
                wanted = layout.send([self._setter.set_one(each) for each in wanted])
        except StopIteration as done:
            return cast("list[SideLayout]", done.value)

    def lay_out_all(
        self, template: CardTemplate, cards: Sequence[Card]
    ) -> list[list[SideLayout] | RenderError]:
        """The same for many cards, whose texts are set together; the error of those that cannot be laid out.

        Rows of words that came of an earlier call are void.

        Raises:
            SetupError: there is no such typeface.
        """
        self.words.make_space()
        done: dict[int, list[SideLayout] | RenderError] = {}
        layouts = [self._layout(template, card) for card in cards]
        waiting = [
            (index, wanted)
            for index, each in enumerate(layouts)
            if (wanted := _go_on(index, each, None, done))
        ]
        while waiting:
            texts = iter(self._setter.set_many([each for _, wanted in waiting for each in wanted]))
            waiting = [
                (index, more)
                for index, wanted in waiting
                if (more := _go_on(index, layouts[index], list(islice(texts, len(wanted))), done))
            ]
        return [done[index] for index in range(len(cards))]

    def _layout(self, template: CardTemplate, card: Card) -> _Layout:
        """Asks for texts to be set until both sides are laid out."""
        misfit = TextDoesNotFit("the card has no wording", mend="give the template one for this occasion")
        plan = self._plans.of(template, card.direction)
        for wording in card.wordings:
            try:
                return (yield from self._sides(plan, card, wording))
            except TextDoesNotFit as error:
                misfit = error
        if len(card.wordings) > 1:
            detail = f"{misfit.detail}, and none of the {len(card.wordings)} wordings fits"
            misfit = TextDoesNotFit(detail, mend=misfit.mend, frame=misfit.frame)
        raise misfit

    def _sides(self, plan: Plan, card: Card, wording: Wording) -> _Layout:
        scanned = card.signature is not None
        fittings: list[_Fitting] = []
        for index, (texts, pictures) in enumerate(plan.sides):
            for frame in texts[scanned]:
                fittings += self._fitting(index, frame, card, wording)
            for frame in pictures[scanned]:
                if frame.barred:
                    fittings += self._below(index, frame, plan, card)
        placed = yield from _set_together(fittings)
        return [
            _placed([(plan, text) for side, plan, text in placed if side == index], pictures[scanned])
            for index, (_, pictures) in enumerate(plan.sides)
        ]

    def _below(self, side: int, code: FramePlan, plan: Plan, card: Card) -> Iterator[_Fitting]:
        """The text under a bar code; codes are written from left to right in every language."""
        for line, said in lines_below(code.frame, code.box, card.code(code.frame.role)):
            frame = below(code, line, plan.template)
            yield from _fittings(side, frame, said, self._printed(frame, card.language, "ltr"))

    def _fitting(self, side: int, frame: FramePlan, card: Card, wording: Wording) -> Iterator[_Fitting]:
        """A text that is to be set; none where it says nothing."""
        said = frame.said(card, wording).strip()
        if not said:
            return
        if len(said) > frame.most:
            raise frame.misfit(len(said))
        if not frame.written:
            yield from _fittings(side, frame, said, self._printed(frame, card.language, card.direction))
            return
        hyphens = hyphen_points if frame.frame.hyphenate else None
        typeface = self._typefaces.written(card.hand, card.language, hyphens)
        setting = Setting(typeface, _base(card.direction), Hand(card.seed, frame.name))
        yield from _fittings(side, frame, said, setting)

    def _printed(self, frame: FramePlan, language: str, direction: str) -> Setting:
        face = frame.frame
        hyphens = hyphen_points if face.hyphenate else None
        return Setting(
            self._typefaces.printed(face.typeface, language, face.tracking, hyphens), _base(direction)
        )


_Layout = Generator[list[Wanted], Sequence[Answer], list[SideLayout]]


def _go_on(
    index: int,
    layout: _Layout,
    texts: Sequence[Answer] | None,
    done: dict[int, list[SideLayout] | RenderError],
) -> list[Wanted] | None:
    """Give a layout the texts that it waits for. What it asks for then; None where it is done."""
    try:
        return layout.send(texts) if texts is not None else next(layout)
    except StopIteration as end:
        done[index] = end.value
    except RenderError as error:
        done[index] = error
    return None


class _Fitting(NamedTuple):
    """A text that waits for its size, in a frame of a side."""

    side: int
    frame: FramePlan
    wanted: Wanted

    @property
    def group(self) -> tuple[int, int]:
        """Texts of one group are set at one size."""
        return self.side, self.frame.group


def _base(direction: str) -> int:
    return 1 if direction == "rtl" else 0


def _fittings(side: int, frame: FramePlan, said: str, setting: Setting) -> Iterator[_Fitting]:
    """What is said, cleaned; none where nothing of it is left."""
    cleaned = clean(said, frame.place).strip()
    if not cleaned:
        return
    emoji = setting.typeface.chain.emoji
    cleaned = emoji.settled(cleaned) if emoji else cleaned
    yield _Fitting(side, frame, Wanted(cleaned, setting, frame.measure, frame.measure.largest))


def _set_together(
    fittings: Sequence[_Fitting],
) -> Generator[list[Wanted], Sequence[Answer], list[tuple[int, FramePlan, SetText]]]:
    """Texts of one hand and one size range on a side, all at the smallest size that one of them needs."""
    if not fittings:
        return []
    texts = _all_set(fittings, (yield [each.wanted for each in fittings]))
    least: dict[tuple[int, int], float] = {}
    for each, text in zip(fittings, texts, strict=True):
        least[each.group] = min(text.size, least.get(each.group, text.size))
    larger = [index for index, text in enumerate(texts) if least[fittings[index].group] < text.size < inf]
    if larger:
        again = [fittings[index] for index in larger]
        wanted = [each.wanted._replace(largest=least[each.group]) for each in again]
        for index, text in zip(larger, _all_set(again, (yield wanted)), strict=True):
            texts[index] = text
    pairs = zip(fittings, texts, strict=True)
    return [(each.side, each.frame, text) for each, text in pairs if text is not NOTHING]


def _all_set(fittings: Sequence[_Fitting], answers: Sequence[Answer]) -> list[SetText]:
    """The texts.

    Raises:
        RenderError: one does not fit, or cannot be drawn.
    """
    texts = []
    for each, answer in zip(fittings, answers, strict=True):
        if answer is None:
            raise each.frame.misfit(len(each.wanted.text))
        if isinstance(answer, RenderError):
            raise answer
        texts.append(answer)
    return texts


def _placed(texts: Sequence[tuple[FramePlan, SetText]], pictures: Sequence[FramePlan]) -> SideLayout:
    """Frames that follow a text go up by what it left of its frame, as a signature stands under a note."""
    free = {plan.name: done.free for plan, done in texts}
    return SideLayout(
        [PlacedText(plan.frame, done, free.get(plan.follows, 0.0)) for plan, done in texts],
        [PlacedPicture(plan.frame, plan.area.lifted(free.get(plan.follows, 0.0))) for plan in pictures],
    )
