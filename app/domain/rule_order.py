"""Where rules stand among the occasions: each names its neighbours, and what contradicts itself is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from app.domain.occasion import Occasion, OccasionKind
from app.domain.rule import PREFIX, Place
from app.errors import Violation

_PLACE = "/place"


class Placing(NamedTuple):
    """What of a rule decides on its place."""

    place: Place | None
    kind: OccasionKind


def places_of(
    order: Sequence[str],
    rules: Mapping[str, Placing],
    known: Mapping[str, Occasion],
) -> tuple[str, ...]:
    """Every code by priority: the brand's own order, the default ranks, and the rules between them.

    Args:
        order: the brand's own, which may name rules; they keep that place.
        rules: by code. Beside an occasion that is gone means after the last of its kind.
        known: the plug-ins.
    """
    own = [code for code in order if code in known or code in rules]
    rest = sorted(known.keys() - set(own), key=lambda code: (known[code].rank, code))
    placed = [*own, *rest]
    waiting = {code: rules[code] for code in sorted(rules) if code not in own}
    # A rule beside a rule waits for it; what is left when nothing moves any more stands in a circle.
    while ready := [code for code, (place, _) in waiting.items() if _anchors(place).isdisjoint(waiting)]:
        for code in ready:
            place, kind = waiting.pop(code)
            placed.insert(_index(placed, place, kind, known), code)
    for code, (_, kind) in waiting.items():
        placed.insert(_default(placed, kind, known), code)
    return tuple(placed)


def place_faults(
    code: str,
    place: Place | None,
    order: Sequence[str],
    rules: Mapping[str, Placing],
    known: Mapping[str, Occasion],
) -> list[Violation]:
    """What is wrong with the place that one rule names, among `rules`, which hold it too."""
    if place is None:
        return []
    found = [
        _unknown(field, wanted, code, rules, known)
        for field, wanted in (("after", place.after), ("before", place.before))
        if wanted is not None and (wanted == code or (wanted not in known and wanted not in rules))
    ]
    if found:
        return found
    if circle := _circle(code, rules):
        said = " → ".join(circle)
        return [
            Violation(_PLACE, f"these rules each wait for the next: {said}", "place one of them elsewhere")
        ]
    if place.after is not None and place.before is not None:
        others = {name: rule for name, rule in rules.items() if name != code}
        placed = places_of(order, others, known)
        if placed.index(place.after) >= placed.index(place.before):
            said = f"{place.before} comes before {place.after} already"
            return [Violation(_PLACE, f"contradicts the order: {said}", "name only one of the two")]
    return []


def _unknown(
    field: str, wanted: str, code: str, rules: Mapping[str, object], known: Mapping[str, object]
) -> Violation:
    if wanted == code:
        return Violation(f"{_PLACE}/{field}", "names the rule itself", "name another occasion")
    others = [*known, *(name for name in rules if name != code)]
    close = get_close_matches(wanted, others, n=1)
    guess = f"did you mean {close[0]}? " if close else ""
    return Violation(
        f"{_PLACE}/{field}", f"there is no occasion {wanted[:60]!r}", f"{guess}use one of {', '.join(others)}"
    )


def _anchors(place: Place | None) -> frozenset[str]:
    return frozenset() if place is None else frozenset({place.after or "", place.before or ""}) - {""}


def _index(
    placed: Sequence[str], place: Place | None, kind: OccasionKind, known: Mapping[str, Occasion]
) -> int:
    after = place.after if place else None
    before = place.before if place else None
    if after in placed:
        return placed.index(after) + 1
    return placed.index(before) if before in placed else _default(placed, kind, known)


def _default(placed: Sequence[str], kind: OccasionKind, known: Mapping[str, Occasion]) -> int:
    """Behind the last plug-in of the kind and the rules that stand there already."""
    last = max((i for i, code in enumerate(placed) if code in known and known[code].kind is kind), default=-1)
    while last + 1 < len(placed) and placed[last + 1].startswith(PREFIX):
        last += 1
    return last + 1


def _circle(code: str, rules: Mapping[str, Placing]) -> list[str]:
    """The rules from this one back to itself by the neighbours that they name; empty without a way."""
    ways = [[code]]
    while ways:
        way = ways.pop()
        for anchor in sorted(_anchors(rules[way[-1]][0])):
            if anchor == code:
                return [*way, code]
            if anchor in rules and anchor not in way:
                ways.append([*way, anchor])
    return []
