"""A change of settings as people read it: what was changed, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.brand_settings import Change, Path
from app.domain.occasion import Occasion
from app.errors import Violation
from app.web.pages.settings_fields import GROUPS, Field, Kind, channel_fields, written
from app.web.pages.settings_form import CHANNELS, OFF, ORDER

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


def change_lines(changes: Iterable[Change], occasions: Mapping[str, Occasion]) -> tuple[ChangeLine, ...]:
    """Each change as a line; what the page has no control for is named by its key."""
    return tuple(_line(change, occasions) for change in changes)


def _line(change: Change, occasions: Mapping[str, Occasion]) -> ChangeLine:
    label, field = _named(change.path)
    before, after = (
        USUAL_ORDER if change.path == ORDER and not value else _said(field, value, occasions)
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
    known = _FIELDS.get(path)
    return (known.label, known) if known else (".".join(path), None)


def _said(field: Field | None, value: Any, occasions: Mapping[str, Occasion]) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, list):
        words = dict(field.options) if field and not isinstance(field.options, str) else {}
        titles = (words.get(item) or _title(str(item), occasions) for item in value)
        return ", ".join(titles) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field is None:
        return str(value)
    words = dict(field.options) if not isinstance(field.options, str) else {}
    said = written(field.kind, value)
    unit = "%" if field.kind is Kind.PERCENT else field.unit
    return words.get(said, f"{said} {unit}".strip())


def _title(code: str, occasions: Mapping[str, Occasion]) -> str:
    return occasions[code].title if code in occasions else code
