"""Objects that are written alike thousands of times, known by what stays the same in them.

The first page, part or content stream that is seen in a file is read in the general way and looked through
by every check. Its text then becomes a pattern in which only object numbers, a stream's length and a record's
key are open. What matches differs in nothing else, so that only those numbers are left to be judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

_OPEN = re.compile(
    rb"(?P<key>/\w+) (?P<named>\d+) 0 R"
    rb"|/CIP4_UniqueID(?P<record>\([^()\\]*\)|<[0-9A-Fa-f]+>)"
    rb"|(?P<string>\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]+>)"
    rb"|(?P<listed>\d+) 0 R"
    rb"|/Length (?P<length>\d+)",
    re.DOTALL,
)
_STRUCTURAL = ("/Parent", "/Contents", "/DPart", "/Start", "/End", "length", "record")
_RECORD = rb"/CIP4_UniqueID(\([^()\\]*\)|<[0-9A-Fa-f]+>)"


class Kind(Enum):
    """What an object is for the walk through the file."""

    PAGE = "page"
    PART = "part"
    STREAM = "stream"


@dataclass(slots=True)
class Shape:
    """What an object's text is but for what is open in it, as a pattern.

    `groups` says what each group of the pattern stands for: a key such as `/Parent`, `length`, `record`; the
    object's own number comes before them. `taken` and `places` gather the groups of objects that match, and
    each one's number, where the match ended and where the object does.
    """

    kind: Kind
    pattern: bytes
    groups: tuple[str, ...]
    wanted: tuple[int, ...] = ()
    """The groups that hold numbers, as the patterns of a file together count them."""
    record: int = 0
    """The group of the record's key; 0 for none."""
    taken: list[bytes] = field(default_factory=list, repr=False)
    keys: list[bytes] = field(default_factory=list, repr=False)
    places: list[int] = field(default_factory=list, repr=False)


class Shapes:
    """The shapes of a file as one pattern."""

    def __init__(self) -> None:
        self.known: list[Shape] = []
        self.by_last_group: dict[int | None, Shape] = {}
        self.pattern = re.compile(rb"(?!)")

    def add(self, shape: Shape) -> None:
        """Know one more."""
        self.known.append(shape)
        group, branches = 2, list[bytes]()
        for one in self.known:
            places = range(group, group + len(one.groups))
            pairs = list(zip(places, one.groups, strict=True))
            one.wanted = (1, *(place for place, key in pairs if key != "record"))
            one.record = next((place for place, key in pairs if key == "record"), 0)
            group += len(one.groups) + 1
            # The empty group at its end tells which branch matched.
            self.by_last_group[group - 1] = one
            branches.append(one.pattern + b"()")
        self.pattern = re.compile(rb"(\d{1,10}) 0 obj\n(?:" + b"|".join(branches) + b")", re.DOTALL)


def kind_of(text: bytes, *, stream: bool) -> Kind | None:
    """What repeats itself in a merged file; None for all else, which is read one by one."""
    if stream:
        return Kind.STREAM if text.startswith(b"<</Filter/FlateDecode/Length ") else None
    if re.search(rb"/Type ?/Page\b", text):
        return Kind.PAGE
    if b"/Start " in text and re.search(rb"/Type ?/DPart\b", text):
        return Kind.PART
    return None


def learn(text: bytes, kind: Kind) -> Shape | None:
    """The shape of an object; None where it has one of the keys that hold a file together more than once."""
    pattern: list[bytes] = []
    groups: list[str] = []
    at = 0
    for found in _OPEN.finditer(text):
        pattern.append(re.escape(text[at : found.start()]))
        at = found.end()
        if found["named"]:
            groups.append(found["key"].decode("ascii"))
            pattern.append(re.escape(found["key"]) + rb" (\d{1,10}) 0 R")
        elif found["record"]:
            groups.append("record")
            pattern.append(_RECORD)
        elif found["listed"]:
            groups.append("")
            pattern.append(rb"(\d{1,10}) 0 R")
        elif found["length"]:
            groups.append("length")
            pattern.append(rb"/Length (\d{1,10})")
        else:
            pattern.append(re.escape(found[0]))
    pattern += [re.escape(text[at:]), rb"\nstream\n" if kind is Kind.STREAM else rb"\nendobj\n"]
    if any(groups.count(key) > 1 for key in _STRUCTURAL):
        return None
    return Shape(kind, b"".join(pattern), tuple(groups))


_ALIKE = (
    (re.compile(rb"\d+ 0 R"), b"R"),
    (re.compile(rb"\[[\d. R+-]*\]"), b"[]"),
    (re.compile(rb"\[(?:[\d. R+-]|\[\])*\]"), b"[]"),
    (re.compile(rb"/(Length\d?|Count) \d+"), rb"/\1"),
    (re.compile(rb"/[A-Z]{6}\+"), b"/+"),
)


def skeleton(text: bytes) -> bytes:
    """An object's text without what tells it from its like in other blocks: references, lists, lengths."""
    for pattern, instead in _ALIKE:
        text = pattern.sub(instead, text)
    return text
