"""Where each piece stands, as JSON that is written sheet by sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from app.domain.geometry import Box
from app.pdf.impose.layout import Layout
from app.pdf.impose.run import Sheet


class Positions:
    """Writes one JSON document: what the sheets are, then each sheet with its places.

    Places and boxes are those of the front: mm from the sheet's top-left corner, row and column from 1.
    """

    def __init__(self, out: TextIO, layout: Layout, about: Mapping[str, Any]) -> None:
        self._out = out
        self._first = True
        self._places = {place.number: place for place in layout.places}
        head = {
            **about,
            "sheet_mm": list(layout.sheet),
            "columns": layout.columns,
            "rows": layout.rows,
            "turned": layout.turned,
            "trim_mm": list(layout.piece.trim),
        }
        out.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "sheets": [')

    def note(self, sheet: Sheet, files: Mapping[str, str]) -> None:
        """Write a sheet; `files` names each record's file."""
        places = [
            {
                "place": number + 1,
                "row": self._places[number].row + 1,
                "column": self._places[number].column + 1,
                "trim": _corners(self._places[number].trim),
                "record": record,
                "file": files.get(record),
            }
            for number, record in sorted(sheet.placed.items())
            if record
        ]
        said = {"sheet": sheet.number, "code": sheet.code, "batch": sheet.batch, "places": places}
        self._out.write(f"{'' if self._first else ','}\n  {json.dumps(said, ensure_ascii=False)}")
        self._first = False

    def finish(self, **rest: Any) -> None:
        """Close the document, with what is known only now."""
        more = "".join(f',\n "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in rest.items())
        self._out.write(f"\n ]{more}\n}}\n")


def _corners(box: Box) -> list[float]:
    return [round(length, 3) for length in (box.x, box.y, box.width, box.height)]


def reject_lines(unfit: Iterable[tuple[str, str, str]]) -> bytes:
    """Files that were left out as JSON Lines: file, reason, mend."""
    keys = ("file", "reason", "mend")
    lines = (json.dumps(dict(zip(keys, one, strict=True)), ensure_ascii=False) + "\n" for one in unfit)
    return "".join(lines).encode()
