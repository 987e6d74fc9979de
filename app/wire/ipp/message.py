"""An IPP message as values: groups of attributes, each with one value or more.

Messages compare by content. `encode` and `decode` are each other's inverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Union

from app.wire.ipp.tags import Group, Tag


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots across and along the feed; `unit` 3 is per inch, 4 per centimetre."""

    across: int
    along: int
    unit: int = 3


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A text or name with its natural language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Extended:
    """A value whose tag has more than eight bits."""

    tag: int
    content: bytes


Content = Union[None, bool, int, str, bytes, datetime, Resolution, Range, InLanguage, Extended, "Collection"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value with its tag.

    What `content` is follows from the tag: None for out-of-band values; bool, int, str, bytes, an aware
    datetime, Resolution, Range, InLanguage, Collection, Extended; bytes for tags that nobody here knows, and
    for a dateTime that names no moment (a printer whose clock was never set).
    """

    tag: int
    content: Content = None


Values = tuple[Value, ...]
Attributes = Mapping[str, Values]


@dataclass(frozen=True, slots=True)
class Collection:
    """A value that is made of named members, such as `media-col`."""

    members: Attributes

    def __hash__(self) -> int:
        """By its members, whose order matters as little as it does to `==`."""
        return hash(frozenset(self.members.items()))


@dataclass(frozen=True, slots=True)
class Message:
    """A request or response.

    `code` is the operation of a request and the status of a response. `groups` are in the order of the wire,
    each under its delimiter tag; `data` is what follows the attributes, such as a document.
    """

    code: int
    request_id: int
    groups: tuple[tuple[int, Attributes], ...] = ()
    version: tuple[int, int] = (2, 0)
    data: bytes = field(default=b"", repr=False)

    def group(self, tag: Group) -> Attributes:
        """The first group of this kind; empty where there is none."""
        return next(self.each(tag), {})

    def each(self, tag: Group) -> Iterator[Attributes]:
        """Every group of this kind: Get-Jobs answers with one a job."""
        return (attributes for kind, attributes in self.groups if kind == tag)


def integer(number: int) -> Values:
    """An integer attribute."""
    return (Value(Tag.INTEGER, number),)


def boolean(value: bool) -> Values:  # noqa: FBT001 -- it is the value itself
    """A boolean attribute."""
    return (Value(Tag.BOOLEAN, value),)


def keyword(*words: str) -> Values:
    """A keyword attribute of one value or more."""
    return tuple(Value(Tag.KEYWORD, word) for word in words)


def enum(*numbers: int) -> Values:
    """An enum attribute of one value or more."""
    return tuple(Value(Tag.ENUM, number) for number in numbers)


def name(text: str) -> Values:
    """A name attribute."""
    return (Value(Tag.NAME, text),)


def text(words: str) -> Values:
    """A text attribute."""
    return (Value(Tag.TEXT, words),)


def uri(address: str) -> Values:
    """A URI attribute."""
    return (Value(Tag.URI, address),)


def collection(members: Attributes) -> Values:
    """A collection attribute."""
    return (Value(Tag.BEGIN_COLLECTION, Collection(members)),)


def first_text(values: Iterable[Value]) -> str:
    """The first value as text, whether it names its language or not; empty where there is none."""
    for value in values:
        if isinstance(value.content, InLanguage):
            return value.content.text
        if isinstance(value.content, str):
            return value.content
    return ""


def first_integer(values: Iterable[Value]) -> int | None:
    """The first value where it is an integer or an enum."""
    for value in values:
        if isinstance(value.content, int) and not isinstance(value.content, bool):
            return value.content
    return None


def texts(values: Iterable[Value]) -> tuple[str, ...]:
    """All values that are texts, names or keywords."""
    return tuple(found for value in values if (found := first_text((value,))))
