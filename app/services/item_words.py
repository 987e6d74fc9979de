"""What is said of a photo item: to the operator who looks at it, and to the customer whose photo it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.domain.photo import PhotoWarning
from app.errors import MissingGlyph, PhotoUnusable, TextDoesNotFit, TipinError

_HELD: Mapping[PhotoWarning, str] = {
    PhotoWarning.FACE_CUT: "no crop of this shape holds every face whole",
    PhotoWarning.SOFT: "the photo has fewer pixels than the product wants and will look a little soft",
}
"""Warnings that a person decides on; what the others say stands with the item."""
_ASK: Mapping[str, str] = {
    "too_coarse": "Your photo is too small to be printed sharply. Please send the original, uncropped photo.",
    "too_small": "Your photo is too small to be printed. Please send the original photo.",
    "too_large": "Your photo file is too large. Please send it as a JPEG, or a smaller version.",
    "too_many_pixels": "Your photo is too large. Please send a smaller version.",
    "too_thin": "Your photo is a narrow strip. Please send it uncropped.",
    "damaged": "Your photo arrived damaged. Please send it again.",
    "empty": "Your photo arrived empty. Please send it again.",
    "no_photo": "The file that we received is no photo. Please send a JPEG, PNG or HEIC.",
    "not_there": "We could not open your photo’s address. Please send the photo again.",
}
_AGAIN = "We could not use your photo. Please send it again, or another one."


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


def customer_message(error: TipinError) -> str:
    """What the customer may be told, in words that the sender can show them."""
    if isinstance(error, TextDoesNotFit) and error.frame:
        return f"Your text is too long to be printed. Please shorten {error.frame}."
    if isinstance(error, MissingGlyph) and error.frame:
        return f"One of your characters cannot be printed. Please write {error.frame} without it."
    return _ASK.get(error.reason, _AGAIN) if isinstance(error, PhotoUnusable) else _AGAIN
