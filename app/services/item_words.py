"""What is said of a photo item: to the operator who looks at it, and to the customer whose photo it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from app.domain.brand import Brand
from app.domain.photo import PhotoWarning
from app.domain.product import ItemText
from app.errors import MissingGlyph, PhotoUnusable, TextDoesNotFit, TipinError
from app.registry.customer_words import CustomerWords, Say

_HELD: Mapping[PhotoWarning, str] = {
    PhotoWarning.FACE_CUT: "no crop of this shape holds every face whole",
    PhotoWarning.SOFT: "the photo has fewer pixels than the product wants and will look a little soft",
}
"""Warnings that a person decides on; what the others say stands with the item."""
BY_REASON: Mapping[str, Say] = {
    "too_coarse": Say.TOO_SMALL,
    "too_small": Say.TOO_SMALL,
    "too_large": Say.TOO_LARGE,
    "too_many_pixels": Say.TOO_LARGE,
    "too_slow": Say.TOO_LARGE,
    "too_thin": Say.TOO_THIN,
    "damaged": Say.DAMAGED,
    "empty": Say.DAMAGED,
    "breaks_reader": Say.DAMAGED,
    "two_in_one": Say.DAMAGED,
    "no_photo": Say.NO_PHOTO,
    "not_there": Say.NOT_THERE,
    "address_refused": Say.NOT_THERE,
    "redirects": Say.NOT_THERE,
    "packed": Say.NOT_THERE,
}
"""By the reason why a photo cannot be used."""


def held_because(warnings: Collection[PhotoWarning], *, chosen: bool) -> str:
    """Why a person has to look before it is printed; empty where nobody needs to.

    Args:
        warnings: of its development.
        chosen: whether a person chose this very crop: then they have seen how faces stand in it.
    """
    said = [
        words
        for warning, words in _HELD.items()
        if warning in warnings and not (chosen and warning is PhotoWarning.FACE_CUT)
    ]
    return "; ".join(said)


def read_by_customer(order: str | None, brand: Brand) -> tuple[str, ...]:
    """The languages to speak in, best first: the order's, and the one that the brand's cards fall back to."""
    return (order, *brand.languages[:1]) if order else brand.languages[:1]


def customer_message(words: CustomerWords, error: TipinError, languages: Iterable[str]) -> str:
    """What the customer may be told, in words that the sender can show them.

    Args:
        words: of all languages.
        error: why the item cannot be made.
        languages: those of the customer, best first.
    """
    if isinstance(error, TextDoesNotFit | MissingGlyph):
        text = next((text for text in ItemText if f"the {text} on " in error.frame), None)
        if text is not None:
            said = Say.TOO_LONG if isinstance(error, TextDoesNotFit) else Say.CHARACTER
            return words.say(said, languages, text)
    if isinstance(error, PhotoUnusable):
        return words.say(BY_REASON.get(error.reason, Say.OTHER), languages)
    return words.say(Say.OTHER, languages)
