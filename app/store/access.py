"""Keys, shared secrets and people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.domain.access import Caller, Role, fingerprint
from app.domain.format import HookSecret
from app.store.sql import Statement, connected
from app.store.tables import ApiKeyRow, HookSecretRow, OperatorRow, SessionRow

_CALLER = Statement("SELECT name, role, brand FROM api_keys WHERE sha256 = :sha256 AND revoked_at IS NULL")


class AccessRepository:
    """What proves who a caller is. Keys are found by their SHA-256, never by themselves."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def caller(self, key: str) -> Caller | None:
        """Who holds this API key; None where nobody does, or it was revoked."""
        rows = _CALLER.rows(connected(self._session), {"sha256": fingerprint(key)})
        return Caller(name=rows[0][0], role=Role(rows[0][1]), brand=rows[0][2]) if rows else None

    def add_key(self, key: str, caller: Caller, *, made_at: datetime) -> None:
        """Remember a new API key."""
        self._session.add(
            ApiKeyRow(
                sha256=fingerprint(key),
                name=caller.name,
                role=caller.role,
                brand=caller.brand,
                made_at=made_at,
            )
        )

    def revoke_keys(self, name: str, *, at: datetime) -> int:
        """Revoke every key of that name; how many there were."""
        query = select(ApiKeyRow).where(ApiKeyRow.name == name)
        rows = [row for row in self._session.exec(query) if row.revoked_at is None]
        for row in rows:
            row.revoked_at = at
        return len(rows)

    def hook_secrets(self, brand: str, format_code: str) -> tuple[HookSecret, ...]:
        """Every secret that a brand's sender in this format may sign with; several while one is rotated."""
        query = select(HookSecretRow).where(HookSecretRow.brand == brand, HookSecretRow.format == format_code)
        return tuple(HookSecret(token=row.token, secret=row.secret) for row in self._session.exec(query))

    def set_hook_secret(self, brand: str, format_code: str, secret: HookSecret) -> None:
        """Set the secret of that token, in place of an earlier one."""
        self._session.merge(
            HookSecretRow(brand=brand, format=format_code, token=secret.token, secret=secret.secret)
        )

    def set_operator(self, caller: Caller, password_hash: str) -> None:
        """Add a person who signs in to the page, or give them another password, role or brand.

        Whoever is signed in under that name has to do so again: the old password may be known to others.
        """
        self._session.execute(delete(SessionRow).where(col(SessionRow.operator) == caller.name))
        self._session.merge(
            OperatorRow(name=caller.name, password_hash=password_hash, role=caller.role, brand=caller.brand)
        )
