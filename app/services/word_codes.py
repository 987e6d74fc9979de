"""What a card's codes say, where its template words it."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.occasion import SlotValue
from app.domain.pattern import fill, slots_in
from app.domain.template import CODES, CardTemplate, Role
from app.errors import WordingUnusable

_LANGUAGE = "en"
"""Codes take texts only, so it changes nothing."""


class CodeWords:
    """The codes of one template that have a pattern."""

    def __init__(self, template: CardTemplate) -> None:
        """The patterns are valid: the template was checked when it was read."""
        self._patterns = {
            frame.role: (frame.code.content, f"the {CODES[frame.role]} on the {side.name}")
            for side in template.sides
            for frame in side.frames
            if frame.role in CODES and frame.code.content is not None
        }

    def say(self, slots: Mapping[str, SlotValue], *, link: str, bench_code: str) -> dict[Role, str]:
        """What each says.

        Raises:
            WordingUnusable: a slot that one of them names is missing.
        """
        if not self._patterns:
            return {}
        known = {**slots, "url": link, "bench_code": bench_code}
        return {role: _say(pattern, place, known) for role, (pattern, place) in self._patterns.items()}


def _say(pattern: str, place: str, known: Mapping[str, SlotValue]) -> str:
    missing = sorted(name for name in slots_in(pattern) if known.get(name, "") == "")
    if missing:
        raise WordingUnusable(
            f"{place} needs {', '.join(missing)}, which this record does not have",
            mend="send it with the record, or use a template without that code",
            frame=place,
        )
    return fill(pattern, _LANGUAGE, known)
