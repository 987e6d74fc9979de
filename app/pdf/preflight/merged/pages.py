"""The page tree of a merged file: which page comes where."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.pdf.preflight.merged.walk import Walk, as_numbers
from app.pdf.preflight.parts import Numbers

_DEEPEST = 100

Fault = tuple[int, str]


class PageTree:
    """Follows the tree from its root. `pages` are the page objects in order, `faults` what was wrong."""

    def __init__(self, walk: Walk, root: int) -> None:
        self._walk = walk
        self.faults: list[Fault] = []
        highest = max([0, root, *walk.page, *walk.nodes])
        self._row = np.full(highest + 1, -1, np.int32)
        page = as_numbers(walk.page)
        self._row[page] = np.arange(len(page))
        self._parent = as_numbers(walk.page_parent)
        self._seen: set[int] = set()
        found: list[Numbers] = []
        self._follow(root, 0, 0, found)
        self.pages: Numbers = np.concatenate([np.empty(0, np.int32), *found])
        self.rows: Numbers = self._row[self.pages]
        """Each one's row in the walk."""
        self._check_each_once(page)

    def _follow(self, number: int, parent: int, depth: int, found: list[Numbers]) -> int:
        """Gather the pages under a node; how many they are."""
        node = self._walk.nodes.get(number)
        if node is None or number in self._seen or depth > _DEEPEST:
            self.faults.append((number, "it is listed, but is no page, or is listed again"))
            return 0
        self._seen.add(number)
        if node.parent != parent:
            self.faults.append((number, f"its /Parent is not object {parent}, which lists it"))
        rows = self._row[np.minimum(node.kids, len(self._row) - 1)]
        rows[node.kids >= len(self._row)] = -1
        count = 0
        if len(rows) and (rows >= 0).all():
            self._check_parents(node.kids, rows, number)
            found.append(node.kids)
            count = len(rows)
        else:
            for kid, row in zip(node.kids.tolist(), rows.tolist(), strict=True):
                if row >= 0:
                    self._check_parents(np.array([kid]), np.array([row]), number)
                    found.append(np.array([kid], np.int32))
                    count += 1
                else:
                    count += self._follow(kid, number, depth + 1, found)
        if count != node.count:
            self.faults.append((number, f"/Count is {node.count}, there are {count} pages"))
        return count

    def _check_parents(self, pages: Numbers, rows: Numbers, node: int) -> None:
        for at in np.flatnonzero(self._parent[rows] != node):
            self.faults.append((int(pages[at]), f"its /Parent is not object {node}, which lists it"))

    def _check_each_once(self, page: Numbers) -> None:
        listed = np.bincount(self.rows, minlength=len(page)) if len(page) else np.empty(0, np.int64)
        for at in np.flatnonzero(listed > 1):
            self.faults.append((int(page[at]), "it is in the tree more than once"))
        for at in np.flatnonzero(listed == 0):
            self.faults.append((int(page[at]), "it is a page that the tree does not list"))

    def number_of(self) -> Iterator[tuple[int, int]]:
        """Each page object with its number, from 1."""
        yield from zip(self.pages.tolist(), range(1, len(self.pages) + 1), strict=True)
