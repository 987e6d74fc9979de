"""How a hand varies: never the same letter shape twice running, never quite on the line.

Everything is drawn from the card's seed, so the same card is always written the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.pdf.text.face import Face

# Scripts whose letters stand apart. In all others they join or stack, and only whole lines may move.
SEPARATE_SCRIPTS = frozenset(
    {"Latn", "Grek", "Cyrl", "Armn", "Geor", "Hebr", "Hani", "Hira", "Kana", "Hang", "Bopo", "Zyyy"}
)
_SPACING = 0.012
"""Largest change of a letter's advance, em."""
_LETTER_RISE = 0.009
_WORD_RISE = 0.016
"""Largest rise of a letter within its word, and of a word from the line, em."""
_WORD_SPACE = 0.04
LARGEST_DRIFT = 0.14
"""How far a line may start from the edge, em."""
_DRIFT_STEP = 0.05
_SLOPE = 0.0035
_SLOPE_STEP = 0.0028
"""Rise of the lines of a card, and of one line against the others, as a tangent."""

_MASK = (1 << 64) - 1


class Dice:
    """SplitMix64 (Steele, Lea, Flood 2014): small, quick, and the same in every Python."""

    __slots__ = ("_state",)

    def __init__(self, seed: int, *purpose: str | int) -> None:
        """A stream of its own for every seed and purpose."""
        self._state = seed & _MASK
        for part in purpose:
            number = part if isinstance(part, int) else int.from_bytes(part.encode(), "big")
            self._state = (self._next() ^ number) & _MASK

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        return self._next() % count

    def around(self, spread: float) -> float:
        """A number within `spread` of 0, more often near it."""
        return spread * ((self._next() >> 11) + (self._next() >> 11) - (1 << 53)) / (1 << 53)


@dataclass(frozen=True, slots=True)
class Sway:
    """How one character leaves its place: advance and rise in em."""

    advance: float
    rise: float


STILL = Sway(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Hand:
    """One writing of one text. `purpose` sets apart the texts of one card."""

    seed: int
    purpose: str

    def alternates(self, text: str, start: int, end: int, face: Face) -> list[tuple[int, int, int]]:
        """HarfBuzz feature ranges for `aalt`: a shape for each letter, never its last one again."""
        dice = Dice(self.seed, self.purpose, "shapes", start)
        last: dict[str, int] = {}
        ranges = []
        for index in range(start, end):
            letter = text[index]
            others = face.alternates(letter)
            if not others:
                continue
            shape = dice.below(others + 1) if letter not in last else dice.below(others)
            if letter in last and shape >= last[letter]:
                shape += 1
            last[letter] = shape
            if shape:
                ranges.append((index, index + 1, shape))
        return ranges

    def sways(self, text: str) -> list[Sway]:
        """The sway of each character, in reading order."""
        dice = Dice(self.seed, self.purpose, "sways")
        sways, word_rise, letter_rise = [], dice.around(_WORD_RISE), 0.0
        for character in text:
            if character.isspace():
                word_rise = dice.around(_WORD_RISE)
                sways.append(Sway(dice.around(_WORD_SPACE), word_rise))
                continue
            letter_rise = 0.5 * letter_rise + dice.around(_LETTER_RISE)
            sways.append(Sway(dice.around(_SPACING), word_rise + letter_rise))
        return sways

    def drifts(self, lines: int) -> list[float]:
        """How far each line starts from the edge, em: a slow wander, never outwards."""
        dice = Dice(self.seed, self.purpose, "drifts")
        drift, drifts = LARGEST_DRIFT / 2 + dice.around(LARGEST_DRIFT / 2), []
        for _ in range(lines):
            drifts.append(drift)
            drift = min(max(drift + dice.around(_DRIFT_STEP), 0.0), LARGEST_DRIFT)
        return drifts

    def slopes(self, lines: int) -> list[float]:
        """The rise of each line as a tangent. All lines of a card lean the same way."""
        card = Dice(self.seed, "slope").around(_SLOPE)
        dice = Dice(self.seed, self.purpose, "slopes")
        return [card + dice.around(_SLOPE_STEP) for _ in range(lines)]
