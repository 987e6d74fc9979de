"""Sets texts: each by itself, or many together, with the same result.

A text by itself is set at once; many are set in columns of numbers (`columns/`), which takes a tenth of the
time for each. Texts that are not simple go the first way wherever they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import inf
from threading import Lock

from app.errors import RenderError
from app.pdf.text.area import Measure
from app.pdf.text.columns.ahead import write_ahead
from app.pdf.text.columns.shown import set_texts
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.columns.words import Words
from app.pdf.text.fit import Text
from app.pdf.text.paragraph import Draft, draft_paragraph, paragraph_of
from app.pdf.text.place import SetText
from app.pdf.text.shape import Typeface

_MOST_KEPT = 1024
"""Printed texts kept: imprints and labels come with every card, codes and names with one."""
NOTHING = SetText(inf, [], 0.0)
"""A text without a shape, such as a soft hyphen alone."""
_NEW = SetText(inf, [], 0.0)
"""Stands for a text that is to be set."""
_Key = tuple[str, Typeface, int, Measure, float]
Answer = SetText | RenderError | None
"""A text that is set, what cannot be drawn of it, or None where it fits at no size."""


class Setter:
    """Sets texts. What it keeps (words and printed texts) never changes one.

    Threads that draw cards at once share it, and take turns: what it keeps grows in several places at once.
    """

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self.words = Words()
        self._turn = Lock()
        self._printed: dict[_Key, SetText | None] = {}

    def set_one(self, wanted: Wanted) -> SetText | None:
        """A text by itself; None where it fits at no size.

        Raises:
            MissingGlyph: a character cannot be drawn.
        """
        return self.set_few([wanted])[0]

    def set_few(self, wanted: Sequence[Wanted]) -> list[SetText | None]:
        """The texts of one card: each is set by itself, when the new words of all of them are written.

        Raises:
            MissingGlyph: a character of one cannot be drawn.
        """
        with self._turn:
            known = [self._known(each) for each in wanted]
            drafts = [_drafts(each) if own is _NEW else [] for each, own in zip(wanted, known, strict=True)]
            write_ahead(chain.from_iterable(drafts), self.words)
            return [
                self._set(each, draft) if own is _NEW else own
                for each, draft, own in zip(wanted, drafts, known, strict=True)
            ]

    def _known(self, wanted: Wanted) -> SetText | None:
        """A printed text that is kept; `_NEW` where it is not."""
        return _NEW if wanted.setting.hand is not None else self._printed.get(_key(wanted), _NEW)

    def _set(self, wanted: Wanted, drafts: Sequence[Draft]) -> SetText | None:
        text = _set(wanted, drafts)
        if wanted.setting.hand is None:
            self._keep(_key(wanted), text)
        return text

    def set_many(self, wanted: Sequence[Wanted]) -> list[Answer]:
        """The same for many, set together. Printed texts that come twice are set once."""
        with self._turn:
            return self._set_together(wanted)

    def _set_together(self, wanted: Sequence[Wanted]) -> list[Answer]:
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
        return _set(wanted, _drafts(wanted))
    except RenderError as error:
        return error


def _drafts(wanted: Wanted) -> list[Draft]:
    return [draft_paragraph(line.strip(), wanted.setting) for line in wanted.text.split("\n")]


def _set(wanted: Wanted, drafts: Sequence[Draft]) -> SetText | None:
    paragraphs = [paragraph_of(draft, wanted.measure.place) for draft in drafts]
    if not any(paragraph.pieces for paragraph in paragraphs):
        return NOTHING
    return Text(paragraphs, wanted.measure).fit(wanted.largest)
