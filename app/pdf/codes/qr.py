"""QR codes, many at once: what each text says, then all of one size together in numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from app.domain.template import ErrorLevel
from app.pdf.codes.modules import Modules, Octets
from app.pdf.codes.qr_mask import best_masks, lines_of
from app.pdf.codes.qr_text import qr_words
from app.pdf.codes.qr_versions import blocks_of, placement_of
from app.pdf.codes.reed_solomon import ReedSolomon

QR_QUIET_ZONE = 4
"""Free modules on each side (ISO/IEC 18004:2015, 6.3.8)."""
_FIELD = ReedSolomon(polynomial=0x11D, first_root=0)
_CHUNK = 48_000
"""Modules worked on together: few enough for the processor's cache."""


def qr_modules(text: str, error: ErrorLevel = "M") -> Modules:
    """The QR code of one text, 21 × 21 to 177 × 177 modules; errors as for `qr_batch`."""
    return qr_batch([text], error)[0]


def qr_batch(texts: Sequence[str], error: ErrorLevel = "M") -> list[Modules]:
    """The QR code of each text, in the smallest version that holds it.

    Args:
        texts: what the codes say; characters beyond ASCII are marked as UTF-8.
        error: the error correction level.

    Raises:
        ArtworkUnusable: a text is empty, too long, or not Unicode.
    """
    return qr_codes([qr_words(text, error) for text in texts], error)


def qr_codes(planned: Sequence[tuple[int, bytes]], error: ErrorLevel) -> list[Modules]:
    """The codes of what `qr_words` made of texts, in their order."""
    by_version: dict[int, list[int]] = defaultdict(list)
    for index, (version, _) in enumerate(planned):
        by_version[version].append(index)
    found: dict[int, Modules] = {}
    for version, indices in by_version.items():
        words = np.frombuffer(b"".join(planned[index][1] for index in indices), dtype=np.uint8)
        codes = _codes(version, error, words.reshape(len(indices), -1))
        found.update(zip(indices, codes, strict=True))
    return [found[index] for index in range(len(planned))]


def _codes(version: int, error: ErrorLevel, words: Octets) -> Modules:
    """Codes × size × size, of codes × data words."""
    all_words = _with_checks(version, error, words)
    chunk = max(_CHUNK // len(placement_of(version, error).word), 1)
    return np.concatenate(
        [_masked(version, error, all_words[start : start + chunk]) for start in range(0, len(words), chunk)]
    )


def _with_checks(version: int, error: ErrorLevel, words: Octets) -> Octets:
    """The words of all blocks followed by their check words, block by block."""
    blocks = blocks_of(version, error)
    ends = np.cumsum(blocks.data)
    checks = [
        _FIELD.check_words(words[:, end - length : end], blocks.check)
        for end, length in zip(ends, blocks.data, strict=True)
    ]
    return np.concatenate((words, *checks), axis=1)


def _masked(version: int, error: ErrorLevel, words: Octets) -> Modules:
    """Codes × size × size under the best mask of each."""
    place = placement_of(version, error)
    dark: Modules = (words.take(place.word, axis=1) & place.bit) != 0
    lines = lines_of(dark.reshape(-1, place.size, place.size))[:, :, None] ^ place.lines
    dark ^= place.flips[best_masks(lines)]
    return dark.reshape(-1, place.size, place.size)
