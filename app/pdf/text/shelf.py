"""Keeps the words that a typeface has shaped: as many as are in use, however many a run has."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


class Shelf(dict[str, T]):
    """What is known of words. One that was not asked for while `kept` others were may be forgotten.

    There are two halves: when the newer one is full, it becomes the older one, and what nobody took over from
    that is lost. So a look-up costs nothing more, and what is often used always stays.
    """

    def __init__(self, kept: int) -> None:
        """Nothing is known; a half holds `kept` words."""
        super().__init__()
        self._kept = kept
        self._older: dict[str, T] = {}

    def __missing__(self, word: str) -> T:
        """A word of the older half, from now on one of the newer.

        Raises:
            KeyError: it is not known.
        """
        known = self[word] = self._older.pop(word)
        return known

    def make_room(self) -> None:
        """Begin a new half if this one is full."""
        if len(self) >= self._kept:
            self._older = dict(self)
            self.clear()
