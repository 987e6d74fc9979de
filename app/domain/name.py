"""People's names as a letter greets by them.

Intake refuses what no name can hold (`wire.fields`). What is odd but harmless comes in, and a card that
cannot greet by it greets without a name. A name is plain text, never markup, a link or a pattern.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

LONGEST_GREETED = 40
"""Characters of a name that a card greets by; what is longer is a list or a company."""

# Persian and Indic names need the zero-width (non-)joiner.
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "So", "Sk"})
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_APOSTROPHES = str.maketrans("'`´‘", "’’’’")
_PUNCTUATION = frozenset("’ʼ.·・,-‐‑–־׳״&+()") | _JOINERS
_NOBODY = frozenset({"customer", "gast", "guest", "kunde", "n.a", "none", "null", "test", "unknown"})
_MOST_MARKS = 4
"""Combining marks in a row that some script needs; more is a prank."""
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
# Changing case is not simple where i has two forms; such names stay as they were written.
_TURKISH = frozenset("İıĞğŞş")
_INITIALS = 3


def greetable(name: str) -> str:
    """The name as a letter greets by it, or empty where it is no name.

    Invisible characters and pictographs go, apostrophes become ’, shouting is calmed. What holds digits or
    signs of an address, says nobody's name (“guest”), or is too long, is no name.
    """
    normal = unicodedata.normalize("NFC", name).translate(_APOSTROPHES)
    clean = " ".join("".join(filter(_shown, normal)).split()).strip(" ,-–")
    usable = (
        len(clean) <= LONGEST_GREETED
        and any(c.isalpha() for c in clean)
        and all(c == " " or c in _PUNCTUATION or unicodedata.category(c)[0] in "LM" for c in clean)
        and all(len(list(run)) <= _MOST_MARKS for marks, run in groupby(clean, _is_mark) if marks)
        and clean.casefold().strip(".") not in _NOBODY
    )
    return _calm(clean) if usable else ""


def _shown(character: str) -> bool:
    if character in _JOINERS:
        return True
    return unicodedata.category(character) not in _INVISIBLE and character not in _VARIATION_SELECTORS


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _calm(name: str) -> str:
    """`AMIRA` and `amira` as `Amira`; initials and names in mixed case stay as they are."""
    letters = [c for c in name if c.isalpha()]
    shouted = len(letters) > _INITIALS and all(c.isupper() for c in letters)
    whispered = all(c.islower() for c in letters)
    latin = all(unicodedata.normalize("NFD", c)[0] in _LATIN for c in letters)
    if not (shouted or whispered) or not latin or not _TURKISH.isdisjoint(name):
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), name)
