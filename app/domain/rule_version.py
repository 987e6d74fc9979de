"""One saved version of a brand's rule, and what became of it. Versions are never changed, only followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class RuleState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    """Never in force so far."""
    PUBLISHED = "published"
    """In force, within its dates. A rule has at most one such version."""
    RETIRED = "retired"
    """Was in force, until it was retired or a later version was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion:
    """A version with who made, published and ended it."""

    brand: str
    name: str
    version: int
    """From 1, without gaps."""
    state: RuleState
    document: Mapping[str, Any]
    made_by: str
    made_at: datetime
    why: str = ""
    published_by: str = ""
    published_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None

    def was_in_force(self, at: datetime) -> bool:
        """Whether this version was the published one then."""
        begun = self.published_at is not None and self.published_at <= at
        return begun and (self.ended_at is None or at < self.ended_at)
