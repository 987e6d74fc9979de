"""Which target a printed piece goes to: the plant's rules, first match first, and what stands in for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.piece import Piece, PieceMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One rule. An empty `target` means the brand's own, an empty `fallback` none.

    `fallback_after` is how long the target may be down or paused before the fallback stands in.
    """

    name: str
    match: PieceMatch
    target: str = ""
    fallback: str = ""
    fallback_after: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Where a piece goes, and why, for people."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What stands in for a target, once that has been down for `after`."""

    target: str
    route: str
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that rules may use."""

    targets: Collection[str]
    designs: Collection[str]
    """Card templates and photo products."""
    stocks: Collection[str]


def choose(routes: Sequence[Route], piece: Piece, *, own: str) -> Choice:
    """The target of a piece.

    Args:
        routes: the plant's rules; the first that takes the piece counts.
        piece: what is sorted.
        own: the brand's own target, where no rule names one.
    """
    for route in routes:
        if route.match.takes(piece):
            why = route.match.in_words(piece)
            said = f"the route {route.name}" + (f", for {why}" if why else "")
            return Choice(target=route.target or own, reason=said)
    return Choice(target=own, reason="the brand's own target")


def fallback_of(routes: Sequence[Route], piece: Piece, *, target: str, own: str) -> Fallback | None:
    """What stands in for the target that a piece was sent to; None where nothing does."""
    for route in routes:
        if (
            (route.target or own) == target
            and route.fallback not in {"", target}
            and route.match.takes(piece)
        ):
            return Fallback(target=route.fallback, route=route.name, after=route.fallback_after)
    return None


def faults(routes: Sequence[Route], known: Names) -> tuple[str, ...]:
    """What is wrong with the rules; empty where nothing is."""
    return tuple(_faults(routes, known))


def _faults(routes: Sequence[Route], known: Names) -> Iterator[str]:
    for position, route in enumerate(routes):
        yield from (f"the route {route.name} {fault}" for fault in _own_faults(route, known))
        earlier = routes[:position]
        if any(other.name == route.name for other in earlier):
            yield f"two routes are called {route.name}"
        cover = next((other.name for other in earlier if other.match.covers(route.match)), None)
        if cover is not None:
            yield f"the route {route.name} is never reached: {cover} before it takes all that it would"


def _own_faults(route: Route, known: Names) -> Iterator[str]:
    for name in {route.target: 0, route.fallback: 0}:
        if name and name not in known.targets:
            yield f"names the target {name!r}, which is not there"
    if route.fallback and route.fallback == route.target:
        yield "falls back to its own target"
    if not route.target and not route.fallback:
        yield "names neither a target nor a fallback"
    for design in sorted(route.match.designs - set(known.designs)):
        yield f"is about {design!r}, which is no card template or photo product"
    for stock in sorted(route.match.stocks - set(known.stocks)):
        yield f"is about the stock {stock!r}, which no template or product is on"
