"""Which way each character runs: the Unicode bidirectional algorithm (UAX #9) with isolates.

Embeddings and overrides never get here (`clean` takes them out), so rules X2 to X5 and X7 have no work.
Rules are named as in UAX #9, revision 50.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bidi.mirror import MIRRORED

_MAX_DEPTH = 125
_NEEDS_ALGORITHM = re.compile(
    "[\u0590-\u08ff\u200f\u2067\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ISOLATES = frozenset({"LRI", "RLI", "FSI"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON", "PDI", *_ISOLATES})
_STRONG = frozenset({"L", "R", "AL"})
_NUMBER = frozenset({"EN", "AN"})


@dataclass(frozen=True, slots=True)
class _Run:
    """An isolating run sequence (BD13): positions in the text, their level, the directions at both ends."""

    positions: list[int]
    level: int
    before: str
    after: str


def runs_left_to_right(text: str) -> bool:
    """Whether all of a left-to-right paragraph is on its own level, as is easily seen."""
    return text.isascii() or _NEEDS_ALGORITHM.search(text) is None


def embedding_levels(text: str, base: int) -> list[int]:
    """The embedding level of each character of one paragraph; even runs left to right, odd right to left.

    Args:
        text: one paragraph, without line ends.
        base: the paragraph's own level, 0 or 1.
    """
    if base == 0 and runs_left_to_right(text):
        return [0] * len(text)
    types = [unicodedata.bidirectional(character) or "L" for character in text]
    partner = _matching_isolates(types)
    levels = _explicit_levels(types, base, partner)
    original = list(types)
    for run in list(_isolating_runs(types, levels, base, partner)):
        _resolve_weak(types, run)
        _resolve_brackets(text, types, original, run)
        _resolve_neutral(types, run)
        _resolve_implicit(types, levels, run)
    _level_boundary_neutrals(original, levels, base)
    return levels


def line_levels(text: str, levels: Sequence[int], start: int, end: int, base: int) -> list[int]:
    """The levels of one line, its trailing spaces and isolate marks set back to the base (L1)."""
    line = list(levels[start:end])
    for index in range(len(line) - 1, -1, -1):
        if unicodedata.bidirectional(text[start + index]) not in {"WS", "BN", "PDI", *_ISOLATES}:
            break
        line[index] = base
    return line


def visual_order(levels: Sequence[int]) -> list[int]:
    """Indices of items (characters or whole runs) in the order from left to right (L2)."""
    order = list(range(len(levels)))
    if not levels:
        return order
    lowest_odd = min((level for level in levels if level % 2), default=max(levels) + 1)
    for level in range(max(levels), lowest_odd - 1, -1):
        index = 0
        while index < len(order):
            end = index
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[index:end] = reversed(order[index:end])
            index = end + 1
    return order


def _matching_isolates(types: Sequence[str]) -> dict[int, int]:
    """BD9: each isolate initiator's PDI, and the other way round."""
    partner: dict[int, int] = {}
    open_isolates: list[int] = []
    for index, kind in enumerate(types):
        if kind in _ISOLATES:
            open_isolates.append(index)
        elif kind == "PDI" and open_isolates:
            start = open_isolates.pop()
            partner[start], partner[index] = index, start
    return partner


def _explicit_levels(types: Sequence[str], base: int, partner: dict[int, int]) -> list[int]:
    """X1, X5a to X6a: levels from isolates alone."""
    levels: list[int] = []
    stack = [base]
    overflow = 0
    for index, kind in enumerate(types):
        if kind == "PDI" and index in partner:
            if overflow:
                overflow -= 1
            else:
                stack.pop()
        levels.append(stack[-1])
        if kind in _ISOLATES:
            odd = kind == "RLI" or (kind == "FSI" and _first_strong(types, index, partner) == 1)
            deeper = (stack[-1] + 1) | 1 if odd else (stack[-1] + 2) & ~1
            if index not in partner:
                # Without its PDI it would govern all that follows; a name must not do that.
                continue
            if deeper > _MAX_DEPTH or overflow:
                overflow += 1
            else:
                stack.append(deeper)
    return levels


def _first_strong(types: Sequence[str], initiator: int, partner: dict[int, int]) -> int:
    """P2 and P3 inside an isolate: 1 where its first strong character runs right to left."""
    index, end = initiator + 1, partner.get(initiator, len(types))
    while index < end:
        if types[index] in _STRONG:
            return 0 if types[index] == "L" else 1
        index = partner.get(index, index) + 1 if types[index] in _ISOLATES else index + 1
    return 0


def _isolating_runs(
    types: Sequence[str], levels: Sequence[int], base: int, partner: dict[int, int]
) -> Iterable[_Run]:
    """X10: level runs, joined over their isolates, with sos and eos. Boundary neutrals belong to none."""
    visible = [index for index, kind in enumerate(types) if kind != "BN"]
    runs: list[list[int]] = []
    for index in visible:
        if runs and levels[runs[-1][-1]] == levels[index]:
            runs[-1].append(index)
        else:
            runs.append([index])
    starting = {run[0]: run for run in runs}
    place = {position: rank for rank, position in enumerate(visible)}
    for run in runs:
        if types[run[0]] == "PDI" and run[0] in partner:
            continue
        positions = list(run)
        while types[positions[-1]] in _ISOLATES and positions[-1] in partner:
            continuation = starting.get(partner[positions[-1]])
            if continuation is None:
                break
            positions += continuation
        level = levels[positions[0]]
        first, last = place[positions[0]], place[positions[-1]]
        before = levels[visible[first - 1]] if first else base
        after = levels[visible[last + 1]] if last + 1 < len(visible) else base
        yield _Run(positions, level, _side(max(level, before)), _side(max(level, after)))


def _side(level: int) -> str:
    return "R" if level % 2 else "L"


def _resolve_weak(types: list[str], run: _Run) -> None:
    """W1 to W7."""
    _resolve_marks_and_numbers(types, run)
    _resolve_separators(types, run.positions)
    _resolve_terminators(types, run.positions)
    strong = run.before
    for index in run.positions:
        if types[index] == "AL":
            types[index] = "R"
        if types[index] in {"ES", "ET", "CS"}:
            types[index] = "ON"
        if types[index] in {"L", "R"}:
            strong = types[index]
        elif types[index] == "EN" and strong == "L":
            types[index] = "L"


def _resolve_marks_and_numbers(types: list[str], run: _Run) -> None:
    """W1 and W2: marks are as what they stand on, numbers in Arabic text are Arabic."""
    previous = strong = run.before
    for index in run.positions:
        kind = types[index]
        if kind == "NSM":
            kind = "ON" if previous in _ISOLATES or previous == "PDI" else previous
        previous = kind
        if kind in _STRONG:
            strong = kind
        types[index] = "AN" if kind == "EN" and strong == "AL" else kind


def _resolve_separators(types: list[str], positions: Sequence[int]) -> None:
    """W4: one separator between two numbers of a kind belongs to them."""
    for left, index, right in zip(positions, positions[1:], positions[2:], strict=False):
        around = types[left]
        if around != types[right]:
            continue
        if (types[index] == "ES" and around == "EN") or (types[index] == "CS" and around in _NUMBER):
            types[index] = around


def _resolve_terminators(types: list[str], positions: Sequence[int]) -> None:
    """W5: a sequence of European terminators beside a European number belongs to it."""
    rank = 0
    while rank < len(positions):
        if types[positions[rank]] != "ET":
            rank += 1
            continue
        end = rank
        while end < len(positions) and types[positions[end]] == "ET":
            end += 1
        beside = {
            types[positions[rank - 1]] if rank else "",
            types[positions[end]] if end < len(positions) else "",
        }
        if "EN" in beside:
            for index in positions[rank:end]:
                types[index] = "EN"
        rank = end


def _bracket(character: str) -> tuple[str, str] | None:
    """The bracket's kind ("open" or "close") and its partner, by Bidi_Paired_Bracket's derivation."""
    category = unicodedata.category(character)
    if category not in {"Ps", "Pe"} or character not in MIRRORED:
        return None
    return ("open" if category == "Ps" else "close"), unicodedata.normalize("NFC", MIRRORED[character])


def _bracket_pairs(text: str, types: Sequence[str], positions: Sequence[int]) -> list[tuple[int, int]]:
    """BD16: ranks of bracket pairs in the run, by opening bracket."""
    open_brackets: list[tuple[str, int]] = []
    pairs = []
    for rank, index in enumerate(positions):
        found = _bracket(text[index]) if types[index] == "ON" else None
        if found is None:
            continue
        kind, partner = found
        if kind == "open":
            if len(open_brackets) == 63:  # noqa: PLR2004 - BD16 gives this depth
                return []
            open_brackets.append((partner, rank))
            continue
        character = unicodedata.normalize("NFC", text[index])
        for depth in range(len(open_brackets) - 1, -1, -1):
            if open_brackets[depth][0] == character:
                pairs.append((open_brackets[depth][1], rank))
                del open_brackets[depth:]
                break
    return sorted(pairs)


def _resolve_brackets(text: str, types: list[str], original: Sequence[str], run: _Run) -> None:
    """N0."""
    positions, inner = run.positions, _side(run.level)
    for first, last in _bracket_pairs(text, types, positions):
        inside = {_strong_of(types[index]) for index in positions[first + 1 : last]}
        if inner in inside:
            direction = inner
        elif "R" in inside or "L" in inside:
            context = next(
                (s for index in reversed(positions[:first]) if (s := _strong_of(types[index]))), run.before
            )
            direction = context if context != inner else inner
        else:
            continue
        for rank in (first, last):
            types[positions[rank]] = direction
            for index in positions[rank + 1 :]:
                if original[index] != "NSM":
                    break
                types[index] = direction


def _strong_of(kind: str) -> str:
    """N0 to N2 take numbers for right-to-left."""
    return "R" if kind in _NUMBER or kind == "R" else "L" if kind == "L" else ""


def _resolve_neutral(types: list[str], run: _Run) -> None:
    """N1 and N2."""
    positions = run.positions
    rank = 0
    while rank < len(positions):
        if types[positions[rank]] not in _NEUTRAL:
            rank += 1
            continue
        end = rank
        while end < len(positions) and types[positions[end]] in _NEUTRAL:
            end += 1
        left = _strong_of(types[positions[rank - 1]]) if rank else run.before
        right = _strong_of(types[positions[end]]) if end < len(positions) else run.after
        for index in positions[rank:end]:
            types[index] = left if left == right else _side(run.level)
        rank = end


def _resolve_implicit(types: Sequence[str], levels: list[int], run: _Run) -> None:
    """I1 and I2."""
    for index in run.positions:
        kind = types[index]
        if run.level % 2:
            levels[index] = run.level + (kind != "R")
        elif kind == "R":
            levels[index] = run.level + 1
        elif kind in _NUMBER:
            levels[index] = run.level + 2


def _level_boundary_neutrals(original: Sequence[str], levels: list[int], base: int) -> None:
    """Joiners take the level of what they follow, so that they never cut a run (UAX #9, 5.2)."""
    for index, kind in enumerate(original):
        if kind == "BN":
            levels[index] = levels[index - 1] if index else base
