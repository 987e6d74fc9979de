"""The versions of brands' settings: added, never changed. The latest of a brand is in force."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.domain.brand_settings import Change, SettingsVersion
from app.errors import NotFound
from app.store.columns import micros
from app.store.sql import Statement, connected, lock
from app.store.tables import BrandSettingsRow

_LATEST = Statement(
    "SELECT version, at FROM brand_settings WHERE brand = :brand ORDER BY version DESC LIMIT 1"
)
_ALL_LATEST = Statement("""
SELECT s.brand, s.version, s.at FROM brand_settings s
WHERE s.version = (SELECT max(version) FROM brand_settings WHERE brand = s.brand)
""")


class Stamp(NamedTuple):
    """Names what is in force. `at` tells a version apart from one of that number that was undone."""

    version: int
    at: int
    """Microseconds since 1970."""


NO_SETTINGS = Stamp(0, 0)
"""brand.toml alone."""


class BrandSettings:
    """The settings of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._latest: dict[str, Stamp] = {}

    def one_at_a_time(self, brand: str) -> None:
        """Wait for others who save settings of this brand; they wait until this transaction ends."""
        lock(connected(self._session), f"settings {brand}")
        self._latest.pop(brand, None)

    def latest(self, brand: str) -> Stamp:
        """What is in force for a brand: one look-up, and the same until this transaction ends."""
        if brand not in self._latest:
            rows = _LATEST.rows(connected(self._session), {"brand": brand})
            self._latest[brand] = Stamp(*rows[0]) if rows else NO_SETTINGS
        return self._latest[brand]

    def all_latest(self) -> dict[str, Stamp]:
        """What is in force for each brand that has any settings here."""
        rows = _ALL_LATEST.rows(connected(self._session), {})
        return {brand: Stamp(version, at) for brand, version, at in rows}

    def get(self, brand: str, version: int) -> SettingsVersion:
        """One version.

        Raises:
            NotFound: there is none of that number.
        """
        row = self._session.get(BrandSettingsRow, (brand, version))
        if row is None:
            raise NotFound(
                f"the brand {brand!r} has no version {version} of its settings", mend="see its history"
            )
        return _version(row)

    def page(self, brand: str, *, limit: int, before: int | None = None) -> tuple[SettingsVersion, ...]:
        """Versions, the latest first; only those below `before` where it is given."""
        query = select(BrandSettingsRow).where(BrandSettingsRow.brand == brand)
        if before is not None:
            query = query.where(col(BrandSettingsRow.version) < before)
        rows = self._session.exec(query.order_by(col(BrandSettingsRow.version).desc()).limit(limit))
        return tuple(_version(row) for row in rows)

    def add(self, version: SettingsVersion) -> None:
        """Store the next version; the caller holds `one_at_a_time` and knows that it is the next."""
        self._session.add(
            BrandSettingsRow(
                brand=version.brand,
                version=version.version,
                at=version.at,
                who=version.who,
                why=version.why,
                settings=dict(version.settings),
                changes=[
                    {"path": list(change.path), "before": change.before, "after": change.after}
                    for change in version.changes
                ],
                reverts_to=version.reverts_to,
            )
        )
        self._session.flush()
        self._latest.pop(version.brand, None)


def stamp_of(version: int, at: datetime) -> Stamp:
    """The stamp of a version that was saved at that moment."""
    return Stamp(version, micros(at))


def _version(row: BrandSettingsRow) -> SettingsVersion:
    return SettingsVersion(
        brand=row.brand,
        version=row.version,
        at=row.at,
        who=row.who,
        why=row.why,
        settings=row.settings,
        changes=tuple(
            Change(tuple(change["path"]), change["before"], change["after"]) for change in row.changes
        ),
        reverts_to=row.reverts_to,
    )
