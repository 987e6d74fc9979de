"""Stamps cards: what each adds to the compiled beginning that it shares, as content streams.

The resources that the streams name are those of the look (`Compiled.shared`), `OVERPRINT` and those of the
fonts' uses; whoever writes the file defines them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple, TypeVar

from app.domain.card import Card
from app.domain.profile import PressProfile
from app.errors import ArtworkUnusable, RenderError
from app.pdf.codes.cards import CardCodes, codes_of
from app.pdf.compiled import Compiled
from app.pdf.draw import signature_operators, text_operators
from app.pdf.file.fonts import FontUses
from app.pdf.layout import Compositor, PlacedPicture, PlacedText, SideLayout
from app.pdf.text.emoji import FINEST_PICTURES, EmojiPage
from app.pdf.text.place import SetText
from app.pdf.typefaces import Typefaces

T = TypeVar("T")


class Stamper:
    """Makes content streams. One serves a whole process; what it keeps never changes a card."""

    def __init__(self, typefaces: Typefaces) -> None:
        """Fonts are opened on first use."""
        self._compositor = Compositor(typefaces)

    def stamp(
        self, card: Card, compiled: Compiled, uses: FontUses, codes: CardCodes | None = None
    ) -> list[bytes]:
        """The content stream of each side, in ASCII and not yet deflated.

        Args:
            card: fully resolved.
            compiled: what it shares with others.
            uses: notes which glyphs of which fonts are shown.
            codes: the card's, where they were encoded ahead with those of others (`codes_of_block`).

        Raises:
            RenderError: TextDoesNotFit, MissingGlyph or ArtworkUnusable, naming what and where.
            SetupError: the card names a typeface that this plant does not have.
        """
        codes = codes_of(compiled.template, card) if codes is None else codes
        sides = self._compositor.lay_out(compiled.template, card)
        return _contents(sides, card, compiled, codes, uses)

    def stamp_all(self, stamps: Sequence[Stamp], uses: FontUses) -> list[list[bytes] | RenderError]:
        """The same for many cards of one template, whose texts are set together.

        Gives the error of each card that is refused.
        """
        if not stamps:
            return []
        layouts = self._compositor.lay_out_all(stamps[0].compiled.template, [each.card for each in stamps])
        done: list[list[bytes] | RenderError] = []
        for (card, compiled, codes), layout in zip(stamps, layouts, strict=True):
            try:
                sides = _or_refused(layout)
                done.append(_contents(sides, card, compiled, _or_refused(codes), uses))
            except RenderError as error:
                done.append(error)
        uses.note(self._compositor.words.runs_of(uses.rows))
        uses.rows.clear()
        return done


class Stamp(NamedTuple):
    """A card to be stamped, what it shares with others, and its codes or why it has none."""

    card: Card
    compiled: Compiled
    codes: CardCodes | RenderError


def _or_refused(value: T | RenderError) -> T:
    if isinstance(value, RenderError):
        raise value
    return value


def _contents(
    sides: Sequence[SideLayout], card: Card, compiled: Compiled, codes: CardCodes, uses: FontUses
) -> list[bytes]:
    """The content stream of each side."""
    # All that can be refused comes first: a refused card leaves no trace in the fonts' uses.
    for side in sides:
        for placed in side.texts:
            check_emoji(placed.text, compiled.profile, f"the {placed.frame.role.value.replace('_', ' ')}")
    pictures = [_pictures(index, side, card, compiled, codes) for index, side in enumerate(sides)]
    return [
        drawn + _texts(side.texts, card, compiled, uses) for drawn, side in zip(pictures, sides, strict=True)
    ]


def _pictures(index: int, side: SideLayout, card: Card, compiled: Compiled, codes: CardCodes) -> bytes:
    parts = [f"/{compiled.art[index].resource} Do\n".encode()]
    for placed in side.pictures:
        code = codes.get((index, placed.frame.role))
        if code is None:
            parts.append(_signature(placed, card, compiled).encode("ascii"))
        else:
            parts.append(code.operators(placed.area, compiled.profile))
    return b"".join(parts)


def check_emoji(text: SetText, profile: PressProfile, place: str) -> None:
    """Emoji are bitmaps: set too large, they would print as steps.

    Args:
        text: that may hold some.
        profile: of the press.
        place: what the text is, for people.

    Raises:
        ArtworkUnusable: it holds one, and is larger than the profile's resolution allows.
    """
    least = profile.resolution_error
    if text.size <= FINEST_PICTURES / least:
        return
    faces = {run.face for line in text.lines for run in line.runs}
    largest = min((face.largest(least) for face in faces if isinstance(face, EmojiPage)), default=inf)
    if text.size > largest:
        raise ArtworkUnusable(
            f"an emoji at {text.size:g} pt would have under {least:g} ppi; "
            f"the largest type for one is {largest:.0f} pt",
            mend="give the frame a smaller size, or leave the emoji out",
            frame=place,
        )


def _texts(texts: Iterable[PlacedText], card: Card, compiled: Compiled, uses: FontUses) -> bytes:
    drawn = [text_operators(placed, card.palette, compiled.profile, uses) for placed in texts]
    return "".join(drawn).encode("ascii")


def _signature(placed: PlacedPicture, card: Card, compiled: Compiled) -> str:
    if compiled.signature is None or compiled.signature_mask is None:
        return ""
    return signature_operators(compiled.signature, compiled.signature_mask.resource, placed, card)
