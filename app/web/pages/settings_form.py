"""The form of a brand's settings: drawn from a document, and read back as what was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from app.domain.brand_settings import Path, value_at
from app.domain.occasion import Occasion, OccasionKind
from app.web.pages.settings_fields import GROUPS, Field, Kind, channel_fields, read

ORDER: Path = ("policy", "order")
OFF: Path = ("policy", "switched_off")
CHANNELS: Path = ("policy", "channels")
_ROLE: Path = ("signer", "role")
_ON, _PLACE, _CHANNEL, _GONE, _NEW = "on", "place", "channel", "no-channel", "new-channel"
KINDS = {
    OccasionKind.RECOVERY: "after trouble",
    OccasionKind.MOMENT: "a moment of its own",
    OccasionKind.SOFT: "of the lighter kind",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An occasion in the order of priority."""

    occasion: Occasion
    kind: str
    on: bool


def places(document: Mapping[str, Any], occasions: Mapping[str, Occasion]) -> list[Place]:
    """The occasions by priority: first the brand's own order, then the default ranks."""
    own: Sequence[str] = value_at(document, ORDER) or ()
    off = value_at(document, OFF) or ()

    def rank(occasion: Occasion) -> tuple[int, int, str]:
        place = own.index(occasion.code) if occasion.code in own else len(own)
        return place, occasion.rank, occasion.code

    return [
        Place(occasion, KINDS[occasion.kind], occasion.code not in off)
        for occasion in sorted(occasions.values(), key=rank)
    ]


def role_fields(document: Mapping[str, Any]) -> tuple[Field, ...]:
    """What the signer does, in each of the brand's languages."""
    return tuple(
        Field(path=(*_ROLE, language), label=f"What they do ({language})", help="Printed under the name.")
        for language in document["languages"]
    )


def changed(document: Mapping[str, Any], form: FormData, occasions: Mapping[str, Occasion]) -> dict[str, Any]:
    """The merge patch from the document that was shown to what the form says now."""
    patch: dict[str, Any] = {}
    fields = [field for group in GROUPS for field in group.fields]
    for field in (*fields, *role_fields(document)):
        if field.name in form or field.kind in (Kind.SWITCH, Kind.CHOICES):
            _note(patch, document, field.path, read(field.kind, _texts(form, field.name)))
    for path, value in (*_priority(document, form, occasions), *_channels(document, form)):
        _note(patch, document, path, value)
    return patch


def _priority(
    document: Mapping[str, Any], form: FormData, occasions: Mapping[str, Occasion]
) -> Iterator[tuple[Path, Any]]:
    placed = [code for code in _texts(form, _PLACE) if code in occasions]
    if not placed:
        return
    on = set(_texts(form, _ON))
    off = sorted(set(placed) - on)
    yield OFF, off
    before = places(document, occasions)
    if placed != [place.occasion.code for place in before]:
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
    if value == before or (value is None and before is None) or (value == [] and before is None):
        return
    if str(before)[:10] == value and path[-1] == "history_complete_since":
        return
    for key in path[:-1]:
        patch = patch.setdefault(key, {})
    patch[path[-1]] = value


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]
