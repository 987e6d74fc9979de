"""Stamps cards: what each adds to the compiled beginning that it shares, as content streams.

The resources that the streams name are those of the look (`Compiled.shared`), `OVERPRINT` and those of the
fonts' uses; whoever writes the file defines them.
"""

from __future__ import annotations

from app.domain.card import Card
from app.domain.template import Role
from app.pdf.codes import DATA_MATRIX_QUIET_ZONE, QR_QUIET_ZONE, data_matrix_modules, qr_modules
from app.pdf.compiled import Compiled
from app.pdf.draw import code_operators, signature_operators, text_operators
from app.pdf.file.fonts import FontUses
from app.pdf.layout import PlacedPicture, SideLayout, lay_out
from app.pdf.typefaces import Typefaces


class Stamper:
    """Makes content streams. One serves a whole process; what it keeps never changes a card."""

    def __init__(self, typefaces: Typefaces) -> None:
        """Fonts are opened on first use."""
        self._typefaces = typefaces

    def stamp(self, card: Card, compiled: Compiled, uses: FontUses) -> list[bytes]:
        """The content stream of each side, in ASCII and not yet deflated.

        Args:
            card: fully resolved.
            compiled: what it shares with others.
            uses: notes which glyphs of which fonts are shown.

        Raises:
            RenderError: TextDoesNotFit, MissingGlyph or ArtworkUnusable, naming what and where.
            SetupError: the card names a typeface that this plant does not have.
        """
        sides = lay_out(compiled.template, card, self._typefaces)
        return [_content(index, side, card, compiled, uses) for index, side in enumerate(sides)]


def _content(index: int, side: SideLayout, card: Card, compiled: Compiled, uses: FontUses) -> bytes:
    parts = [f"/{compiled.art[index].resource} Do\n"]
    parts += [_picture(placed, card, compiled) for placed in side.pictures]
    parts += [text_operators(placed, card.palette, compiled.profile, uses) for placed in side.texts]
    return "".join(parts).encode("ascii")


def _picture(placed: PlacedPicture, card: Card, compiled: Compiled) -> str:
    role = placed.frame.role
    if role is Role.QR:
        return code_operators(qr_modules(card.qr), QR_QUIET_ZONE, placed, compiled.profile)
    if role is Role.DATA_MATRIX:
        modules = data_matrix_modules(card.bench_code)
        return code_operators(modules, DATA_MATRIX_QUIET_ZONE, placed, compiled.profile)
    if compiled.signature is None or compiled.signature_mask is None:
        return ""
    return signature_operators(compiled.signature, compiled.signature_mask.resource, placed, card)
