"""What many cards share, compiled once into the beginning of a file: colour profile, art, signature."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.brand import Ink
from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate, Side
from app.domain.units import POINTS_PER_MM
from app.errors import ArtworkUnusable
from app.pdf.art.finished import write_finished_art
from app.pdf.art.signature import Signature, read_signature
from app.pdf.art.svg import Drawing
from app.pdf.file.identity import write_output_intent
from app.pdf.file.objects import ObjectFile, Prefix
from app.pdf.file.syntax import number
from app.pdf.layout import page_size

_ANY_OCCASION = "*"


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
    art = tuple(_write_art(file, template, side, card) for side in template.sides)
    signature = _signature(card, profile, picture)
    written = signature.write(file) if signature else 0
    return Compiled(template, profile, file.prefix(), intent, art, signature, written)


def _write_art(file: ObjectFile, template: CardTemplate, side: Side, card: Card) -> int:
    """Write a side's drawing as a form XObject over the whole page; gives its object number."""
    path = side.art.get(card.occasion, side.art.get(_ANY_OCCASION))
    if path is None:
        raise ArtworkUnusable(
            f"{template.name} has no {side.name} art for {card.occasion!r}",
            mend=f'name one in template.toml, or one for all others under "{_ANY_OCCASION}"',
        )
    width, height = page_size(template)
    if path.suffix.lower() == ".pdf":
        return write_finished_art(file, path, (width, height))
    drawing = Drawing(path, _bleed_size(template))
    scale = f"{POINTS_PER_MM:.6f}"
    # SVG counts mm downwards from the bleed's top-left corner, PDF points upwards.
    operators = f"{scale} 0 0 -{scale} 0 {number(height)} cm\n{drawing.operators(card.palette)}\n"
    return file.add_stream(
        operators.encode("ascii"),
        f"/Type/XObject/Subtype/Form/BBox[0 0 {number(width)} {number(height)}]/Resources<<>>",
    )


def _bleed_size(template: CardTemplate) -> tuple[float, float]:
    width, height = template.trim
    return width + 2 * template.bleed, height + 2 * template.bleed


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
