"""What follows from a decision beside its card: the experiment's log, and what a person should do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.domain.brand import Brand
from app.domain.decision import Decision, Rule
from app.domain.person_task import PersonTask, PersonTaskKind
from app.store.database import Transaction
from app.store.eligibility import Eligible
from app.store.orders import StoredOrder


def note_decision(
    tx: Transaction, stored: StoredOrder, decision: Decision, brand: Brand, *, at: datetime
) -> None:
    """Log the order where it could have had a card, and call for a person where one is needed.

    Args:
        tx: the intake transaction; the order is stored already.
        stored: the order.
        decision: what was decided on it.
        brand: its brand.
        at: the present moment.
    """
    if (eligible := _eligible(stored, decision, brand, at)) is not None:
        tx.eligibility.add(eligible)
    for task in _tasks(stored, decision, brand, at):
        tx.person_tasks.call_for(task)


def _eligible(stored: StoredOrder, decision: Decision, brand: Brand, at: datetime) -> Eligible | None:
    assignment = decision.assignment
    if assignment is None:
        return None
    occasion, variant = decision.would_be
    return Eligible(
        brand=brand.code,
        order_id=stored.id,
        customer_key=assignment.customer,
        experiment=assignment.experiment,
        arm=assignment.arm,
        share=assignment.share,
        crossed=assignment.crossed,
        occasion=occasion,
        template=decision.template or brand.template,
        variant=variant,
        at=at,
    )


def _tasks(stored: StoredOrder, decision: Decision, brand: Brand, at: datetime) -> Iterator[PersonTask]:
    """A letter instead of a second card after trouble; new words where a customer has had them all."""
    for one in decision.considered:
        failed = next((check for check in one.checks if not check.passed), None)
        code = one.match.occasion
        if failed is None or failed.rule not in (Rule.RECOVERY_GAP, Rule.EXHAUSTED):
            continue
        writes = failed.rule is Rule.RECOVERY_GAP
        language = brand.language_for(stored.order.language or stored.order.customer.language)
        yield PersonTask(
            brand=brand.code,
            kind=PersonTaskKind.WRITE if writes else PersonTaskKind.NEW_WORDS,
            subject=stored.id if writes else f"{brand.template}/{language}/{code}",
            order_id=stored.id,
            occasion=code,
            reason=decision.write_by_hand if writes else f"{failed.says} ({brand.template}, {language})",
            made_at=at,
            last_at=at,
        )
