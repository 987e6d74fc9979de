"""Customers' photos: what is kept of each, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.domain.photo import PhotoFacts, StoredPhoto
from app.errors import NotFound
from app.store.sql import connected, lock_file
from app.store.tables import PhotoRow


class PhotoRepository:
    """The photos of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, master: str | None) -> None:
        """Wait until no other transaction keeps or forgets a photo with this file; held to the end."""
        lock_file(connected(self._session), master)

    def keep(self, photo: StoredPhoto) -> StoredPhoto:
        """Add a photo; one that is there already stays, but goes when the first of its orders says so.

        One that was gone is back; so is one whose time was over, though nobody has deleted it yet.
        """
        row = self._session.get(PhotoRow, (photo.brand, photo.id))
        if row is None:
            row = PhotoRow(brand=photo.brand, id=photo.id, **_values(photo))
            self._session.add(row)
        elif row.gone_at is not None or row.expires_at <= photo.came_at:
            for name, value in _values(photo).items():
                setattr(row, name, value)
        else:
            row.expires_at = min(row.expires_at, photo.expires_at)
        self._session.flush()
        return _photo(row)

    def get(self, brand: str, photo_id: str) -> StoredPhoto:
        """A photo that is there.

        Raises:
            NotFound: there is none, or none any more.
        """
        row = self._session.get(PhotoRow, (brand, photo_id))
        if row is None:
            raise NotFound(f"there is no photo {photo_id[:40]!r}", mend="send it with POST /v1/photos")
        if row.gone_at is not None:
            raise NotFound(
                f"the photo {photo_id} is gone since {row.gone_at:%Y-%m-%d}: {row.gone_why}",
                mend="send it again, with the customer's consent",
            )
        return _photo(row)

    def holds(self, brand: str, photo_id: str) -> bool:
        """Whether a photo is there, and stays until the transaction ends."""
        row = self._session.get(PhotoRow, (brand, photo_id))
        if row is None or row.master is None:
            return False
        self.one_at_a_time(row.master)
        self._session.refresh(row)
        return row.gone_at is None

    def brands_of(self, photo_id: str) -> tuple[str, ...]:
        """Whose photo it is: one brand, for an id is made of the brand as well."""
        return tuple(self._session.exec(select(PhotoRow.brand).where(PhotoRow.id == photo_id)))

    def expired(self, now: datetime, *, limit: int) -> tuple[StoredPhoto, ...]:
        """Photos that have to go by now."""
        rows = self._session.exec(
            select(PhotoRow)
            .where(col(PhotoRow.expires_at) <= now, col(PhotoRow.gone_at).is_(None))
            .order_by(col(PhotoRow.expires_at))
            .limit(limit)
        )
        return tuple(map(_photo, rows))

    def is_expired(self, photo: StoredPhoto, now: datetime) -> bool:
        """Whether a photo still has to go, as of this transaction."""
        self.one_at_a_time(photo.master)
        row = self._session.get(PhotoRow, (photo.brand, photo.id))
        return row is not None and row.gone_at is None and row.expires_at <= now

    def forget(self, photo: StoredPhoto, *, at: datetime, why: str) -> str | None:
        """Forget a photo but for when and why.

        Returns:
            The SHA-256 of its file where no other photo has the same; the caller deletes it.
        """
        self.one_at_a_time(photo.master)
        row = self._session.get(PhotoRow, (photo.brand, photo.id), populate_existing=True)
        if row is None or row.gone_at is not None:
            return None
        master = row.master
        row.master, row.gone_at, row.gone_why = None, at, why
        row.kind, row.profile, row.width, row.height, row.bytes = "", "", 0, 0, 0
        self._session.flush()
        if self._session.exec(select(PhotoRow.id).where(PhotoRow.master == master)).first():
            return None
        return master


def _values(photo: StoredPhoto) -> dict[str, Any]:
    return {
        "master": photo.master,
        "bytes": photo.bytes,
        "kind": photo.facts.kind,
        "width": photo.facts.size[0],
        "height": photo.facts.size[1],
        "frames": photo.facts.frames,
        "profile": photo.facts.profile,
        "came_at": photo.came_at,
        "expires_at": photo.expires_at,
        "gone_at": None,
        "gone_why": "",
    }


def _photo(row: PhotoRow) -> StoredPhoto:
    return StoredPhoto(
        brand=row.brand,
        id=row.id,
        master=row.master,
        bytes=row.bytes,
        facts=PhotoFacts(kind=row.kind, size=(row.width, row.height), frames=row.frames, profile=row.profile),
        came_at=row.came_at,
        expires_at=row.expires_at,
        gone_at=row.gone_at,
        gone_why=row.gone_why,
    )
