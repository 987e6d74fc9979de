"""One pass through a merged file: each object where the table says, whole, and what refers to what."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field

import numpy as np

from app.pdf.preflight.merged.mapped import Body, Broken, MappedFile
from app.pdf.preflight.merged.shapes import Kind, Shape, Shapes, kind_of, learn, skeleton
from app.pdf.preflight.parts import Leaves, Numbers

_END_STREAM = b"\nendstream\nendobj\n"
_MOST_SHAPES = 256
"""Shapes that are kept; a file whose pages all differ is read object by object."""
_MOST_FAULTS = 100
_HIGHEST = 2**31 - 1
"""What a larger number is taken for; no file has as many objects."""
_PERHAPS_PERSONAL = re.compile(rb"[\s@<]")
"""A blank, an at sign, or a text beyond ASCII, which may hold either."""
_KIDS = re.compile(rb"/Kids ?\[([\d R]*)\]")
_COUNT = re.compile(rb"/Count (\d+)")
_PARENT = re.compile(rb"/Parent (\d+) 0 R")
_PARTS = re.compile(rb"/DParts ?\[([\d R\[\] ]*)\]")
_LISTED = re.compile(rb"(\d+) 0 R")
_FONT = re.compile(rb"/Type ?/Font\b")
_FONT_NEEDS = (
    (re.compile(rb"/Subtype ?/Type0\b"), b"/DescendantFonts"),
    (re.compile(rb"/Subtype ?/(CIDFontType[02]|Type1|MMType1|TrueType)\b"), b"/FontDescriptor"),
    (re.compile(rb"/Type ?/FontDescriptor\b"), b"/FontFile"),
)
"""What a font dictionary of a kind leads on to, down to the embedded program."""


@dataclass(slots=True)
class Node:
    """A node of the page tree."""

    parent: int
    count: int
    kids: Numbers


@dataclass(slots=True)
class Walk:
    """What came to light. Columns are as long as there are pages, or leaves; numbers are object numbers."""

    faults: list[tuple[int, str]] = field(default_factory=list)
    fonts: list[tuple[int, str]] = field(default_factory=list)
    page: array[int] = field(default_factory=lambda: array("i"))
    page_parent: array[int] = field(default_factory=lambda: array("i"))
    page_part: array[int] = field(default_factory=lambda: array("i"))
    page_contents: array[int] = field(default_factory=lambda: array("i"))
    leaf: array[int] = field(default_factory=lambda: array("i"))
    leaf_parent: array[int] = field(default_factory=lambda: array("i"))
    leaf_start: array[int] = field(default_factory=lambda: array("i"))
    leaf_end: array[int] = field(default_factory=lambda: array("i"))
    record: array[int] = field(default_factory=lambda: array("q"))
    nodes: dict[int, Node] = field(default_factory=dict)
    branches: dict[int, tuple[int, Numbers]] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    """One page of each shape."""
    parts: list[int] = field(default_factory=list)
    """One part of each shape that has metadata."""
    odd: list[int] = field(default_factory=list)
    """One object of each other kind, to be looked through like a small file's."""

    def leaves(self) -> Leaves:
        """The leaves as arrays."""
        columns = self.leaf, self.leaf_parent, self.leaf_start, self.leaf_end
        return Leaves(*map(as_numbers, columns))


def as_numbers(column: array[int]) -> Numbers:
    """A column as an array that shares its memory."""
    return np.frombuffer(column, np.int32) if column else np.empty(0, np.int32)


class Walker:
    """Goes through a file. What matches a known shape is done at once; all else goes the general way."""

    def __init__(self, file: MappedFile) -> None:
        self._file = file
        self._data = file.data
        self._walk = Walk()
        self._shapes = Shapes()
        self._skeletons: set[bytes] = set()
        self._streams = np.zeros(len(file.offsets), bool)
        self._references: tuple[array[int], array[int]] = array("i"), array("i")
        """Who refers, and to what, where no other question asks it."""

    def run(self) -> Walk:
        """The whole file, once."""
        for chunk in self._file.spans():
            match, by_last_group = self._shapes.pattern.match, self._shapes.by_last_group
            for number, start, end in chunk:
                found = match(self._data, start, end)
                if found is None:
                    found = self._other(number, start, end)
                    match = self._shapes.pattern.match
                    if found is None:
                        continue
                shape = by_last_group[found.lastindex]
                shape.taken += found.group(*shape.wanted)
                shape.places += (number, found.end(), end)
                if shape.record:
                    shape.keys.append(found[shape.record])
            for shape in self._shapes.known:
                if shape.places:
                    self._digest(shape)
        self._check_references()
        return self._walk

    def _digest(self, shape: Shape) -> None:
        """Judge and keep the numbers of a chunk's objects of one shape."""
        numbers, matched, ends = np.array(shape.places, np.int64).reshape(-1, 3).T
        values = np.fromstring(b" ".join(shape.taken), np.int64, sep=" ").reshape(len(numbers), -1).T
        if shape.kind is Kind.STREAM:
            self._streams[numbers] = True
            whole = matched + values[1] + len(_END_STREAM) == ends
            data, tail = self._data, len(_END_STREAM)
            whole &= [data[end - tail : end] == _END_STREAM for end in ends.tolist()]
        else:
            whole = matched == ends
            self._keep(shape, np.minimum(values, _HIGHEST).astype(np.int32))
        for at in np.flatnonzero(~whole | (values[0] != numbers)):
            self._suspect(int(numbers[at]), int(ends[at]))
        shape.taken, shape.places, shape.keys = [], [], []

    def _suspect(self, number: int, end: int) -> None:
        """An object that looked like others, but is not where and as long as the table says."""
        if self._body(number, int(self._file.offsets[number]), end) is not None:
            self._fault(number, "it is longer or shorter than it says")

    def _keep(self, shape: Shape, values: Numbers) -> None:
        """Append a page's or leaf's numbers to the columns of the walk."""
        keys = ("number", *(key for key in shape.groups if key != "record"))
        row = dict(zip(keys, values, strict=True))
        nothing = np.zeros(values.shape[1], np.int32)
        for key, column in self._columns(shape.kind).items():
            instead = row["/Start"] if key == "/End" else nothing
            column.frombytes(row.get(key, instead).tobytes())
        if shape.kind is Kind.PART:
            self._walk.record.extend(map(hash, shape.keys) if shape.record else nothing.tolist())
            if _PERHAPS_PERSONAL.search(b"".join(shape.keys)):
                self._look_closer(shape.keys, values[0])
        for at, key in enumerate(keys):
            if key not in self._columns(shape.kind):
                self._references[0].frombytes(values[0].tobytes())
                self._references[1].frombytes(values[at].tobytes())

    def _look_closer(self, keys: list[bytes], leaves: Numbers) -> None:
        """Let the metadata of parts be read whose key may be more than a key."""
        found = [at for at, key in enumerate(keys) if _PERHAPS_PERSONAL.search(key)]
        self._walk.parts += leaves[found[:_MOST_FAULTS]].tolist()

    def _columns(self, kind: Kind) -> dict[str, array[int]]:
        """Where each number of a page or leaf goes; others are references like any."""
        walk = self._walk
        if kind is Kind.PAGE:
            return {
                "number": walk.page,
                "/Parent": walk.page_parent,
                "/Contents": walk.page_contents,
                "/DPart": walk.page_part,
            }
        return {
            "number": walk.leaf,
            "/Parent": walk.leaf_parent,
            "/Start": walk.leaf_start,
            "/End": walk.leaf_end,
        }

    def _fault(self, number: int, says: str) -> None:
        if len(self._walk.faults) < _MOST_FAULTS:
            self._walk.faults.append((number, says))

    def _body(self, number: int, start: int, end: int) -> Body | None:
        """An object read in the general way; None, and a fault, where it cannot be."""
        try:
            return self._file.body_at(number, start, end)
        except Broken as broken:
            self._fault(number, str(broken))
            return None

    def _other(self, number: int, start: int, end: int) -> re.Match[bytes] | None:
        """An object of no known shape: the match of its new one; None where it is read once and for all."""
        body = self._body(number, start, end)
        if body is None:
            return None
        kind = kind_of(body.text, stream=body.stream is not None)
        if kind is None:
            self._general(number, body)
            return None
        shape, known = learn(body.text, kind), len(self._shapes.known)
        if shape is None or known >= _MOST_SHAPES:
            self._fault(number, f"this {kind.value} is written unlike {known} others before it")
            return None
        self._shapes.add(shape)
        walk = self._walk
        {Kind.PAGE: walk.pages, Kind.PART: walk.parts, Kind.STREAM: walk.odd}[kind].append(number)
        return self._shapes.pattern.match(self._data, start, end)

    def _general(self, number: int, body: Body) -> None:
        """What is there once, or once a block: nodes, fonts, art, the catalogue."""
        text, walk = body.text, self._walk
        self._streams[number] = body.stream is not None
        kids, parts = _KIDS.search(text), _PARTS.search(text)
        if kids is not None:
            parent, count = _PARENT.search(text), _COUNT.search(text)
            walk.nodes[number] = Node(_value(parent), _value(count), _listed(kids[1]))
            text = text.replace(kids[0], b"")
        elif parts is not None:
            walk.branches[number] = (_value(_PARENT.search(text)), _listed(parts[1]))
            text = text.replace(parts[0], b"")
        for referred in Body(text, None).references():
            self._references[0].append(number)
            self._references[1].append(min(referred, _HIGHEST))
        for pattern, needed in _FONT_NEEDS:
            if pattern.search(text) and needed not in text:
                walk.fonts.append((number, f"it has no {needed.decode()}"))
        alike = skeleton(body.text)
        if alike not in self._skeletons:
            self._skeletons.add(alike)
            walk.odd.append(number)

    def _check_references(self) -> None:
        """Every object that is referred to is there; every page's content is a stream."""
        offsets = self._file.offsets
        referrers, referred = (as_numbers(column) for column in self._references)
        there = (referred < len(offsets)) & (offsets[np.minimum(referred, len(offsets) - 1)] > 0)
        for at in np.flatnonzero(~there)[:_MOST_FAULTS]:
            self._fault(int(referrers[at]), f"it refers to object {int(referred[at])}, which is not there")
        pages, contents = as_numbers(self._walk.page), as_numbers(self._walk.page_contents)
        # A page may be empty, or have several content streams, which are among the other references.
        streams = self._streams[np.minimum(contents, len(self._streams) - 1)]
        for at in np.flatnonzero((contents != 0) & ((contents >= len(offsets)) | ~streams))[:_MOST_FAULTS]:
            self._fault(int(pages[at]), f"its content, object {int(contents[at])}, is no stream")


def _value(found: re.Match[bytes] | None) -> int:
    return 0 if found is None else int(found[1])


def _listed(text: bytes) -> Numbers:
    return np.array([min(int(one), _HIGHEST) for one in _LISTED.findall(text)], np.int32)
