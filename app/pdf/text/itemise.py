"""Cuts a paragraph into items that HarfBuzz can shape: one level, one script, one font each.

The font is chosen for each grapheme: first the typeface's fonts made for the script, then its others.
Spaces, digits and punctuation follow the script around them, so that a font change never falls inside a
word that one font could set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from fontTools import unicodedata as scripts
from icu4py.breakers import CharacterBreaker

from app.pdf.text.emoji import EmojiFont, is_picture, may_hold_pictures
from app.pdf.text.face import Face
from app.pdf.text.utf16 import segments

COMMON = "Zyyy"
_UNSCRIPTED = frozenset({COMMON, "Zinh", "Zzzz"})


class NoGlyph(Exception):
    """No font draws the character at `index` of a word; who knows the whole text says so to people."""

    def __init__(self, index: int) -> None:
        """The place in the word."""
        super().__init__(index)
        self.index = index


class Item(NamedTuple):
    """Characters `start` to `end` of a word, all of one level, script and font."""

    start: int
    end: int
    level: int
    script: str
    face: Face


@lru_cache(maxsize=8192)
def script_of(character: str) -> str:
    """The ISO 15924 code of a character's script; Zyyy for what all scripts share."""
    code: str = scripts.script(character)
    return COMMON if code in _UNSCRIPTED else code


class Plain(NamedTuple):
    """The characters that are known to be a script's or to go with it, and in its first font."""

    face: Face
    characters: set[str]


@dataclass(frozen=True, slots=True)
class Chain:
    """A typeface's own fonts, then those that stand in for it; and the font of colour pictures."""

    own: tuple[Face, ...]
    fallback: tuple[Face, ...]
    emoji: EmojiFont | None = None
    plain: dict[str, Plain] = field(default_factory=dict, compare=False, repr=False)
    """By script. A word of such characters alone, after one in that script, is one item."""

    def preferred(self, script: str) -> tuple[Face, ...]:
        """All fonts in the order to be tried for a script."""
        return _preferred(self, script)


@lru_cache(maxsize=4096)
def _preferred(chain: Chain, script: str) -> tuple[Face, ...]:
    """Fonts made for the script, and each list's first; then symbols; last what is made for other scripts.

    A font is opened when it is asked, so this order also keeps dozens of them shut.
    """
    faces = [*chain.own, *chain.fallback]

    def rank(face: Face) -> tuple[bool, bool, bool, bool]:
        made = script in face.file.scripts
        main = made or face in {chain.own[0], *chain.fallback[:1]}
        stands_in = face not in chain.own
        return not main, bool(face.file.scripts) if not main else False, stands_in, not made

    return tuple(sorted(faces, key=rank))


@lru_cache(maxsize=8192)
def sharing_scripts(character: str) -> frozenset[str]:
    """The scripts that a shared character belongs to; empty where it belongs to all."""
    codes: set[str] = scripts.script_extension(character)
    return frozenset() if codes & _UNSCRIPTED else frozenset(codes)


def itemise(text: str, levels: int | Sequence[int], chain: Chain, before: str) -> list[Item]:
    """A word's items in reading order.

    Args:
        text: the word.
        levels: embedding level of each character, or of all.
        chain: the typeface's fonts.
        before: the script of what stands before it.

    Raises:
        NoGlyph: no font of the chain has a character.
    """
    if not text:
        return []
    if not isinstance(levels, int):
        if min(levels) < max(levels):
            return _many_items(text, levels, chain, before)
        levels = levels[0]
    plain = chain.plain.get(before)
    if plain is not None and plain.characters.issuperset(text):
        return [Item(0, len(text), levels, before, plain.face)]
    one = None if may_hold_pictures(text) else _one_item(text, levels, chain, before)
    return [one] if one else _many_items(text, [levels] * len(text), chain, before)


def _one_item(text: str, level: int, chain: Chain, before: str) -> Item | None:
    """The whole word as one item, where one script and one font do: nearly always."""
    characters = set(text)
    found = {script_of(c) for c in characters} - {COMMON}
    if len(found) > 1:
        return None
    script = found.pop() if found else before
    face = chain.preferred(script)[0]
    if not all(_shares(c, script) and face.has(c) for c in characters):
        return None
    if script not in chain.plain:
        chain.plain[script] = Plain(face, set())
    chain.plain[script].characters.update(characters)
    return Item(0, len(text), level, script, face)


def _many_items(text: str, levels: Sequence[int], chain: Chain, script_before: str) -> list[Item]:
    resolved = _resolved_scripts(text, script_before)
    items: list[Item] = []
    for start, end in segments(text, CharacterBreaker(text, "root")):
        script, level = resolved[start], levels[start]
        previous = items[-1] if items else None
        before = previous.face if previous and previous.script == script else None
        face = _choose(text[start:end], script, chain, before)
        if face is None:
            raise _missing(text, start, end, chain)
        if previous and (previous.level, previous.script, previous.face) == (level, script, face):
            items[-1] = Item(previous.start, end, level, script, face)
        else:
            items.append(Item(start, end, level, script, face))
    return items


def _shares(character: str, script: str) -> bool:
    sharing = sharing_scripts(character) if script_of(character) == COMMON else frozenset()
    return not sharing or script in sharing


def _resolved_scripts(text: str, before: str) -> list[str]:
    """The script of each character; shared characters take that of the ones before them.

    What only some scripts share, such as the Arabic comma, never takes another one's (UAX #24, 5.1).
    """
    found = [script_of(c) for c in text]
    present = [script for script in dict.fromkeys(found) if script != COMMON]
    current = before
    for index, script in enumerate(found):
        if script == COMMON:
            sharing = sharing_scripts(text[index])
            fits = not sharing or current in sharing
            found[index] = current if fits else next((s for s in present if s in sharing), min(sharing))
        else:
            current = script
    return found


def _choose(grapheme: str, script: str, chain: Chain, before: Face | None) -> Face | None:
    """The first font that has it; what scripts share stays in the font before, where that has it too."""
    pictured = chain.emoji.page_of(grapheme) if chain.emoji and may_hold_pictures(grapheme) else None
    if pictured is not None and is_picture(grapheme):
        return pictured
    if before is not None and before.has(grapheme) and all(script_of(c) == COMMON for c in grapheme):
        return before
    return next((face for face in chain.preferred(script) if face.has(grapheme)), pictured)


def _missing(text: str, start: int, end: int, chain: Chain) -> NoGlyph:
    """The error for a grapheme without a font: its first character that none has, else its first."""
    alone = (i for i in range(start, end) if not any(face.has(text[i]) for face in chain.preferred(COMMON)))
    index = next(alone, start)
    return NoGlyph(index)
