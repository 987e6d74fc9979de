"""What the operator pages read: many orders at a glance, or one in full. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, and_, exists, func, or_, select, tuple_
from sqlmodel import Session, col

from app.domain.access import ALL_BRANDS
from app.domain.call_back import DeliveryState
from app.domain.insert import InsertState
from app.domain.person_task import PersonTaskState
from app.store.columns import micros, moment
from app.store.order_detail import OrderDetail, order_detail
from app.store.tables import (
    CustomerRow,
    DeadLetterRow,
    DeliveryRow,
    InsertRow,
    JobRow,
    OrderRow,
    PersonTaskRow,
    TagRow,
)

NO_CARD = "no_card"
"""Stands where a state would, for an order that travels without a card."""
ATTENTION = (InsertState.FAILED, InsertState.UNKNOWN, InsertState.HELD)
"""The states in which an insert waits for a person."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list, newest first: just after the order with this arrival and id."""

    received_at: datetime
    order_id: str

    def __str__(self) -> str:
        return f"{micros(self.received_at)}-{self.order_id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The inverse of `str()`.

        Raises:
            ValueError: it is no cursor.
        """
        number, _, order_id = text.partition("-")
        if not order_id:
            raise ValueError("a cursor names a moment and an order")
        try:
            return cls(moment(int(number)), order_id)
        except OverflowError as error:
            raise ValueError("a cursor's moment is out of range") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders to list. Empty fields do not narrow; `scope` is the one brand a person serves, or all."""

    scope: str = ALL_BRANDS
    brand: str = ""
    state: str = ""
    """An `InsertState` or `NO_CARD`."""
    occasion: str = ""
    number: str = ""
    """Part of the sender's order number, or one of tipin's own ids in full."""
    attention: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything beyond the person's own brand was asked for."""
        return self.attention or any((self.brand, self.state, self.occasion, self.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One order as the list shows it."""

    id: str
    brand: str
    source_order_id: str
    number: str
    """What people call it: the customer's order number, else the sender's id."""
    received_at: datetime
    given_name: str
    display_name: str
    occasion: str | None
    reason: str
    job_id: str | None
    state: str
    """An `InsertState`, or `NO_CARD`."""
    state_reason: str
    template: str | None
    degradation: str
    generation: int
    pdf_sha256: str | None
    unheard: bool
    """Its call-back was given up."""

    @property
    def cursor(self) -> Cursor:
        """The place just after this order."""
        return Cursor(self.received_at, self.id)

    @property
    def version(self) -> str:
        """Changes whenever the list would show this order differently."""
        sha256 = (self.pdf_sha256 or "")[:12]
        flag = "!" if self.unheard else ""
        return f"{self.state}.{self.generation}.{sha256}{flag}"


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders, newest first, and whether there are more on either side."""

    lines: tuple[OrderLine, ...]
    newer: Cursor | None
    older: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """How much waits for a person."""

    inserts: int
    call_backs: int
    dead_letters: int
    tasks: int = 0
    """Open ones for persons."""

    @property
    def total(self) -> int:
        """All of it."""
        return self.inserts + self.call_backs + self.dead_letters + self.tasks


class OverviewRepository:
    """Read-only queries for the pages: a fixed number of them, however many rows they show."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(
        self,
        wanted: OrderFilter,
        *,
        size: int,
        older_than: Cursor | None = None,
        newer_than: Cursor | None = None,
    ) -> OrderPage:
        """`size` orders next to a cursor, or the newest ones. One query."""
        place = tuple_(col(OrderRow.received_at), col(OrderRow.id))
        query = _lines().where(*_conditions(wanted))
        if newer_than is not None:
            query = query.where(place > (newer_than.received_at, newer_than.order_id))
            query = query.order_by(col(OrderRow.received_at), col(OrderRow.id))
        else:
            if older_than is not None:
                query = query.where(place < (older_than.received_at, older_than.order_id))
            query = query.order_by(col(OrderRow.received_at).desc(), col(OrderRow.id).desc())
        # One more than is shown tells whether a further page exists.
        lines = tuple(_line(row) for row in self._session.execute(query.limit(size + 1)))
        shown, more = lines[:size], len(lines) > size
        if newer_than is not None:
            shown = shown[::-1]
            return OrderPage(
                shown, shown[0].cursor if shown and more else None, shown[-1].cursor if shown else newer_than
            )
        newer = shown[0].cursor if shown and older_than is not None else None
        return OrderPage(shown, newer, shown[-1].cursor if more else None)

    def lines(self, order_ids: Collection[str], *, scope: str) -> tuple[OrderLine, ...]:
        """These orders, as far as they exist and the person may see them. One query."""
        query = _lines().where(col(OrderRow.id).in_(order_ids), *_conditions(OrderFilter(scope=scope)))
        return tuple(_line(row) for row in self._session.execute(query))

    def order(self, order_id: str, *, scope: str) -> OrderDetail | None:
        """One order in full; None where it does not exist or the person may not see it."""
        return order_detail(self._session, order_id, scope=scope)

    def picture_of(self, job_id: str, sha256: str, *, scope: str) -> bool:
        """Whether the card of this job is that file, and the person may see it."""
        row = self._session.get(InsertRow, job_id)
        return row is not None and row.pdf_sha256 == sha256 and scope in (ALL_BRANDS, row.brand)

    def count_newer(self, wanted: OrderFilter, than: Cursor, *, at_most: int) -> int:
        """How many orders of this list came after a cursor; counting stops at `at_most`."""
        place = tuple_(col(OrderRow.received_at), col(OrderRow.id))
        found = (
            _joined(select(col(OrderRow.id)))
            .where(*_conditions(wanted), place > (than.received_at, than.order_id))
            .limit(at_most)
        )
        return self._session.scalar(select(func.count()).select_from(found.subquery())) or 0

    def attention(self, *, scope: str) -> Attention:
        """How much waits for a person, of the brands they serve. One query."""
        inserts = select(func.count()).select_from(InsertRow).where(col(InsertRow.state).in_(ATTENTION))
        call_backs = (
            select(func.count())
            .select_from(DeliveryRow)
            .where(col(DeliveryRow.state) == DeliveryState.GIVEN_UP)
        )
        letters = select(func.count()).select_from(DeadLetterRow).where(_unanswered())
        tasks = (
            select(func.count())
            .select_from(PersonTaskRow)
            .where(col(PersonTaskRow.state) == PersonTaskState.OPEN)
        )
        if scope != ALL_BRANDS:
            inserts = inserts.where(col(InsertRow.brand) == scope)
            call_backs = call_backs.where(col(DeliveryRow.brand) == scope)
            letters = letters.where(col(DeadLetterRow.brand) == scope)
            tasks = tasks.where(col(PersonTaskRow.brand) == scope)
        counts = (inserts, call_backs, letters, tasks)
        row = self._session.execute(select(*(count.scalar_subquery() for count in counts))).one()
        return Attention(inserts=row[0], call_backs=row[1], dead_letters=row[2], tasks=row[3])


def _unanswered() -> ColumnElement[bool]:
    return col(DeadLetterRow.replayed_at).is_(None)


def _unheard() -> ColumnElement[bool]:
    return exists().where(
        col(DeliveryRow.order_id) == col(OrderRow.id), col(DeliveryRow.state) == DeliveryState.GIVEN_UP
    )


def _waiting() -> CompoundSelect[Any]:
    """Ids of orders that wait for a person: two short look-ups by state, however many orders there are."""
    stopped = select(col(InsertRow.order_id)).where(col(InsertRow.state).in_(ATTENTION))
    unheard = select(col(DeliveryRow.order_id)).where(col(DeliveryRow.state) == DeliveryState.GIVEN_UP)
    return stopped.union_all(unheard)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(OrderRow)
        .outerjoin(TagRow, col(TagRow.order_id) == col(OrderRow.id))
        .outerjoin(
            InsertRow,
            and_(col(InsertRow.order_id) == col(OrderRow.id), col(InsertRow.further).is_(False)),
        )
    )


def _lines() -> Select[Any]:
    columns: Sequence[Any] = (
        OrderRow.id,
        OrderRow.brand,
        OrderRow.source_order_id,
        _number().label("number"),
        OrderRow.received_at,
        CustomerRow.given_name,
        CustomerRow.display_name,
        TagRow.occasion,
        TagRow.reason,
        InsertRow.job_id,
        InsertRow.state,
        col(InsertRow.reason).label("state_reason"),
        InsertRow.template,
        InsertRow.degradation,
        InsertRow.generation,
        InsertRow.pdf_sha256,
        _unheard().label("unheard"),
    )
    return _joined(select(*columns)).outerjoin(
        CustomerRow,
        and_(
            col(CustomerRow.brand) == col(OrderRow.brand),
            col(CustomerRow.key) == col(OrderRow.customer_key),
        ),
    )


def _conditions(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    """What to ask of a joined row. Imported history never had a card to make, so it is never listed."""
    conditions: list[ColumnElement[bool]] = [col(OrderRow.imported).is_(False)]
    if wanted.scope != ALL_BRANDS:
        conditions.append(col(OrderRow.brand) == wanted.scope)
    if wanted.brand:
        conditions.append(col(OrderRow.brand) == wanted.brand)
    if wanted.occasion:
        conditions.append(col(TagRow.occasion) == wanted.occasion)
    if wanted.state == NO_CARD:
        conditions.append(col(InsertRow.job_id).is_(None))
    elif wanted.state:
        conditions.append(col(InsertRow.state) == wanted.state)
    if wanted.attention:
        conditions.append(col(OrderRow.id).in_(_waiting()))
    if wanted.number:
        conditions.append(_named(wanted.number))
    return conditions


def _named(number: str) -> ColumnElement[bool]:
    own = number.upper()
    a_job = exists().where(col(JobRow.order_id) == col(OrderRow.id), col(JobRow.id) == own)
    return or_(
        col(OrderRow.source_order_id).icontains(number, autoescape=True),
        _number().icontains(number, autoescape=True),
        col(OrderRow.id) == own,
        a_job,
    )


def _number() -> ColumnElement[str]:
    """The number that the customer knows an order by, as its document keeps it; often it has none."""
    number: ColumnElement[str] = col(OrderRow.document)["number"].as_string()
    return number


def _line(row: Row[Any]) -> OrderLine:
    return OrderLine(
        id=row.id,
        brand=row.brand,
        source_order_id=row.source_order_id,
        number=row.number or row.source_order_id,
        received_at=row.received_at,
        given_name=row.given_name or "",
        display_name=row.display_name or "",
        occasion=row.occasion,
        reason=row.reason or "",
        job_id=row.job_id,
        state=row.state or NO_CARD,
        state_reason=row.state_reason or "",
        template=row.template,
        degradation=row.degradation or "none",
        generation=row.generation or 0,
        pdf_sha256=row.pdf_sha256,
        unheard=bool(row.unheard),
    )
