"""A folder that the press or its front end watches.

What appears there is `NAME.pdf`, then the tickets that are asked for, `NAME.xjdf` before `NAME.json`, each
whole at once. A watcher that waits for a ticket therefore finds the PDF complete. Where pieces are sorted
into sub-folders, one that no rule is about is refused: a card on the wrong stock is worse than none.

Exactly one card, whatever happens. A rename is the one step that the press can see, and it cannot be undone,
so each file is first written under a hidden name in the same folder. Then a *record* is made in tipin's own
data folder, which names the three hidden files; then they are renamed. From the record on,

* a hidden file that is still there has not been handed over: renaming it is safe;
* a hidden file that is gone *was* renamed, even if the press has taken it away since.

So a run after a crash knows how far the last one came without asking the press, and a run after success does
nothing. Two workers that hold the same ticket (one paused, one that took over) cannot both hand it over: the
record is made by a hard link, which only one of them can win; the loser follows the winner's record.

What remains uncertain: someone removes the hidden files between record and rename. That shows where the PDF
is gone while its ticket still waits, and is reported as SubmissionUncertain; where all three are gone it
looks as if the press had taken them. A watcher must not touch names that begin with a dot.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.domain.clock import SystemClock
from app.domain.piece import PieceMatch, size_in_words
from app.domain.ticket import Condition, Progress, Receipt, SilentTarget, Ticket
from app.errors import SubmissionUncertain, TargetRefused, TargetUnavailable
from app.settings import PieceSettings
from app.store.artifacts import make_folder, sync_folder, write_new
from app.wire.result_files import read_result
from app.wire.stored_pdf import read_stored
from app.wire.ticket_json import ticket_json
from app.wire.xjdf import ticket_xjdf

_TICKETS = {"xjdf": ticket_xjdf, "json": ticket_json}
_SUFFIXES = (".pdf", ".xjdf", ".json")
"""In the order of their appearance."""


def _inside(folder: str) -> str:
    """The name of a folder inside another one.

    Raises:
        ValueError: it leads out, or watchers pass it over.
    """
    if not folder or any(part in {"", ".", ".."} or part.startswith(".") for part in folder.split("/")):
        raise ValueError(f"{folder!r} is no folder inside the hot folder; write it as A or A/B")
    if "\\" in folder or not folder.isprintable():
        raise ValueError(f"{folder!r} holds a character that folders should not have")
    return folder


class FolderSettings(BaseModel):
    """A sub-folder, and which pieces go into it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Annotated[str, AfterValidator(_inside)] = Field(
        description="Its path inside the hot folder; it must exist."
    )
    when: PieceSettings = Field(PieceSettings(), description="Which pieces: by stock, size, product …")


class HotFolderOptions(BaseModel):
    """What a hot folder can be set to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path | None = Field(
        None,
        description="The watched folder; it must exist. Empty: `hot-folder` in the data folder.",
    )
    folders: tuple[FolderSettings, ...] = Field(
        (),
        description="Sub-folders: the first whose `when` holds is taken, and a piece that none is about is "
        "refused. Empty: everything goes into the folder itself.",
    )
    results: Path | None = Field(
        None,
        description="Folder where the press's workflow tells what became of NAME, in NAME.json or a "
        "message of CIP4's; empty: it does not tell.",
    )
    tickets: frozenset[Literal["xjdf", "json"]] = Field(
        frozenset({"xjdf", "json"}),
        min_length=1,
        description="The tickets beside each PDF: xjdf, json or both.",
    )


@dataclass(frozen=True, slots=True)
class Record:
    """That a ticket was handed over, or is about to be: the marker of its hidden files, and of which PDF.

    It keeps the sub-folder and the files' endings too, so that new settings do not change what was begun.
    """

    marker: str
    sha256: str
    folder: str = ""
    suffixes: tuple[str, ...] = _SUFFIXES


class HotFolder(SilentTarget):
    """A target that is a folder."""

    def __init__(self, folder: Path, records: Path, options: HotFolderOptions) -> None:
        self._folder = folder
        self._records = records
        self._results = options.results
        self._sorted: tuple[tuple[PieceMatch, str], ...] = tuple(
            (each.when.as_match(), each.folder) for each in options.folders
        )
        self._suffixes = tuple(
            suffix for suffix in _SUFFIXES if suffix == ".pdf" or suffix[1:] in options.tickets
        )

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Put the PDF and its tickets into the folder, once."""
        try:
            record = self._record_of(ticket) or self._stage(ticket, read_stored(ticket, pdf))
            self._show(ticket, record)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise TargetUnavailable(
                f"{error.filename or self._folder} cannot be written: {why}",
                mend="check that it is mounted, writable and not full; the card is tried again by itself",
            ) from error
        return Receipt(reference=f"{ticket.name}.pdf", followed=self._results is not None)

    def progress(self, name: str, reference: str) -> Progress:
        """What the results folder says of a ticket."""
        if self._results is None:
            return super().progress(name, reference)
        return read_result(self._results, name, now=SystemClock().now())

    def condition(self) -> Condition:
        """Whether the folder can be written into."""
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise TargetUnavailable(
                f"{self._folder} is not there or cannot be written",
                mend="check that it is mounted and writable",
            )
        return Condition()

    def _record_of(self, ticket: Ticket) -> Record | None:
        try:
            said = json.loads(self._record_path(ticket).read_bytes())
        except FileNotFoundError:
            return None
        record = Record(**{**said, "suffixes": tuple(said.get("suffixes", _SUFFIXES))})
        if record.sha256 != ticket.sha256:
            raise TargetRefused(
                f"{ticket.name} was handed over before with another file",
                mend="reprint it as a new generation",
            )
        return record

    def _stage(self, ticket: Ticket, pdf: bytes) -> Record:
        record = Record(
            marker=secrets.token_hex(8),
            sha256=ticket.sha256,
            folder=self._folder_of(ticket),
            suffixes=self._suffixes,
        )
        try:
            for suffix in record.suffixes:
                content = pdf if suffix == ".pdf" else _TICKETS[suffix[1:]](ticket)
                write_new(self._hidden(ticket, record, suffix), content)
            sync_folder(self._place(record))
            won = self._make_record(ticket, record)
        except BaseException:
            # Without a record these files mean nothing; named by one (a late error), they must stay.
            if self._record_of(ticket) != record:
                self._drop(self._hidden(ticket, record, suffix) for suffix in record.suffixes)
            raise
        # Whatever else is hidden under this name lost to the record, or was left by a kill before it.
        kept = {self._hidden(ticket, won, suffix) for suffix in won.suffixes}
        self._drop(path for path in self._place(record).glob(f".{ticket.name}.*") if path not in kept)
        return won

    def _folder_of(self, ticket: Ticket) -> str:
        """The sub-folder that a ticket belongs into; empty for the folder itself."""
        if not self._sorted:
            return ""
        piece = ticket.piece(SystemClock().now())
        for match, folder in self._sorted:
            if match.takes(piece):
                return folder
        raise TargetRefused(
            f"no sub-folder of {self._folder} is for a piece of {piece.design!r} on {piece.stock!r}, "
            f"{size_in_words(piece.size)}",
            mend="name one in the target's option `folders`, or send such pieces elsewhere by a route",
        )

    def _make_record(self, ticket: Ticket, record: Record) -> Record:
        """Make the record, or return the one that another worker made first."""
        path = self._record_path(ticket)
        make_folder(path.parent)
        own = path.with_name(f".{path.name}.{record.marker}")
        write_new(own, json.dumps(asdict(record)).encode())
        try:
            os.link(own, path)
        except FileExistsError:
            pass
        finally:
            own.unlink()
        sync_folder(path.parent)
        return self._record_of(ticket) or record

    def _show(self, ticket: Ticket, record: Record) -> None:
        pdf, *tickets = (self._hidden(ticket, record, suffix) for suffix in record.suffixes)
        if (
            not pdf.exists()
            and not self._shown(ticket, record, ".pdf").exists()
            and all(each.exists() for each in tickets)
        ):
            raise SubmissionUncertain(
                f"{ticket.name}.pdf left {self._place(record)} before its ticket came",
                mend="look whether the press has the card; then mark it as printed or reprint it",
            )
        for suffix in record.suffixes:
            try:
                self._hidden(ticket, record, suffix).rename(self._shown(ticket, record, suffix))
            except FileNotFoundError:
                continue  # renamed by an earlier run, or by another worker just now
        sync_folder(self._place(record))

    @staticmethod
    def _drop(paths: Iterable[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    def _place(self, record: Record) -> Path:
        return self._folder / record.folder

    def _hidden(self, ticket: Ticket, record: Record, suffix: str) -> Path:
        return self._place(record) / f".{ticket.name}.{record.marker}{suffix}"

    def _shown(self, ticket: Ticket, record: Record, suffix: str) -> Path:
        return self._place(record) / f"{ticket.name}{suffix}"

    def _record_path(self, ticket: Ticket) -> Path:
        return self._records / ticket.name[-4:] / ticket.name


class HotFolderDriver:
    """Makes hot folders."""

    code = "hot_folder"
    title = "Hot folder"
    options = HotFolderOptions

    def make(self, options: HotFolderOptions, data_dir: Path) -> HotFolder:
        """A hot folder; only tipin's own default one is made where it is missing.

        A folder named in the settings is usually a mount: made by tipin it would hide that the mount is gone.
        """
        folder = options.folder
        if folder is None:
            folder = data_dir / "hot-folder"
            folder.mkdir(parents=True, exist_ok=True)
        place = hashlib.blake2b(os.fsencode(folder.absolute()), digest_size=6).hexdigest()
        return HotFolder(folder, data_dir / "handed-over" / place, options)


PLUGIN = HotFolderDriver()
