"""What a card says, set in the frames of its template.

Copy-fitting, in this order: other line breaks, smaller type down to the frame's least, a shorter wording,
and then an error that names the frame. One wording serves the whole card, and frames of one hand and one
size range keep one size, as a person's writing does.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import islice
from typing import NamedTuple, cast

from app.domain.card import Card, Wording
from app.domain.template import CODES, CardTemplate, Frame
from app.errors import RenderError, TextDoesNotFit
from app.pdf.codes.bars import lines_below
from app.pdf.fittings import Fitting, fit_in, set_together
from app.pdf.frames import FramePlan, Plan, Plans, below
from app.pdf.text.area import Area
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


class PlacedPicture(NamedTuple):
    """A frame that holds a code or the signature, and its area on the page."""

    frame: Frame
    area: Area

    @property
    def name(self) -> str:
        """What it is for people."""
        return CODES.get(self.frame.role, "signature")


class SideLayout(NamedTuple):
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
        self._settings: dict[tuple[FramePlan, str, str], Setting] = {}
        """Without hands."""

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
                wanted = layout.send(self._setter.set_few(wanted))
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
                fittings = self._fittings(plan, card, wording)
                texts = (yield from set_together(fittings)) if fittings else []
            except TextDoesNotFit as error:
                misfit = error
            else:
                return _sides(plan, card, fittings, texts)
        if len(card.wordings) > 1:
            detail = f"{misfit.detail}, and none of the {len(card.wordings)} wordings fits"
            misfit = TextDoesNotFit(detail, mend=misfit.mend, frame=misfit.frame)
        raise misfit

    def _fittings(self, plan: Plan, card: Card, wording: Wording) -> list[Fitting]:
        """The card's texts that say anything, side by side.

        Raises:
            TextDoesNotFit: one is too long for any type.
            MissingGlyph: one holds what no text should.
        """
        fittings: list[Fitting] = []
        scanned = card.signature is not None
        for texts, pictures in plan.sides:
            for frame in texts[scanned]:
                said = frame.said(card, wording).strip()
                if not said:
                    continue
                if len(said) > frame.most:
                    raise frame.misfit(len(said))
                fit_in(fittings, frame, said, self._setting(frame, card))
            for frame in pictures[scanned]:
                if frame.barred:
                    self._fit_below(fittings, frame, plan, card)
        return fittings

    def _fit_below(self, fittings: list[Fitting], code: FramePlan, plan: Plan, card: Card) -> None:
        """Add the text under a bar code; codes are written from left to right in every language."""
        for line, said in lines_below(code.frame, code.box, card.code(code.frame.role)):
            frame = below(code, line, plan.template)
            fit_in(fittings, frame, said, self._printed(frame, card.language, "ltr"))

    def _setting(self, frame: FramePlan, card: Card) -> Setting:
        """How a card's text in a frame is set: printed as many are, or in the card's own hand."""
        key = frame, card.language, card.hand if frame.written else card.direction
        known = self._settings.get(key)
        if known is None:
            known = self._settings[key] = self._plain_setting(frame, card)
        if not frame.written:
            return known
        return Setting(known.typeface, known.base, Hand(card.seed, frame.name))

    def _plain_setting(self, frame: FramePlan, card: Card) -> Setting:
        if not frame.written:
            return self._printed(frame, card.language, card.direction)
        hyphens = hyphen_points if frame.frame.hyphenate else None
        return Setting(self._typefaces.written(card.hand, card.language, hyphens), _base(card.direction))

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


def _base(direction: str) -> int:
    return 1 if direction == "rtl" else 0


def _sides(plan: Plan, card: Card, fittings: Sequence[Fitting], texts: Sequence[SetText]) -> list[SideLayout]:
    """Frames that follow a text go up by what it left of its frame, as a signature stands under a note."""
    shown = [(frame, text) for (frame, _), text in zip(fittings, texts, strict=True) if text is not NOTHING]
    free = {frame.key: text.free for frame, text in shown}
    sides = [
        SideLayout(
            [],
            [
                PlacedPicture(frame.frame, frame.area.lifted(free.get(frame.follows, 0.0)))
                for frame in pictures[card.signature is not None]
            ],
        )
        for _, pictures in plan.sides
    ]
    for frame, text in shown:
        sides[frame.side].texts.append(PlacedText(frame.frame, text, free.get(frame.follows, 0.0)))
    return sides
