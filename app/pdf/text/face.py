"""A font as the engine uses it: opened once, its glyphs measured and outlined once each."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from string import ascii_letters, digits
from typing import NamedTuple, TypeVar

import uharfbuzz as hb
from fontTools.ttLib import TTFont, TTLibError

from app.errors import SetupError
from app.pdf.text.glyph import Glyphs
from app.pdf.text.outline import Record, glyph_record
from app.registry.fonts import FontFile

_NOT_LETTER_SHAPES = frozenset(
    {"ordn", "sups", "subs", "sinf", "frac", "numr", "dnom", "smcp", "c2sc", "case"}
)
"""Features whose results `aalt` lists too, though they are other characters to a reader."""
MOST_OTHERS = 7
"""How many other shapes of a letter are used at most."""
_MOST_KEPT = 50_000
T = TypeVar("T")
_PROBE = "kpH"
_PLAIN = frozenset(f"{ascii_letters}{digits}-_")


class Ink(NamedTuple):
    """A rectangle that ink touches, in em from the origin, y upwards."""

    left: float
    bottom: float
    right: float
    top: float


class Merged(NamedTuple):
    """Several glyphs drawn as one: a letter with its marks, or an Indic syllable. In font units."""

    advance: int
    parts: tuple[tuple[int, int, int], ...]
    """Glyph, x and y."""


Shape = int | Merged
"""What a font draws at one place: a glyph by its id, or several as one."""
BLANK = Merged(0, ())
"""Draws nothing and takes no room."""


def parts_of(shape: Shape) -> tuple[tuple[int, int, int], ...]:
    """The glyphs of a shape, each with its x and y in font units."""
    return ((shape, 0, 0),) if isinstance(shape, int) else shape.parts


class Face:
    """One font at one instance. Lengths in em unless said otherwise; `scale` evens out sizes.

    The file is opened when something is first asked of it: a typeface's chain has dozens of fonts.
    """

    def __init__(self, file: FontFile) -> None:
        """Nothing is read yet."""
        self.file = file
        self._has: dict[str, bool] = {}
        self._ink: dict[Shape, Ink | None] = {}
        self._records: dict[Shape, Record] = {}
        self._advances: dict[Shape, int] = {}
        self._alternates: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _face(self) -> hb.Face:
        """The font.

        Raises:
            SetupError: the file is no font, or not the one that the manifest means.
        """
        face = hb.Face(hb.Blob(self.file.read()))
        if not face.glyph_count:
            raise SetupError(f"{self.file.path} is not a font", mend="restore the fonts folder")
        return face

    @cached_property
    def font(self) -> hb.Font:
        """The font at its instance, for HarfBuzz."""
        font = hb.Font(self._face)
        if self.file.variations:
            font.set_variations(dict(self.file.variations))
        return font

    @cached_property
    def units(self) -> int:
        """Font units of an em."""
        upem: int = self._face.upem
        return upem

    @cached_property
    def scale(self) -> float:
        """Font units to em of the typeface's size."""
        return self.file.scale / self.units

    @property
    def name(self) -> str:
        """The manifest's name of it."""
        return self.file.name

    @cached_property
    def resource(self) -> str:
        """What the pages call it: its name, spelled as a PDF name (ISO 32000-2, 7.3.5)."""
        return "".join(chr(byte) if chr(byte) in _PLAIN else f"#{byte:02X}" for byte in self.name.encode())

    @cached_property
    def postscript_name(self) -> str:
        """The name PDF shows for it, made of printable ASCII."""
        said = self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or self.file.family
        return "".join(c for c in said if c.isascii() and (c.isalnum() or c in "-_")) or "Font"

    def has(self, grapheme: str) -> bool:
        """Whether every visible character of a grapheme has a glyph, composed or decomposed."""
        known = self._has.get(grapheme)
        if known is None:
            known = any(
                all(self.font.get_nominal_glyph(ord(c)) or is_ignorable(c) for c in form)
                for form in (
                    grapheme,
                    unicodedata.normalize("NFC", grapheme),
                    unicodedata.normalize("NFD", grapheme),
                )
            )
            self._has[grapheme] = known
        return known

    def ink(self, shape: Shape) -> Ink | None:
        """Where the shape's ink is, or None where it is blank."""
        try:
            return self._ink[shape]
        except KeyError:
            ink = self._glyph_ink(shape) if isinstance(shape, int) else self._merged_ink(shape)
            return _keep(self._ink, shape, ink)

    def _glyph_ink(self, glyph: int) -> Ink | None:
        box = self.font.get_glyph_extents(glyph)
        if not box.width or not box.height:
            return None
        left, top = box.x_bearing * self.scale, box.y_bearing * self.scale
        return Ink(left, top + box.height * self.scale, left + box.width * self.scale, top)

    def _merged_ink(self, merged: Merged) -> Ink | None:
        inks = [
            Ink(ink.left + dx, ink.bottom + dy, ink.right + dx, ink.top + dy)
            for glyph, x, y in merged.parts
            for dx, dy in [(x * self.scale, y * self.scale)]
            if (ink := self.ink(glyph)) is not None
        ]
        if not inks:
            return None
        lefts, bottoms, rights, tops = zip(*inks, strict=True)
        return Ink(min(lefts), min(bottoms), max(rights), max(tops))

    def record(self, shape: Shape) -> Record:
        """The shape's outline as a `glyf` record in font units."""
        try:
            return self._records[shape]
        except KeyError:
            return _keep(self._records, shape, glyph_record(self.font, parts_of(shape)))

    def advance(self, shape: Shape) -> int:
        """The shape's advance width in font units."""
        if not isinstance(shape, int):
            return shape.advance
        try:
            return self._advances[shape]
        except KeyError:
            advance: int = self.font.get_glyph_h_advance(shape)
            return _keep(self._advances, shape, advance)

    @cached_property
    def height(self) -> tuple[float, float]:
        """Reach of ordinary letters over and under the baseline, both positive."""
        inks = [ink for c in _PROBE if (g := self.font.get_nominal_glyph(ord(c))) and (ink := self.ink(g))]
        if not inks:
            extents = self.font.get_font_extents("ltr")
            return extents.ascender * self.scale, -extents.descender * self.scale
        return max(ink.top for ink in inks), max(-ink.bottom for ink in inks)

    @cached_property
    def vertical_metrics(self) -> tuple[int, int, int]:
        """Ascent, descent and cap height for the font descriptor, in font units."""
        extents = self.font.get_font_extents("ltr")
        cap = self.font.get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT)
        return extents.ascender, extents.descender, cap

    @cached_property
    def glyphs(self) -> Glyphs:
        """Its glyphs with what they say."""
        return Glyphs(self)

    @property
    def glyph_count(self) -> int:
        """How many glyphs the font has."""
        count: int = self._face.glyph_count
        return count

    @property
    def characters(self) -> set[int]:
        """The code points that the font has glyphs for."""
        points: set[int] = self._face.unicodes
        return points

    def nominal(self, code_point: int) -> int:
        """The glyph of a character before shaping, or 0."""
        return self.font.get_nominal_glyph(code_point) or 0

    def alternates(self, letter: str) -> int:
        """How many other shapes of the same letter the font's `aalt` feature gives."""
        return len(self.alternate_shapes(letter))

    @cached_property
    def others(self) -> Mapping[str, int]:
        """How many other shapes of a letter are used: asked for each letter of each new word."""
        return _Others(self)

    def alternate_shapes(self, letter: str) -> tuple[int, ...]:
        """The other shapes of a letter, as the values of `aalt` count them."""
        shapes = self._alternates.get(letter)
        if shapes is None:
            shapes = self._find_alternates(letter) if letter.isalpha() else ()
            self._alternates[letter] = shapes
        return shapes

    def _find_alternates(self, letter: str) -> tuple[int, ...]:
        glyph = self.nominal(ord(letter)) if len(letter) == 1 else 0
        lookups, other_characters = self._alternate_lookups
        for lookup in lookups:
            shapes = self._face.get_lookup_glyph_alternates(lookup, glyph) if glyph else []
            if shapes:
                strangers = (index for index, shape in enumerate(shapes) if shape in other_characters)
                return tuple(shapes[: next(strangers, len(shapes))])
        return ()

    @cached_property
    def has_alternates(self) -> bool:
        """Whether the letters of the alphabet have other shapes."""
        return all(self.alternates(letter) for letter in "aeno")

    @cached_property
    def _alternate_lookups(self) -> tuple[tuple[int, ...], frozenset[int]]:
        """The lookups of `aalt`, and the glyphs that are other characters to a reader."""
        try:
            table = TTFont(io.BytesIO(self.file.read()), lazy=True).get("GSUB")
        except TTLibError as error:
            raise SetupError(
                f"{self.file.path} is damaged: {error}", mend="restore the fonts folder"
            ) from error
        # Some fonts have a table that holds no features at all.
        if table is None or table.table.FeatureList is None:
            return (), frozenset()
        features = table.table.FeatureList.FeatureRecord
        lookups: dict[str, list[int]] = {feature.FeatureTag: [] for feature in features}
        for feature in features:
            lookups[feature.FeatureTag] += feature.Feature.LookupListIndex
        others = {
            shape
            for tag in _NOT_LETTER_SHAPES & lookups.keys()
            for lookup in lookups[tag]
            for letter in map(self.nominal, range(ord("A"), ord("z") + 1))
            if letter
            for shape in self._face.get_lookup_glyph_alternates(lookup, letter)
        }
        others.update(map(self.font.get_nominal_glyph, self._face.unicodes))
        return tuple(dict.fromkeys(lookups.get("aalt", ()))), frozenset(others)


class _Others(dict[str, int]):
    """How many other shapes of each character are used, found out once."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, letter: str) -> int:
        count = self[letter] = min(self._face.alternates(letter), MOST_OTHERS)
        return count


def _keep(cache: dict[Shape, T], shape: Shape, value: T) -> T:
    """Remember a shape's value; a font has few shapes, but texts can merge any number of them."""
    if len(cache) >= _MOST_KEPT:
        cache.clear()
    cache[shape] = value
    return value


def is_ignorable(character: str) -> bool:
    """Whether a character has no shape of its own (joiners, marks of direction, variation selectors)."""
    return (
        unicodedata.category(character) == "Cf"
        or "\ufe00" <= character <= "\ufe0f"
        or character >= "\U000e0100"
    )
