"""How the pages speak of states: one word, one shape, one of four colours, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.bench import ClearReason, Verdict
from app.domain.decision import Rule
from app.domain.gang_sheet import GangSheet, SheetForm, SheetState
from app.domain.insert import InsertState
from app.domain.person_task import PersonTaskKind, PersonTaskState
from app.domain.photo import ChosenBy
from app.domain.reprint import ReprintReason
from app.domain.sheet import CutOrder, sheet_name
from app.domain.target_state import Gate
from app.services.gang.waiting import DUE, FULL
from app.services.target_desk import TargetView
from app.store.overview import NO_CARD


class Tone(StrEnum):
    """The four colours of a state, and none."""

    STOP = "stop"
    """A person has to look."""
    WAIT = "wait"
    """A person said: not yet."""
    MOVE = "move"
    """It goes on by itself."""
    DONE = "done"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class StateWord:
    """A state as people see it. The shape's name is the state's own: see `_shapes.html`."""

    code: str
    word: str
    tone: Tone
    next: str


_WORDS = (
    StateWord(
        InsertState.FAILED,
        "Failed",
        Tone.STOP,
        "The order goes out without a card. What stopped it is named here.",
    ),
    StateWord(
        InsertState.UNKNOWN,
        "Unknown",
        Tone.STOP,
        "The press may or may not have it. Look at the press before anything is sent again.",
    ),
    StateWord(InsertState.HELD, "Held", Tone.WAIT, "It waits until somebody releases it."),
    StateWord(InsertState.PLANNED, "Planned", Tone.MOVE, "It is drawn and checked next, by itself."),
    StateWord(InsertState.READY, "Ready", Tone.MOVE, "It goes to the press next, by itself."),
    StateWord(InsertState.SUBMITTING, "Sending", Tone.MOVE, "It is on its way to the press."),
    StateWord(InsertState.ACCEPTED, "At the press", Tone.DONE, "It is printed, then packed with the order."),
    StateWord(InsertState.DONE_BY_DEVICE, "Printed", Tone.DONE, "It is packed with the order."),
    StateWord(InsertState.PACKED, "Packed", Tone.DONE, "Nothing: the card is in the box."),
    StateWord(InsertState.CANCELLED, "Cancelled", Tone.QUIET, "Nothing: no card is made."),
    StateWord(NO_CARD, "No card", Tone.QUIET, "Nothing: the order goes out without a card."),
)
STATES: dict[str, StateWord] = {word.code: word for word in _WORDS}
"""Every state an order can show, in the order in which they want attention."""

ITEMS_NEXT = {
    InsertState.FAILED: "The rest of the order goes on. Mend it here, or ask its customer.",
    InsertState.PACKED: "Nothing: the item is in the box.",
    InsertState.CANCELLED: "Nothing: the item is not made.",
}
"""What happens next where a photo item, which its customer has bought, differs from a card."""

GATES = {Gate.OPEN: "resumed", Gate.PAUSED: "paused", Gate.DRAINING: "drained"}
"""What an operator did with a target."""


def target_state(view: TargetView) -> tuple[str, str, str]:
    """How a target is, in one word: the class of its colour, its shape, the word."""
    if view.trouble:
        return "tone-stop", "failed", "Set up wrongly" if view.problem else "Down"
    if view.state.gate is Gate.PAUSED:
        return "tone-wait", "held", "Paused"
    if view.state.gate is Gate.DRAINING:
        return "tone-wait", "held", "Drained" if view.drained else "Draining"
    if view.state.condition.attention:
        return "tone-wait", "unknown", "Needs a hand"
    return "tone-done", "accepted", "Working"


THUMB_SCALE = 0.64
"""CSS pixels a millimetre in the list: every card, whatever its size, is drawn to this one scale."""


@dataclass(frozen=True, slots=True)
class SheetWord:
    """How a gang sheet's state is spoken of; `shape` is one of `_shapes.html`."""

    word: str
    tone: Tone
    shape: str
    next: str


SHEETS = {
    SheetState.OPEN: SheetWord(
        "Filling up",
        Tone.MOVE,
        "planned",
        "it closes when it is full, in time for what is needed first, or by hand.",
    ),
    SheetState.CLOSED: SheetWord(
        "On its way", Tone.MOVE, "submitting", "it is made, checked and handed to the press, by itself."
    ),
    SheetState.ACCEPTED: SheetWord(
        "At the press", Tone.DONE, "accepted", "it is printed and cut; the bench packs its pieces."
    ),
    SheetState.DONE: SheetWord(
        "Printed", Tone.DONE, "done_by_device", "it is cut; the bench packs its pieces."
    ),
    SheetState.UNKNOWN: SheetWord(
        "Unknown",
        Tone.STOP,
        "unknown",
        "look at the press. Nothing is sent again before you say what became of it.",
    ),
    SheetState.FAILED: SheetWord(
        "Failed",
        Tone.STOP,
        "failed",
        "nothing. What can still be printed is printed again piece by piece, on another sheet.",
    ),
    SheetState.EMPTY: SheetWord(
        "Empty", Tone.QUIET, "no_card", "nothing: every piece of it went another way."
    ),
}
"""Every state of a gang sheet."""
CUT_ORDERS = {
    CutOrder.CUT_STACK: "Stack under stack: packing order",
    CutOrder.SEQUENCE: "Row by row",
}


def paper(form: SheetForm) -> str:
    """The paper of a sheet in a few words."""
    sides = "both sides" if form.two_sided else "one side"
    pile = f", {form.sheets} sheets a pile" if form.sheets > 1 else ""
    return f"{sheet_name(form.sheet)}, {sides}{pile}"


def sheet_of(form: SheetForm) -> str:
    """Its size in mm."""
    return f"{form.sheet[0]:g} × {form.sheet[1]:g} mm"


def closed_by(sheet: GangSheet) -> str:
    """Why a sheet closed."""
    if sheet.closed_by in _CLOSED_BY:
        return _CLOSED_BY[sheet.closed_by]
    return f"closed by {sheet.closed_by}" if sheet.closed_by else ""


_CLOSED_BY = {FULL: "it was full", DUE: "it was time for what is needed first"}

OUTCOMES = {"chosen": "Chosen", "outranked": "Outranked", "suppressed": "Left out", "withheld": "Withheld"}
RULES = {
    Rule.KIND: "Kind of order",
    Rule.IMPORTED: "History",
    Rule.CANCELLED: "Cancellation",
    Rule.OWN_INSERT: "Own insert",
    Rule.OPT_OUT: "Opt-out",
    Rule.BEREAVEMENT: "Bereavement",
    Rule.OPEN_COMPLAINT: "Open complaint",
    Rule.SPLIT: "Split order",
    Rule.CHANNEL: "Sales channel",
    Rule.GIFT: "Gift",
    Rule.SWITCHED_OFF: "Switched on",
    Rule.HISTORY: "Complete history",
    Rule.AGAIN: "Not twice",
    Rule.RECOVERY_GAP: "After trouble",
    Rule.SOFT_GAP: "Time since any card",
    Rule.SOFT_GAP_TO_SOFT: "Time since one like it",
    Rule.SURPRISE: "Surprise",
    Rule.NO_WORDS: "Words",
    Rule.EXHAUSTED: "Words used up",
    Rule.HOLDOUT: "Held out",
    Rule.GUEST: "Guest",
    Rule.NO_VALUE: "No value",
    Rule.NO_OCCASION: "No occasion",
}
"""What each rule of selection is about."""
TASKS = {PersonTaskKind.WRITE: "Write to the customer", PersonTaskKind.NEW_WORDS: "Write new wordings"}
VERDICTS = {
    Verdict.MATCH: "Right",
    Verdict.MISMATCH: "Wrong",
    Verdict.VOID: "Old print",
    Verdict.ALREADY_PACKED: "Twice",
    Verdict.BLOCKED: "Blocked",
    Verdict.STOPPED: "Stop",
    Verdict.UNKNOWN: "Unknown",
}
"""A verdict in one word, to be read across the room."""
CLEAR_REASONS = {
    ClearReason.WRONG_PIECE_REMOVED: "The wrong one is out",
    ClearReason.WRONG_PARCEL_SCANNED: "I scanned the wrong parcel",
    ClearReason.REPACKED: "Packed anew",
    ClearReason.OTHER: "Checked",
}
REPRINT_REASONS = {
    ReprintReason.DAMAGED: "Damaged",
    ReprintReason.MISPRINTED: "Misprinted",
    ReprintReason.LOST: "Lost",
    ReprintReason.NEVER_PRINTED: "Never printed",
    ReprintReason.WRONG_PARCEL: "Left in a wrong parcel",
    ReprintReason.OTHER: "Another reason",
}
TASK_STATES = {
    PersonTaskState.OPEN: "Open",
    PersonTaskState.DONE: "Done",
    PersonTaskState.DISMISSED: "Dismissed",
}
DELIVERIES = {
    "waiting": ("Waiting to be taken", Tone.MOVE, "submitting"),
    "delivered": ("Told", Tone.DONE, "accepted"),
    "given_up": ("Given up", Tone.STOP, "failed"),
    "nowhere": ("Nobody to tell: no address is set", Tone.QUIET, "no_card"),
}
"""A call-back's state: its word, its colour, its shape."""
EVENTS = {
    "promised": "Promised",
    "promise_revised": "Promise revised",
    "shipped": "Shipped",
    "delivered": "Delivered",
    "cancelled": "Cancelled",
    "credited": "Credited",
    "reprinted": "Made again",
    "complaint_opened": "Complaint opened",
    "complaint_closed": "Complaint closed",
    "merged": "Customer merged",
    "unmerged": "Customer parted again",
    "opted_out": "Customer opted out",
    "opted_in": "Customer opted in again",
    "bereavement_set": "Customer bereaved",
    "bereavement_cleared": "Bereavement cleared",
    "order": "An earlier order came late",
}
DEGRADATIONS = {"generic": "The brand’s generic card stands in"}
"""How a card was let down. That there is none at all, its state says already."""

CHOSEN_BY: dict[ChosenBy, str] = {
    ChosenBy.PERSON: "as a person asked",
    ChosenBy.FACES: "around the faces",
    ChosenBy.SALIENCY: "around what stands out",
    ChosenBy.CENTRE: "the middle",
}
"""Why a photo is cropped as it is."""
