"""One block of a file: some records' pages, complete with fonts, in their final bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.template import CardTemplate
from app.domain.units import points
from app.errors import TipinError
from app.pdf.batch.numbers import BlockNumbers, in_fans
from app.pdf.compiled import Shared
from app.pdf.draw import OVERPRINT
from app.pdf.file.fonts import FontUses
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import deflate, number, string
from app.pdf.frames import page_size

_STREAM = b"<</Filter/FlateDecode/Length %d>>\nstream\n"
_MOST_PARTS = 1000
"""Old readers take up to 8,191 members of an array."""


class BlockTooSmall(TipinError):
    """A block shows more fonts and pictures than it has numbers for."""


@dataclass(frozen=True, slots=True)
class Block:
    """The bytes of a block, and where in them each of its objects is, from its first number on."""

    pieces: Iterable[bytes]
    """Its bytes bit by bit: a thousand cards need not stand in memory at once."""
    length: int
    offsets: Sequence[int]
    digest: bytes
    records: int
    pages: int


class BlockWriter:
    """Writes the records of a block one after the other. Those that are refused leave no trace."""

    def __init__(self, numbers: BlockNumbers, template: CardTemplate, *, parts: bool) -> None:
        """Nothing is written yet; `records` counts what is.

        Args:
            numbers: the block's.
            template: of all cards in it.
            parts: whether each record is a document part (PDF/VT).
        """
        self._numbers = numbers
        self._parts = parts
        self._file = ObjectFile(header=b"", first=numbers.first)
        self._file.reserve(numbers.reserved)
        boxes = _boxes(template).encode("ascii")
        self._page = b"<</Type/Page/Parent %d 0 R" + boxes + b"/Contents %d 0 R%b>>"
        self._pages: list[int] = []
        self._leaves: list[int] = []
        self.records = 0

    def add(self, key: str, contents: Sequence[bytes]) -> None:
        """Write a record.

        Args:
            key: names the record in the tree of document parts.
            contents: the content stream of each of its pages.
        """
        numbers, file, sides = self._numbers, self._file, len(contents)
        first = numbers.first_record + self.records * numbers.per_record
        part = first + 2 * sides
        leaf = b"/DPart %d 0 R" % part if self._parts else b""
        for page, content in enumerate(contents, first):
            packed = deflate(content)
            file.write(page + sides, b"%b%b\nendstream" % (_STREAM % len(packed), packed))
            node = numbers.leaf(len(self._pages))
            file.write(page, self._page % (node, page + sides, leaf))
            self._pages.append(page)
        if self._parts:
            file.write(part, self._part(key, first, first + sides - 1))
            self._leaves.append(part)
        self.records += 1

    def _part(self, key: str, start: int, end: int) -> bytes:
        """A record's leaf; ISO 21812-1:2019 gives the names of its metadata."""
        return (
            b"<</Type/DPart/Parent %d 0 R/Start %d 0 R/End %d 0 R"
            b"/DPM<</CIP4_Root<</CIP4_Recipient<</CIP4_UniqueID%b>>>>>>>>"
            % (self._numbers.parts, start, end, string(key).encode("ascii"))
        )

    def finish(self, uses: FontUses, shared: Iterable[Shared]) -> Block:
        """Write fonts, resources and nodes behind the records.

        Args:
            uses: the fonts of these records.
            shared: what they show of the file's beginning.

        Raises:
            BlockTooSmall: there are more objects than the block has numbers.
        """
        file, numbers = self._file, self._numbers
        if self.records:
            file.write(numbers.resources, _resources(uses.write(file), shared))
            self._write_page_nodes()
            if self._parts:
                file.write(numbers.parts, part_node(self._leaves, numbers.part_above))
        if file.next > numbers.end:
            raise BlockTooSmall(f"{file.next - numbers.first:,} objects in {numbers.end - numbers.first:,}")
        return Block(file.parts, file.length, file.offsets, file.digest(), self.records, len(self._pages))

    def _write_page_nodes(self) -> None:
        numbers, kids = self._numbers, self._pages
        if numbers.leaves:
            nodes = list(enumerate(in_fans(self._pages), numbers.first_leaf))
            for node, group in nodes:
                self._file.write(node, page_node(group, len(group), numbers.pages))
            kids = [node for node, _ in nodes]
        resources = b"/Resources %d 0 R" % numbers.resources
        self._file.write(numbers.pages, page_node(kids, len(self._pages), numbers.above, resources))


def page_node(kids: Sequence[int], pages: int, above: int, resources: bytes = b"") -> bytes:
    """A node of the page tree with that many pages below; the root has 0 above."""
    parent = b"/Parent %d 0 R" % above if above else b""
    return b"<</Type/Pages%b/Count %d/Kids[%b]%b>>" % (parent, pages, _references(kids), resources)


def part_node(kids: Sequence[int], above: int) -> bytes:
    """An inner node of the tree of document parts, its children in arrays that every reader can take."""
    arrays = (kids[start : start + _MOST_PARTS] for start in range(0, len(kids), _MOST_PARTS))
    listed = b"".join(b"[%b]" % _references(array) for array in arrays)
    return b"<</Type/DPart/Parent %d 0 R/DParts[%b]>>" % (above, listed)


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join([b"%d 0 R" % each for each in numbers])


def _resources(fonts: str, shared: Iterable[Shared]) -> bytes:
    shown = "".join(f"/{each.resource} {each.number} 0 R" for each in sorted(set(shared), key=_number))
    # OPM 1: a component of 0 leaves what is printed there (ISO 32000-2, 8.6.7).
    state = f"/{OVERPRINT}<</Type/ExtGState/OP true/op true/OPM 1>>"
    return f"<<{fonts}/XObject<<{shown}>>/ExtGState<<{state}>>>>".encode("ascii")


def _number(shared: Shared) -> int:
    return shared.number


def _boxes(template: CardTemplate) -> str:
    """MediaBox and BleedBox are the whole page; the TrimBox lies the bleed inside."""
    width, height = page_size(template)
    bleed = points(template.bleed)
    page = f"[0 0 {number(width)} {number(height)}]"
    trim = " ".join(map(number, (bleed, bleed, width - bleed, height - bleed)))
    return f"/MediaBox{page}/BleedBox{page}/TrimBox[{trim}]"
