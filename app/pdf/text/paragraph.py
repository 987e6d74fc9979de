"""A paragraph as the words that it is made of, ready to be broken into lines and shown at any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import add, itemgetter
from typing import NamedTuple, TypeVar

from app.pdf.text.bidi import embedding_levels, runs_left_to_right, visual_order
from app.pdf.text.breaks import split
from app.pdf.text.clean import missing_glyph
from app.pdf.text.face import Face
from app.pdf.text.hand import Hand, cut
from app.pdf.text.itemise import COMMON, NoGlyph, script_of
from app.pdf.text.piece import Piece, Word
from app.pdf.text.run import Run
from app.pdf.text.shape import Levels, Spaces, Typeface, Writings

T = TypeVar("T")
_pieces: Callable[[Word], tuple[Piece, ...]] = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: its typeface, the level of its language (0 or 1), and the hand that writes it."""

    typeface: Typeface
    base: int
    hand: Hand | None = None


@dataclass(slots=True, eq=False)
class Paragraph:
    """Its pieces in reading order, and columns of what is asked of all of them.

    `gaps[i]` is the space after piece `i`, or None where there is none. `starts[i]` is the advance from the
    paragraph's beginning to piece `i`, em; one more tells its end. `levels` are those of the spaces where the
    text does not run one way. `codes` are those of pieces and spaces in turns where each piece is a word of
    one run, all in one font and left to right: nearly always. `late` tells that the file has to put CIDs
    into some of them.
    """

    setting: Setting
    pieces: list[Piece]
    gaps: Sequence[Run | None]
    advances: Sequence[float]
    starts: list[float]
    opens: Sequence[float]
    reaches: Sequence[tuple[float, float, float, float]]
    hyphenated: bool
    """Whether any piece says so."""
    levels: Sequence[int] | None
    codes: list[str] | None
    late: bool
    runs: Sequence[Run]
    """The first run of each piece."""

    @property
    def advance(self) -> float:
        """Of the whole paragraph on one line, em."""
        return self.starts[-1]

    def line(self, start: int, end: int) -> list[Run]:
        """The runs and spaces of pieces `start` to `end` on a line of their own, from left to right."""
        hyphen = self.pieces[end - 1].hyphen if end < len(self.pieces) else None
        shown, levels = self._mixed(start, end)
        if hyphen is not None:
            shown.append(hyphen)
            levels.append(hyphen.level)
        return [shown[index] for index in visual_order(levels)] if max(levels) else shown

    def _mixed(self, start: int, end: int) -> tuple[list[Run], list[int]]:
        """What a line shows in reading order, and the levels of that; spaces at its end are gone (L1)."""
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


class Draft(NamedTuple):
    """A paragraph whose words are chosen, and not yet looked up: so those of several can be written at once.

    `places` has, for each word, its writings that are known and the one that is taken; None where words do
    not all run from left to right. `script` is the first word's.
    """

    text: str
    setting: Setting
    tokens: list[str]
    script: str
    levels: Sequence[int] | None
    places: list[tuple[Writings, int]] | None


def draft_paragraph(text: str, setting: Setting) -> Draft:
    """Choose the words of one cleaned paragraph, without line ends; its words parted by single spaces."""
    tokens = split(text, setting.typeface.language) if text.strip() else []
    plain = setting.base == 0 and runs_left_to_right(text)
    levels = None if plain else embedding_levels(text, setting.base)
    if levels and min(levels) == max(levels) == setting.base:
        levels = None
    script = first_script(text)
    places = _places(tokens, setting, script) if levels is None else None
    return Draft(text, setting, tokens, script, levels, places)


def shape_paragraph(text: str, setting: Setting, place: str) -> Paragraph:
    """The same, and then what `paragraph_of` does."""
    return paragraph_of(draft_paragraph(text, setting), place)


def paragraph_of(draft: Draft, place: str) -> Paragraph:
    """Look up, or shape, the words of a paragraph.

    Args:
        draft: it.
        place: what the text is, for errors ("the message on the back").

    Raises:
        MissingGlyph: no font has a character, or a font has no glyph for what its characters make.
    """
    try:
        words = _words(draft)
    except _Unknown as unknown:
        index = sum(len(token) + 1 for token in draft.tokens[: unknown.word]) + unknown.index
        raise missing_glyph(draft.text[index], index, place) from None
    return _paragraph(words, draft.setting, _space_levels(draft.tokens, draft.levels))


class _Unknown(Exception):
    """A character that no font draws: in which word, and where in it."""

    def __init__(self, word: int, index: int) -> None:
        super().__init__(word, index)
        self.word, self.index = word, index


def _places(tokens: Sequence[str], setting: Setting, script: str) -> list[tuple[Writings, int]]:
    """Each word's writings, and the one taken; a word that comes again takes its next one."""
    typeface = setting.typeface
    shelf = typeface.shelf(script, setting.base)
    turns: dict[str, int] = {}
    places: list[tuple[Writings, int]] = []
    for token, roll in zip(tokens, _rolls(tokens, setting), strict=True):
        try:
            writings = shelf[token]
        except KeyError:
            writings = shelf[token] = [None] * typeface.writings(token)
        turns[token] = turn = turns[token] + 1 if token in turns else roll
        places.append((writings, turn % len(writings)))
    return places


def _rolls(tokens: Sequence[str], setting: Setting) -> Iterable[int]:
    return setting.hand.turns(len(tokens)) if setting.hand else [0] * len(tokens)


def _words(draft: Draft) -> list[Word]:
    """Each word in its writing."""
    words: list[Word] = []
    for index, (writings, writing) in enumerate(draft.places or ()):
        word = writings[writing]
        if word is None:
            word = _written(draft, index, writings, writing, draft.script, draft.setting.base)
        if word.leaves != draft.script:
            break
        words.append(word)
    return words if len(words) == len(draft.tokens) else _of_several_scripts(draft)


def _written(  # noqa: PLR0917 - in the order in which they are known
    draft: Draft, index: int, writings: Writings, writing: int, script: str, levels: Levels
) -> Word:
    """One writing of a word that is not known yet."""
    try:
        word = draft.setting.typeface.write(draft.tokens[index], script, levels, writing)
    except NoGlyph as error:
        raise _Unknown(index, error.index) from None
    keep_writing(writings, writing, word)
    return word


def keep_writing(writings: Writings, writing: int, word: Word) -> None:
    """Know a word from now on; one that does not vary is the same in all its writings."""
    if not word.varies:
        writings[:] = [own or word for own in writings]
    writings[writing] = word


def _of_several_scripts(draft: Draft) -> list[Word]:
    """The words where the script, and so the shelf that a word stands on, or the direction changes."""
    setting, levels, script = draft.setting, draft.levels, draft.script
    typeface, base = setting.typeface, setting.base
    turns: dict[str, int] = {}
    words: list[Word] = []
    of_word: Levels = base
    start = 0
    for token, roll in zip(draft.tokens, _rolls(draft.tokens, setting), strict=True):
        if levels is not None:
            of_word = _word_levels(levels[start : start + len(token)], base)
            start += len(token) + 1
        shelf = typeface.shelf(script, of_word)
        try:
            writings = shelf[token]
        except KeyError:
            writings = shelf[token] = [None] * typeface.writings(token)
        turn = turns.get(token, roll)
        turns[token] = turn + 1
        writing = turn % len(writings)
        word = writings[writing]
        if word is None:
            word = _written(draft, len(words), writings, writing, script, of_word)
        words.append(word)
        script = word.leaves
    return words


def _word_levels(levels: Sequence[int], base: int) -> Levels:
    alike = min(levels, default=base) == max(levels, default=base)
    return (levels[0] if levels else base) if alike else tuple(levels)


def first_script(text: str) -> str:
    """The script of the first character that says one."""
    if text[:1].isascii() and text[:1].isalpha():  # nearly always
        return "Latn"
    return next((found for c in text if (found := script_of(c)) != COMMON), COMMON)


def _paragraph(words: Sequence[Word], setting: Setting, levels: Sequence[int] | None) -> Paragraph:
    """`levels` are of the spaces after the words."""
    pieces = list(chain.from_iterable(map(_pieces, words)))
    columns = zip(*pieces, strict=True) if pieces else ((),) * len(Piece._fields)
    runs, codes, faces, advances, simple, opens, _, reaches, hyphenated, *_ = columns
    one_font = len(set(faces)) == 1
    gaps = _gaps(faces, setting, one_font=one_font)
    steps: Sequence[float] = gaps.advances
    in_turns = None
    late = False in simple
    spaces: Sequence[Run | None] = gaps.runs
    if len(pieces) != len(words):
        spaces = _only_after_words(words, gaps.runs)
        steps = [0.0 if space is None else space.advance for space in spaces]
        levels = None if levels is None else _of_pieces(words, levels)
    elif (
        levels is None
        and one_font
        and gaps.runs[0].face is faces[0]
        and not (late and any(map(_is_mixed, pieces)))
    ):
        in_turns = [""] * (2 * len(pieces))
        in_turns[::2], in_turns[1::2] = codes, gaps.codes
    return Paragraph(
        setting=setting,
        pieces=pieces,
        gaps=spaces,
        advances=advances,
        starts=list(accumulate(map(add, advances, steps), initial=0.0)),
        opens=opens,
        reaches=reaches,
        hyphenated=True in hyphenated,
        levels=levels,
        codes=in_turns,
        late=late,
        runs=runs,
    )


def _is_mixed(piece: Piece) -> bool:
    """Whether it is not one run from left to right."""
    return len(piece.runs) > 1 or piece.run.level > 0


def _gaps(faces: Sequence[Face], setting: Setting, *, one_font: bool) -> Spaces:
    """A space after each piece, in the font of its last run."""
    spaces, start = setting.typeface.spaces, setting.hand.spaces if setting.hand else 0
    if one_font:
        runs, codes, advances = spaces(faces[0])
        count = len(faces)
        return Spaces(cut(runs, start, count), cut(codes, start, count), cut(advances, start, count))
    each = [cut(spaces(face).runs, start + index, 1)[0] for index, face in enumerate(faces)]
    return Spaces(each, [run.code for run in each], [run.advance for run in each])


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
