"""`/v1/customers`: what is known of a customer beside their orders, and what becomes known."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from app.domain.customer import Customer
from app.domain.format import Context
from app.errors import NotFound
from app.services.desk import Services
from app.services.event_answers import (
    CustomerAnswer,
    CustomerKeyAnswer,
    CustomerNotedAnswer,
    describe_customer,
    describe_customer_noted,
)
from app.services.told_by_address import CUSTOMER, CUSTOMER_EVENTS
from app.store.customers import CustomerRecord
from app.store.database import Transaction
from app.web.api.events import BrandQuery, brand_named, brand_of
from app.web.api.intake import KEPT, tell
from app.web.authentication import ReadsOrders, TellsEvents
from app.web.dependencies import BodyDep, ServicesDep
from app.wire.event_bodies import checked_key, read_lookup

router = APIRouter(prefix="/v1/customers", tags=["customers"])

_KEY = "The customer's key: `id:` and your own id of them, or what `/v1/customers/lookup` answers."
KeyPath = Annotated[str, Path(max_length=200, description=_KEY)]
_FAULTS: dict[int | str, dict[str, object]] = {
    409: {"description": "The event came before with another content, or the merge would close a circle."},
    413: {"description": "The body is over the limit."},
    422: KEPT,
}


@router.post(
    "/lookup",
    summary="Look up a customer's key",
    responses={
        404: {"description": "There is no such brand."},
        413: _FAULTS[413],
        422: {"description": "The body cannot be understood; `violations` says where."},
    },
)
def look_up(
    services: ServicesDep, caller: ReadsOrders, body: BodyDep, brand: BrandQuery = ""
) -> CustomerKeyAnswer:
    """By your own id, else by e-mail address, which is nowhere stored. The customer may not be known yet."""
    with services.store.reading() as tx:
        context = _context(services, tx, brand_of(services, tx, caller, brand))
    asked = read_lookup(body, context)
    key = Customer(id=asked.id, e_mail=asked.email).key(services.secret.customers)
    if key is None:
        raise NotFound("a customer is known by an id or an e-mail address", mend="send one of them")
    return CustomerKeyAnswer(key=key)


@router.post("/{key:path}/events", summary="Tell what became known of a customer", responses=_FAULTS)
def post_customer_events(
    *,
    request: Request,
    services: ServicesDep,
    caller: TellsEvents,
    body: BodyDep,
    key: KeyPath,
    brand: BrandQuery = "",
) -> CustomerNotedAnswer:
    """Opt-outs, bereavements, birthdays, stories, merges, erasure: late, twice and in any order.

    An erasure is carried out at once, under every key that was merged; it cannot be undone.
    """
    code = brand_named(caller, brand)
    noted = tell(request, services, body, source=CUSTOMER_EVENTS, brand=code, about=key)
    return describe_customer_noted(noted.customers[0])


@router.post("/{key:path}", summary="Say who a customer is", responses=_FAULTS)
def post_customer(
    *,
    request: Request,
    services: ServicesDep,
    caller: TellsEvents,
    body: BodyDep,
    key: KeyPath,
    brand: BrandQuery = "",
) -> CustomerAnswer:
    """Names, language and birthday. What is left out stays as it is; later orders may say it anew."""
    code = brand_named(caller, brand)
    tell(request, services, body, source=CUSTOMER, brand=code, about=key)
    with services.store.reading() as tx:
        return _describe(services, tx, code, key)


@router.get(
    "/{key:path}",
    summary="Read what is known of a customer",
    responses={422: {"description": "The key cannot be understood."}},
)
def get_customer(
    services: ServicesDep, caller: ReadsOrders, key: KeyPath, brand: BrandQuery = ""
) -> CustomerAnswer:
    """Everything, under all keys of the person: the answer to who asks what is stored of them."""
    with services.store.reading() as tx:
        code = brand_of(services, tx, caller, brand)
        return _describe(services, tx, code, checked_key(key))


def _describe(services: Services, tx: Transaction, brand: str, key: str) -> CustomerAnswer:
    record, members = tx.customers.get(brand, key), tx.customers.members(brand, key)
    events = [one for member in members for one in tx.customers.events(brand, member)]
    if record is None and not events:
        raise NotFound(f"nothing is known of a customer {key[:40]!r}", mend="see POST /v1/customers/lookup")
    return describe_customer(
        record or CustomerRecord(key=key),
        members,
        tx.customers.standing(brand, key, at=services.clock.now()),
        events,
        tx.erasure.orders_of(brand, members),
    )


def _context(services: Services, tx: Transaction, brand: str) -> Context:
    return Context(brand=services.brands(tx, brand), received_at=services.clock.now())
