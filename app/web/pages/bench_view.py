"""What the bench's page shows after each text from the scanner, as its script is told it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel

from app.domain.access import Caller
from app.domain.bench import Doubt, Piece, Verdict
from app.services.bench_desk import BenchDesk
from app.services.bench_words import Said, in_doubt
from app.services.tell_bench import BenchTold, ParcelTold, PieceTold
from app.store.database import Transaction
from app.web.pages.text import plain
from app.web.pages.vocabulary import VERDICTS


class Tone(StrEnum):
    """How it is shown and heard."""

    GO = "go"
    STOP = "stop"
    """Stays until it is acknowledged."""
    HOLD = "hold"
    """Half of a pair, or news: the other half follows."""
    ASK = "ask"
    """Nothing was recognised, or nothing is to be done."""


class Shown(BaseModel):
    """What to show. `held` is the text that the next one makes a pair with; `picture` a path in the desk.

    `undo` names the scan that can be taken back, `clear` the order that can be cleared.
    """

    tone: Tone
    word: str = ""
    headline: str
    advice: str
    held: str = ""
    picture: str = ""
    caption: str = ""
    undo: str = ""
    clear: str = ""


def answer(
    tone: Tone, said: Said, *, word: str = "", held: str = "", picture: str = "", clear: str = ""
) -> Shown:
    """Words with a tone."""
    return Shown(
        tone=tone,
        word=word,
        headline=plain(said.headline),
        advice=plain(said.advice),
        held=held,
        picture=picture,
        clear=clear,
    )


def first_of_pair(bench: BenchDesk, tx: Transaction, caller: Caller, text: str, *, brand: str) -> Shown:
    """The first text of a pair: what it is, and what to scan next."""
    code = bench.recognise.code(text)
    if code is None:
        parcel = bench.recognise.parcel(tx, text, caller, brand=brand)
        return (
            _in_doubt(parcel) if isinstance(parcel, Doubt) else _parcel(bench.tell.parcel(tx, parcel), text)
        )
    piece = bench.recognise.piece(tx, code, caller)
    if piece is None:
        return _in_doubt(Doubt.NO_SUCH_PIECE)
    told = bench.tell.piece(tx, piece)
    said = Said(f"The {told.title} of order {told.number}.", "Now scan its parcel.")
    return answer(Tone.HOLD, said, held=text, picture=_picture(piece))


def verdict(told: BenchTold, *, parcel: str) -> Shown:
    """A pair. While more is to come the parcel's text is held on to."""
    scan, match = told.scan, told.scan.verdict is Verdict.MATCH
    blocks = scan.verdict in {Verdict.MISMATCH, Verdict.BLOCKED} and told.parcel is not None
    right = _right_one(told)
    shown = answer(
        Tone.GO if match else Tone.STOP,
        told.said,
        word=VERDICTS[scan.verdict],
        held=parcel if match and told.parcel and told.parcel.to_come else "",
        picture=_picture(right.piece) if right else "",
        clear=told.parcel.parcel.order_ids[0] if told.parcel and blocks else "",
    )
    shown.undo = scan.id if scan.undo_until else ""
    if right and scan.verdict is Verdict.MISMATCH:
        shown.caption = plain(f"The right {right.title} for order {right.number}")
    return shown


def _parcel(told: ParcelTold, text: str) -> Shown:
    number = " and ".join(told.numbers)
    if told.parcel.blocked:
        said = Said(f"Order {number} is blocked.", "Check what is in it, then clear it.")
        return answer(Tone.STOP, said, word=VERDICTS[Verdict.BLOCKED], clear=told.parcel.order_ids[0])
    if not told.pieces:
        return answer(Tone.ASK, Said(f"Order {number} gets no card.", "Pack it without one."))
    if not told.to_come:
        return answer(Tone.ASK, Said(f"Order {number} is complete.", "Close the parcel."))
    titles = ", ".join(one.title for one in told.to_come)
    said = Said(f"Order {number}.", f"Now scan: {titles}.")
    return answer(Tone.HOLD, said, held=text, picture=_picture(told.to_come[0].piece))


def _in_doubt(doubt: Doubt) -> Shown:
    return answer(Tone.ASK, in_doubt(doubt))


def _right_one(told: BenchTold) -> PieceTold | None:
    """The piece to look at: where a wrong one was scanned, the one that belongs there."""
    if told.scan.verdict is Verdict.MISMATCH:
        return next(iter(told.parcel.to_come or told.parcel.pieces), None) if told.parcel else None
    return told.piece


def _picture(piece: Piece) -> str:
    """A card as it is printed, an item as its customer will see it."""
    one = piece.component
    if not one.pdf_sha256:
        return ""
    if one.is_insert:
        return f"/cards/{one.record}/{one.pdf_sha256}/front-large.jpg"
    return f"/items/{one.record}/{one.number}/{one.pdf_sha256}/mock-up.jpg"
