"""The records that every peer prints: names, sixty-word messages that are all different, links and job codes.

Words follow Zipf's law over an open vocabulary, as in real messages: a few hundred words are most of the
text, and every card has some that no card had before. What comes out depends on the seed and the index alone.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from pathlib import Path

from app.domain.ids import job_id, order_id

WORDS_A_MESSAGE = 60
_VOCABULARY = 20_000
"""Distinct words: the common ones of `language.toml`, then rare ones, as names, places and goods are."""
_KNOWN = 1_000
_EXPONENT, _FLATTENING = 1.2, 4.0
"""Zipf-Mandelbrot: the word of rank r comes in proportion to 1 / (r + flattening) ** exponent."""


class Text(StrEnum):
    """What messages are made of."""

    OPEN = "open"
    """Any of 20,000 words: even the ten-thousandth card has some that no card had before."""
    KNOWN = "known"
    """Only the thousand most frequent of them: after some thousand cards, each was there before."""
    UNSEEN = "unseen"
    """Hardly a word comes twice: no real text is so, no cache can help."""


@dataclass(frozen=True, slots=True)
class Record:
    """One recipient's card."""

    id: str
    name: str
    message: str
    url: str
    job_code: str

    @property
    def headline(self) -> str:
        """The front's line."""
        return f"Thank you, {self.name}"


def records(count: int, *, text: Text = Text.OPEN, seed: int = 1) -> Iterator[Record]:
    """`count` records, one at a time."""
    for index in range(count):
        rng = random.Random(f"{seed}/{index}")
        source = f"{seed}-{index}"
        yield Record(
            id=source,
            name=rng.choice(_language()["names"]),
            message=_message(rng, text),
            url=f"https://fernweh.example/p/{order_id('bench', source)}",
            job_code=f"{job_id('fernweh', source, 'record')}-0",  # as tipin makes them
        )


def _message(rng: random.Random, text: Text) -> str:
    """Sentences of six to fourteen words, some with a comma."""
    if text is Text.UNSEEN:
        words = [_rare_word(rng) for _ in range(WORDS_A_MESSAGE)]
    else:
        vocabulary, weights = _vocabulary()
        count = _KNOWN if text is Text.KNOWN else _VOCABULARY
        words = rng.choices(vocabulary[:count], cum_weights=weights[:count], k=WORDS_A_MESSAGE)
    start = 0
    while start < WORDS_A_MESSAGE:
        end = min(start + rng.randint(6, 14), WORDS_A_MESSAGE)
        if end > WORDS_A_MESSAGE - 3:
            end = WORDS_A_MESSAGE
        words[start] = words[start][0].upper() + words[start][1:]
        if end - start > 9:
            words[start + 4] += ","
        words[end - 1] += "."
        start = end
    return " ".join(words)


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """All words by rank, and the running sum of their weights."""
    rng = random.Random("the rare words")
    known = dict.fromkeys(_language()["words"])
    while len(known) < _VOCABULARY:
        known[_rare_word(rng)] = None
    weights = accumulate((rank + 1 + _FLATTENING) ** -_EXPONENT for rank in range(_VOCABULARY))
    return list(known), list(weights)


def _rare_word(rng: random.Random) -> str:
    """A word that could be one: two syllables make millions."""
    parts = _language()
    syllables = (
        (rng.choice(parts["onsets"]), rng.choice(parts["vowels"]), rng.choice(parts["codas"])) for _ in "12"
    )
    return "".join(part for syllable in syllables for part in syllable).replace("-", "")


@cache
def _language() -> dict[str, list[str]]:
    document = tomllib.loads(Path(__file__).with_name("language.toml").read_text(encoding="utf-8"))
    return {part: text.split() for part, text in document.items()}
