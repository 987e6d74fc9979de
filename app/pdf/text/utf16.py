"""ICU counts UTF-16 code units, Python counts characters; they differ after the first emoji."""

from __future__ import annotations

from collections.abc import Iterator

from icu4py.breakers import BaseBreaker

_LAST_OF_PLANE_0 = "\uffff"


def segments(text: str, breaker: BaseBreaker) -> Iterator[tuple[int, int]]:
    """The breaker's segments of `text` as character positions."""
    if max(text, default="") <= _LAST_OF_PLANE_0:
        return breaker.segments()
    characters = [index for index, c in enumerate(text) for _ in range(1 + (c > _LAST_OF_PLANE_0))]
    characters.append(len(text))
    return ((characters[start], characters[end]) for start, end in breaker.segments())
