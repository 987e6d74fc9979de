"""What the API says of a rule that was tried on past orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from time import monotonic

from pydantic import BaseModel, Field

from app.domain.decision import Outcome
from app.services.simulate_rule import REASONS, Simulation, TriedCase

LINES = "application/x-ndjson"
"""JSON Lines."""
_SECONDS = 1.0
"""Between two lines."""


class CountOf(BaseModel):
    """How many orders, and of what."""

    code: str
    says: str
    orders: int


class CaseAnswer(BaseModel):
    """One order that the rule matches."""

    order: str = Field(description="tipin's id of the order.")
    customer: str | None = Field(description="A pseudonym of the customer; null for a guest.")
    placed_at: datetime
    outcome: Outcome
    why: str
    instead_of: str = Field(description="The occasion of its card without the rule, or `none`.")
    verdicts: list[str] = Field(examples=[["2 orders before this one ✓", "no gift ✓"]])


class SimulationAnswer(BaseModel):
    """What a rule would have done, had it been in force over a time that is past."""

    since: datetime
    until: datetime
    orders: int = Field(description="Orders placed in that time.")
    told: int = Field(description="Of these, how many were told again so far; in the whole answer, all.")
    matched: int = Field(description="Of these, how many the rule matches.")
    share: float = Field(description="From 0 to 1.")
    customers: int = Field(description="Customers with such an order.")
    decided: int = Field(description="Matching orders that the following counts are over.")
    cards: int = Field(description="Of the decided, how many get a card of this rule.")
    instead_of: list[CountOf] = Field(description="What these cards take the place of.")
    outranked_by: list[CountOf] = Field(description="Matches that another occasion comes before.")
    suppressed: list[CountOf] = Field(description="Matches without a card, by the reason.")
    held_out: int = Field(description="Matches of customers who are held out to measure.")
    lost_later: list[CountOf] = Field(
        description="Cards of other orders for which one of the rule's leaves no room."
    )
    concern: str = Field(description="What publishing asks to confirm; empty where it asks nothing.")
    cases: list[CaseAnswer]


def simulation_answer(found: Simulation, titles: Mapping[str, str], *, with_cases: bool) -> SimulationAnswer:
    """What was found; `titles` are the occasions' by code."""
    return SimulationAnswer(
        since=found.since,
        until=found.until,
        orders=found.orders,
        told=found.told,
        matched=found.matched,
        share=round(found.reach.share, 4),
        customers=found.customers,
        decided=found.decided,
        cards=found.cards,
        instead_of=_counts(found.instead_of, titles),
        outranked_by=_counts(found.outranked_by, titles),
        suppressed=_counts(found.kept_back, REASONS),
        held_out=found.outcomes[Outcome.WITHHELD],
        lost_later=_counts(found.lost_later, titles),
        concern=found.reach.concern,
        cases=[_case(one) for one in found.cases] if with_cases else [],
    )


async def lines(answers: AsyncIterator[SimulationAnswer]) -> AsyncIterator[str]:
    """Answers as lines of JSON: one a second or so, and the last."""
    written, waiting = monotonic(), ""
    async for answer in answers:
        waiting = answer.model_dump_json() + "\n"
        if monotonic() - written > _SECONDS:
            yield waiting
            written, waiting = monotonic(), ""
    yield waiting


def _counts(counted: Counter[str], says: Mapping[str, str]) -> list[CountOf]:
    return [CountOf(code=code, says=says.get(code, code), orders=n) for code, n in counted.most_common()]


def _case(tried: TriedCase) -> CaseAnswer:
    return CaseAnswer(
        order=tried.order_id,
        customer=tried.pseudonym,
        placed_at=tried.placed_at,
        outcome=tried.outcome,
        why=tried.why,
        instead_of=tried.instead_of,
        verdicts=[str(one) for one in tried.said],
    )
