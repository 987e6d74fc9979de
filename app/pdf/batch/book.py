"""Puts blocks together to a file: the beginning, the blocks, and what leads to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from app.pdf.batch.block import Block, page_node, part_node
from app.pdf.batch.numbers import FAN, Numbers
from app.pdf.compiled import Beginning
from app.pdf.file.identity import Identity
from app.pdf.file.objects import FREE, ObjectFile, stream, table_head, table_rows, trailer
from app.pdf.file.streamed import Sink
from app.pdf.file.syntax import string

_AT_ONCE = 1 << 20
"""Bytes of the table that are copied at once."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A block or node that has pages, on the way up to the root."""

    number: int
    pages: int


class Book:
    """A file that is being put together, block by block, into a stream.

    The blocks' rows of the cross-reference table, which comes last, wait in `rows`; only a number a block is
    kept in memory.
    """

    def __init__(self, out: Sink, rows: BinaryIO, beginning: Beginning, numbers: Numbers) -> None:
        """Write the beginning to `out`."""
        self._out = out
        self._rows = rows
        self._beginning = beginning
        self._numbers = numbers
        self._length = out.write(beginning.prefix.data)
        self._digest = hashlib.blake2b(beginning.prefix.digest, digest_size=16)
        self._last = 0
        self._nodes: dict[int, _Node] = {}
        self.pages = 0
        self.records = 0

    def add(self, index: int, block: Block) -> None:
        """Write the next block. `index` counts from 0; a block without records may be left out."""
        if not block.records:
            return
        numbers = self._numbers
        first = numbers.block(index).first
        self._write_rows(block, index)
        for piece in block.pieces:
            self._out.write(piece)
        self._length += block.length
        self._digest.update(block.digest)
        self._nodes[index] = _Node(first, block.pages)
        self.pages += block.pages
        self.records += block.records

    def _write_rows(self, block: Block, index: int) -> None:
        skipped = self._numbers.block(index).first - self._numbers.first_block - self._last
        if skipped:
            self._rows.write(table_rows([FREE] * skipped))
        self._rows.write(table_rows(block.offsets, self._length))
        self._last += skipped + len(block.offsets)

    def finish(self, identity: Identity, language: str | None) -> None:
        """Write what leads to the blocks, and the end.

        Args:
            identity: who the file says it is.
            language: of all of it, or None where it has several.
        """
        tail = self._tail(identity, language)
        numbers = self._numbers
        self._digest.update(b"".join(tail.parts))
        for part in tail.parts:
            self._out.write(part)
        size = numbers.first_block + self._last
        self._out.write(table_head(size))
        self._out.write(self._beginning.prefix.rows)
        self._out.write(table_rows(tail.offsets, self._length))
        self._rows.seek(0)
        while rows := self._rows.read(_AT_ONCE):
            self._out.write(rows)
        permanent = hashlib.blake2b(identity.key.encode(), digest_size=16).hexdigest().upper()
        changing = self._digest.hexdigest().upper()
        self._out.write(
            trailer(
                size=size,
                root=numbers.catalog,
                info=numbers.info,
                file_id=(permanent, changing),
                table_at=self._length + tail.length,
            )
        )

    def _tail(self, identity: Identity, language: str | None) -> ObjectFile:
        numbers = self._numbers
        tail = ObjectFile(header=b"", first=numbers.catalog)
        tail.reserve(numbers.first_block - numbers.catalog)
        tail.write(numbers.info, identity.info())
        metadata = identity.metadata()
        if metadata is not None:
            tail.write(numbers.metadata, stream(metadata, "/Type/Metadata/Subtype/XML", plain=True))
        entries = f"/Metadata {numbers.metadata} 0 R" if metadata is not None else ""
        if language:
            entries += f"/Lang{string(language)}"
        if numbers.has_parts:
            entries += f"/DPartRoot {numbers.part_root} 0 R"
            self._write_parts(tail)
        self._write_page_nodes(tail)
        catalog = (
            f"<</Type/Catalog/Pages {numbers.page_root} 0 R{entries}"
            f"/OutputIntents[{self._beginning.output_intent} 0 R]>>"
        )
        tail.write(numbers.catalog, catalog.encode("ascii"))
        return tail

    def _write_page_nodes(self, tail: ObjectFile) -> None:
        """The nodes over the blocks, from below; one without pages is left out."""
        below = self._nodes
        for level in range(len(self._numbers.levels)):
            root = level == len(self._numbers.levels) - 1
            groups: dict[int, list[_Node]] = {}
            for index, node in below.items():
                groups.setdefault(index // FAN, []).append(node)
            below = {}
            for index, kids in groups.items():
                number = self._numbers.page_node(level, index)
                above = 0 if root else self._numbers.page_node(level + 1, index // FAN)
                pages = sum(kid.pages for kid in kids)
                tail.write(number, page_node([kid.number for kid in kids], pages, above))
                below[index] = _Node(number, pages)

    def _write_parts(self, tail: ObjectFile) -> None:
        """The root of the document parts (ISO 32000-2, 14.12), and the node over those of the blocks."""
        numbers = self._numbers
        levels = "/Run/Block/Record" if numbers.levels else "/Run/Record"
        root = (
            f"<</Type/DPartRoot/DPartRootNode {numbers.part_top} 0 R"
            f"/NodeNameList[{levels}]/RecordLevel {levels.count('/') - 1}>>"
        )
        tail.write(numbers.part_root, root.encode("ascii"))
        if numbers.levels:
            kids = [numbers.block(index).parts for index in self._nodes]
            tail.write(numbers.part_top, part_node(kids, numbers.part_root))
