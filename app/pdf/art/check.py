"""Whether all art in force can be printed: asked when a plant starts, not when the first order comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.brand import PALETTE_TOKENS, Brand
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import ArtworkUnusable, SetupError, Violation
from app.pdf.art.side import ArtWriter
from app.pdf.art.signature import read_signature
from app.pdf.file.objects import ObjectFile

_PALETTE = dict.fromkeys(PALETTE_TOKENS, (0.0, 0.0, 0.0, 1.0))
"""Every brand mixes these tokens; which inks they are does not matter here."""


def check_art(
    templates: Mapping[str, CardTemplate], brands: Mapping[str, Brand], profiles: Mapping[str, PressProfile]
) -> None:
    """Read and write all art and every signature once, into nothing.

    Args:
        templates: whose names of profiles are known.
        brands: whose templates are known.
        profiles: by name.

    Raises:
        SetupError: naming each file that cannot be used, with what is wrong and the mend.
    """
    faults = [
        *(
            fault
            for card in templates.values()
            for one in (card, card.paired)
            if one is not None
            for fault in _card_faults(one, profiles[one.profile])
        ),
        *(
            fault
            for brand in brands.values()
            for fault in signature_faults(brand, profiles[templates[brand.template].profile])
        ),
    ]
    if faults:
        raise SetupError(
            "\n".join(f"{fault.detail} ({fault.mend})" if fault.mend else fault.detail for fault in faults),
            mend=faults[0].mend,
            violations=tuple(Violation("", fault.detail, fault.mend) for fault in faults),
        )


def _card_faults(card: CardTemplate, profile: PressProfile) -> Iterator[ArtworkUnusable]:
    writer = ArtWriter(ObjectFile(), profile)
    told: set[str] = set()
    for side in card.sides:
        for occasion in side.art:
            try:
                writer.write(card, side, occasion, _PALETTE)
            except ArtworkUnusable as fault:
                if fault.detail not in told:
                    told.add(fault.detail)
                    yield fault


def signature_faults(brand: Brand, profile: PressProfile) -> Iterator[ArtworkUnusable]:
    """What keeps a brand's scanned signature from print with a press profile."""
    path = brand.signer.signature
    if path is None:
        return
    try:
        read_signature(path.read_bytes(), brand.signer.signature_width, profile.resolution_error)
    except ArtworkUnusable as fault:
        yield ArtworkUnusable(f"{path}: {fault.detail}", mend=fault.mend)
