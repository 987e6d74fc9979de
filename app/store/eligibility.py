"""The log of the experiment: every order whose customer could have been sent a card, in either arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.domain.decision import Arm
from app.store.columns import micros
from app.store.sql import Statement, connected
from app.store.tables import EligibilityRow

_ADD = Statement("""
INSERT INTO eligibility (
  brand, order_id, customer_key, experiment, arm, share, crossed, occasion, template, variant, at
) VALUES (
  :brand, :order_id, :customer_key, :experiment, :arm, :share, :crossed, :occasion, :template, :variant, :at
)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """One order that could have had a card; in the holdout, the card is the one that was withheld."""

    brand: str
    order_id: str
    customer_key: str
    experiment: str
    arm: Arm
    share: float
    crossed: bool
    occasion: str
    template: str
    variant: str
    at: datetime


class EligibilityLog:
    """The log, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, eligible: Eligible) -> None:
        """Log an order, once; it is stored already."""
        names = EligibilityRow.__table__.columns.keys()  # type: ignore[attr-defined]
        values = {name: getattr(eligible, name) for name in names}
        _ADD.run(connected(self._session), values | {"arm": eligible.arm.value, "at": micros(eligible.at)})

    def of_order(self, brand: str, order_id: str) -> Eligible | None:
        """What was logged of an order, or None."""
        row = self._session.get(EligibilityRow, (brand, order_id))
        return None if row is None else _eligible(row)

    def of_experiment(self, brand: str, experiment: str) -> Iterator[Eligible]:
        """Everything logged of a brand's experiment, oldest first."""
        statement = (
            select(EligibilityRow)
            .where(col(EligibilityRow.brand) == brand, col(EligibilityRow.experiment) == experiment)
            .order_by(col(EligibilityRow.at), col(EligibilityRow.order_id))
        )
        return map(_eligible, self._session.exec(statement))


def _eligible(row: EligibilityRow) -> Eligible:
    return Eligible(**(row.model_dump() | {"arm": Arm(row.arm)}))
