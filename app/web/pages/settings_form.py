"""The form of a brand's settings: drawn from a document, and read back as what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from app.domain.brand_settings import Path, value_at
from app.domain.occasion import Occasion, OccasionKind
from app.web.pages.settings_fields import GROUPS, Field, Kind
from app.web.pages.settings_parts import channel_fields, language_fields, own_groups
from app.web.pages.settings_values import read

ORDER: Path = ("policy", "order")
OFF: Path = ("policy", "switched_off")
CHANNELS: Path = ("policy", "channels")
_ON, _PLACE, _CHANNEL, _GONE, _NEW = "on", "place", "channel", "no-channel", "new-channel"
KINDS = {
    OccasionKind.RECOVERY: "after trouble",
    OccasionKind.MOMENT: "a moment of its own",
    OccasionKind.SOFT: "of the lighter kind",
}
OWN_RULE = "a rule of your own"


@dataclass(frozen=True, slots=True)
class Place:
    """An occasion, or a rule, in the order of priority."""

    code: str
    title: str
    kind: str
    on: bool


def places(
    document: Mapping[str, Any],
    priorities: Iterable[tuple[str, str]],
    occasions: Mapping[str, Occasion],
) -> list[Place]:
    """The occasions and rules by priority.

    Args:
        document: the settings.
        priorities: every code and title by that document's order; see `ManageRules.priorities`.
        occasions: the plug-ins.
    """
    off = value_at(document, OFF) or ()
    return [
        Place(code, title, KINDS[occasions[code].kind] if code in occasions else OWN_RULE, code not in off)
        for code, title in priorities
    ]


def fields_of(document: Mapping[str, Any]) -> tuple[Field, ...]:
    """Every field of the page but those of channels."""
    groups = (*GROUPS, *own_groups(document))
    return (*(field for group in groups for field in group.fields), *language_fields(document))


def changed(
    document: Mapping[str, Any], form: FormData, priorities: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """The merge patch from the document that was shown to what the form says now."""
    patch: dict[str, Any] = {}
    for field in fields_of(document):
        if field.kind is Kind.FIXED:
            continue
        if field.name in form or field.kind in (Kind.SWITCH, Kind.CHOICES):
            _note(patch, document, field.path, read(field.kind, _texts(form, field.name)))
    before = [code for code, _ in priorities]
    for path, value in (*_priority(document, form, before), *_channels(document, form)):
        _note(patch, document, path, value)
    return patch


def _priority(
    document: Mapping[str, Any], form: FormData, before: Sequence[str]
) -> Iterator[tuple[Path, Any]]:
    placed = [code for code in _texts(form, _PLACE) if code in before]
    if not placed:
        return
    on = set(_texts(form, _ON))
    # A rule that was retired stays switched off, should it come back.
    off = sorted({*(set(placed) - on), *(set(value_at(document, OFF) or ()) - set(placed))})
    yield OFF, off
    if placed != list(before):
        yield ORDER, [code for code in placed if code in on]
    elif own := value_at(document, ORDER):
        yield ORDER, [code for code in own if code not in off]


def _channels(document: Mapping[str, Any], form: FormData) -> Iterator[tuple[Path, Any]]:
    gone = set(_texts(form, _GONE))
    for channel in _texts(form, _CHANNEL):
        if channel in gone:
            yield (*CHANNELS, channel), None
            continue
        for field in channel_fields(channel):
            value = read(field.kind, _texts(form, field.name))
            yield field.path, None if value == [] else value
    new = "".join(_texts(form, _NEW)).strip()
    if new and value_at(document, (*CHANNELS, new)) is None:
        yield (*CHANNELS, new), {"cards": True}


def _note(patch: dict[str, Any], document: Mapping[str, Any], path: Path, value: Any) -> None:
    """Put a value into the patch where it differs from the document."""
    before = value_at(document, path)
    if isinstance(value, dict) and isinstance(before, dict | None):
        for key in sorted({*value, *(before or ())}):
            _note(patch, document, (*path, key), value.get(key))
        return
    if value == before or (value in (None, []) and before in (None, "")):
        return
    if str(before)[:10] == value and path[-1] == "history_complete_since":
        return
    for key in path[:-1]:
        patch = patch.setdefault(key, {})
    patch[path[-1]] = value


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]
