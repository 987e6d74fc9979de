"""A folder that the press or its front end watches.

What appears there is `NAME.pdf`, then the tickets that are asked for, `NAME.xjdf` before `NAME.json`, each
whole at once. A watcher that waits for a ticket therefore finds the PDF complete. Where pieces are sorted
into sub-folders, one that no rule is about is refused: a card on the wrong stock is worse than none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.domain.clock import SystemClock
from app.domain.piece import PieceMatch, size_in_words
from app.domain.ticket import Condition, Progress, Receipt, SilentTarget, Ticket
from app.errors import TargetRefused, TargetUnavailable
from app.settings import PieceSettings
from app.targets.hot_folder.files import SUFFIXES, Record, WatchedFolder
from app.wire.result_files import read_result
from app.wire.stored_pdf import read_stored
from app.wire.ticket_json import ticket_json
from app.wire.xjdf import ticket_xjdf

_TICKETS: Mapping[str, Callable[[Ticket], bytes]] = {".xjdf": ticket_xjdf, ".json": ticket_json}


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


class HotFolder(SilentTarget):
    """A target that is a folder."""

    def __init__(self, folder: WatchedFolder, options: HotFolderOptions) -> None:
        self._folder = folder
        self._results = options.results
        self._sorted: tuple[tuple[PieceMatch, str], ...] = tuple(
            (each.when.as_match(), each.folder) for each in options.folders
        )
        self._tickets = {
            suffix: _TICKETS[suffix] for suffix in SUFFIXES if suffix.removeprefix(".") in options.tickets
        }

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Put the PDF and its tickets into the folder, once."""
        try:
            record = self._folder.record_of(ticket) or self._stage(ticket, pdf)
            self._folder.show(ticket, record)
        except OSError as error:
            raise self._unwritable(error) from error
        return Receipt(reference=f"{ticket.name}.pdf", followed=self._results is not None)

    def progress(self, name: str, reference: str) -> Progress:
        """What the results folder says of a ticket."""
        if self._results is None:
            return super().progress(name, reference)
        return read_result(self._results, name, now=SystemClock().now())

    def cancel(self, name: str, reference: str) -> bool:  # noqa: ARG002 -- the record knows the files
        """Take the files out of the folder again; whether they all were there still.

        A press that has begun to read the PDF may print it all the same: the bench stops such a piece.
        """
        try:
            return self._folder.take_back(name)
        except OSError as error:
            raise self._unwritable(error) from error

    def condition(self) -> Condition:
        """Whether the folder can be written into."""
        path = self._folder.path
        if not path.is_dir():
            raise TargetUnavailable(
                f"there is no folder {path}: mount it, or make it by hand",
                mend="tipin makes no folder that the settings name: that would hide that a mount is gone",
            )
        if not os.access(path, os.W_OK | os.X_OK):
            raise TargetUnavailable(f"{path} cannot be written", mend="make it writable for tipin")
        return Condition()

    def _stage(self, ticket: Ticket, pdf: Path) -> Record:
        files = {".pdf": read_stored(ticket, pdf)}
        files |= {suffix: write(ticket) for suffix, write in self._tickets.items()}
        return self._folder.stage(ticket, files, self._folder_of(ticket))

    def _folder_of(self, ticket: Ticket) -> str:
        """The sub-folder that a ticket belongs into; empty for the folder itself."""
        if not self._sorted:
            return ""
        piece = ticket.piece(SystemClock().now())
        for match, folder in self._sorted:
            if match.takes(piece):
                return folder
        raise TargetRefused(
            f"no sub-folder of {self._folder.path} is for a piece of {piece.design!r} on {piece.stock!r}, "
            f"{size_in_words(piece.size)}",
            mend="name one in the target's option `folders`, or send such pieces elsewhere by a route",
        )

    def _unwritable(self, error: OSError) -> TargetUnavailable:
        why = error.strerror or type(error).__name__
        return TargetUnavailable(
            f"{error.filename or self._folder.path} cannot be written: {why}",
            mend="check that it is mounted, writable and not full; the card is tried again by itself",
        )


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
        return HotFolder(WatchedFolder(folder, data_dir / "handed-over" / place), options)


PLUGIN = HotFolderDriver()
