"""Targets as they stand: opened, paused or drained by operators, and what they last said of themselves."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.domain.target_state import Gate, TargetState
from app.domain.ticket import Condition
from app.store.sql import Statement, connected
from app.store.tables import TargetRow

_ADD = Statement("""
INSERT INTO targets (name, gate, gate_by, trouble, failures, turn, condition)
VALUES (:name, :gate, '', '', 0, 0, '{}')
ON CONFLICT (name) DO NOTHING
""")


class TargetRepository:
    """The targets of one transaction. One that nobody has said anything of yet is open and up."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> TargetState:
        """A target as it stands."""
        row = self._session.get(TargetRow, name)
        return TargetState(name=name) if row is None else _state(row)

    def locked(self, name: str) -> TargetState:
        """The same, kept from every other transaction that asks so until this one ends."""
        return _state(self._locked(name))

    def set_gate(self, name: str, gate: Gate, *, by: str, at: datetime) -> None:
        """Open, pause or drain it."""
        row = self._row(name)
        row.gate, row.gate_by, row.gate_at = gate, by, at
        self._session.flush()

    def failed(self, name: str, trouble: str) -> None:
        """It did not take something, or does not answer."""
        row = self._locked(name)
        row.trouble, row.failures = trouble, row.failures + 1
        self._session.flush()

    def up(self, name: str) -> None:
        """It answers again; its failures count until it takes something."""
        row = self._session.get(TargetRow, name)
        if row is not None:
            row.trouble = ""
            self._session.flush()

    def took(self, name: str) -> None:
        """It took something."""
        row = self._session.get(TargetRow, name)
        if row is not None and (row.failures or row.trouble):
            row.trouble, row.failures = "", 0
            self._session.flush()

    def seen(self, name: str, condition: Condition, *, at: datetime) -> None:
        """What it says of itself."""
        row = self._row(name)
        row.condition, row.seen_at = asdict(condition), at
        self._session.flush()

    def next_turn(self, name: str, *, look_at: datetime) -> int:
        """The number of the target's next background task; tasks of lower numbers are not wanted any more.

        Args:
            name: the target's.
            look_at: when the task is to run.
        """
        row = self._locked(name)
        row.turn, row.look_at = row.turn + 1, look_at
        self._session.flush()
        return row.turn

    def _locked(self, name: str) -> TargetRow:
        self._row(name)
        locked = select(TargetRow).where(col(TargetRow.name) == name).with_for_update()
        # What was read before the lock may have changed while it was waited for.
        return self._session.exec(locked.execution_options(populate_existing=True)).one()

    def _row(self, name: str) -> TargetRow:
        row = self._session.get(TargetRow, name)
        if row is None:
            _ADD.run(connected(self._session), {"name": name, "gate": Gate.OPEN.value})
            row = self._session.get_one(TargetRow, name)
        return row


def _state(row: TargetRow) -> TargetState:
    return TargetState(
        name=row.name,
        gate=Gate(row.gate),
        gate_by=row.gate_by,
        gate_at=row.gate_at,
        trouble=row.trouble,
        failures=row.failures,
        turn=row.turn,
        look_at=row.look_at,
        condition=_condition(row.condition),
        seen_at=row.seen_at,
    )


def _condition(said: dict[str, Any]) -> Condition:
    return Condition(
        attention=tuple(said.get("attention", ())),
        warnings=tuple(said.get("warnings", ())),
        capabilities=said.get("capabilities", {}),
        queued=said.get("queued"),
    )
