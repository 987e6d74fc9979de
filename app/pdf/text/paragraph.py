"""A paragraph as the words that it is made of, ready to be broken into lines and shown at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add, attrgetter
from typing import Any, TypeVar

from app.pdf.text.bidi import embedding_levels, visual_order
from app.pdf.text.breaks import split
from app.pdf.text.clean import missing_glyph
from app.pdf.text.hand import Hand, cut
from app.pdf.text.itemise import COMMON, NoGlyph, script_of
from app.pdf.text.shape import Levels, Piece, Run, Typeface, Word

T = TypeVar("T")
_advance, _face, _run, _simple = map(attrgetter, ("advance", "face", "run", "simple"))


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: its typeface, the level of its language (0 or 1), and the hand that writes it."""

    typeface: Typeface
    base: int
    hand: Hand | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Its pieces in reading order.

    `gaps[i]` is the space after piece `i`, or None where there is none. `starts[i]` is the advance from the
    paragraph's beginning to piece `i`, em; one more tells its end. `levels` are those of the spaces where the
    text does not run one way. `plain` are runs and spaces in turns where each piece is one run of one font,
    left to right, whose code needs nothing put in: nearly always.
    """

    setting: Setting
    pieces: list[Piece]
    gaps: Sequence[Run | None]
    starts: list[float]
    levels: Sequence[int] | None
    plain: list[Run] | None

    @property
    def advance(self) -> float:
        """Of the whole paragraph on one line, em."""
        return self.starts[-1]

    def advance_of(self, start: int, end: int) -> float:
        """Of pieces `start` to `end` on a line of their own, em."""
        last = self.pieces[end - 1]
        hyphen = last.hyphen.advance if last.hyphen and end < len(self.pieces) else 0.0
        return self.starts[end - 1] + last.advance + hyphen - self.starts[start]

    def line(self, start: int, end: int) -> list[Run]:
        """The runs and spaces of pieces `start` to `end` on a line of their own, from left to right."""
        hyphen = self.pieces[end - 1].hyphen if end < len(self.pieces) else None
        if self.plain is not None and hyphen is None:
            return self.plain[2 * start : 2 * end - 1]
        shown, levels = self._mixed(start, end)
        if hyphen is not None:
            shown.append(hyphen)
            levels.append(hyphen.level)
        return [shown[index] for index in visual_order(levels)] if max(levels) else shown

    def _mixed(self, start: int, end: int) -> tuple[list[Run], list[int]]:
        """What a line shows in reading order, each with its level (UAX #9, L1: spaces at its end are gone)."""
        shown: list[Run] = []
        levels: list[int] = []
        for index in range(start, end):
            runs, gap = self.pieces[index].runs, self.gaps[index]
            shown += runs
            levels += [run.level for run in runs]
            if gap is not None and index < end - 1:
                shown.append(gap)
                levels.append(self.setting.base if self.levels is None else self.levels[index])
        return shown, levels


def shape_paragraph(text: str, setting: Setting, place: str) -> Paragraph:
    """Look up, or shape, the words of one cleaned paragraph.

    Args:
        text: without line ends; its words parted by single spaces.
        setting: how it is set.
        place: what the text is, for errors ("the message on the back").

    Raises:
        MissingGlyph: no font has a character, or a font has no glyph for what its characters make.
    """
    tokens = split(text, setting.typeface.language) if text else []
    levels = None if setting.base == 0 and text.isascii() else embedding_levels(text, setting.base)
    if levels and min(levels) == max(levels) == setting.base:
        levels = None
    try:
        words = _words(tokens, setting, _first_script(text), levels)
    except _Unknown as unknown:
        index = sum(len(token) + 1 for token in tokens[: unknown.word]) + unknown.index
        raise missing_glyph(text[index], index, place) from None
    return _paragraph(words, setting, _space_levels(tokens, levels))


class _Unknown(Exception):
    """A character that no font draws: in which word, and where in it."""

    def __init__(self, word: int, index: int) -> None:
        super().__init__(word, index)
        self.word, self.index = word, index


def _words(tokens: Sequence[str], setting: Setting, script: str, levels: Sequence[int] | None) -> list[Word]:
    """Each word in one of its writings; a word that comes again takes its next writing."""
    typeface, base = setting.typeface, setting.base
    rolls = setting.hand.turns(len(tokens)) if setting.hand else [0] * len(tokens)
    shelf = typeface.shelf(script, base)
    turns: dict[str, int] = {}
    words: list[Word] = []
    of_word: Levels = base
    start = 0
    for token, roll in zip(tokens, rolls, strict=True):
        if levels is not None:
            of_word = _word_levels(levels[start : start + len(token)], base)
            shelf = typeface.shelf(script, of_word)
            start += len(token) + 1
        writings = shelf.get(token)
        if writings is None:
            writings = shelf[token] = typeface.places()
        turn = turns.get(token, roll)
        turns[token] = turn + 1
        word = writings[turn % len(writings)]
        if word is None:
            try:
                word = typeface.write(token, script, of_word, turn % len(writings))
            except NoGlyph as error:
                raise _Unknown(len(words), error.index) from None
            writings[:] = [own or word for own in writings] if not word.varies else writings
            writings[turn % len(writings)] = word
        words.append(word)
        if word.leaves != script:
            script = word.leaves
            shelf = typeface.shelf(script, of_word)
    return words


def _word_levels(levels: Sequence[int], base: int) -> Levels:
    alike = min(levels, default=base) == max(levels, default=base)
    return (levels[0] if levels else base) if alike else tuple(levels)


def _first_script(text: str) -> str:
    """The script of the first character that says one."""
    return next((found for c in text if (found := script_of(c)) != COMMON), COMMON)


def _paragraph(words: Sequence[Word], setting: Setting, levels: Sequence[int] | None) -> Paragraph:
    """`levels` are of the spaces after the words."""
    pieces: list[Piece] = []
    for word in words:
        pieces += word.pieces
    gaps = _gaps(pieces, setting)
    if len(pieces) != len(words):
        gaps = _only_after_words(words, gaps)
        levels = None if levels is None else _of_pieces(words, levels)
    advances = [0.0 if gap is None else gap.advance for gap in gaps]
    starts = list(accumulate(map(add, map(_advance, pieces), advances), initial=0.0))
    plain = _in_turns(pieces, gaps) if len(pieces) == len(words) and levels is None else None
    return Paragraph(setting, pieces, gaps, starts, levels, plain)


def _in_turns(pieces: Sequence[Piece], gaps: Sequence[Run | None]) -> list[Run] | None:
    """Runs and spaces in turns, where no line needs more than to be cut from these."""
    if not all(map(_simple, pieces)) or len(set(map(_face, pieces))) > 1:
        return None
    shown: list[Any] = [None] * (2 * len(pieces))
    shown[::2], shown[1::2] = map(_run, pieces), gaps
    return shown


def _gaps(pieces: Sequence[Piece], setting: Setting) -> Sequence[Run | None]:
    """A space after each piece, in the font of its last run."""
    spaces, start = setting.typeface.spaces, setting.hand.spaces if setting.hand else 0
    faces = set(map(_face, pieces))
    if len(faces) == 1:
        return cut(spaces(faces.pop()), start, len(pieces))
    return [cut(spaces(piece.face), start + index, 1)[0] for index, piece in enumerate(pieces)]


def _only_after_words(words: Sequence[Word], spaces: Sequence[T]) -> list[T | None]:
    """The spaces after pieces that end a word; None after the others."""
    last = {end - 1 for end in accumulate(len(word.pieces) for word in words)}
    return [space if index in last else None for index, space in enumerate(spaces)]


def _space_levels(tokens: Sequence[str], levels: Sequence[int] | None) -> list[int] | None:
    """The level of the space after each word."""
    if levels is None:
        return None
    ends = accumulate(map(len, tokens), lambda end, length: end + 1 + length)
    return [levels[end] if end < len(levels) else 0 for end in ends]


def _of_pieces(words: Sequence[Word], levels: Sequence[int]) -> list[int]:
    """What is known of words, said of each of their pieces."""
    return [level for word, level in zip(words, levels, strict=True) for _ in word.pieces]
