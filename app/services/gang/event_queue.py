"""Pictures as they come into a folder, on sheets of one product: at events, where people wait for theirs.

Nothing is kept but files, so that it may be killed at any moment. A picture stays in the folder until the
sheet that shows it is in its place; then it goes to `done`, one that cannot be printed to `refused`. A
sheet's list of positions names its pictures by name and bytes: after a kill in between, what is on a sheet
already is not printed again.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from app.domain.clock import Clock
from app.domain.photo import Crop
from app.domain.product import Product
from app.errors import TipinError
from app.pdf.impose.layout import lay_out
from app.pdf.imprint import Imprint
from app.pdf.item import product_piece
from app.services.gang.files import GangFiles, Wish
from app.services.gang.positions import reject_lines
from app.services.print_photo import Item, known_by
from app.store.artifacts import write_durably

SETTLED = timedelta(seconds=2)
"""How long a file stays as it is before it is taken for whole."""
_UNFINISHED = frozenset({".part", ".tmp", ".crdownload", ".partial", ".filepart"})
_SHOWN = 16
"""Hexadecimal digits of the digest of a picture's name and bytes, by which sheets know it."""


@dataclass(slots=True)
class _Seen:
    """A file as it was found; `since` it has been so."""

    size: int
    changed: int
    since: datetime


@dataclass(frozen=True, slots=True)
class _Ready:
    """A picture that is an item, and waits for a sheet."""

    picture: Path
    pdf: Path
    since: datetime


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one look at the folder brought: sheets, pictures refused with the reason, how many wait."""

    sheets: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...]
    waiting: int


class Prints(Protocol):
    """What makes items of photos; `PrintPhoto` does."""

    def __call__(
        self,
        photo: bytes,
        product: str,
        *,
        key: str,
        made_at: datetime,
        crop: Crop | None = None,
        imprint: Imprint = ...,
    ) -> Item:
        """The item of a photo; raises PhotoUnusable or PreflightFailed."""
        ...


class EventQueue:
    """Watches one folder for one product."""

    def __init__(
        self,
        *,
        folder: Path,
        out: Path,
        product: Product,
        printer: Prints,
        gang: GangFiles,
        sheet_after: timedelta,
        clock: Clock,
        crop: Crop | None = None,
        workers: int = 2,
    ) -> None:
        """Take up what an earlier run left.

        Args:
            folder: where pictures come.
            out: where sheets go, with their lists; items wait in a folder of it.
            product: what they are printed on.
            printer: makes items.
            gang: makes sheets.
            sheet_after: how long the first picture of a sheet waits for others.
            clock: tells the time.
            crop: a person's, for all pictures.
            workers: pictures at once.
        """
        self._folder, self._out, self._product = folder, out, product
        self._printer, self._gang = printer, gang
        self._sheet_after, self._clock = sheet_after, clock
        self._crop, self._workers = crop, workers
        self._items = out / "items"
        self._seen: dict[Path, _Seen] = {}
        self._ready: dict[str, _Ready] = {}
        places = lay_out(
            product.gang.sheet,
            product.gang.margin,
            product_piece(product),
            product.gang.gap,
        ).count
        self._each = max(1, places // product.places)
        """Pictures of a full sheet."""
        self._items.mkdir(parents=True, exist_ok=True)
        self._on_sheets = set(self._listed())

    def tick(self) -> Ticked:
        """Look at the folder once: print what is whole, and make the sheets that are due."""
        now = self._clock.now()
        refused = self._print(self._settled(now), now)
        sheets: list[Path] = []
        while self._is_due(now):
            made, left_out = self._sheet()
            sheets += made
            refused += left_out
        return Ticked(tuple(sheets), tuple(refused), len(self._ready))

    def _is_due(self, now: datetime) -> bool:
        """Whether a sheet is full, or its first picture has waited long enough."""
        if len(self._ready) >= self._each:
            return True
        return any(now - one.since >= self._sheet_after for one in self._ready.values())

    def _settled(self, now: datetime) -> list[Path]:
        """The pictures that have stayed as they are for a while and do not wait yet, oldest name first."""
        waiting = {one.picture for one in self._ready.values()}
        found: dict[Path, _Seen] = {}
        for path in sorted(self._folder.iterdir()):
            if path.name.startswith(".") or path.suffix.lower() in _UNFINISHED or path in waiting:
                continue
            try:
                said = path.lstat()
            except FileNotFoundError:
                continue
            if not stat.S_ISREG(said.st_mode) or not said.st_size:
                continue
            before = self._seen.get(path)
            same = before is not None and (before.size, before.changed) == (said.st_size, said.st_mtime_ns)
            found[path] = before if before and same else _Seen(said.st_size, said.st_mtime_ns, now)
        self._seen = found
        return [path for path, seen in found.items() if now - seen.since >= SETTLED]

    def _print(self, pictures: list[Path], now: datetime) -> list[tuple[Path, str]]:
        """Make items of pictures; gives those that cannot be, with the reason."""
        refused: list[tuple[Path, str]] = []
        with ThreadPoolExecutor(self._workers) as pool:
            for path, made in zip(pictures, pool.map(self._item, pictures), strict=True):
                if isinstance(made, TipinError):
                    refused.append(self._refused(path, made.detail, made.mend))
                elif made is not None:
                    digest, pdf = made
                    if digest in self._ready or digest in self._on_sheets:
                        self._put_away(path, "done")
                    else:
                        self._ready[digest] = _Ready(path, pdf, now)
        return refused

    def _item(self, path: Path) -> tuple[str, Path] | TipinError | None:
        """The item of a picture, and the picture's digest; None where it went away or cannot be read yet."""
        try:
            data, made_at = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            return None
        digest = hashlib.sha256(path.name.encode("utf-8", "surrogateescape") + data).hexdigest()[:_SHOWN]
        pdf = self._items / digest / f"{path.stem}.pdf"
        try:
            item = self._printer(
                data,
                self._product.name,
                key=digest,
                made_at=made_at,
                crop=self._crop,
                imprint=known_by(digest),
            )
        except TipinError as error:
            return error
        pdf.parent.mkdir(exist_ok=True)
        write_durably(pdf, item.pdf)
        return digest, pdf

    def _sheet(self) -> tuple[list[Path], list[tuple[Path, str]]]:
        """Make the next sheet, of what has waited longest; gives what it had to leave out, too."""
        chosen = dict(list(self._ready.items())[: self._each])
        out = self._out / f"{self._product.name}-{self._next():05}.pdf"
        wish = Wish(
            files=[one.pdf for one in chosen.values()],
            out=out,
            rejects=out.with_suffix(".rejects.jsonl"),
            positions=out.with_suffix(".json"),
            product=self._product,
        )
        made = self._gang(wish)
        left_out = {one.path: one for one in made.unfit}
        refused: list[tuple[Path, str]] = []
        for digest, one in chosen.items():
            unfit = left_out.get(one.pdf)
            if unfit is not None:
                refused.append(self._refused(one.picture, unfit.reason, unfit.mend))
            else:
                self._on_sheets.add(digest)
                self._put_away(one.picture, "done")
            one.pdf.unlink(missing_ok=True)
            one.pdf.parent.rmdir()
            del self._ready[digest]
        return [out] if made.sheets else [], refused

    def _next(self) -> int:
        """The number after that of the last sheet."""
        taken = (path.stem.rpartition("-")[2] for path in self._out.glob(f"{self._product.name}-*.pdf"))
        return max((int(number) for number in taken if number.isdecimal()), default=0) + 1

    def _listed(self) -> Iterator[str]:
        """The digests of all pictures on earlier sheets."""
        for path in self._out.glob(f"{self._product.name}-*.json"):
            if not path.with_suffix(".pdf").exists():
                continue
            for sheet in json.loads(path.read_text("utf-8"))["sheets"]:
                for place in sheet["places"]:
                    yield Path(place["file"]).parent.name

    def _put_away(self, path: Path, where: str) -> None:
        folder = self._folder / where
        folder.mkdir(exist_ok=True)
        place, again = folder / path.name, 2
        while place.exists():
            place, again = folder / f"{path.stem}~{again}{path.suffix}", again + 1
        path.rename(place)
        self._seen.pop(path, None)

    def _refused(self, path: Path, reason: str, mend: str) -> tuple[Path, str]:
        with (self._out / "refused.jsonl").open("ab") as listed:
            listed.write(reject_lines([(path.name, reason, mend)]))
        self._put_away(path, "refused")
        return path, reason
