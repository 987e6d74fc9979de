"""A photo item as senders say it who have no field of their own for one: by attributes with names.

Shops' forms write line-item properties, Site Flow components carry attributes. Their names are read without
case, spaces and signs; a private one (`_photo`) and one that names us (`tipin_photo`) mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter

from app.domain.format import Context
from app.domain.item import AskedItem, PhotoSource
from app.wire.fields import Code, Coming, Line, Location, Name, violation
from app.wire.reading import read_value

_YES = frozenset({"true", "yes", "y", "1", "on"})
_NO = frozenset({"false", "no", "n", "0", "off", ""})


def _said(value: object) -> object:
    """A tick as a form sends it."""
    plain = str(value).strip().lower()
    if plain in _YES | _NO:
        return plain in _YES
    raise violation("yes_or_no", "is neither yes nor no", "send true or false")


def _text(value: object) -> object:
    return "" if value is None else str(value) if isinstance(value, int | float) else value


_Text = BeforeValidator(_text)
_YesOrNo = TypeAdapter[bool](Annotated[bool, BeforeValidator(_said)])
_LOCATION = TypeAdapter[str](Annotated[Location, _Text])
_CODE = TypeAdapter[str](Annotated[Code, _Text])
_LINE = TypeAdapter[str](Annotated[Line, _Text])
_NAME = TypeAdapter[str](Annotated[Name, _Text])
_COMING = TypeAdapter[datetime](Coming)
_RULES: Mapping[str, TypeAdapter[Any]] = {
    "url": _LOCATION,
    "photo": _CODE,
    "product": _CODE,
    "caption": _LINE,
    "name": _NAME,
    "on_card": _YesOrNo,
    "consent": _YesOrNo,
    "expires_at": _COMING,
}
_MEANT: Mapping[str, str] = {
    spelled: field
    for field, spellings in {
        "url": "photo photourl photoaddress image imageurl picture pictureurl upload uploadedphoto",
        "photo": "photoid",
        "product": "photoproduct",
        "caption": "caption photocaption phototext inscription",
        "name": "name printedname nametoprint nameonitem personalname personalisation personalization",
        "on_card": "oncard photooncard cardphoto pairing",
        "consent": "consent photoconsent",
        "expires_at": "photoexpires photoexpiresat",
    }.items()
    for spelled in spellings.split()
}
NAMES = tuple(dict.fromkeys(_MEANT))
"""The names that are understood, as they are compared."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One of them; `pointer` is where its value stands in the body."""

    name: str
    value: object
    pointer: str


def photo_items(
    sku: str, artwork: Sequence[str], attributes: Iterable[Attribute], context: Context
) -> tuple[AskedItem, ...]:
    """The photo item that a line is; none where neither its SKU nor an attribute names a product.

    Args:
        sku: of the line.
        artwork: addresses that the line names; the first is the photo where no attribute says which.
        attributes: of the line; of two that mean the same the first counts.
        context: whose order it is.

    Raises:
        MalformedOrder: an attribute's value is not what its name says.
    """
    known = {}
    for attribute in attributes:
        field = _MEANT.get(_plain(attribute.name))
        if field is not None and field not in known and attribute.value not in (None, ""):
            known[field] = attribute
    if "product" not in known and not context.brand.photos.product_of(sku):
        return ()
    found = {
        field: read_value(_RULES[field], attribute.value, attribute.pointer, context)
        for field, attribute in known.items()
    }
    url, photo = found.pop("url", ""), found.pop("photo", "")
    if not url and not photo and artwork:
        url = artwork[0]
    return (AskedItem(source=PhotoSource(photo=photo, url="" if photo else url), **found),)


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum()).removeprefix("tipin")
