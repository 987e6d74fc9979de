"""Inserts: planned in the intake transaction, then moved on one state at a time.

Every move names the state it starts from, so that a step that runs again, or two workers that hold the same
task, change nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.domain.card import Card, card_document, card_from
from app.domain.component import INSERT
from app.domain.insert import BY_ITSELF, Addressee, Degradation, Insert, InsertChange, InsertState
from app.errors import NotFound
from app.store.component_changes import changes_of, note_change
from app.store.tables import ArtifactRow, InsertRow, JobRow, OrderRow

_STORED = tuple(f.name for f in fields(Insert) if f.name not in {"state", "degradation", "card"})


class InsertRepository:
    """The inserts of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def plan(self, insert: Insert) -> None:
        """Add a new insert."""
        row = InsertRow(state=insert.state, degradation=insert.degradation, **_values(insert))
        row.card = _document(insert.card)
        # The job first: SQLAlchemy orders pending rows by relationships, and there are none here.
        self._session.flush()
        self._session.add(row)
        self._session.flush()
        self._note(insert, None, insert.state, who=BY_ITSELF, reason=insert.reason)

    def get(self, job_id: str) -> Insert:
        """The insert that a job carries.

        Raises:
            NotFound: it carries none.
        """
        row = self._session.get(InsertRow, job_id)
        if row is None:
            raise NotFound(f"the job {job_id} carries no insert")
        return _insert(row)

    def of_order(self, order_id: str) -> tuple[Insert, ...]:
        """The inserts of an order, that of its occasion first, then by job; none where it gets no card."""
        statement = (
            select(InsertRow)
            .join(JobRow, col(JobRow.id) == col(InsertRow.job_id))
            .where(InsertRow.order_id == order_id)
            .order_by(col(InsertRow.further), col(JobRow.position))
        )
        return tuple(_insert(row) for row in self._session.exec(statement))

    def addressee(self, job_id: str) -> Addressee:
        """Whose insert it is, in the sender's words; works for an order without a card too.

        Raises:
            NotFound: there is no such job.
        """
        statement = (
            select(OrderRow, JobRow)
            .join(JobRow, col(JobRow.order_id) == col(OrderRow.id))
            .where(JobRow.id == job_id)
        )
        found = self._session.exec(statement).first()
        if found is None:
            raise NotFound(f"there is no job {job_id}")
        order, job = found
        return Addressee(
            brand=order.brand,
            order_id=order.id,
            source_order_id=order.source_order_id,
            job_id=job.id,
            parcel=job.parcel or order.parcel,
        )

    def move(self, insert: Insert, to: InsertState, *, reason: str = "", who: str = BY_ITSELF) -> bool:
        """Change the state from what `insert` says to `to`; False where it has moved on meanwhile.

        Args:
            insert: as it was read.
            to: the new state.
            reason: why, for people.
            who: the person who does it, where one does.
        """
        return self._change(insert, who=who, state=to, reason=reason)

    def changes(self, job_id: str) -> tuple[InsertChange, ...]:
        """Every move of an insert, oldest first."""
        return changes_of(self._session, job_id, INSERT)

    def made(self, insert: Insert) -> bool:
        """Store what was drawn: a planned insert becomes `insert`, as it stands, and is READY.

        Returns:
            False where it was no longer planned: nothing is changed then.
        """
        return self._change(
            insert,
            expected=InsertState.PLANNED,
            state=InsertState.READY,
            occasion=insert.occasion,
            variant=insert.variant,
            degradation=insert.degradation,
            reason=insert.reason,
            card=_document(insert.card),
            pdf_sha256=insert.pdf_sha256,
            ready_at=insert.ready_at,
        )

    def without_photo(self, insert: Insert, changes: Iterable[InsertChange], *, reason: str) -> Insert | None:
        """Part a card from its file, which shows a photo that has to go; plan it anew where no press has it.

        Once its hand-over was begun the target may know its name: it is then its next generation.

        Returns:
            The planned card; None where the press has it, or it has ended.
        """
        if insert.state not in {InsertState.PLANNED, InsertState.HELD, InsertState.READY}:
            self._session.execute(
                update(InsertRow)
                .where(col(InsertRow.job_id) == insert.job_id, col(InsertRow.generation) == insert.generation)
                .values(pdf_sha256=None)
            )
            return None
        begun = any(
            change.generation == insert.generation and change.after is InsertState.SUBMITTING
            for change in changes
        )
        planned = self._change(
            insert,
            state=InsertState.PLANNED,
            generation=insert.generation + begun,
            reason=reason,
            card=None,
            pdf_sha256=None,
            ready_at=None,
        )
        return self.get(insert.job_id) if planned else None

    def let_down(self, insert: Insert, degradation: Degradation) -> None:
        """Write down how far it was let down, whatever becomes of it."""
        self._session.execute(
            update(InsertRow)
            .where(col(InsertRow.job_id) == insert.job_id, col(InsertRow.generation) == insert.generation)
            .values(degradation=degradation)
        )

    def print_again(self, insert: Insert, card: Card, *, at: datetime, who: str, reason: str) -> bool:
        """Make room for the next generation, to be drawn from `card`: planned anew, without a file.

        Returns:
            False where it has moved on meanwhile: nothing is changed then.
        """
        statement = (
            update(InsertRow)
            .where(
                col(InsertRow.job_id) == insert.job_id,
                col(InsertRow.generation) == insert.generation,
                col(InsertRow.state) == insert.state,
            )
            .values(
                generation=insert.generation + 1,
                state=InsertState.PLANNED,
                reason="",
                card=_document(card),
                pdf_sha256=None,
                target_reference="",
                planned_at=at,
                ready_at=None,
                accepted_at=None,
            )
        )
        moved: bool = self._session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
        if moved:
            again = replace(insert, generation=insert.generation + 1)
            self._note(again, insert.state, InsertState.PLANNED, who=who, reason=reason)
        return moved

    def keep_artifact(
        self, sha256: str, *, media_type: str, size: int, made_at: datetime, preflight: dict[str, Any]
    ) -> None:
        """Remember a stored file with the report of the preflight that it passed; again changes nothing."""
        if self._session.get(ArtifactRow, sha256) is None:
            self._session.add(
                ArtifactRow(
                    sha256=sha256, media_type=media_type, size=size, made_at=made_at, preflight=preflight
                )
            )
            self._session.flush()

    def _change(
        self, insert: Insert, *, expected: InsertState | None = None, who: str = BY_ITSELF, **values: Any
    ) -> bool:
        before = expected or insert.state
        statement = (
            update(InsertRow)
            .where(
                col(InsertRow.job_id) == insert.job_id,
                col(InsertRow.generation) == insert.generation,
                col(InsertRow.state) == before,
            )
            .values(**values)
        )
        moved: bool = self._session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
        if moved:
            self._note(insert, before, values["state"], who=who, reason=values["reason"])
        return moved

    def _note(
        self, insert: Insert, before: InsertState | None, after: InsertState, *, who: str, reason: str
    ) -> None:
        note_change(
            self._session,
            insert.job_id,
            INSERT,
            insert.generation,
            before=before,
            after=after,
            who=who,
            reason=reason,
        )


def _values(insert: Insert) -> dict[str, Any]:
    return {name: getattr(insert, name) for name in _STORED}


def _document(card: Card | None) -> dict[str, Any] | None:
    return None if card is None else card_document(card)


def _insert(row: InsertRow) -> Insert:
    return Insert(
        state=InsertState(row.state),
        degradation=Degradation(row.degradation),
        card=None if row.card is None else card_from(row.card),
        **{name: getattr(row, name) for name in _STORED},
    )
