"""Looks through a file of records once, before any card is made: where it can be cut, and what it needs."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from app.errors import RenderError
from app.services.record_cards import RecordCards, kind_of
from app.services.record_file import RecordFile, Row

_GRAIN = 100
"""Cuts are made behind every hundredth record."""
_LARGEST_BLOCK = 1000
_FEWEST_BLOCKS = 8
"""A run of many records has at least so many blocks, for processes to share and for little to be lost."""
_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Stretch:
    """The records of a block: bytes `start` to `end`, from that line on.

    `twice` maps the lines of records whose id was there already to the line where it was.
    """

    start: int
    end: int
    line: int
    records: int
    twice: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds: `looks` are the brands and occasions of its sound records."""

    stretches: tuple[Stretch, ...]
    block: int
    """Records of a full stretch."""
    records: int
    looks: frozenset[tuple[str, str]]
    languages: frozenset[str]


def survey(file: RecordFile, cards: RecordCards) -> Survey:
    """Look through a file.

    Raises:
        OSError: it cannot be read.
    """
    surveyor = _Surveyor(file, cards)
    for row in file.rows(file.start, None, file.first_line):
        surveyor.pass_over(row)
    return surveyor.survey()


class _Surveyor:
    """Goes through a file and keeps a few bytes a record: a digest of its id, and its line."""

    def __init__(self, file: RecordFile, cards: RecordCards) -> None:
        self._cards = cards
        self._all_text = file.columns is not None
        self._at = file.start
        self._line = file.first_line
        self._count = 0
        self._cuts: list[tuple[int, int]] = []
        self._digests = bytearray()
        self._lines = array("q")
        self._kinds: set[str] = set()
        """What sound records say, as far as their looks and languages follow from it."""
        self._looks: set[tuple[str, str]] = set()
        self._languages: set[str] = set()

    def pass_over(self, row: Row) -> None:
        """Note a record, and go on behind it."""
        if not row.is_empty:
            if self._count % _GRAIN == 0:
                self._cuts.append((self._at, row.line))
            self._count += 1
            if row.fields is not None:
                self._note(row.line, row.fields)
        self._at += row.size
        self._line = row.line

    def _note(self, line: int, fields: Mapping[str, Any]) -> None:
        name = identity(fields)
        if name:
            self._lines.append(line)
            self._digests += hashlib.blake2b(
                name.encode("utf-8", "surrogatepass"), digest_size=_DIGEST
            ).digest()
        kind = kind_of(fields)
        if kind in self._kinds:
            return
        try:
            record = self._cards.record(fields, all_text=self._all_text)
        except RenderError:
            return
        self._kinds.add(kind)
        self._looks.add((record.brand.code, record.occasion))
        self._languages.add(record.language)

    def survey(self) -> Survey:
        """What the file holds."""
        block = _block_size(self._count)
        twice = _twice(self._digests, self._lines)
        cuts = [*self._cuts[:: block // _GRAIN], (self._at, self._line + 1)]
        stretches = tuple(
            Stretch(
                start=start,
                end=end,
                line=line,
                records=min(block, self._count - number * block),
                twice={here: there for here, there in twice.items() if line <= here < until},
            )
            for number, ((start, line), (end, until)) in enumerate(pairwise(cuts))
        )
        return Survey(stretches, block, self._count, frozenset(self._looks), frozenset(self._languages))


def identity(fields: Mapping[str, Any]) -> str | None:
    """What a record calls itself, if it does."""
    name = fields.get("id")
    return str(name) if isinstance(name, str | int) and name != "" else None


def _block_size(records: int) -> int:
    if records >= _LARGEST_BLOCK * _FEWEST_BLOCKS:
        return _LARGEST_BLOCK
    share = -(-records // _FEWEST_BLOCKS)
    return max(_GRAIN, -(-share // _GRAIN) * _GRAIN)


def _twice(digests: bytearray, lines: array[int]) -> dict[int, int]:
    """Lines of records whose id was there before, each with the line of the first."""
    halves = np.frombuffer(bytes(digests), dtype="<u8").reshape(-1, 2)
    order = np.lexsort((halves[:, 1], halves[:, 0]))
    ranked = halves[order]
    same = (ranked[1:] == ranked[:-1]).all(axis=1)
    twice: dict[int, int] = {}
    first = 0
    # The sort is stable, so the first of equal ids is the first in the file.
    for place in np.flatnonzero(same).tolist():
        if not place or not same[place - 1]:
            first = int(order[place])
        twice[lines[int(order[place + 1])]] = lines[first]
    return twice
