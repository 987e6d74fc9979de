"""A brand's settings in the database: what they change of brand.toml, each save as a version of its own.

Settings are a JSON object by the keys of brand.toml that holds only what is otherwise than there. Objects go
into one another key by key, everything else is replaced whole, and null takes away, as in a JSON merge patch
(RFC 7396).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Document = Mapping[str, Any]
Path = tuple[str, ...]
"""The keys that lead to a value."""

FIXED = frozenset({"key", "currency"})
"""Never changed: bench codes begin with the one, all of a brand's history is counted in the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a save changed, as in force before and after; None: there was or is none."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsVersion:
    """One save. `settings` are all of them after it, so that any version can be in force again."""

    brand: str
    version: int
    """From 1, without gaps."""
    at: datetime
    who: str
    why: str = ""
    settings: Document
    changes: tuple[Change, ...]
    reverts_to: int | None = None
    """The earlier version whose settings were taken again."""


def merged(base: Document, settings: Document) -> dict[str, Any]:
    """The document in force: `base` with the settings over it."""
    found = dict(base)
    for key, value in settings.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping):
            under = found.get(key)
            found[key] = merged(under if isinstance(under, Mapping) else {}, value)
        else:
            found[key] = value
    return found


def is_whole(settings: Document) -> bool:
    """Whether they are all of a brand, which needs no folder: only then do they say what is fixed."""
    return settings.keys() >= FIXED


def changes(before: Document, after: Document) -> tuple[Change, ...]:
    """Every value that differs between two documents, by path."""
    return tuple(_changes(before, after, ()))


def value_at(document: Document, path: Path) -> Any:
    """The value at a path, or None."""
    found: Any = document
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _changes(before: Document, after: Document, at: Path) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        old, new, path = before.get(key), after.get(key), (*at, key)
        if old == new:
            continue
        if isinstance(old, Mapping) or isinstance(new, Mapping):
            yield from _changes(
                old if isinstance(old, Mapping) else {}, new if isinstance(new, Mapping) else {}, path
            )
        else:
            yield Change(path, old, new)
