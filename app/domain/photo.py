"""A customer's photo: how it is cropped, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CENTRE = 0.5
LARGEST_ZOOM = 8.0
STEEPEST = 15.0
"""Degrees that a photo may be straightened by, either way; for more there are quarter turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """What of a photo is printed.

    `focus` is the point that stands in the middle, if the photo's edges allow it: 0 to 1 from the upright
    photo's top-left corner. `zoom` is 1 where as much is seen as can be. `turns` are quarters, clockwise, and
    come first; `straighten` is in degrees, clockwise.
    """

    focus: tuple[float, float] = (CENTRE, CENTRE)
    zoom: float = 1.0
    turns: int = 0
    straighten: float = 0.0


def crop_asked(
    focus: tuple[float, float] | None, zoom: float | None, turns: int | None, straighten: float | None
) -> Crop | None:
    """A person's crop; None where none of it is said."""
    if (focus, zoom, turns, straighten) == (None, None, None, None):
        return None
    return Crop(
        focus=focus or (CENTRE, CENTRE), zoom=zoom or 1.0, turns=turns or 0, straighten=straighten or 0.0
    )


class ChosenBy(StrEnum):
    """Why a crop is where it is."""

    PERSON = "person"
    FACES = "faces"
    SALIENCY = "saliency"
    """What stands out from its surroundings."""
    CENTRE = "centre"


class PhotoWarning(StrEnum):
    """Why a person should look before it is printed."""

    FACE_CUT = "face_cut"
    """No crop of this shape holds every face whole."""
    SOFT = "soft"
    """Its resolution is under what the product wants, and over what stops it."""
    OUT_OF_GAMUT = "out_of_gamut"
    """Many of its colours cannot be printed."""
    FACES_UNKNOWN = "faces_unknown"
    """This plant has no face finder, and nobody chose the crop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """What a photo is: `size` in pixels as it stands upright; `frames` more than 1 where it moved."""

    kind: str
    size: tuple[int, int]
    frames: int
    profile: str
    """The colour profile's own description, such as "Display P3"; "" where the photo has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPhoto:
    """A photo that is kept for a brand: `master` is the SHA-256 of its own file, encoded anew.

    Once it is gone, `master` is None and `gone_why` says why.
    """

    brand: str
    id: str
    master: str | None
    bytes: int
    facts: PhotoFacts
    came_at: datetime
    expires_at: datetime
    gone_at: datetime | None = None
    gone_why: str = ""
