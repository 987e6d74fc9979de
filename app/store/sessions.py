"""People who sign in, and the browsers they are signed in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.domain.access import Caller, Role, fingerprint
from app.store.tables import OperatorRow, SessionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who is signed in. `csrf` stands in every form of theirs."""

    caller: Caller
    csrf: str
    expires_at: datetime


class SessionRepository:
    """Sessions are found by the SHA-256 of their cookie, never by the cookie itself."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def operator(self, name: str) -> tuple[Caller, str] | None:
        """The person of that name with their password's hash, or None."""
        row = self._session.get(OperatorRow, name)
        return None if row is None else (_caller(row), row.password_hash)

    def begin(self, token: str, signed_in: SignedIn, *, now: datetime) -> None:
        """Remember a session, and forget those that have run out."""
        self._session.execute(delete(SessionRow).where(col(SessionRow.expires_at) <= now))
        self._session.add(
            SessionRow(
                sha256=fingerprint(token),
                operator=signed_in.caller.name,
                csrf=signed_in.csrf,
                expires_at=signed_in.expires_at,
            )
        )

    def find(self, token: str, *, now: datetime) -> SignedIn | None:
        """Who holds this cookie, with the role they have now; None where nobody does any more."""
        found = self._session.exec(
            select(SessionRow, OperatorRow)
            .join(OperatorRow, col(OperatorRow.name) == col(SessionRow.operator))
            .where(SessionRow.sha256 == fingerprint(token), SessionRow.expires_at > now)
        ).first()
        if found is None:
            return None
        row, operator = found
        return SignedIn(caller=_caller(operator), csrf=row.csrf, expires_at=row.expires_at)

    def end(self, token: str) -> None:
        """Forget one session."""
        self._session.execute(delete(SessionRow).where(col(SessionRow.sha256) == fingerprint(token)))


def _caller(row: OperatorRow) -> Caller:
    return Caller(name=row.name, role=Role(row.role), brand=row.brand)
