"""A small file made of some pages of a large one, which can then be opened and checked like any other.

Objects keep their numbers and their bytes; only the nodes of the page tree list fewer children.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.pdf.preflight.merged.mapped import MappedFile

_KIDS = re.compile(rb"/Kids ?\[[\d R]*\]")
_COUNT = re.compile(rb"/Count \d+")
_PARENT = re.compile(rb"/Parent (\d+) 0 R")
_NOT_FOLLOWED = re.compile(
    rb"/(?:Parent|DPart|DPartRoot|DPartRootNode|Pages) \d+ 0 R|/(?:Kids|DParts) ?\[[\d R\[\]]*\]"
)
_LENGTH = re.compile(rb"/Length \d+")
_ROOTS = re.compile(rb"/(?:Root|Info) (\d+) 0 R")
_SIZE = re.compile(rb"/Size \d+")
_DEEPEST = 100


def excerpt(file: MappedFile, pages: Iterable[int], odd: Iterable[int] = ()) -> bytes:
    """A file of these pages.

    Args:
        file: the large one.
        pages: page objects, in the order of the pages.
        odd: further objects, that no page leads to; streams among them come without their data.

    Raises:
        Broken: one of them, or the catalogue, is not where the table says.
    """
    return _Excerpt(file).make(list(pages), odd)


class _Excerpt:
    def __init__(self, file: MappedFile) -> None:
        self._file = file
        self._parts = [file.header]
        self._length = len(file.header)
        self._offsets: dict[int, int] = {}

    def make(self, pages: list[int], odd: Iterable[int]) -> bytes:
        nodes = self._nodes_over(pages)
        for number, kids in nodes.items():
            listed = b" ".join(b"%d 0 R" % kid for kid in kids)
            text = self._file.body(number).text
            text = _COUNT.sub(b"/Count %d" % self._pages_under(number, nodes), text)
            self._write(number, _KIDS.sub(b"/Kids[%b]" % listed, text))
        roots = [int(number) for number in _ROOTS.findall(self._file.trailer)]
        self._copy([*roots, *pages, *(n for node in nodes for n in self._led_to(node))])
        for number in odd:
            if number not in self._offsets:
                self._copy_alone(number)
        return self._finish()

    def _nodes_over(self, pages: list[int]) -> dict[int, list[int]]:
        """The nodes of the page tree that lead to these pages, each with its children among them."""
        kids: dict[int, list[int]] = {}
        for page in pages:
            child = page
            for _ in range(_DEEPEST):
                found = _PARENT.search(self._file.body(child).text)
                if found is None:
                    break
                node = int(found[1])
                known = kids.setdefault(node, [])
                if child in known:
                    break
                known.append(child)
                child = node
        return kids

    def _pages_under(self, node: int, nodes: dict[int, list[int]], depth: int = 0) -> int:
        if node not in nodes or depth > _DEEPEST:
            return 1
        return sum(self._pages_under(kid, nodes, depth + 1) for kid in nodes[node])

    def _led_to(self, number: int) -> list[int]:
        text = _NOT_FOLLOWED.sub(b"", self._file.body(number).text)
        return [int(found) for found in re.findall(rb"(\d+) 0 R\b", text)]

    def _copy(self, numbers: list[int]) -> None:
        """Copy objects and all that they lead to."""
        waiting = list(numbers)
        while waiting:
            number = waiting.pop()
            if number in self._offsets or not self._file.has(number):
                continue
            body = self._file.body(number)
            whole = body.text
            if body.stream is not None:
                whole += b"\nstream\n" + self._file.data[body.stream] + b"\nendstream"
            self._write(number, whole)
            waiting += self._led_to(number)

    def _copy_alone(self, number: int) -> None:
        body = self._file.body(number)
        if body.stream is None:
            self._write(number, body.text)
        else:
            self._write(number, _LENGTH.sub(b"/Length 0", body.text) + b"\nstream\n\nendstream")

    def _write(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._length
        part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self._parts.append(part)
        self._length += len(part)

    def _finish(self) -> bytes:
        """The table with a section for each object, and the large file's trailer."""
        trailer = _SIZE.sub(b"/Size %d" % (max(self._offsets) + 1), self._file.trailer)
        rows = b"".join(b"%d 1\n%010d 00000 n \n" % entry for entry in sorted(self._offsets.items()))
        self._parts.append(
            b"xref\n0 1\n0000000000 65535 f \n%btrailer\n%b\nstartxref\n%d\n%%%%EOF\n"
            % (rows, trailer, self._length)
        )
        return b"".join(self._parts)
