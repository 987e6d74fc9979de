"""How far a ticket is at its target: a piece that goes alone and a sheet of many are asked after alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.domain.backoff import pause
from app.domain.ticket import Outcome, Progress, Target
from app.errors import TargetUnavailable

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=2)
_PATIENCE = timedelta(days=3)


def how_far(
    targets: Mapping[str, Target], name: str, ticket: tuple[str, str], *, since: datetime, now: datetime
) -> Progress:
    """Ask once. What nobody will ever tell of is lost: an operator looks.

    Args:
        targets: the plant's, by name.
        name: the target's.
        ticket: the ticket's name, and what the target called it when it took it.
        since: when it did.
        now: the moment.
    """
    if now - since > _PATIENCE:
        return Progress(
            outcome=Outcome.LOST, detail=f"the target told of no end within {_PATIENCE.days} days"
        )
    target = targets.get(name)
    if target is None:
        return Progress(outcome=Outcome.LOST, detail=f"no target is called {name!r} any more")
    try:
        return target.progress(*ticket)
    except TargetUnavailable:
        return Progress(outcome=Outcome.WAITING)


def until_next_look(ticket: str, attempt: int) -> timedelta:
    """How long to wait after a look that found no end; `attempt` counts the looks."""
    return pause(ticket, attempt, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
