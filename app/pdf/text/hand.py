"""How a hand varies: letters take turns in shape, wander a little, and lines drift and lean.

What varies a word belongs to the word: each has a few *writings*, in which every letter has its shape, its
rise and its spacing, and which one is taken is drawn from the card's seed. So words can be kept as they
were shaped. What varies a line (where it starts, how it leans, its spaces) belongs to the card.

Dice are thrown once, onto tapes; words and cards only say where on a tape they begin. The same card is
always written the same way, in every process.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.pdf.text.face import MOST_OTHERS, Face
from app.pdf.text.grid import PER_EM

# Scripts whose letters stand apart. In all others they join or stack, and only whole lines may move.
SEPARATE_SCRIPTS = frozenset(
    {"Latn", "Grek", "Cyrl", "Armn", "Geor", "Hebr", "Hani", "Hira", "Kana", "Hang", "Bopo", "Zyyy"}
)
MOST_WRITINGS = 4
"""How many ways a word is written, where the font has as many shapes of its letters."""
_SPACING = 0.012
"""Largest change of a letter's advance, em."""
_LETTER_RISE = 0.012
_WORD_RISE = 0.02
"""Largest rise of a letter within its word, and of a word from the line, em."""
RISE_STEP = 0.004
"""Rises are multiples of this many em, so that neighbours can share one: 0.06 pt at 15 pt."""
_WORD_SPACE = 0.04
SPACES_KEPT = 64
"""After so many spaces of one font, their sways come again; a part of the tape."""
LARGEST_DRIFT = 0.14
"""How far a line may start from the edge, em."""
DRIFT_STEP = 0.05
_SLOPE = 0.005
_SLOPE_STEP = 0.003
"""Rise of the lines of a card, and of one line against the others, as a tangent."""

_GAMMA = 0x9E3779B97F4A7C15
TAPE = 4096
"""How many dice a tape holds."""
_EMPTY_RANGES = [(0, 0, shape) for shape in range(1, MOST_OTHERS + 1)]
_FIRST_FREE = list(range(-1, MOST_OTHERS))
"""Where the first range of each shape stands; shape 0 is the letter itself."""
T = TypeVar("T")


class Dice:
    """SplitMix64 (Steele, Lea, Flood 2014): the same numbers everywhere, and many of them at once."""

    def __init__(self, seed: int, purpose: str) -> None:
        """A stream of its own for every seed and purpose."""
        digest = hashlib.blake2b(purpose.encode(), digest_size=8, key=(seed % (1 << 128)).to_bytes(16, "big"))
        self._state = int.from_bytes(digest.digest(), "big")

    def bits(self, count: int) -> NDArray[np.uint64]:
        """The next 64-bit numbers."""
        steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GAMMA)
        z = np.uint64(self._state) + steps
        self._state = (self._state + count * _GAMMA) % (1 << 64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))

    def around(self, count: int) -> NDArray[np.float64]:
        """The next numbers between -1 and 1, more often near 0: two sixteen-bit dice each."""
        bits = self.bits(count)
        low = np.uint64(0xFFFF)
        return ((bits & low) + (bits >> np.uint64(16) & low)).astype(np.float64) / 0xFFFF - 1


def cut(tape: list[T], start: int, count: int) -> list[T]:
    """`count` values of a tape from `start` on; a tape's end is joined to its beginning."""
    start %= TAPE
    if start + count <= TAPE:
        return tape[start : start + count]
    return [tape[(start + index) % TAPE] for index in range(count)]


def _wander(dice: Dice) -> NDArray[np.float64]:
    """Rises of letters: each remembers a little of the two before it."""
    steps = dice.around(TAPE) * _LETTER_RISE
    return steps + np.roll(steps, 1) / 2 + np.roll(steps, 2) / 4


def _rolled(values: NDArray[np.float64]) -> list[float]:
    rolled: list[float] = values.tolist()
    return rolled


SPACINGS = np.rint(Dice(0, "spacings").around(TAPE) * _SPACING * PER_EM) / PER_EM
LETTER_RISES = _wander(Dice(0, "letter rises"))
WORD_RISES = Dice(0, "word rises").around(TAPE) * _WORD_RISE
_SPACINGS, _RISES, _WORD_RISES = _rolled(SPACINGS), _rolled(LETTER_RISES), _rolled(WORD_RISES)
SPACE_SWAYS = _rolled(Dice(0, "spaces").around(TAPE) * _WORD_SPACE)
"""Changes of the space between two words, em."""
TURNS = (Dice(0, "turns").bits(TAPE) % np.uint64(1 << 20)).astype(np.int64)
DRIFTS = Dice(0, "drifts").around(TAPE)
SLOPES = Dice(0, "slopes").around(TAPE) * _SLOPE_STEP
_TURNS, _DRIFTS, _SLOPES = TURNS.tolist(), DRIFTS.tolist(), SLOPES.tolist()


class Sways(NamedTuple):
    """How each character of a word leaves its place: advances in em, rises in steps."""

    advances: Sequence[float]
    rises: list[int]


def writings_of(face: Face) -> int:
    """How many ways a font can write a word so that no two of them share a letter's shape."""
    shapes = 1 + min(face.alternates(letter) for letter in "aeno")
    return min(MOST_WRITINGS, shapes) if shapes > 1 else MOST_WRITINGS


def sways(word: str, writing: int) -> Sways:
    """The sways of a word's characters in one of its writings."""
    at = zlib.crc32(word.encode()) + writing * 1021
    count = len(word)
    rise = _WORD_RISES[(at >> 12) % TAPE]
    letters = cut(_RISES, at, count)
    return Sways(cut(_SPACINGS, at >> 6, count), [round((rise + own) / RISE_STEP) for own in letters])


def alternates(word: str, face: Face, writing: int) -> list[tuple[int, int, int]]:
    """HarfBuzz feature ranges for `aalt`: the shape of each letter in a word's writing.

    Equal letters of a word take one shape after the other, and each writing begins at another one: no two
    are alike before all shapes were used.

    The values always stand in the same order, and what is not used is filled up with empty ranges: HarfBuzz
    keeps a plan for each sequence of features and values that it ever saw, and looks through all of them each
    time. With a sequence for each word, the thousandth takes ten times as long as the first.
    """
    first = (zlib.crc32(word.encode()) >> 16) + writing
    others = face.others
    turns: dict[str, int] = {}
    free = [*_FIRST_FREE]
    ranges = [*_EMPTY_RANGES]
    for index, letter in enumerate(word):
        shapes = others[letter]
        if shapes:
            turn = turns[letter] = turns[letter] + 1 if letter in turns else first + ord(letter) * 5
            shape = turn % (shapes + 1)
            if shape:
                place = free[shape]
                free[shape] = place + MOST_OTHERS
                if place >= len(ranges):
                    ranges += _EMPTY_RANGES * (len(ranges) // MOST_OTHERS)
                ranges[place] = (index, index + 1, shape)
    return [] if free == _FIRST_FREE else ranges


@dataclass(frozen=True)
class Hand:
    """The writing of one text of a card. `purpose` sets apart the card's texts."""

    seed: int
    purpose: str

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where this text begins on the tapes of turns, spaces, drifts and slopes."""
        key = (self.seed % (1 << 128)).to_bytes(16, "big")
        return struct.unpack(">4H", hashlib.blake2b(self.purpose.encode(), digest_size=8, key=key).digest())

    def turns(self, words: int) -> Iterable[int]:
        """A roll for each word, to choose its writing by."""
        return cut(_TURNS, self.starts[0], words)

    @property
    def spaces(self) -> int:
        """Where this text's spaces begin on their tape."""
        return self.starts[1]

    def drifts(self, lines: int) -> list[float]:
        """How far each line starts from the edge, em: a slow wander, never outwards."""
        first, *steps = cut(_DRIFTS, self.starts[2], lines)
        return list(accumulate(steps, _drifted, initial=LARGEST_DRIFT * (1 + first) / 2))

    def slopes(self, lines: int) -> list[float]:
        """The rise of each line as a tangent. All lines of a card lean the same way."""
        return [self.lean + own for own in cut(_SLOPES, self.starts[3], lines)]

    @property
    def lean(self) -> float:
        """The slope that all lines of the card share."""
        lean: float = _DRIFTS[(self.seed * _GAMMA >> 20) % TAPE] * _SLOPE
        return lean


def _drifted(drift: float, step: float) -> float:
    return min(max(drift + step * DRIFT_STEP, 0.0), LARGEST_DRIFT)
