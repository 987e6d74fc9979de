"""Tags: what an order was decided on at its moment. They are written once and never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.domain.decision import Decision
from app.domain.facts import Facts
from app.errors import NotFound
from app.store.columns import micros
from app.store.documents import decision_document, facts_document, read_decision, read_facts
from app.store.sql import Statement, connected
from app.store.tables import TagRow

_TAG = Statement("""
INSERT INTO tags (
  order_id, brand, occasion, reason, decided_at, facts, decision, policy_version, settings_version
) VALUES (
  :order_id, :brand, :occasion, :reason, :decided_at, :facts, :decision, :policy_version, :settings_version
)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What was known of an order's customer, and what was decided on it."""

    facts: Facts
    decision: Decision
    decided_at: datetime
    settings_version: int = 0
    """Which version of the brand's settings was in force; 0 is brand.toml alone."""

    @property
    def occasion(self) -> str | None:
        """The occasion that the order's card speaks of; None where it gets no card."""
        return None if self.decision.match is None else self.decision.match.occasion

    @property
    def reason(self) -> str:
        """Why, in one sentence."""
        return self.decision.reason


class TagRepository:
    """The tags of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, order_id: str, brand: str, tag: Tag) -> None:
        """Store the tag of a new order."""
        values = {
            "order_id": order_id,
            "brand": brand,
            "occasion": tag.occasion,
            "reason": tag.reason,
            "decided_at": micros(tag.decided_at),
            "facts": json.dumps(facts_document(tag.facts)),
            "decision": json.dumps(decision_document(tag.decision)),
            "policy_version": tag.decision.policy_version,
            "settings_version": tag.settings_version,
        }
        _TAG.many(connected(self._session), [values])

    def get(self, order_id: str) -> Tag:
        """The tag of an order.

        Raises:
            NotFound: the order has none: it came with the history.
        """
        row = self._session.get(TagRow, order_id)
        if row is None:
            raise NotFound(f"the order {order_id} has no tag: it came with the history")
        return Tag(
            facts=read_facts(row.facts),
            decision=read_decision(row.decision),
            decided_at=row.decided_at,
            settings_version=row.settings_version,
        )
