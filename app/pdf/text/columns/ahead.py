"""Writes the new words of a few texts at once, and puts them where a text by itself looks its words up.

A word that HarfBuzz shapes takes as long as a whole text whose words are all known; a dozen of them written
letter by letter in columns take as long as two.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.pdf.text.columns.words import Words
from app.pdf.text.paragraph import Draft, keep_writing
from app.pdf.text.piece import Word, piece_of
from app.pdf.text.shape import Typeface, Writings

_FEWEST = 3
"""Fewer are shaped as quickly one by one."""


def write_ahead(drafts: Iterable[Draft], words: Words) -> None:
    """Write those new words of the drafts that have only plain letters; the others stay unknown."""
    missing: dict[tuple[Typeface, str], dict[tuple[int, int], tuple[str, Writings]]] = {}
    for draft in drafts:
        for token, (writings, writing) in zip(draft.tokens, draft.places or (), strict=False):
            if writings[writing] is None:
                wanted = missing.setdefault((draft.setting.typeface, draft.script), {})
                wanted[id(writings), writing] = token, writings
    for (typeface, script), wanted in missing.items():
        if len(wanted) < _FEWEST:
            continue
        letters = words.shelf(typeface, script).letters
        runs = letters.write([token for token, _ in wanted.values()], [which for _, which in wanted])
        for ((_, writing), (token, writings)), run in zip(wanted.items(), runs, strict=True):
            if run is not None:
                piece = piece_of(token, (run,), None, hyphenated=False)
                keep_writing(writings, writing, Word((piece,), script, letters.varies))
