"""A decision told in full: what was asked, what it said, which card came of it. As OpenAPI documents it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.domain.decision import Assignment, Check, Considered
from app.domain.insert import Insert
from app.services.answers import CardAnswer, describe_card, insert_of_job
from app.services.links import Links
from app.store.documents import facts_document
from app.store.orders import StoredOrder
from app.store.tags import Tag


class CheckAnswer(BaseModel):
    """One rule that was asked."""

    rule: str
    passed: bool
    says: str
    last: datetime | None = Field(description="The card that a cap counts from.")
    until: datetime | None = Field(description="When the next may follow.")


class WordingAnswer(BaseModel):
    """One wording that was weighed."""

    variant: str
    chosen: bool
    says: str


class OccasionAnswer(BaseModel):
    """One occasion that held, what it was held to, and the words there were for it."""

    occasion: str
    reason: str = Field(description="Why it holds.")
    outcome: str = Field(description="chosen, outranked, suppressed or withheld.")
    why: str
    rules: list[CheckAnswer]
    wordings: list[WordingAnswer]


class ExperimentAnswer(BaseModel):
    """The customer's arm, where the card could have been withheld."""

    name: str
    arm: str
    drawn: float = Field(description="The keyed hash as a share; below `share`, the customer is held out.")
    share: float
    crossed: bool = Field(description="Whether customers of both arms were merged.")


class ExplanationAnswer(BaseModel):
    """Why an order got this card, or none, as it was decided at its moment."""

    job: str
    order: str
    decided_at: datetime
    policy_version: str
    settings_version: int
    result: Literal["card", "no_card"]
    occasion: str | None
    reason: str
    because: str | None = Field(description="The rule behind `no_card`.")
    forbids: list[CheckAnswer] = Field(description="What would keep back any card of this order.")
    considered: list[OccasionAnswer] = Field(description="By priority.")
    experiment: ExperimentAnswer | None
    sign_by_hand: str = Field(description="Why a person should sign it by hand; empty where none need.")
    write_by_hand: str = Field(description="Why a person should write instead; empty where none need.")
    card: CardAnswer | None = Field(description="As it stands now: it may have been let down since.")
    facts: dict[str, Any]


def explain(
    job_id: str, stored: StoredOrder, tag: Tag, inserts: Sequence[Insert], links: Links
) -> ExplanationAnswer:
    """The whole tree of reasons behind the card that a job carries, or that its order carries elsewhere."""
    decision, insert = tag.decision, insert_of_job(inserts, job_id)
    return ExplanationAnswer(
        job=job_id,
        order=stored.id,
        decided_at=tag.decided_at,
        policy_version=decision.policy_version,
        settings_version=tag.settings_version,
        result="card" if decision.has_card else "no_card",
        occasion=tag.occasion,
        reason=decision.reason,
        because=decision.because,
        forbids=[_check(check) for check in decision.forbids],
        considered=[_occasion(one) for one in decision.considered],
        experiment=_experiment(decision.assignment),
        sign_by_hand=decision.sign_by_hand,
        write_by_hand=decision.write_by_hand,
        card=describe_card(insert, links) if insert else None,
        facts=facts_document(tag.facts),
    )


def _check(check: Check) -> CheckAnswer:
    return CheckAnswer(
        rule=check.rule, passed=check.passed, says=check.says, last=check.last, until=check.until
    )


def _occasion(one: Considered) -> OccasionAnswer:
    return OccasionAnswer(
        occasion=one.match.occasion,
        reason=one.match.reason,
        outcome=one.outcome,
        why=one.why,
        rules=[_check(check) for check in one.checks],
        wordings=[WordingAnswer(variant=w.variant, chosen=w.chosen, says=w.says) for w in one.wordings],
    )


def _experiment(assignment: Assignment | None) -> ExperimentAnswer | None:
    if assignment is None:
        return None
    return ExperimentAnswer(
        name=assignment.experiment,
        arm=assignment.arm,
        drawn=round(assignment.drawn, 4),
        share=assignment.share,
        crossed=assignment.crossed,
    )
