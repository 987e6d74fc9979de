"""One import of a history file: where it stands, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ImportState(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    """The file is here; nobody has said yet how it is read."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """The file as a whole could not be read to its end; what was read stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import came. `rows` is where it goes on after a break."""

    rows: int = 0
    read: int = 0
    """Bytes of the file."""
    new: int = 0
    known: int = 0
    """Orders that were there already, and stay as they are."""
    skipped: int = 0
    """What by its status never became an order."""
    rejected: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Why → how many orders were refused for it; no cell's text is part of a reason."""
    rejects: int = 0
    """Bytes of the file of rejects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryImport:
    """An import. `received_at` is the moment at which its orders came to tipin."""

    id: str
    brand: str
    state: ImportState
    fingerprint: str
    """SHA-256 of the file."""
    size: int
    """Bytes of the file."""
    mapping: str
    """As the text of a `MAP.toml`; empty while nobody chose one."""
    made_at: datetime
    received_at: datetime
    ended_at: datetime | None = None
    progress: Progress = Progress()
    problem: str = ""
    """What ended a failed one."""
