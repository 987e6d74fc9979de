"""How much two glyphs of a font are kerned, asked of HarfBuzz for many pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import uharfbuzz as hb

from app.pdf.text.cluster import FLAGS, Features
from app.pdf.text.columns.arrays import Flags, Indices
from app.pdf.text.face import Face

_UNKNOWN: Final = -(1 << 15)
_JOINED: Final = (1 << 15) - 1
"""The pair is more than two glyphs beside each other."""
_PRIVATE = 0xF0000
"""A code point from here on stands for a glyph, since alternates have no character of their own."""
_MOST_AT_ONCE = 2000
_APART = " "


class Kerns:
    """The kerning of pairs of glyphs in one script and language. Glyphs are told by their rows."""

    def __init__(self, face: Face, script: str, language: str, features: Features) -> None:
        """No pair is known."""
        self._face = face
        self._script, self._language = script, language
        self._features = features
        self._known = np.empty((0, 0), np.int16)
        self._font: hb.Font | None = None

    def of(self, left: Indices, right: Indices, glyphs: Sequence[int]) -> tuple[Indices, Flags]:
        """By how many font units each pair is moved apart, and which pairs are not just beside each other.

        Args:
            left: rows of glyphs.
            right: rows of the glyphs after them.
            glyphs: the glyph of each row; more may have come since.
        """
        if len(self._known) < len(glyphs):
            known, size = self._known, len(glyphs) + 64
            self._known = np.full((size, size), _UNKNOWN, np.int16)
            self._known[: len(known), : len(known)] = known
        found = self._known[left, right]
        new = np.flatnonzero(found == _UNKNOWN)
        if len(new):
            size = len(self._known)
            pairs = np.unique(left[new] * size + right[new])
            for start in range(0, len(pairs), _MOST_AT_ONCE):
                first, second = np.divmod(pairs[start : start + _MOST_AT_ONCE], size)
                self._known[first, second] = self._ask(
                    [(glyphs[a], glyphs[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
                )
            found = self._known[left, right]
        joined: Flags = found == _JOINED
        return np.where(joined, 0, found).astype(np.int64), joined

    def _ask(self, pairs: Sequence[tuple[int, int]]) -> list[int]:
        """The kerning of pairs of glyphs, each pair after a space."""
        buffer = hb.Buffer()
        buffer.add_str("".join([f"{_APART}{chr(_PRIVATE + a)}{chr(_PRIVATE + b)}" for a, b in pairs]))
        buffer.direction, buffer.script, buffer.language = "ltr", self._script, self._language
        buffer.flags = FLAGS
        hb.shape(self._by_glyphs(), buffer, self._features)
        shown = [
            (info.codepoint, info.cluster, at.x_advance, at.x_offset, at.y_offset)
            for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]
        by_cluster: dict[int, list[tuple[int, int, int, int, int]]] = {}
        for each in shown:
            by_cluster.setdefault(each[1], []).append(each)
        return [
            self._kern(pair, by_cluster.get(3 * index + 1, []) + by_cluster.get(3 * index + 2, []))
            for index, pair in enumerate(pairs)
        ]

    def _kern(self, pair: tuple[int, int], shown: Sequence[tuple[int, int, int, int, int]]) -> int:
        if tuple(each[0] for each in shown) != pair or any(each[3] or each[4] for each in shown):
            return _JOINED
        advance = self._face.advance(pair[0])
        kern = shown[0][2] - advance
        return kern if kern != -advance and abs(kern) < _JOINED else _JOINED

    def _by_glyphs(self) -> hb.Font:
        """The font, in which code points may stand for glyphs."""
        if self._font is None:
            funcs = hb.FontFuncs()
            funcs.set_nominal_glyph_func(self._nominal)
            self._font = hb.Font(self._face.font)
            self._font.funcs = funcs
        return self._font

    def _nominal(self, _font: hb.Font, code_point: int, _data: object) -> int:
        return code_point - _PRIVATE if code_point >= _PRIVATE else self._face.nominal(code_point)
