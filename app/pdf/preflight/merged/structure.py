"""The structure of a large file, checked whole: one pass over all of it, and every check over an excerpt.

The pass finds what is wrong with places, lengths, references, the page tree and the document parts. The
excerpt holds one page of each kind, one of each other object, and all that the file has once; every check
that asks nothing of the pages' content runs over it as over a small file.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.domain.profile import PressProfile
from app.pdf.preflight.merged.excerpt import excerpt
from app.pdf.preflight.merged.mapped import MappedFile
from app.pdf.preflight.merged.pages import PageTree
from app.pdf.preflight.merged.walk import Walker, as_numbers
from app.pdf.preflight.objects import table
from app.pdf.preflight.parts import Tree
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Streamed, Subject

_MEND = "write the file anew"


class MergedFile:
    """A large file after the pass over it.

    Args:
        file: the mapped file, open as long as this is used.

    Raises:
        Broken: what leads to the pages is not there.
    """

    def __init__(self, file: MappedFile) -> None:
        self._file = file
        self._walk = Walker(file).run()
        self._root = file.root("/Root")
        self._tree = PageTree(self._walk, file.reference(self._root, "/Pages"))

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self._tree.pages)

    def structure(self, profile: PressProfile) -> Subject:
        """What the structure checks look at.

        Raises:
            Broken: an object that is needed is not where the table says.
            Unreadable: the excerpt cannot be opened.
        """
        walk = self._walk
        odd = [*walk.odd, *walk.parts]
        return self._subject(profile, profile.safe, self._kinds(), odd, self._streamed())

    def content(self, profile: PressProfile, safe: float, numbers: Iterable[int]) -> Subject:
        """What the content checks look at: some pages, by their numbers from 1.

        Raises:
            Broken: an object that is needed is not where the table says.
            Unreadable: the excerpt cannot be opened.
        """
        pages = [int(self._tree.pages[number - 1]) for number in numbers if 0 < number <= self.pages]
        return self._subject(profile, safe, pages, [], Streamed([]))

    def _kinds(self) -> list[int]:
        """A page of each kind, in the order of the pages; at least the first."""
        kinds = {*self._walk.pages, *self._tree.pages[:1].tolist()}
        first_of_each: list[int] = self._tree.pages[np.isin(self._tree.pages, list(kinds))].tolist()
        return first_of_each

    def _subject(
        self, profile: PressProfile, safe: float, pages: list[int], odd: list[int], streamed: Streamed
    ) -> Subject:
        places = np.flatnonzero(np.isin(self._tree.pages, pages)) + 1
        streamed.page_numbers = [int(place) for place in places]
        subject = Subject(excerpt(self._file, pages, odd), profile, safe, streamed=streamed)
        if streamed.parts is not None:
            parts = [(number, subject.pdf.get_object(number, 0)) for number in self._walk.parts]
            streamed.parts.metadata = [(n, part.DPM) for n, part in parts if "/DPM" in table(part)]
        return subject

    def _streamed(self) -> Streamed:
        walk = self._walk
        return Streamed(
            page_numbers=[],
            parts=self._parts(),
            syntax=[Finding(says, _MEND, id=(number, 0)) for number, says in walk.faults],
            page_tree=[
                Finding(says, "write the page tree anew", object="page tree", id=(number, 0))
                for number, says in self._tree.faults
            ],
            fonts=[
                Finding(says, "embed the font", object="font", id=(number, 0)) for number, says in walk.fonts
            ],
        )

    def _parts(self) -> Tree | None:
        walk, tree = self._walk, self._tree
        root = self._file.reference(self._root, "/DPartRoot")
        top = self._file.reference(root, "/DPartRootNode") if root else 0
        if not top:
            return None
        return Tree(
            root=top,
            branches=walk.branches,
            leaves=walk.leaves(),
            pages=tree.pages,
            named=as_numbers(walk.page_part)[tree.rows],
            records=np.array(walk.record, np.int64),
        )
