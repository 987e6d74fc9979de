"""Fonts as a PDF holds them: what a code shows, how wide, and where its ink is."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import pikepdf
import uharfbuzz
from pikepdf import Name

from app.pdf.preflight.content.matrix import Bounds

_SIMPLE = frozenset({"Type1", "MMType1", "TrueType"})
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_SFNT = (b"\x00\x01\x00\x00", b"true", b"OTTO")
_LARGEST_RANGE = 65_536
_KEPT = 32
"""Fonts that stay read: their programs and glyphs, some 200 kB each."""
_REFERENCE = b"R"
"""In the text of widths, or of a stream's dictionary, that leads to other objects: it does not tell all."""
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


@dataclass(frozen=True, slots=True)
class Glyph:
    """What one code shows. Widths and bounds in 1/1000 em; None where the font program cannot tell.

    `text` is what ToUnicode says; `absent` where the font has no glyph for the code (`.notdef`).
    """

    code: int
    width: float
    own_width: float | None
    bounds: Bounds | None
    blank: bool
    absent: bool
    text: str | None


class Typeface:
    """One font dictionary, read as far as a check asks."""

    def __init__(self, font: pikepdf.Dictionary) -> None:
        self.font = font
        self.kind = str(font.get("/Subtype", "/none"))[1:]
        self.name = str(font.get("/BaseFont", font.get("/Name", "/unnamed")))[1:]
        self._glyphs: dict[int, Glyph] = {}

    @property
    def composite(self) -> bool:
        """Whether codes are two bytes."""
        return self.kind == "Type0"

    @cached_property
    def _own(self) -> pikepdf.Object:
        """The dictionary with widths and descriptor: the descendant of a Type0 font, else the font."""
        return self.font.DescendantFonts[0] if self.composite else self.font

    @cached_property
    def _descriptor(self) -> pikepdf.Object:
        return self._own.get("/FontDescriptor", pikepdf.Dictionary())

    @cached_property
    def program(self) -> pikepdf.Stream | None:
        """The embedded font program."""
        for key in _PROGRAMS:
            found = self._descriptor.get(key)
            if isinstance(found, pikepdf.Stream):
                return found
        return None

    @property
    def embedded(self) -> bool:
        """Whether the font travels with the file; Type 3 glyphs always do."""
        return self.kind == "Type3" or self.program is not None

    @property
    def known_kind(self) -> bool:
        """Whether the subtype is one of the standard's."""
        return self.composite or self.kind == "Type3" or self.kind in _SIMPLE

    @cached_property
    def _ascent_and_descent(self) -> tuple[float, float]:
        ascent = float(self._descriptor.get("/Ascent", 750))
        descent = float(self._descriptor.get("/Descent", -250))
        return ascent, descent

    def codes(self, data: bytes) -> list[int]:
        """The character codes of a shown string."""
        if not self.composite:
            return list(data)
        return [data[i] << 8 | data[i + 1] for i in range(0, len(data) - 1, 2)]

    def glyph(self, code: int) -> Glyph:
        """What a code shows."""
        if self.composite:
            return self._composite.glyph(code)
        known = self._glyphs.get(code)
        if known is None:
            known = self._glyphs[code] = self._simple(code)
        return known

    def box_of(self, glyph: Glyph) -> Bounds:
        """The glyph's ink, or where its program cannot tell the box of its advance, in 1/1000 em."""
        if glyph.bounds is not None:
            return glyph.bounds
        ascent, descent = self._ascent_and_descent
        return 0.0, descent, glyph.width, ascent

    @cached_property
    def _composite(self) -> CompositeGlyphs:
        """Cards that show the same subset of a font, byte for byte, need it read once."""
        streams = self.program, self._own.get("/CIDToGIDMap"), self.font.get("/ToUnicode")
        widths = self._own.get("/W", pikepdf.Array())
        key = *map(_coded, streams), (widths.unparse(resolved=True), b""), self._default_width
        known = _READ.get(key)
        if known is None:
            program, glyph_map, said = map(_decoded, streams)
            known = CompositeGlyphs(program, glyph_map, said, _cid_widths(widths), self._default_width)
            if not any(_REFERENCE in part[0] for part in key if isinstance(part, tuple)):
                _READ.keep(key, known)
        return known

    @cached_property
    def _default_width(self) -> float:
        return float(self._own.get("/DW", 1000))

    def _simple(self, code: int) -> Glyph:
        first = int(self.font.get("/FirstChar", 0))
        widths = self._simple_widths
        position = code - first
        known = 0 <= position < len(widths) if widths else not self.embedded
        width = widths[position] if widths and known else 0.0
        absent = not known or self._differences.get(code) == "/.notdef"
        return Glyph(code, width, None, None, blank=False, absent=absent, text=self._unicode.get(code))

    @cached_property
    def _simple_widths(self) -> list[float]:
        scale = 1.0 if self.kind != "Type3" else 1000 * float(self.font.FontMatrix[0])
        found = self.font.get("/Widths")
        return [] if found is None else [float(width) * scale for width in found.as_list()]

    @cached_property
    def _differences(self) -> dict[int, str]:
        encoding = self.font.get("/Encoding")
        if not isinstance(encoding, pikepdf.Dictionary) or "/Differences" not in encoding:
            return {}
        names: dict[int, str] = {}
        code = 0
        for entry in encoding.Differences.as_list():
            if isinstance(entry, Name):
                names[code] = str(entry)
                code += 1
            else:
                code = int(entry)
        return names

    def procedure(self, code: int) -> pikepdf.Stream | None:
        """A Type 3 font's drawing of a code."""
        name = self._differences.get(code)
        drawn = None if name is None else self.font.CharProcs.get(name)
        return drawn if isinstance(drawn, pikepdf.Stream) else None

    @cached_property
    def _unicode(self) -> dict[int, str]:
        return _to_unicode(_decoded(self.font.get("/ToUnicode")) or b"")


class CompositeGlyphs:
    """The glyphs of a Type0 font, from the bytes that say all about them."""

    def __init__(
        self,
        program: bytes | None,
        glyph_map: bytes | None,
        said: bytes | None,
        widths: Mapping[int, float],
        default_width: float,
    ) -> None:
        """Glyphs are read as they are asked for."""
        self._glyphs: dict[int, Glyph] = {}
        self._glyph_map = glyph_map
        self._unicode = _to_unicode(said or b"")
        self._widths, self._default_width = widths, default_width
        self._outlines = _outlines(program or b"")
        face = None if self._outlines is None else self._outlines.face
        self._count: int = 0 if face is None else face.glyph_count
        self._em: float = 1.0 if face is None else 1000 / face.upem

    def glyph(self, code: int) -> Glyph:
        """What a code shows."""
        known = self._glyphs.get(code)
        if known is None:
            known = self._glyphs[code] = self._read(code)
        return known

    def _read(self, code: int) -> Glyph:
        index = self._index(code)
        width = self._widths.get(code, self._default_width)
        text = self._unicode.get(code)
        outlines = self._outlines
        if outlines is None:
            return Glyph(code, width, None, None, blank=False, absent=index == 0, text=text)
        if index >= self._count:
            return Glyph(code, width, None, None, blank=True, absent=True, text=text)
        em = self._em
        extents = outlines.get_glyph_extents(index)
        bounds: Bounds | None = None
        if extents is not None and (extents.width or extents.height):
            left, top = extents.x_bearing * em, extents.y_bearing * em
            bounds = (left, top + extents.height * em, left + extents.width * em, top)
        own_width = outlines.get_glyph_h_advance(index) * em
        return Glyph(code, width, own_width, bounds, blank=bounds is None, absent=index == 0, text=text)

    def _index(self, code: int) -> int:
        if self._glyph_map is None:
            return code
        entry = self._glyph_map[2 * code : 2 * code + 2]
        return int.from_bytes(entry, "big")


class _Read:
    """Fonts that were read, by all that was read of them; those not met for long are forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, CompositeGlyphs] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> CompositeGlyphs | None:
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
            return known

    def keep(self, key: Hashable, glyphs: CompositeGlyphs) -> None:
        with self._lock:
            self._known[key] = glyphs
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)


_READ = _Read()


def _coded(part: pikepdf.Object | None) -> tuple[bytes, bytes] | None:
    """A stream as it is in the file: what says how it is coded, and its bytes."""
    return (part.stream_dict.unparse(), part.read_raw_bytes()) if isinstance(part, pikepdf.Stream) else None


def _decoded(part: pikepdf.Object | None) -> bytes | None:
    return part.read_bytes() if isinstance(part, pikepdf.Stream) else None


def _outlines(program: bytes) -> uharfbuzz.Font | None:
    """HarfBuzz on the program; None for a bare CFF or Type 1, which it does not open."""
    if not program.startswith(_SFNT):
        return None
    face = uharfbuzz.Face(program)
    return uharfbuzz.Font(face) if face.glyph_count else None


def _cid_widths(found: pikepdf.Object) -> dict[int, float]:
    """`/W`: `c [w …]` or `first last w` (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, float] = {}
    entries = found.as_list()
    i = 0
    while i + 1 < len(entries):
        first, second = int(entries[i]), entries[i + 1]
        if isinstance(second, pikepdf.Array):
            widths.update((first + n, float(w)) for n, w in enumerate(second.as_list()))
            i += 2
        else:
            last = min(int(second), first + _LARGEST_RANGE)
            widths.update(dict.fromkeys(range(first, last + 1), float(entries[i + 2])))
            i += 3
    return widths


def _to_unicode(cmap: bytes) -> dict[int, str]:
    """Code to text of a ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    texts: dict[int, str] = {}
    for kind, body in _SECTION.findall(cmap):
        tokens = _TOKEN.findall(body)
        values = ["[" if opening else "]" if closing else hexes for hexes, opening, closing in tokens]
        if kind == b"bfchar":
            pairs = zip(values[::2], values[1::2], strict=False)
            texts.update((int(code, 16), _text(text)) for code, text in pairs)
        else:
            _add_ranges(texts, values)
    return texts


def _add_ranges(texts: dict[int, str], values: list[bytes | str]) -> None:
    i = 0
    while i + 2 < len(values):
        first, last, target = int(values[i], 16), int(values[i + 1], 16), values[i + 2]
        i += 3
        if target == "[":
            end = values.index("]", i)
            texts.update((first + n, _text(text)) for n, text in enumerate(values[i:end]))
            i = end + 1
            continue
        start = _text(target)
        for n in range(min(last - first + 1, _LARGEST_RANGE)):
            texts[first + n] = start[:-1] + chr(min(ord(start[-1]) + n, 0x10FFFF)) if start else ""


def _text(hexes: bytes | str) -> str:
    raw = hexes if isinstance(hexes, str) else hexes.decode("ascii")
    return bytes.fromhex(raw).decode("utf-16-be", "replace")
