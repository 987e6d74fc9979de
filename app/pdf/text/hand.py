"""How a hand varies: never the same letter shape twice running, never quite on the line.

Everything is drawn from the card's seed, so the same card is always written the same way.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.pdf.text.face import Face

# Scripts whose letters stand apart. In all others they join or stack, and only whole lines may move.
SEPARATE_SCRIPTS = frozenset(
    {"Latn", "Grek", "Cyrl", "Armn", "Geor", "Hebr", "Hani", "Hira", "Kana", "Hang", "Bopo", "Zyyy"}
)
_SPACING = 0.012
"""Largest change of a letter's advance, em."""
_LETTER_RISE = 0.012
_WORD_RISE = 0.02
"""Largest rise of a letter within its word, and of a word from the line, em."""
_WORD_SPACE = 0.04
LARGEST_DRIFT = 0.14
"""How far a line may start from the edge, em."""
_DRIFT_STEP = 0.05
_SLOPE = 0.005
_SLOPE_STEP = 0.003
"""Rise of the lines of a card, and of one line against the others, as a tangent."""

_GAMMA = 0x9E3779B97F4A7C15


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


@dataclass(frozen=True, slots=True)
class Sways:
    """How each character of a text leaves its place: advances and rises in em."""

    advances: list[float]
    rises: list[float]


@dataclass(frozen=True, slots=True)
class Hand:
    """One writing of one text. `purpose` sets apart the texts of one card."""

    seed: int
    purpose: str

    def alternates(self, text: str, face: Face) -> list[tuple[int, int, int]]:
        """HarfBuzz feature ranges for `aalt`: a shape for each letter, never its last one again."""
        others = [face.alternates(letter) for letter in text]
        rolls = Dice(self.seed, f"{self.purpose} shapes").bits(len(text)).tolist()
        last: dict[str, int] = {}
        ranges = []
        for index, (letter, count, roll) in enumerate(zip(text, others, rolls, strict=True)):
            if not count:
                continue
            before = last.get(letter)
            shape: int = roll % (count if before is not None else count + 1)
            if before is not None and shape >= before:
                shape += 1
            last[letter] = shape
            if shape:
                ranges.append((index, index + 1, shape))
        return ranges

    def sways(self, text: str) -> Sways:
        """The sway of each character, in reading order: letters wander, words stand a little high or low."""
        count = len(text)
        dice = Dice(self.seed, f"{self.purpose} sways")
        spaces = np.fromiter(map(str.isspace, text), dtype=np.bool_, count=count)
        advances = dice.around(count) * np.where(spaces, _WORD_SPACE, _SPACING)
        steps = np.where(spaces, 0.0, dice.around(count) * _LETTER_RISE)
        wander = steps.copy()
        wander[1:] += steps[:-1] / 2
        wander[2:] += steps[:-2] / 4
        word = np.cumsum(spaces)
        rises = wander + dice.around(count + 1)[word] * _WORD_RISE
        return Sways(advances.tolist(), rises.tolist())

    def drifts(self, lines: int) -> list[float]:
        """How far each line starts from the edge, em: a slow wander, never outwards."""
        first, *steps = Dice(self.seed, f"{self.purpose} drifts").around(lines).tolist()
        drifts = [LARGEST_DRIFT * (1 + first) / 2]
        for step in steps:
            drifts.append(min(max(drifts[-1] + step * _DRIFT_STEP, 0.0), LARGEST_DRIFT))
        return drifts

    def slopes(self, lines: int) -> list[float]:
        """The rise of each line as a tangent. All lines of a card lean the same way."""
        card = Dice(self.seed, "slope").around(1) * _SLOPE
        slopes: list[float] = (
            card + Dice(self.seed, f"{self.purpose} slopes").around(lines) * _SLOPE_STEP
        ).tolist()
        return slopes
