"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """An aware moment as integer microseconds since 1970 UTC; exact, unlike a float time stamp."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The inverse of `micros`."""
    return _EPOCH + timedelta(microseconds=value)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment stored as BIGINT microseconds: exact, indexable, the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """To the database."""
        return None if value is None else micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """From the database."""
        return None if value is None else moment(value)


BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts and compares by its UTF-8 bytes: SQLite's default, PostgreSQL's collation C."""

CATEGORY_SEPARATOR = "\x1f"
"""ASCII's unit separator; a control character, which no category code holds."""


class CategorySet(TypeDecorator[frozenset[str]]):
    """A set of category codes as one text, sorted, so that equal sets are equal texts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """To the database."""
        return None if value is None else CATEGORY_SEPARATOR.join(sorted(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> frozenset[str] | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """From the database."""
        return None if value is None else split_categories(value)


def split_categories(joined: str) -> frozenset[str]:
    """The codes of one or several sets joined by the separator."""
    codes = set(joined.split(CATEGORY_SEPARATOR))
    codes.discard("")
    return frozenset(codes)
