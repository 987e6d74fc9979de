"""How well a piece is printed and what happens to it then, by the names of IPP's registry."""

from __future__ import annotations

from collections.abc import Mapping

QUALITIES: Mapping[str, int] = {"draft": 3, "normal": 4, "high": 5}
"""`print-quality` (RFC 8011, section 5.2.13)."""

FINISHINGS: Mapping[str, int] = {
    "staple": 4,
    "punch": 5,
    "cover": 6,
    "bind": 7,
    "saddle-stitch": 8,
    "edge-stitch": 9,
    "fold": 10,
    "trim": 11,
    "bale": 12,
    "booklet-maker": 13,
    "jog-offset": 14,
    "coat": 15,
    "laminate": 16,
    "trim-after-pages": 60,
    "trim-after-documents": 61,
    "trim-after-copies": 62,
    "trim-after-job": 63,
    "fold-half": 93,
}
"""`finishings`: those of PWG 5100.1 that single sheets meet."""


def check_quality(said: str) -> str:
    """The name of a quality, or empty for as the press is set.

    Raises:
        ValueError: it is none.
    """
    return _known(said, QUALITIES, "quality") if said else said


def check_finishing(said: str) -> str:
    """The name of a finishing.

    Raises:
        ValueError: it is none.
    """
    return _known(said, FINISHINGS, "finishing")


def _known(said: str, known: Mapping[str, int], what: str) -> str:
    if said not in known:
        raise ValueError(f"{said!r} is no {what}; use one of: {', '.join(known)}")
    return said
