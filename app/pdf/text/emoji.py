"""Emoji: which graphemes are pictures rather than text, and the font that has them in colour.

A picture is shown like a letter, by a font of its own kind (`file/picture_font.py`): so it stands in its
line, breaks with it, and comes back out of the file as the characters that were typed.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cached_property

import regex
import uharfbuzz as hb
from PIL import Image

from app.errors import SetupError
from app.pdf.text.face import Face, Ink
from app.registry.fonts import FontFile

_AS_TEXT = "\ufe0e"
_JOINER = "\u200d"
_PICTURE = regex.compile(
    # UTS #51: a picture by itself, or because a selector, keycap, skin tone, tag or joiner makes it one.
    r"\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Emoji}\p{Emoji_Modifier}|\p{RI}\p{RI}"
    r"|\p{Extended_Pictographic}.*\u200d|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
)
_MAY_BE = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Component}--[0-9#*]]", regex.VERSION1)
_NO_FLAG = "\U0001f1fd\U0001f1fd"
"""XX is no country's code, now or ever (ISO 3166-1, 8.1.3); fonts draw a placeholder for it."""
_POINTS_PER_INCH = 72
FINEST_PICTURES = 5_000
"""Product of a text's size in pt and its pictures' ppi that every font of pictures reaches."""
PAGE = 64
"""Glyphs of one page: few enough that 255 codes hold each of them in every spelling, and the parts too."""
_MIDDLE = 0.38
"""Height of a picture's middle over the baseline, em: that of capitals."""


def is_picture(grapheme: str) -> bool:
    """Whether it is shown as a picture where a font has it; all else only where no font of text has it."""
    return _AS_TEXT not in grapheme and _PICTURE.match(grapheme) is not None


def may_hold_pictures(text: str) -> bool:
    """Whether any grapheme could be a picture: a quick look that nearly all texts fail."""
    return not text.isascii() and _MAY_BE.search(text) is not None


class EmojiFont:
    """A font of colour bitmaps (OpenType CBDT), opened on first use."""

    def __init__(self, file: FontFile) -> None:
        """Nothing is read yet."""
        self.file = file
        self._glyphs: dict[str, int] = {}
        self._pages: dict[int, EmojiPage] = {}

    @cached_property
    def face(self) -> hb.Face:
        """The font.

        Raises:
            SetupError: it has no colour bitmaps.
        """
        face = hb.Face(hb.Blob(self.file.read()))
        if not face.has_color_png:
            raise SetupError(f"{self.file.path} has no colour bitmaps", mend="name such a font under [emoji]")
        return face

    @cached_property
    def font(self) -> hb.Font:
        """The font, for HarfBuzz."""
        return hb.Font(self.face)

    def page_of(self, grapheme: str) -> EmojiPage | None:
        """The part of the font that draws a grapheme as one picture; None where it has none."""
        glyph = self._glyph(grapheme)
        if not glyph:
            return None
        index = glyph // PAGE
        page = self._pages.get(index)
        if page is None:
            page = self._pages[index] = EmojiPage(self, index)
        return page

    def settled(self, text: str) -> str:
        """The text with its joined pictures parted where the font has no picture of them together.

        So UTS #51, 2.2 asks it; a joiner that joins nothing would make one glyph of two.
        """
        if _JOINER not in text or not may_hold_pictures(text):
            return text
        return "".join(self._parted(grapheme) for grapheme in regex.findall(r"\X", text))

    def _parted(self, grapheme: str) -> str:
        if _JOINER not in grapheme or not is_picture(grapheme) or self._glyph(grapheme):
            return grapheme
        return grapheme.replace(_JOINER, "")

    def _glyph(self, grapheme: str) -> int:
        """The one glyph of a grapheme, or 0."""
        known = self._glyphs.get(grapheme)
        if known is None:
            shaped = self._shape(grapheme)
            drawn = len(shaped) == 1 and shaped != self._no_flag and self.bitmap(shaped[0])
            known = self._glyphs[grapheme] = shaped[0] if drawn else 0
        return known

    @cached_property
    def _no_flag(self) -> list[int]:
        return self._shape(_NO_FLAG)

    def _shape(self, grapheme: str) -> list[int]:
        buffer = hb.Buffer()
        buffer.add_str(grapheme)
        buffer.guess_segment_properties()
        buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        hb.shape(self.font, buffer)
        return [info.codepoint for info in buffer.glyph_infos]

    def bitmap(self, glyph: int) -> bytes:
        """The glyph's PNG; empty where it has none."""
        blob = self.font.get_glyph_color_png(glyph)
        return bytes(blob.data) if blob is not None else b""


class EmojiPage(Face):
    """A run of an emoji font's glyphs, as one font of pictures: PDF's hold 256 codes each.

    All pictures are of one size and stand alike on the line.
    """

    def __init__(self, font: EmojiFont, index: int) -> None:
        """`index` counts the pages of the font."""
        super().__init__(replace(font.file, name=f"{font.file.name}-{index}", scale=1.0))
        self._emoji = font

    @cached_property
    def units(self) -> int:
        """Font units of the text's em: to readers of the file a picture is a letter of the text's size."""
        units: int = round(self._face.upem / self._emoji.file.scale)
        return units

    @cached_property
    def _face(self) -> hb.Face:
        return self._emoji.face

    @cached_property
    def font(self) -> hb.Font:
        """The whole font, for HarfBuzz."""
        return self._emoji.font

    @property
    def glyph_count(self) -> int:
        """Only `.notdef`: no picture has a code of its own, each file gives them."""
        return 1

    @property
    def characters(self) -> set[int]:
        """None that a code could always say."""
        return set()

    def has(self, grapheme: str) -> bool:
        """Whether a grapheme is one picture of this page."""
        return self._emoji.page_of(grapheme) is self

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """Left, bottom, right and top of every picture, in font units."""
        first = next(glyph for glyph in range(self._face.glyph_count) if self._emoji.bitmap(glyph))
        extents = self.font.get_glyph_extents(first)
        top = round(_MIDDLE / self.scale - extents.height / 2)  # heights are negative in OpenType
        return extents.x_bearing, top + extents.height, extents.x_bearing + extents.width, top

    def _glyph_ink(self, glyph: int) -> Ink | None:
        if not self._emoji.bitmap(glyph):
            return None
        left, bottom, right, top = (edge * self.scale for edge in self.box)
        return Ink(left, bottom, right, top)

    def largest(self, ppi: float) -> float:
        """The largest size in pt of a text whose pictures have so many pixels an inch."""
        left, _, right, _ = self.box
        return self._columns * _POINTS_PER_INCH / (ppi * (right - left) * self.scale)

    @cached_property
    def _columns(self) -> int:
        """Pixels across a picture; all are alike."""
        glyphs = range(self._face.glyph_count)
        return next(self.picture(glyph).width for glyph in glyphs if self._emoji.bitmap(glyph))

    def picture(self, glyph: int) -> Image.Image:
        """The glyph's bitmap, RGBA."""
        with Image.open(io.BytesIO(self._emoji.bitmap(glyph))) as opened:
            return opened.convert("RGBA")
