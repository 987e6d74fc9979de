"""The document parts of a PDF/VT file: which pages are whose (ISO 32000-2, 14.12; ISO 16612-2).

A small file is read here from its objects; the stream reader of merged files fills the same tree. Both are
judged by the same questions, as arrays, because a merged file has a hundred thousand leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray

from app.pdf.preflight.objects import table

Numbers = NDArray[np.signedinteger[Any]]
"""Object numbers, or rows; 32 bits are enough for them."""

_DEEPEST = 16
"""Levels; job, batch, record, document, page make five."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a part: the object's number and what it is."""

    object: int
    says: str


@dataclass(slots=True)
class Leaves:
    """Parts that hold pages, a row each: object numbers of the part, its parent, its first and last page."""

    number: Numbers
    parent: Numbers
    start: Numbers
    end: Numbers


@dataclass
class Tree:
    """All parts. `branches` gives each interior node's parent and children, by object number."""

    root: int
    branches: dict[int, tuple[int, Numbers]]
    leaves: Leaves
    pages: Numbers
    """The page objects in the order of the pages."""
    named: Numbers
    """The part that each of these pages says it belongs to; 0 for none."""
    faults: list[Fault] = field(default_factory=list)
    """What was wrong with the nodes as such."""
    metadata: list[tuple[int, pikepdf.Object]] = field(default_factory=list)
    """The document part metadata, one of each shape, with the part that holds it."""
    records: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    """A hash of each record's key, in the order of the leaves."""

    @cached_property
    def order(self) -> _Order:
        """The leaves as the tree lists them, asked for by every check."""
        return _Visit(self).order()


def read_tree(pdf: pikepdf.Pdf) -> Tree | None:
    """The tree of a small file; None where the catalogue has none that can be followed."""
    node = table(pdf.Root.get("/DPartRoot")).get("/DPartRootNode")
    if not isinstance(node, pikepdf.Dictionary) or not node.is_indirect:
        return None
    reader = _Reader()
    reader.visit(node, 0)
    pages = [page.obj for page in pdf.pages]
    rows = np.array(reader.rows, np.int32).reshape(-1, 4).T
    return Tree(
        root=node.objgen[0],
        branches=reader.branches,
        leaves=Leaves(*rows),
        pages=_numbers(pages),
        named=np.array([_number(page.get("/DPart")) for page in pages], np.int32),
        faults=reader.faults,
        metadata=reader.metadata,
        records=np.array(reader.records, np.int64),
    )


class _Reader:
    """Walks the parts of a small file, each once."""

    def __init__(self) -> None:
        self.branches: dict[int, tuple[int, Numbers]] = {}
        self.rows: list[tuple[int, int, int, int]] = []
        self.faults: list[Fault] = []
        self.metadata: list[tuple[int, pikepdf.Object]] = []
        self.records: list[int] = []
        self._seen: set[int] = set()

    def visit(self, node: pikepdf.Object, depth: int) -> None:
        number = node.objgen[0]
        if number in self._seen or depth > _DEEPEST:
            if number in self.branches:
                self.faults.append(Fault(number, "it is listed more than once"))
            return
        self._seen.add(number)
        metadata = node.get("/DPM")
        if metadata is not None:
            self.metadata.append((number, metadata))
        parent = _number(node.get("/Parent"))
        if "/DParts" in node:
            self._branch(node, number, parent, depth)
        else:
            start = _number(node.get("/Start"))
            if not start:
                self.faults.append(Fault(number, "it has neither /DParts nor an indirect /Start"))
            self.rows.append((number, parent, start, _number(node.get("/End")) or start))
            self.records.append(record_hash(metadata))

    def _branch(self, node: pikepdf.Object, number: int, parent: int, depth: int) -> None:
        if "/Start" in node:
            self.faults.append(Fault(number, "it has /DParts and /Start"))
        children: list[pikepdf.Object] = []
        for group in node.DParts.as_list() if isinstance(node.DParts, pikepdf.Array) else [None]:
            if not isinstance(group, pikepdf.Array):
                self.faults.append(Fault(number, "/DParts is no array of arrays"))
                continue
            children += group.as_list()
        sound = [one for one in children if isinstance(one, pikepdf.Dictionary) and one.is_indirect]
        if len(sound) < len(children):
            self.faults.append(Fault(number, "/DParts lists what is no indirect part"))
        self.branches[number] = (parent, _numbers(sound))
        for child in sound:
            self.visit(child, depth + 1)


def record_hash(metadata: object) -> int:
    """A number that stands for the record's key; 0 where the metadata have none."""
    key = record_key(metadata)
    return hash(key) if key else 0


def record_key(metadata: object) -> str:
    """`CIP4_Root` / `CIP4_Recipient` / `CIP4_UniqueID` (ISO 21812-1); empty where it is not there."""
    recipient = table(table(table(metadata).get("/CIP4_Root")).get("/CIP4_Recipient"))
    found = recipient.get("/CIP4_UniqueID")
    return str(found) if isinstance(found, pikepdf.String) else ""


def _number(value: object) -> int:
    return value.objgen[0] if isinstance(value, pikepdf.Object) and value.is_indirect else 0


def _numbers(objects: Iterable[pikepdf.Object]) -> Numbers:
    return np.array([one.objgen[0] for one in objects], np.int32)


@dataclass(frozen=True, slots=True)
class _Order:
    """The leaves in the order of the tree, each once: rows, each one's parent by the tree.

    `again` holds the rows that the tree lists once more, `depths` the levels on which leaves are.
    """

    rows: Numbers
    parents: Numbers
    again: Numbers
    depths: frozenset[int]


def levels_of(tree: Tree) -> int:
    """How many levels the tree has."""
    return max(tree.order.depths, default=0) + 1


class _Visit:
    """Goes through a tree from its root, in order."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        size = max([int(tree.leaves.number.max(initial=0)), tree.root, *tree.branches]) + 1
        self._row_of = np.full(size, -1, np.int32)
        self._row_of[tree.leaves.number] = np.arange(len(tree.leaves.number))
        self._rows: list[Numbers] = [np.empty(0, np.int32)]
        self._parents: list[Numbers] = [np.empty(0, np.int32)]
        self._depths: set[int] = set()

    def order(self) -> _Order:
        self._visit(np.array([self._tree.root], np.int32), 0, 0)
        rows, parents = np.concatenate(self._rows), np.concatenate(self._parents)
        firsts = np.sort(np.unique(rows, return_index=True)[1])
        return _Order(rows[firsts], parents[firsts], np.delete(rows, firsts), frozenset(self._depths))

    def _visit(self, children: Numbers, parent: int, depth: int) -> None:
        known = children[children < len(self._row_of)]
        leaves = self._row_of[known]
        if len(known) and (leaves >= 0).all():
            self._rows.append(leaves)
            self._parents.append(np.full(len(leaves), parent, np.int32))
            self._depths.add(depth)
            return
        for child, row in zip(known.tolist(), leaves.tolist(), strict=True):
            if row >= 0:
                self._visit(np.array([child], np.int32), parent, depth)
            elif child in self._tree.branches and depth <= _DEEPEST:
                self._visit(self._tree.branches[child][1], child, depth + 1)


def link_faults(tree: Tree) -> Iterator[Fault]:
    """Nodes whose `/Parent` is not the node that lists them."""
    yield from tree.faults
    order = tree.order
    rows, parents = order.rows, order.parents
    for row in order.again:
        yield Fault(int(tree.leaves.number[row]), "it is listed more than once")
    for row in np.flatnonzero(tree.leaves.parent[rows] != parents):
        number = int(tree.leaves.number[rows[row]])
        yield Fault(number, f"its /Parent is not object {int(parents[row])}, which lists it")
    for number, (_, children) in tree.branches.items():
        for child in children.tolist():
            if child in tree.branches and tree.branches[child][0] != number:
                yield Fault(child, f"its /Parent is not object {number}, which lists it")
    listed = np.zeros(len(tree.leaves.number), bool)
    listed[rows] = True
    for row in np.flatnonzero(~listed):
        yield Fault(int(tree.leaves.number[row]), "no part lists it")


def cover_faults(tree: Tree) -> Iterator[Fault]:
    """Where the leaves do not cover every page once and in order."""
    rows = tree.order.rows
    first, last = _places(tree, tree.leaves.start[rows]), _places(tree, tree.leaves.end[rows])
    numbers = tree.leaves.number[rows]
    for row in np.flatnonzero((first < 0) | (last < 0)):
        yield Fault(int(numbers[row]), "its /Start or /End is no page of the file")
    sound = (first >= 0) & (last >= 0)
    first, last, numbers = first[sound], last[sound], numbers[sound]
    for row in np.flatnonzero(last < first):
        yield Fault(int(numbers[row]), f"it ends on page {last[row] + 1}, before page {first[row] + 1}")
    wanted = np.concatenate(([0], last + 1))
    for row in np.flatnonzero(first != wanted[:-1]):
        yield Fault(int(numbers[row]), f"it starts on page {first[row] + 1}, not on {wanted[row] + 1}")
    if wanted[-1] != len(tree.pages):
        says = f"the last part ends on page {wanted[-1]} of {len(tree.pages)}"
        yield Fault(int(numbers[-1]) if len(numbers) else tree.root, says)


def naming_faults(tree: Tree) -> Iterator[Fault]:
    """Pages whose `/DPart` is not the leaf that holds them."""
    rows = tree.order.rows
    first, last = _places(tree, tree.leaves.start[rows]), _places(tree, tree.leaves.end[rows])
    sound = (first >= 0) & (last >= first)
    holder = np.zeros(len(tree.pages), np.int32)
    lengths = (last - first + 1)[sound]
    starts = np.repeat(first[sound] - np.concatenate(([0], lengths.cumsum()[:-1])), lengths)
    holder[starts + np.arange(len(starts))] = np.repeat(tree.leaves.number[rows][sound], lengths)
    for place in np.flatnonzero((tree.named != holder) & (holder != 0)):
        said = int(tree.named[place])
        yield Fault(int(tree.pages[place]), f"its /DPart is object {said}" if said else "it has no /DPart")


def _places(tree: Tree, objects: Numbers) -> Numbers:
    """The page number, from 0, of each of these objects; -1 for one that is no page."""
    size = int(max(tree.pages.max(initial=0), objects.max(initial=0))) + 1
    place_of = np.full(size, -1, np.int32)
    place_of[tree.pages] = np.arange(len(tree.pages))
    return place_of[objects]


def pages_of(tree: Tree, objects: Sequence[int]) -> list[int | None]:
    """The page number, from 1, of each of these objects, or of the first page of such a leaf; else None."""
    found: list[int | None] = []
    for one in objects:
        starts = tree.leaves.start[tree.leaves.number == one]
        places = np.flatnonzero(np.isin(tree.pages, [one, *starts[:1]]))
        found.append(int(places[0]) + 1 if len(places) else None)
    return found
