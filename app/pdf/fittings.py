"""A card's texts while they wait for their sizes."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import inf
from typing import NamedTuple

from app.errors import RenderError
from app.pdf.frames import FramePlan
from app.pdf.text.clean import clean
from app.pdf.text.columns.texts import Wanted
from app.pdf.text.paragraph import Setting
from app.pdf.text.place import SetText
from app.pdf.text.setter import Answer


class Fitting(NamedTuple):
    """A text that waits for its size, and its frame."""

    frame: FramePlan
    wanted: Wanted


def fit_in(fittings: list[Fitting], frame: FramePlan, said: str, setting: Setting) -> None:
    """Add what is said, cleaned; nothing where nothing of it is left."""
    cleaned = clean(said, frame.place).strip()
    if not cleaned:
        return
    emoji = setting.typeface.chain.emoji
    cleaned = emoji.settled(cleaned) if emoji else cleaned
    fittings.append(Fitting(frame, Wanted(cleaned, setting, frame.measure, frame.measure.largest)))


def set_together(fittings: Sequence[Fitting]) -> Generator[list[Wanted], Sequence[Answer], list[SetText]]:
    """Texts of one hand and one size range on a side, all at the smallest size that one of them needs."""
    texts = _all_set(fittings, (yield [wanted for _, wanted in fittings]))
    least: dict[tuple[int, int], float] = {}
    for (frame, _), text in zip(fittings, texts, strict=True):
        least[frame.group] = min(text.size, least.get(frame.group, text.size))
    if len(least) == len(texts):
        return texts
    larger = [i for i, text in enumerate(texts) if least[fittings[i].frame.group] < text.size < inf]
    if larger:
        again = [fittings[index] for index in larger]
        wanted = [wanted._replace(largest=least[frame.group]) for frame, wanted in again]
        for index, text in zip(larger, _all_set(again, (yield wanted)), strict=True):
            texts[index] = text
    return texts


def _all_set(fittings: Sequence[Fitting], answers: Sequence[Answer]) -> list[SetText]:
    """The texts.

    Raises:
        RenderError: one does not fit, or cannot be drawn.
    """
    texts = []
    for each, answer in zip(fittings, answers, strict=True):
        if answer is None:
            raise each.frame.misfit(len(each.wanted.text))
        if isinstance(answer, RenderError):
            raise answer
        texts.append(answer)
    return texts
