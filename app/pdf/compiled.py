"""What many cards share, compiled once into the beginning of a file: colour profile, art, signature."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.brand import Ink
from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import ArtworkUnusable
from app.pdf.art.side import ArtWriter
from app.pdf.art.signature import Signature, read_signature
from app.pdf.file.identity import beginning_of, write_output_intent
from app.pdf.file.objects import ObjectFile, Prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What cards have in common that share their art and signature."""

    template: CardTemplate
    occasion: str
    palette: Mapping[str, Ink]
    signature: str | None
    """The sha256 of its picture."""
    signature_width: float
    photo: bytes | None = None
    """The customer's, as a JPEG in the press's inks: such a look is one card's own."""

    @classmethod
    def of(cls, template: CardTemplate, card: Card, photo: bytes | None = None) -> Look:
        """The look of a card."""
        return cls(
            template=template,
            occasion=card.occasion,
            palette=card.palette,
            signature=card.signature,
            signature_width=card.signature_width,
            photo=photo,
        )

    @property
    def key(self) -> tuple[object, ...]:
        """The look as a value that can be looked up, while its template lives."""
        signer = (self.signature, self.signature_width)
        return id(self.template), self.occasion, palette_key(self.palette), signer


@dataclass(frozen=True, slots=True)
class Shared:
    """An XObject that many pages show: its name in their resources, and its object's number."""

    resource: str
    number: int

    @classmethod
    def at(cls, number: int) -> Shared:
        """The object of that number. Its name follows, so that all pages of a file call it the same."""
        return cls(f"X{number}", number)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A look as it is in one file."""

    template: CardTemplate
    profile: PressProfile
    art: tuple[Shared, ...]
    """Each side's."""
    signature: Signature | None
    signature_mask: Shared | None

    @property
    def shared(self) -> tuple[Shared, ...]:
        """All that its cards show and the file holds once."""
        return (*self.art, self.signature_mask) if self.signature_mask else self.art


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first objects of a file: colour profile, art and signatures of some looks."""

    profile: PressProfile
    prefix: Prefix
    output_intent: int
    """Its object's number."""
    looks: tuple[Compiled, ...]


def compile_beginning(profile: PressProfile, looks: Iterable[tuple[Look, bytes | None]]) -> Beginning:
    """Compile what cards of some looks share.

    Args:
        profile: the press profile of all of them.
        looks: each with the picture of its signature, or None where it has none.

    Raises:
        ArtworkUnusable: art or a signature cannot be used.
    """
    writer = _Writer(beginning_of(profile.standard), profile)
    intent = write_output_intent(writer.file, profile)
    compiled = tuple(writer.compile(look, picture) for look, picture in looks)
    return Beginning(profile, writer.file.prefix(), intent, compiled)


class _Writer:
    """Writes looks into one file; what several have in common stands there once."""

    def __init__(self, file: ObjectFile, profile: PressProfile) -> None:
        self.file = file
        self._profile = profile
        self._art = ArtWriter(file, profile)
        self._signatures: dict[tuple[str, float], tuple[Signature, Shared]] = {}

    def compile(self, look: Look, picture: bytes | None) -> Compiled:
        template = look.template
        art = tuple(
            Shared.at(self._art.write(template, side, look.occasion, look.palette, look.photo))
            for side in template.sides
        )
        if look.signature is None:
            return Compiled(template, self._profile, art, None, None)
        signature, mask = self._signature(look.signature, look.signature_width, picture)
        return Compiled(template, self._profile, art, signature, mask)

    def _signature(self, sha256: str, width: float, picture: bytes | None) -> tuple[Signature, Shared]:
        known = self._signatures.get((sha256, width))
        if known is not None:
            return known
        if picture is None or hashlib.sha256(picture).hexdigest() != sha256:
            raise ArtworkUnusable(
                f"the signature given is not the one that the card names ({sha256[:12]}…)",
                mend="restore the picture in the artifact store, or compose the card again",
            )
        signature = read_signature(picture, width, self._profile.resolution_error)
        written = signature, Shared.at(signature.write(self.file))
        self._signatures[sha256, width] = written
        return written


def palette_key(palette: Mapping[str, Ink]) -> tuple[tuple[str, Ink], ...]:
    """A palette as a value that can be looked up."""
    return tuple(sorted((token, tuple(ink)) for token, ink in palette.items()))  # type: ignore[misc]  # 4 inks
