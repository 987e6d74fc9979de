"""Which stored files anything in the database still names."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.store.sql import connected, lock_file
from app.store.tables import AWAITING_PHOTO, ArtifactRow, ItemRow, PhotoRow


class LeftoverRepository:
    """What of the stored files is in use, as of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, sha256: str) -> None:
        """Wait until no other transaction names this file or deletes it; held to the transaction's end."""
        lock_file(connected(self._session), sha256)

    def named(self, files: Collection[str]) -> set[str]:
        """Those of the files, by SHA-256, that are a print file, a photo or a photo in the spool."""
        queries = (
            select(ArtifactRow.sha256).where(col(ArtifactRow.sha256).in_(files)),
            select(PhotoRow.master).where(col(PhotoRow.master).in_(files)),
            select(ItemRow.spooled).where(text(AWAITING_PHOTO), col(ItemRow.spooled).in_(files)),
        )
        return {name for query in queries for name in self._session.exec(query) if name}
