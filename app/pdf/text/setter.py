"""Sets texts: each by itself, or many together, with the same result.

A text by itself is set at once; many are set in columns of numbers (`columns/`), which takes a tenth of the
time for each. Texts that are not simple go the first way wherever they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from app.errors import RenderError
from app.pdf.text.area import Measure
from app.pdf.text.columns.shown import set_texts
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.columns.words import Words
from app.pdf.text.fit import Text
from app.pdf.text.paragraph import shape_paragraph
from app.pdf.text.place import SetText
from app.pdf.text.shape import Typeface

_MOST_KEPT = 1024
"""Printed texts kept: imprints and labels come with every card, codes and names with one."""
NOTHING = SetText(inf, [], 0.0)
"""A text without a shape, such as a soft hyphen alone."""
_Key = tuple[str, Typeface, int, Measure, float]
Answer = SetText | RenderError | None
"""A text that is set, what cannot be drawn of it, or None where it fits at no size."""


class Setter:
    """Sets texts. What it keeps (words and printed texts) never changes one."""

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self.words = Words()
        self._printed: dict[_Key, SetText | None] = {}

    def set_one(self, wanted: Wanted) -> SetText | None:
        """A text by itself; None where it fits at no size.

        Raises:
            MissingGlyph: a character cannot be drawn.
        """
        if wanted.setting.hand is not None:
            return _set(wanted)
        key = _key(wanted)
        if key not in self._printed:
            self._keep(key, _set(wanted))
        return self._printed[key]

    def set_many(self, wanted: Sequence[Wanted]) -> list[Answer]:
        """The same for many, set together. Printed texts that come twice are set once."""
        answers: list[Answer] = [None] * len(wanted)
        firsts: list[int] = []
        again: dict[_Key, list[int]] = {}
        for index, each in enumerate(wanted):
            if each.setting.hand is None:
                key = _key(each)
                if key in self._printed:
                    answers[index] = self._printed[key]
                    continue
                places = again.setdefault(key, [])
                places.append(index)
                if len(places) > 1:
                    continue
            firsts.append(index)
        for index, (simple, text) in zip(
            firsts, set_texts([wanted[i] for i in firsts], self.words), strict=True
        ):
            answers[index] = text if simple else _tried(wanted[index])
        for key, (first, *others) in again.items():
            answer = answers[first]
            for index in others:
                answers[index] = answer
            if others and not isinstance(answer, RenderError):
                self._keep(key, answer)
        return answers

    def _keep(self, key: _Key, text: SetText | None) -> None:
        if len(self._printed) >= _MOST_KEPT:
            del self._printed[next(iter(self._printed))]
        if text is not None and text.rows:
            # Rows may be given to other words later.
            text.runs, text.rows = self.words.runs_of(text.rows), ()
        self._printed[key] = text


def _key(wanted: Wanted) -> _Key:
    text, setting, measure, largest = wanted
    return text, setting.typeface, setting.base, measure, largest


def _tried(wanted: Wanted) -> Answer:
    try:
        return _set(wanted)
    except RenderError as error:
        return error


def _set(wanted: Wanted) -> SetText | None:
    text, setting, measure, largest = wanted
    paragraphs = [shape_paragraph(line.strip(), setting, measure.place) for line in text.split("\n")]
    if not any(paragraph.pieces for paragraph in paragraphs):
        return NOTHING
    return Text(paragraphs, measure).fit(largest)
