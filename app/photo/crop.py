"""What of a photo is seen: a window of some shape, placed by a person, by faces or by what stands out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.geometry import Box
from app.domain.photo import CENTRE, ChosenBy, Crop

_POSITIONS = 41
"""Tried along each edge."""
_EYE_LEVEL = 0.42
"""Where faces stand best: a little over the middle."""
_HEAD = (0.25, 0.45, 0.15)
"""How far hair and chin reach over a found face at each side, above and below, in its widths and heights."""
_WORTH_MOVING = 0.06
"""Share of all that stands out that a window has to gain over the middle one."""
_AS_MUCH = 0.995
_OUTLINE = [(math.cos(a), math.sin(a)) for a in np.linspace(0, 2 * math.pi, 16, endpoint=False)]


@dataclass(frozen=True, slots=True)
class Face:
    """A face, as shares of the photo's width and height: its box's left, top, width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def head(self) -> Face:
        """The face with its hair and chin."""
        side, above, below = _HEAD
        return Face(
            self.x - side * self.width,
            self.y - above * self.height,
            self.width * (1 + 2 * side),
            self.height * (1 + above + below),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a photo in its pixels: the middle, the size, and the angle that it leans by, in radians."""

    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0


def turned(size: tuple[int, int], turns: int) -> tuple[int, int]:
    """The photo's size after quarter turns."""
    return size if turns % 2 == 0 else (size[1], size[0])


def window(size: tuple[int, int], aspect: float, crop: Crop) -> Window:
    """The part of a photo that fills a picture; it never reaches over the photo's edges.

    Args:
        size: of the photo in pixels, after its quarter turns.
        aspect: the picture's width over its height.
        crop: where, how near, and how much it leans.
    """
    # Where the photo is to turn clockwise, the window leans the other way.
    angle = math.radians(-crop.straighten)
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    # A window of height 1 that leans takes this much room.
    room = aspect * cos + sin, aspect * sin + cos
    height = min(size[0] / room[0], size[1] / room[1]) / max(1.0, crop.zoom)
    half = height * room[0] / 2, height * room[1] / 2
    x, y = (
        min(max(focus * edge, reach), edge - reach)
        for focus, edge, reach in zip(crop.focus, size, half, strict=True)
    )
    return Window(x, y, aspect * height, height, angle)


@dataclass(frozen=True, slots=True)
class Choice:
    """A crop and who chose it; `cuts_face` where one of the faces cannot be seen whole."""

    crop: Crop
    by: ChosenBy
    cuts_face: bool


def choose(
    size: tuple[int, int],
    picture: Box,
    safe: tuple[NDArray[np.bool_], tuple[float, float]],
    faces: Sequence[Face],
    salient: Callable[[], NDArray[np.float64]],
) -> Choice:
    """Where the window stands best, as much of the photo being seen as can be.

    Args:
        size: of the photo in pixels.
        picture: its box on the trim, mm.
        safe: where on the trim something may stand, and the trim's size in mm.
        faces: that were found.
        salient: how much each part of the photo stands out; not asked where there are faces.
    """
    crops = _positions(size, picture.width / picture.height)
    if faces:
        return _by_faces(size, picture, safe, faces, crops)
    return _by_saliency(size, picture, salient(), crops)


def _positions(size: tuple[int, int], aspect: float) -> list[Crop]:
    """Along the edge where the window has room to move."""
    whole = window(size, aspect, Crop())
    across = whole.width < size[0] - 1
    steps = np.linspace(0, 1, _POSITIONS)
    free = whole.width / size[0] if across else whole.height / size[1]
    places = free / 2 + steps * (1 - free)
    return [Crop(focus=(place, CENTRE) if across else (CENTRE, place)) for place in map(float, places)]


def _by_faces(
    size: tuple[int, int],
    picture: Box,
    safe: tuple[NDArray[np.bool_], tuple[float, float]],
    faces: Sequence[Face],
    crops: Sequence[Crop],
) -> Choice:
    heads = [face.head for face in faces]

    def rank(crop: Crop) -> tuple[int, int, float]:
        seen = window(size, picture.width / picture.height, crop)
        whole = sum(_is_whole(face, size, seen, picture, safe) for face in faces)
        comfortable = sum(_is_whole(head, size, seen, picture, safe) for head in heads)
        return -whole, -comfortable, _off_eye_level(faces, size, seen)

    best = min(crops, key=rank)
    whole = -rank(best)[0]
    return Choice(best, ChosenBy.FACES, cuts_face=whole < len(faces))


def holds_faces(
    size: tuple[int, int],
    picture: Box,
    safe: tuple[NDArray[np.bool_], tuple[float, float]],
    faces: Sequence[Face],
    crop: Crop,
) -> bool:
    """Whether a crop shows every face whole; arguments as for `choose`."""
    seen = window(size, picture.width / picture.height, crop)
    return all(_is_whole(face, size, seen, picture, safe) for face in faces)


def _is_whole(
    face: Face,
    size: tuple[int, int],
    seen: Window,
    picture: Box,
    safe: tuple[NDArray[np.bool_], tuple[float, float]],
) -> bool:
    """Whether the ellipse of a face lies where it is neither cut off nor near the cut."""
    mask, trim = safe
    rows, columns = mask.shape
    cos, sin = math.cos(-seen.angle), math.sin(-seen.angle)
    for dx, dy in _OUTLINE:
        x = (face.x + face.width * (1 + dx) / 2) * size[0] - seen.x
        y = (face.y + face.height * (1 + dy) / 2) * size[1] - seen.y
        across = (x * cos - y * sin) / seen.width + CENTRE
        down = (x * sin + y * cos) / seen.height + CENTRE
        column = math.floor((picture.x + across * picture.width) / trim[0] * columns)
        row = math.floor((picture.y + down * picture.height) / trim[1] * rows)
        if not (0 <= row < rows and 0 <= column < columns and mask[row, column]):
            return False
    return True


def _off_eye_level(faces: Sequence[Face], size: tuple[int, int], seen: Window) -> float:
    """How far the middle of all faces, larger ones counting more, is from where faces stand best."""
    weights = [face.width * face.height for face in faces]
    total = sum(weights)
    x = sum(w * (f.x + f.width / 2) for w, f in zip(weights, faces, strict=True)) / total * size[0]
    y = sum(w * (f.y + f.height / 2) for w, f in zip(weights, faces, strict=True)) / total * size[1]
    across = (x - seen.x) / seen.width
    down = (y - seen.y) / seen.height + CENTRE - _EYE_LEVEL
    return math.hypot(across, down)


def _by_saliency(
    size: tuple[int, int], picture: Box, salient: NDArray[np.float64], crops: Sequence[Crop]
) -> Choice:
    rows, columns = salient.shape
    sums = np.pad(salient, ((1, 0), (1, 0))).cumsum(0).cumsum(1)

    def held(crop: Crop) -> float:
        seen = window(size, picture.width / picture.height, crop)
        left, right = ((seen.x + side * seen.width / 2) / size[0] * columns for side in (-1, 1))
        top, bottom = ((seen.y + side * seen.height / 2) / size[1] * rows for side in (-1, 1))
        (r0, r1), (c0, c1) = (round(top), round(bottom)), (round(left), round(right))
        return float(sums[r1, c1] - sums[r0, c1] - sums[r1, c0] + sums[r0, c0])

    middle = Crop()
    most = max(map(held, crops))
    if most - held(middle) < _WORTH_MOVING * float(sums[-1, -1]):
        return Choice(middle, ChosenBy.CENTRE, cuts_face=False)
    # Of the windows that hold as much, the one in their middle has it in its own.
    best = [crop for crop in crops if held(crop) >= _AS_MUCH * most]
    return Choice(best[len(best) // 2], ChosenBy.SALIENCY, cuts_face=False)
