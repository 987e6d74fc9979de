"""The document parts of PDF/VT-1 (ISO 16612-2; ISO 32000-2, 14.12): a press sheet is a part.

A part holds whole pages, and one page of a sheet holds many records; so it is by sheets that a press can
print a stretch again. Which records a sheet has, its list of positions says by the same key.
"""

from __future__ import annotations

from app.pdf.batch.block import part_node
from app.pdf.file.streamed import StreamedFile
from app.pdf.file.syntax import string


class SheetParts:
    """The parts of one file, written beside its sheets."""

    def __init__(self, file: StreamedFile) -> None:
        self._file = file
        self._root, self._top = file.reserve(), file.reserve()
        self._leaves: list[int] = []

    def begin(self) -> int:
        """A part for the next sheet: the number that its pages name."""
        leaf = self._file.reserve()
        self._leaves.append(leaf)
        return leaf

    def end(self, code: str, first: int, last: int) -> None:
        """Write the part of a sheet: its key, its first and its last page."""
        self._file.write(
            self._leaves[-1],
            b"<</Type/DPart/Parent %d 0 R/Start %d 0 R/End %d 0 R"
            b"/DPM<</CIP4_Root<</CIP4_Recipient<</CIP4_UniqueID%b>>>>>>>>"
            % (self._top, first, last, string(code).encode("ascii")),
        )

    def finish(self) -> str:
        """Write what leads to the parts; gives the catalogue's entry."""
        self._file.write(self._top, part_node(self._leaves, self._root))
        self._file.write(
            self._root,
            b"<</Type/DPartRoot/DPartRootNode %d 0 R/NodeNameList[/Run/Sheet]/RecordLevel 1>>" % self._top,
        )
        return f"/DPartRoot {self._root} 0 R"
