"""What the packing bench says: a line to be read across the table, and what to do now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.bench import Doubt, Scan, Verdict
from app.domain.insert import InsertState


@dataclass(frozen=True, slots=True)
class Said:
    """`headline` says what is so, `advice` what to do."""

    headline: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the sentences are made of: of the piece, and of the parcel with what is still to come."""

    title: str = "piece"
    belongs_to: str = ""
    state: InsertState | None = None
    reason: str = ""
    generation: int = 0
    parcel: str = ""
    packed: int = 0
    expected: int = 0
    to_come: Sequence[str] = ()


_DOUBTS = {
    Doubt.NO_PIECE: Said(
        "That is no card or item of this plant.",
        "Scan the square code on the card or item, then the parcel’s barcode.",
    ),
    Doubt.NO_SUCH_PIECE: Said(
        "This code is ours, but nothing is known of it here.",
        "Do not pack it. Give it to whoever looks after tipin.",
    ),
    Doubt.TWO_PIECES: Said(
        "Two cards or items were scanned, and no parcel.", "Scan one of them, and the parcel’s barcode."
    ),
    Doubt.NO_PARCEL: Said(
        "No parcel is known by that barcode.",
        "Scan another barcode of the parcel, or type its order number. Pack nothing until it is known.",
    ),
    Doubt.TWO_PARCELS: Said(
        "That barcode is on more than one parcel.",
        "Scan another barcode of the parcel, such as its order number, or choose the brand of this bench.",
    ),
}
_WAITS = {
    InsertState.HELD: "It is held. Put it aside until somebody releases it.",
    InsertState.PLANNED: "It is not drawn yet, so this cannot be its print. Put it aside and ask.",
}


def say(scan: Scan, words: Words) -> Said:
    """The words for a verdict."""
    if scan.undone_at is not None:
        return Said(f"Taken back: the {words.title} is not packed.", "Scan it again when it is.")
    if scan.verdict is Verdict.UNKNOWN:
        return in_doubt(scan.doubt)
    return _SENTENCES[scan.verdict](words)


def in_doubt(doubt: Doubt) -> Said:
    """The words for what was not recognised."""
    return _DOUBTS[doubt]


def _match(words: Words) -> Said:
    if not words.to_come:
        of_all = f" All {words.expected} are in." if words.expected > 1 else ""
        return Said(f"Right {words.title} for {words.parcel}.{of_all}", "Put it in and close the parcel.")
    return Said(
        f"Right {words.title} for {words.parcel}: {words.packed} of {words.expected}.",
        f"Put it in. Still to come: {', '.join(words.to_come)}.",
    )


def _mismatch(words: Words) -> Said:
    parcel = _start(words.parcel)
    return Said(
        f"Wrong parcel. This {words.title} belongs to {words.belongs_to}, not to {words.parcel}.",
        f"Take it out and lay it aside for {words.belongs_to}. "
        f"{parcel} is blocked until somebody has checked and cleared it.",
    )


def _void(words: Words) -> Said:
    return Said(
        f"Old print. This {words.title} was printed again since.",
        f"Throw this one away, and pack print no. {words.generation + 1}.",
    )


def _already_packed(words: Words) -> Said:
    return Said(
        f"This {words.title} was packed already.",
        "If it was only scanned twice, go on. If this is a second copy, throw it away.",
    )


def _blocked(words: Words) -> Said:
    return Said(
        f"{_start(words.parcel)} is blocked: a wrong piece was scanned with it.",
        "Check what is in it, then have it cleared.",
    )


def _stopped(words: Words) -> Said:
    why = f" {_start(words.reason.rstrip('.'))}." if words.reason else ""
    advice = _WAITS.get(words.state or InsertState.FAILED, "The order goes out without it.")
    return Said(f"This {words.title} is not to be packed.{why}", advice)


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


_SENTENCES: Mapping[Verdict, Callable[[Words], Said]] = {
    Verdict.MATCH: _match,
    Verdict.MISMATCH: _mismatch,
    Verdict.VOID: _void,
    Verdict.ALREADY_PACKED: _already_packed,
    Verdict.BLOCKED: _blocked,
    Verdict.STOPPED: _stopped,
}
