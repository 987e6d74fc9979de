"""Where a word may be divided, by its language's patterns (Liang 1983) as pyphen carries them.

pyphen may be used under the MPL 1.1. Its dictionaries have licences of their own: used are those that say
themselves that they may be used in any product. Left out are those under the GPL alone (Catalan, Czech,
Galician, Kannada, Norwegian, European Portuguese, Romanian, Ukrainian) and those that say nothing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import pyphen

_DICTIONARIES = {
    "af": "af_ZA",  # LGPL 2.1
    "da": "da_DK",  # LGPL
    "de": "de_DE",  # LGPL, patterns LPPL
    "de-AT": "de_AT",
    "de-CH": "de_CH",
    "el": "el_GR",  # LGPL
    "en": "en_US",  # BSD
    "en-AU": "en_GB",  # BSD
    "en-GB": "en_GB",
    "en-IE": "en_GB",
    "en-NZ": "en_GB",
    "es": "es",  # LGPL, MPL; patterns MIT
    "et": "et_EE",  # LGPL, patterns LPPL
    "fr": "fr",  # LGPL
    "hr": "hr_HR",  # LGPL
    "hu": "hu_HU",  # MPL, LGPL
    "it": "it_IT",  # LGPL
    "lt": "lt",  # LPPL
    "lv": "lv_LV",  # LGPL 2.1
    "pl": "pl_PL",  # LGPL, patterns LPPL
    "pt": "pt_BR",  # LGPL 3, MPL
    "sl": "sl_SI",  # LGPL, patterns LPPL
    "sr": "sr",  # LGPL 2.1
    "sr-Latn": "sr_Latn",
    "sv": "sv",  # LGPL 3, MPL
    "zu": "zu_ZA",  # LGPL 2.1
}
"""BCP 47 to pyphen's name."""
_FEWEST_BEFORE = 2
_FEWEST_AFTER = 3
_SHORTEST = 6
"""Dividing a shorter word disturbs more than an uneven line does."""


@lru_cache(maxsize=16_384)
def hyphen_points(word: str, language: str) -> tuple[int, ...]:
    """Indices of `word` before which a hyphen and a line end may be put, ascending; mostly few, often none.

    At least two letters stay before and three after. A word with anything but letters (a digit, apostrophe
    or hyphen of its own) and one in capitals is left whole; so is one that would be spelt otherwise when it
    is divided, as Hungarian does. Names must not be given: nobody divides them by rule.

    Args:
        word: without the punctuation around it, composed or decomposed.
        language: BCP 47.
    """
    divider = _divider(language)
    composed = unicodedata.normalize("NFC", word)
    if divider is None or len(composed) < _SHORTEST or not composed.isalpha() or composed.isupper():
        return ()
    points = (
        int(point)
        for point in divider.positions(composed)
        if point.data is None and _FEWEST_BEFORE <= point <= len(composed) - _FEWEST_AFTER
    )
    return tuple(points) if composed == word else tuple(_place(word, composed[:point]) for point in points)


@lru_cache(maxsize=256)
def _divider(language: str) -> pyphen.Pyphen | None:
    """The most special dictionary that serves the language (RFC 4647, 3.4)."""
    tag = language
    while tag:
        if tag in _DICTIONARIES:
            return pyphen.Pyphen(lang=_DICTIONARIES[tag], left=1, right=1)
        tag = tag.rpartition("-")[0]
    return None


def _place(word: str, beginning: str) -> int:
    """The length of the beginning of `word` that is composed to `beginning`, with all its marks."""
    ends = range(len(word), 0, -1)
    return next(end for end in ends if unicodedata.normalize("NFC", word[:end]) == beginning)
