"""Which object of a file has which number, known before anything is drawn.

So that any process can write any block, each block has a stretch of numbers of its own: nodes first, then
its records, then fonts. What is left over stays free (ISO 32000-2, 7.5.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.profile import Standard

FAN = 50
"""Children of a node of the page tree: readers find a page in few steps."""
RESERVE = 256
"""Numbers of a block for its fonts and pictures; a run that needs more begins anew with more."""
_FIXED = {Standard.PDF_X1A: 2, Standard.PDF_X4: 3, Standard.PDF_VT1: 4}
"""Catalogue and Info; metadata; the root of the document parts."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of one file of `blocks` blocks, each of `records` cards of `sides` pages."""

    standard: Standard
    shared: int
    """Objects of the beginning: they are numbered from 1."""
    blocks: int
    records: int
    """Of a full block."""
    sides: int
    reserve: int = RESERVE

    @property
    def catalog(self) -> int:
        """Of the catalogue, the first after the beginning."""
        return self.shared + 1

    @property
    def info(self) -> int:
        """Of the Info dictionary."""
        return self.shared + 2

    @property
    def metadata(self) -> int:
        """Of the XMP stream."""
        return self.shared + 3

    @property
    def part_root(self) -> int:
        """Of the DPartRoot dictionary."""
        return self.shared + 4

    @cached_property
    def _first_node(self) -> int:
        over_all_parts = bool(self.has_parts and self.levels)
        return self.shared + _FIXED[self.standard] + over_all_parts + 1

    @cached_property
    def has_parts(self) -> bool:
        """Whether each record has its own leaf in a tree of document parts."""
        return self.standard is Standard.PDF_VT1

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """Nodes of the page tree over the blocks' own, level by level from below; the last is the root."""
        found: list[int] = []
        nodes = self.blocks
        while nodes > 1:
            nodes = -(-nodes // FAN)
            found.append(nodes)
        return tuple(found)

    def page_node(self, level: int, index: int) -> int:
        """Of a node over the blocks; level 0 is right over them."""
        return self._first_node + sum(self.levels[:level]) + index

    @cached_property
    def page_root(self) -> int:
        """Of the page tree's root: where there is one block, that block's node."""
        return self.page_node(len(self.levels) - 1, 0) if self.levels else self.block(0).pages

    @cached_property
    def part_top(self) -> int:
        """Of the node over all blocks' document parts: where there is one block, that block's node."""
        return self._first_node - 1 if self.levels else self.block(0).parts

    @cached_property
    def first_block(self) -> int:
        """The first number of the first block."""
        return self._first_node + sum(self.levels)

    @cached_property
    def stride(self) -> int:
        """Numbers of a block."""
        return self._nodes + self._leaves(self.records) + self.records * self.per_record + self.reserve

    @property
    def _nodes(self) -> int:
        return 2 + self.has_parts

    @cached_property
    def per_record(self) -> int:
        """Numbers of a record: a page and its content for each side, and its document part."""
        return 2 * self.sides + self.has_parts

    def _leaves(self, records: int) -> int:
        pages = records * self.sides
        return -(-pages // FAN) if pages > FAN else 0

    def block(self, index: int, records: int | None = None) -> BlockNumbers:
        """The numbers of a block, of which the last may have fewer `records`."""
        count = self.records if records is None else records
        first = self.first_block + index * self.stride
        return BlockNumbers(
            first=first,
            end=first + self.stride,
            first_leaf=first + self._nodes,
            above=self.page_node(0, index // FAN) if self.levels else 0,
            part_above=self.part_top if self.levels else self.part_root,
            leaves=self._leaves(count),
            records=count,
            sides=self.sides,
            per_record=self.per_record,
        )


@dataclass(frozen=True, slots=True)
class BlockNumbers:
    """The numbers of one block: `first` up to `end`."""

    first: int
    end: int
    first_leaf: int
    above: int
    """The node over it in the page tree, or 0 where it is the root itself."""
    part_above: int
    leaves: int
    records: int
    sides: int
    per_record: int

    @property
    def pages(self) -> int:
        """Of its node in the page tree, which has the resources."""
        return self.first

    @property
    def resources(self) -> int:
        """Of its pages' resources."""
        return self.first + 1

    @property
    def parts(self) -> int:
        """Of its node in the tree of document parts."""
        return self.first + 2

    @property
    def first_record(self) -> int:
        """Of its first record's first object."""
        return self.first_leaf + self.leaves

    @property
    def reserved(self) -> int:
        """How many numbers are for nodes and records; fonts come behind."""
        return self.first_record - self.first + self.records * self.per_record

    def leaf(self, page: int) -> int:
        """The node that is over the block's so-manieth page."""
        return self.first_leaf + page // FAN if self.leaves else self.pages


def in_fans(numbers: Sequence[int]) -> list[Sequence[int]]:
    """Children in groups, one a node."""
    return [numbers[start : start + FAN] for start in range(0, len(numbers), FAN)]
