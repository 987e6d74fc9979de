"""Renders cards one by one: each a file of its own in the standard that its press profile asks for.

What many cards share is compiled once (`compiled.py`); a card then adds its own content streams and the
fonts of just the glyphs that it shows. A file of one card is a book of one block (`batch/`).
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Mapping

from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import SetupError
from app.pdf.batch.block import Block, BlockWriter
from app.pdf.batch.book import Book
from app.pdf.batch.numbers import Numbers
from app.pdf.compiled import Beginning, Look, compile_beginning
from app.pdf.file.fonts import FontUses
from app.pdf.file.identity import Identity
from app.pdf.file.pieces import Pieces
from app.pdf.stamp import Stamper
from app.pdf.typefaces import Typefaces
from app.registry.fonts import FontLibrary

_KEPT = 64
"""Compiled beginnings kept: each holds a colour profile and a card's art, about 1 MB."""


class Renderer:
    """The print engine. One instance serves a whole process; what it keeps never changes a card."""

    def __init__(self, *, fonts: FontLibrary, profiles: Mapping[str, PressProfile]) -> None:
        """Fonts and colour profiles are opened on first use."""
        self._stamper = Stamper(Typefaces(fonts))
        self._profiles = profiles
        self._beginnings: OrderedDict[tuple[object, ...], tuple[Beginning, Numbers]] = OrderedDict()

    def render(
        self, template: CardTemplate, card: Card, signature: bytes | None, photo: bytes | None = None
    ) -> bytes:
        """The card as a PDF file in memory; arguments and errors are those of `pieces`."""
        return self.pieces(template, card, signature, photo).whole()

    def pieces(
        self, template: CardTemplate, card: Card, signature: bytes | None, photo: bytes | None = None
    ) -> Pieces:
        """The card as a PDF file of one page a side; the same input gives the same bytes.

        Args:
            template: the one that the card names.
            card: fully resolved.
            signature: the picture that `card.signature` is the sha256 of, or None where that is None.
            photo: a JPEG in the press's inks for the place that a paired template has; None leaves it free.

        Raises:
            RenderError: TextDoesNotFit, MissingGlyph or ArtworkUnusable, naming what and where.
            SetupError: the card names a profile or typeface that this plant does not have.
        """
        look = Look.of(template, card, photo)
        beginning, numbers = self._begin(look, self._profile(card.profile), signature)
        out = Pieces()
        book = Book(out, io.BytesIO(), beginning, numbers)
        book.add(0, self._block(card, beginning, numbers))
        identity = Identity(
            standard=beginning.profile.standard,
            key=card.id,
            title=f"Insert card {card.id}",
            made_at=card.made_at,
        )
        book.finish(identity, card.language)
        return out

    def _block(self, card: Card, beginning: Beginning, numbers: Numbers) -> Block:
        (look,) = beginning.looks
        uses = FontUses(beginning.profile, ready=True)
        writer = BlockWriter(numbers.block(0), look.template, parts=numbers.has_parts)
        writer.add(card.id, self._stamper.stamp(card, look, uses))
        return writer.finish(uses, look.shared)

    def _profile(self, name: str) -> PressProfile:
        try:
            return self._profiles[name]
        except KeyError:
            known = ", ".join(sorted(self._profiles))
            raise SetupError(f"there is no press profile {name!r}", mend=f"use one of: {known}") from None

    def _begin(self, look: Look, profile: PressProfile, signature: bytes | None) -> tuple[Beginning, Numbers]:
        # The beginning holds the template, so an id that is found here is still that template's.
        key = (*look.key, profile)
        # A customer's photo is on one card, and stays nowhere else.
        known = None if look.photo else self._beginnings.get(key)
        if known is None:
            beginning = compile_beginning(profile, [(look, signature)])
            numbers = Numbers(
                standard=profile.standard,
                shared=len(beginning.prefix.offsets),
                blocks=1,
                records=1,
                sides=len(look.template.sides),
            )
            known = beginning, numbers
            if look.photo is None:
                self._beginnings[key] = known
            if len(self._beginnings) > _KEPT:
                self._beginnings.popitem(last=False)
        return known
