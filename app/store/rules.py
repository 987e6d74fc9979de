"""Brands' own occasion rules: every version, and which of them is in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from app.domain.rule import PREFIX
from app.domain.rule_version import RuleState, RuleVersion
from app.errors import NotFound
from app.store.columns import micros
from app.store.sql import Statement, connected, lock
from app.store.tables import RuleRow

_EVER_PUBLISHED = Statement("""
SELECT name, version, published_at, ended_at FROM rules
WHERE brand = :brand AND published_at IS NOT NULL
ORDER BY name, version
""")


class Published(NamedTuple):
    """A version that is or was in force; moments in microseconds, `ended_at` None while it is in force."""

    name: str
    version: int
    published_at: int
    ended_at: int | None

    def held(self, as_of: datetime | None) -> bool:
        """Whether it was the one in force then; None for now."""
        if as_of is None:
            return self.ended_at is None
        at = micros(as_of)
        return self.published_at <= at and (self.ended_at is None or at < self.ended_at)


class RuleRepository:
    """The rules of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, brand: str) -> None:
        """Wait until no other transaction changes the brand's rules; held to the transaction's end."""
        lock(connected(self._session), f"rules {brand}")

    def published(self, brand: str) -> list[Published]:
        """Every version that is or was in force; by name, then version. Asked with every order."""
        return [Published(*row) for row in _EVER_PUBLISHED.rows(connected(self._session), {"brand": brand})]

    def get(self, brand: str, name: str, version: int) -> RuleVersion:
        """One version.

        Raises:
            NotFound: there is none.
        """
        row = self._session.get(RuleRow, (brand, name, version))
        if row is None:
            raise NotFound(f"the rule {name[:40]!r} has no version {version}", mend="see its versions")
        return _version(row)

    def versions(self, brand: str, name: str) -> list[RuleVersion]:
        """Every version of a rule, latest first; empty where there is no such rule."""
        query = select(RuleRow).where(RuleRow.brand == brand, RuleRow.name == name)
        return [_version(row) for row in self._session.exec(query.order_by(col(RuleRow.version).desc()))]

    def all(self, brand: str) -> list[RuleVersion]:
        """Every version of every rule; by name, the latest first."""
        query = select(RuleRow).where(RuleRow.brand == brand)
        ordered = query.order_by(col(RuleRow.name), col(RuleRow.version).desc())
        return [_version(row) for row in self._session.exec(ordered)]

    def titles(self, brand: str) -> dict[str, str]:
        """Of every rule the title of the version in force, else of the latest; by its code as an occasion."""
        titles: dict[str, str] = {}
        for version in self.all(brand):
            code = PREFIX + version.name
            if code not in titles or version.state is RuleState.PUBLISHED:
                titles[code] = str(version.document["title"])
        return titles

    def add(self, version: RuleVersion) -> None:
        """Add a version; its number is the next one."""
        fields = {name: getattr(version, name) for name in RuleRow.model_fields}
        self._session.add(
            RuleRow(**fields | {"document": dict(version.document), "state": version.state.value})
        )
        self._session.flush()

    def publish(self, version: RuleVersion, *, who: str, at: datetime) -> RuleVersion:
        """Put a version in force, in the place of the one that is."""
        self.end(version.brand, version.name, who=who, at=at)
        return self._move(version, state=RuleState.PUBLISHED.value, published_by=who, published_at=at)

    def end(self, brand: str, name: str, *, who: str, at: datetime) -> RuleVersion | None:
        """Put the version that is in force out of it; None where none was."""
        query = select(RuleRow).where(
            RuleRow.brand == brand, RuleRow.name == name, RuleRow.state == RuleState.PUBLISHED.value
        )
        row = self._session.exec(query).first()
        if row is None:
            return None
        return self._move(_version(row), state=RuleState.RETIRED.value, ended_by=who, ended_at=at)

    def _move(self, version: RuleVersion, **changes: Any) -> RuleVersion:
        row = self._session.get_one(RuleRow, (version.brand, version.name, version.version))
        for name, value in changes.items():
            setattr(row, name, value)
        self._session.flush()
        return _version(row)


def _version(row: RuleRow) -> RuleVersion:
    fields = {name: getattr(row, name) for name in RuleRow.model_fields}
    return RuleVersion(**fields | {"state": RuleState(row.state)})
