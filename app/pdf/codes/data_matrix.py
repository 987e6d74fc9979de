"""Data Matrix ECC 200, many at once: what each text says, then all of one size together in numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from app.pdf.codes.data_matrix_sizes import SIZES, placement_of
from app.pdf.codes.data_matrix_text import data_matrix_words
from app.pdf.codes.modules import Modules, Octets
from app.pdf.codes.reed_solomon import ReedSolomon

DATA_MATRIX_QUIET_ZONE = 1
"""Free modules on each side (ISO/IEC 16022:2006, 5.2)."""
_FIELD = ReedSolomon(polynomial=0x12D, first_root=1)


def data_matrix_modules(text: str) -> Modules:
    """The Data Matrix of one text, square; a bench code of 24 characters makes 18 × 18 modules.

    Raises:
        ArtworkUnusable: the text is empty, too long, or not Unicode.
    """
    return data_matrix_batch([text])[0]


def data_matrix_batch(texts: Sequence[str]) -> list[Modules]:
    """The Data Matrix of each text; errors as for `data_matrix_modules`."""
    return data_matrix_codes([data_matrix_words(text) for text in texts])


def data_matrix_codes(planned: Sequence[tuple[int, bytes]]) -> list[Modules]:
    """The codes of what `data_matrix_words` made of texts, in their order."""
    by_side: dict[int, list[int]] = defaultdict(list)
    for index, (side, _) in enumerate(planned):
        by_side[side].append(index)
    found: dict[int, Modules] = {}
    for side, indices in by_side.items():
        words = np.frombuffer(b"".join(planned[index][1] for index in indices), dtype=np.uint8)
        found.update(zip(indices, _codes(side, words.reshape(len(indices), -1)), strict=True))
    return [found[index] for index in range(len(planned))]


def _codes(side: int, words: Octets) -> Modules:
    """Codes × side × side, of codes × data words."""
    place = placement_of(side)
    in_columns = np.ascontiguousarray(_with_checks(side, words).T)
    dark = (in_columns[place.word] & place.bit[:, None]) != 0
    dark |= place.dark[:, None]
    return np.ascontiguousarray(dark.T).reshape(-1, side, side)


def _with_checks(side: int, words: Octets) -> Octets:
    """The data words, then the check words; the blocks take turns in both."""
    size = SIZES[side]
    each = size.check // size.blocks
    checks = [_FIELD.check_words(words[:, block :: size.blocks], each) for block in range(size.blocks)]
    return np.concatenate((words, np.stack(checks, axis=2).reshape(len(words), -1)), axis=1)
