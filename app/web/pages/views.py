"""The ways to look at a finished card on its page: their words, keys and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.domain.profile import PressProfile
from app.pdf.preview import InkLimit, View

_PROCESS = {"Cyan": "c", "Magenta": "m", "Yellow": "y", "Black": "k"}
_SPOT_KEYS = "3456789"
"""0, 1 and 2 are sizes. A card of more spots has the others without keys."""


@dataclass(frozen=True, slots=True)
class WayToLook:
    """One view. `query` is that of its page, `picture` that of its pictures; `says` explains what is seen."""

    title: str
    says: str
    query: str
    picture: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class WaysToLook:
    """All of them, the one that is shown, and the inks that can be chosen to be shown together."""

    all: tuple[WayToLook, ...]
    shown: WayToLook
    inks: tuple[str, ...]
    together: frozenset[str]
    limit: InkLimit | None
    """What the ink is held to, where the map of it is shown."""


def ways_to_look(
    view: View, inks: Sequence[str], spots: Sequence[str], profile: PressProfile | None
) -> WaysToLook:
    """Every view of a card with these spot inks, on the press of a profile; `view` and `inks` is shown."""
    known = (*_PROCESS, *spots)
    chosen = tuple(ink for ink in known if ink in inks) if view is View.SEPARATIONS else ()
    limit = InkLimit.of(profile)
    press = f"&{urlencode({'press': profile.name})}" if profile else ""
    proof, page, heat = _proof(profile, press), _page(), _heat(limit, press)
    keys = _PROCESS | dict(zip(spots, _SPOT_KEYS, strict=False))
    plates = {ink: _plate(ink, keys.get(ink, ""), press) for ink in known}
    shown = {View.PROOF: proof, View.PAGE: page, View.INK: heat}.get(view)
    if shown is None:
        shown = plates[chosen[0]] if len(chosen) == 1 else _together(chosen or known, press)
    return WaysToLook(
        all=(proof, page, *plates.values(), heat),
        shown=shown,
        inks=known,
        together=frozenset(chosen),
        limit=limit if view is View.INK else None,
    )


def _proof(profile: PressProfile | None, press: str) -> WayToLook:
    paper = f" of {profile.title}" if profile else ""
    query = urlencode({"view": View.PROOF})
    return WayToLook("As printed", f"Soft proof: the inks on the paper{paper}", query, query + press, "a")


def _page() -> WayToLook:
    query = urlencode({"view": View.PAGE})
    return WayToLook("Plain", "Plain: what stands where, in the screen’s own colours", query, query, "p")


def _plate(ink: str, key: str, press: str) -> WayToLook:
    query = _separations((ink,))
    return WayToLook(ink, f"The plate of {ink}: black prints full ink, white none", query, query + press, key)


def _together(inks: tuple[str, ...], press: str) -> WayToLook:
    query = _separations(inks)
    names = f"{', '.join(inks[:-1])} and {inks[-1]}"
    return WayToLook("Inks together", f"{names} together, without the others", query, query + press)


def _heat(limit: InkLimit, press: str) -> WayToLook:
    query = urlencode({"view": View.INK})
    picture = urlencode({"view": View.INK, "limit": f"{limit.percent:g}", "window": f"{limit.window:g}"})
    says = f"Sum of all inks; the square of {limit.window:g} mm has the most, with its mean"
    return WayToLook("Ink heat", says, query, picture + press, "i")


def _separations(inks: Sequence[str]) -> str:
    return urlencode([("view", View.SEPARATIONS), *(("ink", ink) for ink in inks)])
