"""Which characters may reach paper.

Nothing here changes what a reader sees: characters without a shape are taken out, and those that no text
should hold are refused by name.
"""

from __future__ import annotations

import re
import unicodedata

from app.errors import MissingGlyph

# Directional embeddings and overrides (deprecated for text by UAX #9, and a way to forge what a name
# reads as), byte-order marks, and format characters of other
# worlds: annotation anchors, invisible operators, language tags (but those that make a flag, as Scotland's).
_SHAPELESS = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\u180e\u202a-\u202e\u2061-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e00ff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t]+")
_REFUSED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U000f0000-\U0010ffff]"
    "|[" + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF)) + "]"
)


def clean(text: str, place: str) -> str:
    """The text with line feeds for line ends, single spaces, and nothing invisible that does nothing.

    Args:
        text: what a card says.
        place: what it is, for people ("the message on the back").

    Raises:
        MissingGlyph: it holds a control or private character, a lone surrogate, a noncharacter or U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text) if "  " in text else text
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    refused = _REFUSED.search(text)
    if refused is not None:
        raise missing_glyph(refused.group(), refused.start(), place)
    return _SHAPELESS.sub(r"\1", text)


def missing_glyph(character: str, index: int, place: str) -> MissingGlyph:
    """The error for a character that cannot be drawn, with its name and where it stands."""
    name = unicodedata.name(character, _KIND.get(unicodedata.category(character), "unnamed"))
    return MissingGlyph(
        f"U+{ord(character):04X} ({name}) is character {index + 1} of {place}, and no font can draw it",
        mend="take the character out, or add a font that has it to fonts/manifest.toml",
        frame=place,
    )


_KIND = {
    "Cc": "a control character",
    "Cs": "half of a surrogate pair",
    "Cn": "not a character",
    "Co": "a private character",
}
