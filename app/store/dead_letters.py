"""Bodies that could not be understood, kept whole so that nothing received is lost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.domain.access import ALL_BRANDS
from app.errors import NotFound
from app.store.sql import connected, lock
from app.store.tables import DeadLetterRow

_SHORTEST_PHOTO = 1000
_PHOTO = re.compile(rb"[A-Za-z0-9+/=_\\-]{%d,}" % _SHORTEST_PHOTO)
"""Base64 of either alphabet, its slashes perhaps escaped: no other text goes on so long without a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An authenticated body as it came in. `brand` is empty where nothing names one.

    `about` is the order or the customer that the address named, where the body itself does not: the sender's
    order id, or the customer's key.
    """

    brand: str
    source: str
    body: bytes
    received_at: datetime
    content_type: str = ""
    headers: Mapping[str, str]
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A kept body. `problem` is why it was not understood at the last of its `attempts`."""

    id: int
    received: Received
    problem: Mapping[str, Any]
    attempts: int
    replayed_at: datetime | None
    order_id: str | None


class DeadLetterRepository:
    """The dead letters of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, received: Received, problem: Mapping[str, Any]) -> int:
        """Keep a body and return its letter's id. One that is kept already only counts once more."""
        sha256 = hashlib.sha256(received.body).hexdigest()
        lock(connected(self._session), f"dead letter {received.brand} {sha256}")
        query = select(DeadLetterRow).where(
            DeadLetterRow.brand == received.brand,
            DeadLetterRow.source == received.source,
            DeadLetterRow.about == received.about,
            DeadLetterRow.body_sha256 == sha256,
            col(DeadLetterRow.replayed_at).is_(None),
        )
        row = self._session.exec(query).first()
        if row is None:
            row = DeadLetterRow(
                brand=received.brand,
                source=received.source,
                about=received.about,
                received_at=received.received_at,
                content_type=received.content_type,
                headers=dict(received.headers),
                body=received.body,
                body_sha256=sha256,
                problem=dict(problem),
            )
            self._session.add(row)
        else:
            row.attempts += 1
            row.problem = dict(problem)
        self._session.flush()
        return _letter(row).id

    def get(self, letter_id: int, *, scope: str) -> DeadLetter:
        """A letter that somebody with this brand scope may see.

        Raises:
            NotFound: there is none.
        """
        row = self._session.get(DeadLetterRow, letter_id)
        if row is None or scope not in (ALL_BRANDS, row.brand):
            raise NotFound(f"there is no dead letter {letter_id}", mend="see GET /v1/dead-letters")
        return _letter(row)

    def page(self, *, scope: str, after: int | None, limit: int) -> list[DeadLetter]:
        """Letters that were not replayed yet, newest first, with an id below `after`."""
        query = select(DeadLetterRow).where(col(DeadLetterRow.replayed_at).is_(None))
        if scope != ALL_BRANDS:
            query = query.where(DeadLetterRow.brand == scope)
        if after is not None:
            query = query.where(col(DeadLetterRow.id) < after)
        rows = self._session.exec(query.order_by(col(DeadLetterRow.id).desc()).limit(limit))
        return [_letter(row) for row in rows]

    def long_ones(self) -> list[tuple[int, str, datetime]]:
        """Id, brand and moment of the letters that are long enough to have a photo inside them."""
        query = select(DeadLetterRow.id, DeadLetterRow.brand, DeadLetterRow.received_at)
        rows = self._session.exec(query.where(func.length(DeadLetterRow.body) > _SHORTEST_PHOTO))
        return [(letter_id, brand, at) for letter_id, brand, at in rows if letter_id is not None]

    def drop_photos(self, letter_id: int) -> bool:
        """Take the photos out of a letter, if it has any; the rest can still be read and replayed."""
        return _drop_photos(self._session.get_one(DeadLetterRow, letter_id))

    def drop_photos_of(self, order_id: str) -> None:
        """Take the photos out of the letters that became an order."""
        for row in self._session.exec(select(DeadLetterRow).where(DeadLetterRow.order_id == order_id)):
            _drop_photos(row)

    def replayed(self, letter_id: int, order_id: str | None, *, at: datetime) -> bool:
        """Note what a letter became; False where it is not here any more, for whom it names was erased."""
        return self._tried(letter_id, replayed_at=at, order_id=order_id)

    def failed_again(self, letter_id: int, problem: Mapping[str, Any]) -> None:
        """Note why it was not understood this time."""
        self._tried(letter_id, problem=dict(problem))

    def _tried(self, letter_id: int, **values: Any) -> bool:
        statement = (
            update(DeadLetterRow)
            .where(col(DeadLetterRow.id) == letter_id)
            .values(attempts=col(DeadLetterRow.attempts) + 1, **values)
        )
        found: bool = self._session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
        return found


def _drop_photos(row: DeadLetterRow) -> bool:
    without = _PHOTO.sub(b"", row.body)
    found = len(without) < len(row.body)
    if found:
        row.body, row.body_sha256 = without, hashlib.sha256(without).hexdigest()
    return found


def _letter(row: DeadLetterRow) -> DeadLetter:
    if row.id is None:
        raise RuntimeError("a stored row has an id")
    return DeadLetter(
        id=row.id,
        received=Received(
            brand=row.brand,
            source=row.source,
            body=row.body,
            received_at=row.received_at,
            content_type=row.content_type,
            headers=row.headers,
            about=row.about,
        ),
        problem=row.problem,
        attempts=row.attempts,
        replayed_at=row.replayed_at,
        order_id=row.order_id,
    )
