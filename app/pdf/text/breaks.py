"""Where a line may end: between words, and within them (UAX #14; Thai and others by ICU's dictionaries).

Words are told apart by spaces alone, so that they can be kept; ICU is asked about what is in a word, and
about the few pairs of words that a space does not part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from icu4py.breakers import LineBreaker

from app.pdf.text.utf16 import segments

_HYPHENS = "-\u2010\u058a\u05be"
_SOFT_HYPHEN = "\u00ad"
# Letters of scripts that are written with spaces, a hyphen before digits, and punctuation at the word's ends:
# no break inside.
_ONE_PIECE = re.compile(
    "[\u201c\u201e\u2018\u00ab('\"]*[a-zA-Z0-9\u00c0-\u058f\u05d0-\u05f2\u0620-\u064a'\u2019]*(?:(?<=[a-zA-Z0-9])-[0-9]+)?[.,:;!?\u2026\u201d\u2019\u00bb)\"'\u060c\u061f]*"
)
_LETTERS = re.compile(r"(?<![\w@./\\-])[^\W\d_]+(?![\w@/\\-])")
"""A word within its punctuation; addresses and compounds are no words of a dictionary."""
# After most characters and before most, a space is a place to break. Only others have rules (LB13 to LB17).
_BEGINS = re.compile("[\\w“„]")
_ENDS = re.compile("[\\w.,!?;:…’”)—–'\"-]")
_DOUBTFUL = re.compile(f" (?:(?!{_BEGINS.pattern})|(?<!{_ENDS.pattern} ))")


class Cut(NamedTuple):
    """The end of a piece of a word: after a hyphen that is there, or (`soft`) where one would be shown."""

    end: int
    at_hyphen: bool
    soft: bool


def split(text: str, language: str) -> list[str]:
    """The words of a paragraph: a line may end at the one space that parts each two of them."""
    words = text.strip(" ").split(" ")
    if _DOUBTFUL.search(text) is None:
        return words
    joined = [words[0]]
    for word in words[1:]:
        if _parted(joined[-1].rpartition(" ")[2], word, language):
            joined.append(word)
        else:
            joined[-1] += f" {word}"
    return joined


def may_not_break_before(word: str) -> bool:
    """Whether a space before the word may be no place to break."""
    return not word[:1].isalnum() and _BEGINS.match(word) is None


def may_not_break_after(word: str) -> bool:
    """Whether a space after the word may be no place to break."""
    last = word[-1:]
    return not last.isalnum() and _ENDS.fullmatch(last) is None


def is_one_piece(word: str) -> bool:
    """Whether it is easily seen that no line may end within a word, unless it is hyphenated."""
    return (word.isascii() and word.isalnum()) or _ONE_PIECE.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def _parted(left: str, right: str, language: str) -> bool:
    both = f"{left} {right}"
    return (len(left) + 1) in {end for _, end in segments(both, LineBreaker(both, _rules(language)))}


def cuts(word: str, language: str, hyphenate: Callable[[str, str], Sequence[int]] | None) -> list[Cut]:
    """Where lines may end within a word, its own end last; soft hyphens are not counted as characters.

    Args:
        word: may hold soft hyphens.
        language: BCP 47.
        hyphenate: gives the places where a bare word may be hyphenated, or None where none may.
    """
    bare = word.replace(_SOFT_HYPHEN, "")
    whole = Cut(len(bare), at_hyphen=False, soft=False)
    found: dict[int, Cut] = {}
    letters = _LETTERS.search(bare) if hyphenate is not None and bare.islower() else None
    if hyphenate is not None and letters is not None:
        points = (letters.start() + at for at in hyphenate(letters.group(), language))
        found |= {at: Cut(at, at_hyphen=False, soft=True) for at in points}
    if len(bare) < len(word):
        found |= {at: Cut(at, at_hyphen=False, soft=True) for at in _soft_hyphens(word)}
    if _ONE_PIECE.fullmatch(bare) is None:
        found |= {
            end: Cut(end, at_hyphen=bare[end - 1] in _HYPHENS, soft=False)
            for _, end in segments(bare, LineBreaker(bare, _rules(language)))
        }
    if not found:
        return [whole]
    inside = sorted(cut for cut in found.values() if 0 < cut.end < len(bare))
    return [*inside, whole] if inside else [whole]


def _rules(language: str) -> str:
    """The language, as ICU takes it, with the rules that careful setters keep.

    No small kana or long-vowel mark begins a line (kinsoku), and Korean breaks at its spaces.
    """
    return f"{language}-u-lb-strict" + ("-lw-phrase" if language.partition("-")[0] == "ko" else "")


def _soft_hyphens(word: str) -> Iterator[int]:
    count = 0
    for character in word:
        if character == _SOFT_HYPHEN:
            yield count
        else:
            count += 1
