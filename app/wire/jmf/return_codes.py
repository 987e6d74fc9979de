"""CIP4's return codes (JDF 1.5, appendix "Return Values"; XJDF 2.1, A.4.2): what they mean for a card."""

from __future__ import annotations

WAIT = frozenset({2, 8, 10, 100, 112, 304})
"""It may pass by itself, and nothing was taken: no device, busy, not running, queue closed …"""
EXISTS = 116
"""The queue has an entry of this JobID and JobPartID already."""
NOT_LISTED = frozenset({103, 104, 105, 108})
"""A look into the queue found no such entry."""

_WORDS = {
    1: "a general error",
    2: "an internal error",
    3: "the message is not well-formed",
    4: "the message is not valid",
    5: "this message is not implemented",
    6: "parameters are not valid",
    7: "parameters are missing",
    8: "the device is not available",
    9: "the message is not complete",
    10: "it is busy",
    100: "the device is not running",
    101: "the device cannot do this",
    102: "there is nothing in the ticket that it can do",
    103: "the job is not known",
    104: "the part is not known",
    105: "the entry is not in the queue",
    106: "the entry is being printed",
    108: "nothing was found",
    109: "not everything was found",
    110: "it cannot be done in time",
    111: "the subscription was denied",
    112: "the queue is closed",
    116: "the entry is in the queue already",
    120: "an address in the ticket cannot be reached",
    121: "the device is not known",
    200: "a resource's parameters are not valid",
    201: "a resource's parameters are missing",
    300: "it does not let this machine in",
    302: "it wants an encrypted connection",
    304: "the authentication is not decided yet",
}


def in_words(code: int, text: str = "") -> str:
    """A return code for people, with what the front end said beside it."""
    words = _WORDS.get(code, "an error that the specification does not list")
    return f"{words} (ReturnCode {code})" + (f": {text}" if text else "")
