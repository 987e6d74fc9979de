"""Renders a file of records as one print-ready file: each is on its pages or in the list of rejects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

from app.domain.brand import Brand
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import PreflightFailed, RecordsUnreadable, WrongState
from app.pdf.batch.parts import Parts
from app.pdf.batch.run import Made, Order, make_file
from app.registry.fonts import FontLibrary
from app.services.record_cards import OWN_FIELDS
from app.services.record_file import RecordFile
from app.services.record_run import plan_run
from app.services.rejects import Rejects

_DRAWN = 8
"""Records of a sample besides the first of each kind, the first and the last of all."""


class Thoroughness(StrEnum):
    """Whose content is looked at before a file may leave. Its structure always is."""

    STRUCTURE = "structure"
    """Nobody's."""
    SAMPLE = "sample"
    """Of the first record of each brand, occasion and language, the first and last of all, and some drawn."""
    ALL = "all"


class Report(Protocol):
    """What the preflight found."""

    @property
    def passed(self) -> bool:
        """Whether the file may leave."""
        ...

    def require_passed(self) -> None:
        """Nothing where it may; raises PreflightFailed."""
        ...

    def document(self) -> dict[str, Any]:
        """The report as JSON."""
        ...


class Preflight(Protocol):
    """What a file must pass before it may leave."""

    def __call__(
        self, pdf: Path, profile: PressProfile, *, safe: float | None, pages: Collection[int] | None
    ) -> Report:
        """Check a file's structure, and the content of some pages (from 1) or of all."""
        ...


class Progress(Protocol):
    """Is told how far a run is."""

    def begin(self, what: str, total: int | None) -> None:
        """A stage begins, of so many records where that is known."""
        ...

    def advance(self, count: int) -> None:
        """So many more records are done."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be rendered. `profile` has the standard that the file is to keep."""

    records: Path
    template: CardTemplate
    brand: str | None
    profile: PressProfile
    out: Path
    rejects: Path
    workers: int
    thoroughness: Thoroughness


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What came of a run. `report` is None where no record became a card, and there is no file."""

    records: int
    refused: int
    pages: int
    looked_at: tuple[int, ...] | None
    """Pages whose content was checked, from 1; None for all."""
    resumed: int
    """Blocks that an earlier run had made, of `blocks`."""
    blocks: int
    thrown_away: bool
    """Whether an unfinished run of another input, template, option or program was thrown away."""
    report: Report | None

    def document(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "records": self.records,
            "cards": self.records - self.refused,
            "refused": self.refused,
            "pages": self.pages,
            "content_looked_at": "all pages" if self.looked_at is None else list(self.looked_at),
            "preflight": self.report.document() if self.report else None,
        }


class RenderRecords:
    """Renders files of records with the plant's brands and fonts."""

    def __init__(
        self, *, brands: Mapping[str, Brand], fonts: FontLibrary, preflight: Preflight, secret: bytes
    ) -> None:
        """Take what runs have in common.

        Args:
            brands: in force, by code.
            fonts: that cards are set in.
            preflight: what a file must pass.
            secret: the plant's own key; bench codes and handwriting come from it.
        """
        self._brands = brands
        self._fonts = fonts
        self._preflight = preflight
        self._secret = secret

    def __call__(self, wish: Wish, progress: Progress) -> Rendered:
        """Render a file of records. Run again after a crash it goes on, and the bytes are the same.

        Raises:
            RecordsUnreadable: the file as a whole cannot be used.
            ArtworkUnusable: a signature cannot be read.
            PreflightFailed: the finished file fails; it stays among its parts, to be looked at.
            WrongState: another process makes the same file, or the records were changed meanwhile.
            OSError: a file cannot be read or written.
        """
        file = RecordFile.open(wish.records)
        _check_columns(file, wish.template)
        before = wish.records.stat()
        parts = Parts.beside(wish.out)
        with parts.held():
            progress.begin("Reading", None)
            order, found = plan_run(
                file,
                template=wish.template,
                brands=self._brands,
                brand=wish.brand,
                profile=wish.profile,
                fonts=self._fonts,
                secret=self._secret,
                parts=parts,
                workers=wish.workers,
            )
            if not found.records:
                parts.remove()
                raise RecordsUnreadable(f"{wish.records} holds no record", mend="write one record a line")
            with Rejects(parts.folder / "rejects.jsonl", wish.records) as rejects:
                progress.begin("Rendering", found.records)
                made = make_file(parts, order, on_block=rejects.note, on_progress=progress.advance)
                after = wish.records.stat()
                if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
                    detail = f"{wish.records} was changed while it was read"
                    raise WrongState(detail, mend="run the command again")
                rendered = self._check(wish, order, made, progress)
                rejects.settle(wish.rejects, any_refused=bool(made.refused))
            if rendered.report is not None:
                made.path.replace(wish.out)
            parts.remove()
        return rendered

    def _check(self, wish: Wish, order: Order, made: Made, progress: Progress) -> Rendered:
        sides, report, looked_at = len(wish.template.sides), None, None
        if made.total:
            chosen = chosen_records(made, wish.thoroughness, order.identity.key)
            if chosen is not None:
                looked_at = tuple(record * sides + side + 1 for record in chosen for side in range(sides))
            progress.begin("Checking", None)
            report = self._preflight(made.path, wish.profile, safe=wish.template.safe, pages=looked_at)
            _require_passed(report, made.path)
        return Rendered(
            records=made.total + made.refused,
            refused=made.refused,
            pages=made.total * sides,
            looked_at=looked_at,
            resumed=made.resumed,
            blocks=made.numbers.blocks,
            thrown_away=made.thrown_away,
            report=report,
        )


def _require_passed(report: Report, kept: Path) -> None:
    try:
        report.require_passed()
    except PreflightFailed as error:
        detail = f"{error.detail}; the file was kept at {kept}"
        raise PreflightFailed(detail, mend=error.mend, violations=error.violations) from error


def chosen_records(made: Made, thoroughness: Thoroughness, key: str) -> list[int] | None:
    """The records whose content is looked at, from 0: the same for the same document. None for all."""
    if thoroughness is Thoroughness.ALL:
        return None
    if thoroughness is Thoroughness.STRUCTURE:
        return []
    before = list(accumulate(made.records, initial=0))
    seeds = (hashlib.blake2b(f"{key} {draw}".encode(), digest_size=8).digest() for draw in range(_DRAWN))
    drawn = {int.from_bytes(seed, "big") % made.total for seed in seeds}
    firsts = {before[block] + place for block, place in made.firsts.values()}
    return sorted({0, made.total - 1} | drawn | firsts)


def _check_columns(file: RecordFile, template: CardTemplate) -> None:
    """A column that nothing reads is a slip that would be repeated in every record.

    Raises:
        RecordsUnreadable: the CSV has one.
    """
    known = {*OWN_FIELDS, *template.slot_types}
    if strange := [column for column in file.columns or () if column not in known]:
        raise RecordsUnreadable(
            f"{file.path}, line 1: {strange[0]!r} is no slot of {template.name}",
            mend=f"known columns are {', '.join(sorted(known))}",
        )


def example_record(template: CardTemplate) -> str:
    """One record as a line of a JSON Lines file, made of the template's first sample."""
    sample = template.samples[0]
    record = {
        "id": "A-4711",
        "language": sample.language,
        "url": "https://example.com/i/A-4711",
        "occasion": sample.occasion,
        "slots": dict(sample.slots),
    }
    return json.dumps(record, ensure_ascii=False)
