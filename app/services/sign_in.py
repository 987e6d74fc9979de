"""Sign a person in to the pages, know them again, and sign them out.

This service takes the store, not a transaction: checking a password is slow on purpose, and no order may
wait for it at the database's write lock.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import cached_property

from app.domain.access import hash_password, password_matches
from app.domain.clock import Clock
from app.store.database import Store
from app.store.sessions import SignedIn

LONGEST_PASSWORD = 1_000
_TOKEN_BYTES = 32


class SignIn:
    """Sessions of people. A session lasts `hours` from its start and cannot be stretched."""

    def __init__(self, store: Store, clock: Clock, *, hours: int) -> None:
        self._store = store
        self._clock = clock
        self._lasts = timedelta(hours=hours)

    @property
    def seconds(self) -> int:
        """How long a session lasts."""
        return int(self._lasts.total_seconds())

    def enter(self, name: str, password: str) -> str | None:
        """The secret for the browser's cookie, or None where name and password do not go together."""
        with self._store.reading() as tx:
            found = tx.sessions.operator(name)
        # An unknown name costs as much time as a known one, so that names cannot be found out.
        expected = found[1] if found else self._nobody
        if len(password) > LONGEST_PASSWORD or not password_matches(password, expected) or not found:
            return None
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        now = self._clock.now()
        signed_in = SignedIn(
            caller=found[0], csrf=secrets.token_urlsafe(_TOKEN_BYTES), expires_at=now + self._lasts
        )
        with self._store.transaction() as tx:
            tx.sessions.begin(token, signed_in, now=now)
        return token

    def who(self, token: str) -> SignedIn | None:
        """Who holds this cookie, or None where nobody does any more."""
        with self._store.reading() as tx:
            return tx.sessions.find(token, now=self._clock.now())

    def leave(self, token: str) -> None:
        """End the session."""
        with self._store.transaction() as tx:
            tx.sessions.end(token)

    @cached_property
    def _nobody(self) -> str:
        return hash_password(secrets.token_urlsafe(_TOKEN_BYTES))
