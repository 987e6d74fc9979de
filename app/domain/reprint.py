"""Printing a piece again: why, and what changes on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.card import Card
from app.domain.insert import InsertState
from app.domain.template import CODES, Role


class ReprintReason(StrEnum):
    """Why a piece is printed again."""

    DAMAGED = "damaged"
    MISPRINTED = "misprinted"
    LOST = "lost"
    NEVER_PRINTED = "never_printed"
    WRONG_PARCEL = "wrong_parcel"
    OTHER = "other"


REPRINTABLE = frozenset(
    {
        InsertState.ACCEPTED,
        InsertState.DONE_BY_DEVICE,
        InsertState.UNKNOWN,
        InsertState.PACKED,
        InsertState.FAILED,
    }
)
"""The states in which a print may exist, or was to; in all others nothing left tipin yet."""


def is_reprintable(state: InsertState, *, was_taken: bool) -> bool:
    """Whether a piece can be printed again; `was_taken` is whether a target ever had it.

    One that was taken back from its press can be; one whose order a person released without it cannot.
    """
    return state in REPRINTABLE or (state is InsertState.CANCELLED and was_taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprint:
    """One reprint: `generation` is the one that it made, `void_sha256` the file that it made void."""

    brand: str
    record: str
    component: int
    generation: int
    at: datetime
    who: str
    reason: ReprintReason
    note: str = ""
    key: str = ""
    void_sha256: str | None = None


def next_generation(card: Card, generation: int, bench_code: str) -> Card:
    """The same card as its next print: nothing is composed anew, only what must differ does.

    Those are the bench code, wherever the template prints it, and the line of the job's code.
    """
    name = f"{card.id.rpartition('-')[0]}-{generation}"
    texts = {
        role: text.replace(card.bench_code, bench_code) if role in CODES else text
        for role, text in card.texts.items()
    }
    return replace(card, id=name, bench_code=bench_code, texts={**texts, Role.JOB_CODE: name})
