"""Labels for contact sheets, in every script that the plant's fonts have."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageDraw, ImageFont

from app.registry.fonts import FontLibrary

_TYPEFACE = "print"
_MORE = "…"


class Labels:
    """Writes one-line labels, each in the first font that has all its characters.

    Args:
        fonts: the bundled fonts.
    """

    def __init__(self, fonts: FontLibrary) -> None:
        self._fonts = fonts

    def write(
        self,
        draw: ImageDraw.ImageDraw,
        at: tuple[float, float],
        text: str,
        *,
        size: float,
        fill: tuple[int, int, int],
        width: float = 0.0,
        language: str = "en",
    ) -> float:
        """Write a line whose left end of the baseline is at a place, and give its width in pixels.

        With a `width` it is shortened to that. Text that no single font has is left out: it is a label,
        and the card beside it says the same.
        """
        path = self._font(text, language)
        if path is None:
            return 0.0
        font = _loaded(path, size)
        shown = _shortened(draw, text, font, width) if width else text
        draw.text(at, shown, font=font, fill=fill, anchor="ls")
        return draw.textlength(shown, font=font)

    def _font(self, text: str, language: str) -> Path | None:
        chain = self._fonts.chain(_TYPEFACE, language)
        wanted = {ord(letter) for letter in text} | {ord(_MORE)}
        short = wanted - {ord(_MORE)}
        fonts = [*chain.own, *chain.fallback]
        whole = (font.path for font in fonts if wanted <= _characters(font.path))
        enough = (font.path for font in fonts if short <= _characters(font.path))
        return next(whole, None) or next(enough, None)


def _shortened(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if draw.textlength(text, font=font) <= width:
        return text
    return next(
        (
            shorter
            for shorter in (text[:end].rstrip() + _MORE for end in range(len(text) - 1, 0, -1))
            if draw.textlength(shorter, font=font) <= width
        ),
        "",
    )


@lru_cache(maxsize=64)
def _loaded(path: Path, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


@lru_cache(maxsize=64)
def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
