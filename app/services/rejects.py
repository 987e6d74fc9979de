"""The list of refused records: JSON Lines, each with the file, the line, what is wrong and the mend."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Self

from app.pdf.batch.parts import Written


class Rejects:
    """A list that is being written; it gets to its place only when the run ends well."""

    def __init__(self, draft: Path, records: Path) -> None:
        """`draft` is where it is written first, `records` the file that it speaks of."""
        self._draft = draft
        self._name = records.name
        self._file = draft.open("wb")

    def __enter__(self) -> Self:
        """It is closed however the run ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """What was written stays among the run's parts."""
        self._file.close()

    def note(self, written: Written) -> None:
        """Write the refused records of a block."""
        for refused in written.refused:
            said = {"file": self._name, **asdict(refused)}
            self._file.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def settle(self, place: Path, *, any_refused: bool) -> None:
        """Put it where it belongs; where nothing was refused there is none."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if any_refused:
            self._draft.replace(place)
        else:
            self._draft.unlink()
            place.unlink(missing_ok=True)
