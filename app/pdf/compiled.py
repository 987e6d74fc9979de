"""What many cards share, compiled once into the beginning of a file: colour profile, art, signature."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.brand import Ink
from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import ArtworkUnusable
from app.pdf.art.side import ArtWriter
from app.pdf.art.signature import Signature, read_signature
from app.pdf.file.identity import write_output_intent
from app.pdf.file.objects import ObjectFile, Prefix


@dataclass(frozen=True, slots=True)
class Compiled:
    """The beginning that all cards of one template, occasion, palette, profile and signer share."""

    template: CardTemplate
    profile: PressProfile
    prefix: Prefix
    output_intent: int
    """Its object's number."""
    art: tuple[int, ...]
    """Object number of each side's art."""
    signature: Signature | None
    signature_object: int


def compile_template(
    template: CardTemplate, card: Card, profile: PressProfile, picture: bytes | None
) -> Compiled:
    """Compile what `card` shares with others of its occasion, palette and signer.

    Args:
        template: the card's.
        card: any one of those cards.
        profile: the card's.
        picture: the signer's signature, or None.

    Raises:
        ArtworkUnusable: the art or the signature cannot be used.
    """
    file = ObjectFile()
    intent = write_output_intent(file, profile)
    writer = ArtWriter(file, profile)
    art = tuple(writer.write(template, side, card.occasion, card.palette) for side in template.sides)
    signature = _signature(card, profile, picture)
    written = signature.write(file) if signature else 0
    return Compiled(template, profile, file.prefix(), intent, art, signature, written)


def _signature(card: Card, profile: PressProfile, picture: bytes | None) -> Signature | None:
    if card.signature is None:
        return None
    if picture is None or hashlib.sha256(picture).hexdigest() != card.signature:
        raise ArtworkUnusable(
            f"the signature given is not the one that the card names ({card.signature[:12]}…)",
            mend="restore the picture in the artifact store, or compose the card again",
        )
    return read_signature(picture, card.signature_width, profile.resolution_error)


def palette_key(palette: Mapping[str, Ink]) -> tuple[tuple[str, Ink], ...]:
    """A palette as a value that can be looked up."""
    return tuple(sorted((token, tuple(ink)) for token, ink in palette.items()))  # type: ignore[misc]  # 4 inks
