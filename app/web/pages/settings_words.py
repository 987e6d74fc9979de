"""A change of settings as people read it: what was changed, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.brand_settings import Change, Path
from app.errors import Violation
from app.web.pages.settings_fields import GROUPS, Field, Kind
from app.web.pages.settings_form import CHANNELS, OFF, ORDER
from app.web.pages.settings_parts import channel_fields, language_fields, own_groups
from app.web.pages.settings_values import written

_FIELDS = {field.path: field for group in GROUPS for field in group.fields}
_OF_LISTS = {
    ORDER: "Priority of occasions",
    OFF: "Switched off",
    ("signer", "signature"): "Scanned signature",
}
NOTHING = "—"
USUAL_ORDER = "the usual order"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One changed value in words."""

    label: str
    before: str
    after: str


def change_lines(changes: Iterable[Change], titles: Mapping[str, str]) -> tuple[ChangeLine, ...]:
    """Each change as a line; what the page has no control for is named by its key."""
    return tuple(_line(change, titles) for change in changes)


def _line(change: Change, titles: Mapping[str, str]) -> ChangeLine:
    label, field = _named(change.path)
    before, after = (
        USUAL_ORDER if change.path == ORDER and not value else _said(field, value, titles)
        for value in (change.before, change.after)
    )
    return ChangeLine(label, before, after)


def named_fault(fault: Violation) -> str:
    """What a fault is about, in the page's words."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in fault.pointer.split("/")[1:]]
    while parts and parts[-1].isdecimal():
        parts.pop()  # a place in a list
    return _named(tuple(parts))[0] or "The brand"


def _named(path: Path) -> tuple[str, Field | None]:
    if path in _OF_LISTS:
        return _OF_LISTS[path], None
    depth = len(CHANNELS)
    if path[:depth] == CHANNELS and len(path) > depth:
        channel = path[depth]
        own = {field.path: field for field in channel_fields(channel)}.get(path)
        return f"Channel {channel}: {own.label if own else '.'.join(path[depth + 1 :])}", own
    known = _FIELDS.get(path) or _of_languages(path)
    if known is None:
        return ".".join(path), None
    inside = path[len(known.path) :]
    return (f"{known.label}: {'.'.join(inside)}", None) if inside else (known.label, known)


def _of_languages(path: Path) -> Field | None:
    """The field that a path leads to, or into, by the language that it names."""
    any_language = {"languages": path[-2:]}
    fields = (
        *language_fields(any_language),
        *(f for group in own_groups(any_language) for f in group.fields),
    )
    return next((field for field in fields if path[: len(field.path)] == field.path), None)


def _said(field: Field | None, value: Any, titles: Mapping[str, str]) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, list):
        words = dict(field.options) if field and not isinstance(field.options, str) else {}
        said = (words.get(item) or _title(str(item), titles) for item in value)
        return ", ".join(said) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field is None:
        return str(value)
    words = dict(field.options) if not isinstance(field.options, str) else {}
    said = written(field.kind, value)
    unit = "%" if field.kind is Kind.PERCENT else field.unit
    return words.get(said, f"{said} {unit}".strip())


def _title(code: str, titles: Mapping[str, str]) -> str:
    return titles.get(code, code)
