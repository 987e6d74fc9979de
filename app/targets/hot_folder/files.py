"""Puts a ticket's files into a watched folder, each whole at once, and all of them once; and takes them back.

Exactly one card, whatever happens. A rename is the one step that the press can see, and it cannot be undone,
so each file is first written under a hidden name in the same folder. Then a *record* is made in tipin's own
data folder, which names the hidden files; then they are renamed. From the record on,

* a hidden file that is still there has not been handed over: renaming it is safe;
* a hidden file that is gone *was* renamed, even if the press has taken it away since.

So a run after a crash knows how far the last one came without asking the press, and a run after success does
nothing. Two workers that hold the same ticket (one paused, one that took over) cannot both hand it over: the
record is made by a hard link, which only one of them can win; the loser follows the winner's record.

What remains uncertain: someone removes the hidden files between record and rename. That shows where the PDF
is gone while its tickets still wait, and is reported as SubmissionUncertain; where all are gone it looks as
if the press had taken them. A watcher must not touch names that begin with a dot.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from app.domain.ticket import Ticket
from app.errors import SubmissionUncertain, TargetRefused
from app.store.artifacts import make_folder, sync_folder, write_new

SUFFIXES = (".pdf", ".xjdf", ".json")
"""In the order of their appearance; of a piece's files the last is what a watcher waits for."""


@dataclass(frozen=True, slots=True)
class Record:
    """That a ticket was handed over, or is about to be: the marker of its hidden files, and of which PDF.

    It keeps the sub-folder and the files' endings too, so that new settings do not change what was begun.
    """

    marker: str
    sha256: str
    folder: str = ""
    suffixes: tuple[str, ...] = SUFFIXES


class WatchedFolder:
    """A folder that a press watches, with the records of what was put there."""

    def __init__(self, folder: Path, records: Path) -> None:
        self.path = folder
        self._records = records

    def record_of(self, ticket: Ticket) -> Record | None:
        """The record of a ticket that was begun before.

        Raises:
            TargetRefused: it was begun with another PDF.
        """
        record = self._record(ticket.name)
        if record is not None and record.sha256 != ticket.sha256:
            raise TargetRefused(
                f"{ticket.name} was handed over before with another file",
                mend="reprint it as a new generation",
            )
        return record

    def stage(self, ticket: Ticket, files: Mapping[str, bytes], folder: str) -> Record:
        """Write a ticket's files under hidden names, and the record that makes them its own.

        Args:
            ticket: whose they are.
            files: their contents by suffix, in the order of their appearance.
            folder: the sub-folder; empty for the folder itself.
        """
        record = Record(secrets.token_hex(8), ticket.sha256, folder, tuple(files))
        try:
            for suffix, content in files.items():
                write_new(self._hidden(ticket.name, record, suffix), content)
            sync_folder(self._place(record))
            won = self._make_record(ticket, record)
        except BaseException:
            # Without a record these files mean nothing; named by one (a late error), they must stay.
            if self.record_of(ticket) != record:
                _drop(self._hidden(ticket.name, record, suffix) for suffix in record.suffixes)
            raise
        # Whatever else is hidden under this name lost to the record, or was left by a kill before it.
        kept = {self._hidden(ticket.name, won, suffix) for suffix in won.suffixes}
        _drop(path for path in self._place(record).glob(f".{ticket.name}.*") if path not in kept)
        return won

    def show(self, ticket: Ticket, record: Record) -> None:
        """Let a ticket's files appear.

        Raises:
            SubmissionUncertain: somebody took the PDF out of its hiding.
        """
        pdf, *tickets = (self._hidden(ticket.name, record, suffix) for suffix in record.suffixes)
        if (
            not pdf.exists()
            and not self._shown(ticket.name, record, ".pdf").exists()
            and all(each.exists() for each in tickets)
        ):
            raise SubmissionUncertain(
                f"{ticket.name}.pdf left {self._place(record)} before its ticket came",
                mend="look whether the press has the card; then mark it as printed or reprint it",
            )
        for suffix in record.suffixes:
            try:
                self._hidden(ticket.name, record, suffix).rename(self._shown(ticket.name, record, suffix))
            except FileNotFoundError:
                continue  # renamed by an earlier run, or by another worker just now
        sync_folder(self._place(record))

    def take_back(self, name: str) -> bool:
        """Take the files of the ticket of this name away again; whether they all were there still.

        The last one goes first, for it is what a watcher waits for; where one is gone already, those before
        it are put back.
        """
        record = self._record(name)
        if record is None:
            return False
        ways = [
            (self._shown(name, record, suffix), self._away(name, record, suffix))
            for suffix in reversed(record.suffixes)
        ]
        is_back = self._record_path(name).with_suffix(".back")
        if not is_back.exists():
            if not _move_all(ways):
                return False
            # From here on whoever asks again is told the same, also after a crash.
            is_back.touch()
        _drop(away for _, away in ways)
        sync_folder(self._place(record))
        return True

    def _record(self, name: str) -> Record | None:
        try:
            said = json.loads(self._record_path(name).read_bytes())
        except FileNotFoundError:
            return None
        return Record(**{**said, "suffixes": tuple(said.get("suffixes", SUFFIXES))})

    def _make_record(self, ticket: Ticket, record: Record) -> Record:
        """Make the record, or return the one that another worker made first."""
        path = self._record_path(ticket.name)
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
        return self.record_of(ticket) or record

    def _place(self, record: Record) -> Path:
        return self.path / record.folder

    def _hidden(self, name: str, record: Record, suffix: str) -> Path:
        return self._place(record) / f".{name}.{record.marker}{suffix}"

    def _shown(self, name: str, record: Record, suffix: str) -> Path:
        return self._place(record) / f"{name}{suffix}"

    def _away(self, name: str, record: Record, suffix: str) -> Path:
        """Where a file is while it is taken back: hidden, and none that waits to be shown."""
        return self._place(record) / f".{name}.{record.marker}{suffix}.back"

    def _record_path(self, name: str) -> Path:
        return self._records / name[-4:] / name


def _move_all(ways: Iterable[tuple[Path, Path]]) -> bool:
    """Rename files, all of them or none; whether they were there. One that is there already came before."""
    done: list[tuple[Path, Path]] = []
    for here, there in ways:
        try:
            if not there.exists():
                here.rename(there)
        except FileNotFoundError:
            for back, moved in reversed(done):
                moved.rename(back)
            return False
        done.append((here, there))
    return True


def _drop(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
