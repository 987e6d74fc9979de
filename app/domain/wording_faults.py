"""What is wrong with a wording, whoever wrote it: a template's designer, or a brand's owner in a rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from app.domain.pattern import pattern_fault, slots_in
from app.domain.policy import Intent
from app.domain.template import Variant

_GREETING_SLOTS = frozenset({"given_name"})
_LOUD = "!¡！"


class WordingFault(NamedTuple):
    """One thing wrong: in which field, what, and the mend."""

    field: str
    detail: str
    mend: str = ""


def wording_faults(
    variant: Variant, slot_types: Mapping[str, str], *, recovery: bool, mend: str
) -> Iterator[WordingFault]:
    """Every fault in the words of a wording.

    Args:
        variant: the wording.
        slot_types: each slot that it may use, as "text" or "number".
        recovery: whether it speaks after trouble, where nothing raises its voice.
        mend: what to do about a slot that is not there.
    """
    texts = {
        "headline": variant.headline,
        "greeting": variant.greeting,
        "greeting_unnamed": variant.greeting_unnamed,
        "message": variant.message,
    }
    for field, text in texts.items():
        if problem := pattern_fault(text, variant.language):
            yield WordingFault(field, problem)
            continue
        allowed = variant.requires | (_GREETING_SLOTS if field == "greeting" else frozenset())
        yield from _slot_faults(field, slots_in(text), allowed, slot_types, mend)
        if recovery and any(mark in text for mark in _LOUD):
            yield WordingFault(
                field, "raises its voice on a recovery card", "end the sentence with a full stop"
            )
    if recovery and variant.intents != {Intent.NOTE}:
        yield WordingFault("intents", "wants something on a recovery card", "leave it a note")


def _slot_faults(
    field: str, named: Mapping[str, bool], allowed: Collection[str], slot_types: Mapping[str, str], mend: str
) -> Iterator[WordingFault]:
    for name, numeric in named.items():
        if name not in slot_types:
            yield WordingFault(field, f"{{{name}}} is no slot of the template", mend)
        elif name not in allowed:
            yield WordingFault(
                field, f"{{{name}}} is not among the wording’s `requires`", f'add "{name}" to requires'
            )
        elif numeric and slot_types[name] != "number":
            yield WordingFault(
                field, f"{{{name}}} is text but used as a number", "declare it as a number, or set it plainly"
            )
