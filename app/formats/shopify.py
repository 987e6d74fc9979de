"""Shopify's webhooks, each signed as a whole: of `orders/create` the order itself is the body."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from app.domain.customer import Customer
from app.domain.format import Context, FormatSample, HookSecret, Message, Parsed
from app.domain.money import Money
from app.domain.order import Gift, Job, Order, OrderKind
from app.domain.report import Report
from app.errors import IntakeError, Unauthenticated, UnknownFormat, Violation
from app.wire.fields import MOST_JOBS, Amount, Code, Currency, Language, Line, Name, Note, Past, Quantity
from app.wire.photo_attributes import Attribute, photo_items
from app.wire.reading import read, read_value, unknown_fields
from app.wire.shopify_reports import TOPICS, ShopifyModel, read_report
from app.wire.strict_json import decode_object, digest, malformed

_TOPIC = "x-shopify-topic"
_TOPICS = frozenset({"orders/create", ""})
"""Empty: a body that somebody posts by hand names no topic."""
_GIFT_MESSAGES = frozenset({"giftmessage", "giftnote", "gifttext", "giftmsg"})
_GIFT_RECIPIENTS = frozenset({"giftrecipient", "giftto", "recipient", "recipientname"})
_NAME = TypeAdapter[str](Name)
_NOTE = TypeAdapter[str](Note)
_URLS = ("https://", "http://")


class _Property(ShopifyModel):
    name: Line = ""
    value: Any = ""


class _LineItem(ShopifyModel):
    id: Code
    sku: Annotated[str, Field(max_length=128)] = ""
    variant_id: Code | None = None
    name: Line = ""
    quantity: Quantity = 1
    properties: Annotated[tuple[_Property, ...], Field(max_length=200)] = ()


class _ShopCustomer(ShopifyModel):
    id: Code | None = None
    email: Annotated[str, Field(max_length=320)] = ""
    first_name: Name = ""
    last_name: Name = ""


class _Address(ShopifyModel):
    country_code: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$")] = None


class _ShopOrder(ShopifyModel):
    id: Code
    name: Line = ""
    created_at: Past
    cancelled_at: Past | None = None
    currency: Currency
    total_price: Amount
    test: bool = False
    email: Annotated[str, Field(max_length=320)] = ""
    customer: _ShopCustomer = _ShopCustomer()
    customer_locale: Language | None = None
    shipping_address: _Address = _Address()
    source_name: Line | None = None
    line_items: Annotated[tuple[_LineItem, ...], Field(min_length=1, max_length=MOST_JOBS)]
    note_attributes: Annotated[tuple[_Property, ...], Field(max_length=200)] = ()


_SAMPLE: dict[str, Any] = {
    "id": 5391420678,
    "name": "#1042",
    "created_at": "2025-11-03T09:12:00+01:00",
    "currency": "EUR",
    "total_price": "45.90",
    "test": False,
    "email": "jonna@example.com",
    "customer": {
        "id": 7741,
        "email": "jonna@example.com",
        "first_name": "Jonna",
        "last_name": "Lindqvist",
    },
    "customer_locale": "de-DE",
    "shipping_address": {"address1": "Lange Gasse 1", "zip": "10115", "country_code": "DE"},
    "source_name": "web",
    "note_attributes": [
        {"name": "gift_message", "value": "Happy birthday!"},
        {"name": "gift_recipient", "value": "Mika"},
    ],
    "line_items": [
        {
            "id": 466157049,
            "sku": "PB-A4-40",
            "name": "Photo book A4",
            "quantity": 1,
            "properties": [{"name": "_photo", "value": "https://storage.example.com/1.jpg"}],
        }
    ],
}


_PHOTO_LINE: dict[str, Any] = {
    "id": 466157050,
    "sku": "COOKIE-80",
    "name": "Photo cookie",
    "quantity": 12,
    "properties": [
        {"name": "Photo on card", "value": "Yes"},
        {"name": "_photo", "value": "https://storage.example.com/anna.jpg"},
        {"name": "Caption", "value": "Happy birthday!"},
        {"name": "Name", "value": "Anna"},
        {"name": "_consent", "value": "true"},
        {"name": "_photo_product", "value": "edible-cookie"},
    ],
}
_MAYBE = {"name": "Photo on card", "value": "perhaps"}


@dataclass(frozen=True, slots=True)
class ShopifyFormat:
    """The plug-in."""

    code: str = "shopify"
    title: str = "Shopify webhooks"
    signed: bool = True
    needs_key: bool = False
    headers: tuple[str, ...] = (_TOPIC,)
    documentation: str = """\
Add a webhook for *Order creation* in JSON to `/hooks/shopify/BRAND`, and store the shop's webhook secret:
`tipin hooks secret --brand BRAND --format shopify --secret SECRET`. Several shops of one brand each have
their own: give each a `--token`.

What happens afterwards comes by the same address: add webhooks for *Fulfillment creation* and *update*,
*Refund create*, *Order cancellation*, *Order update* and *Customer merge*, and the three that every app must
take: `customers/redact` and `shop/redact` erase, `customers/data_request` is noted with the customer, whose
record `GET /v1/customers/{key}` tells. An order counts with the value that it was placed with; refunds lower
the customer's spend, edits alone do not.

A gift is known by the cart's note attributes `gift_message` and `gift_recipient`. URLs among a line's
properties are its artwork.

A line whose SKU is a photo product of the brand is a photo item. Its properties say what is printed: `photo`
(its address; else the first URL), `caption`, `name`, `on_card` (the photo on the card's front as well),
`consent`; `photo_product` makes an item of a line whose SKU is none. Case, spaces and a leading `_` do not
matter.
"""

    @property
    def samples(self) -> tuple[FormatSample, ...]:
        """Worked examples."""
        guest: dict[str, Any] = {"customer": None, "note_attributes": [], "shipping_address": None}
        topic = {_TOPIC: "orders/create"}
        return (
            FormatSample(says="an order with a gift", body=_body(), headers=topic),
            FormatSample(says="a guest's order, picked up in the shop", body=_body(**guest), headers=topic),
            FormatSample(
                says="a photo item, as the shop's form asked for it",
                body=_body(line_items=[_PHOTO_LINE]),
                headers=topic,
            ),
            FormatSample(
                says="a tick that is neither yes nor no",
                body=_body(
                    line_items=[_PHOTO_LINE | {"properties": [*_PHOTO_LINE["properties"][1:], _MAYBE]}]
                ),
                headers=topic,
                refused_at=("/line_items/0/properties/5/value",),
            ),
            FormatSample(
                says="an amount with more decimals than euros have",
                body=_body(total_price="45.905"),
                headers=topic,
                refused_at=("/total_price",),
            ),
            FormatSample(
                says="two things wrong at once",
                body=_body(currency="EUX", created_at="yesterday"),
                headers=topic,
                refused_at=("/currency", "/created_at"),
            ),
        )

    def authenticate(
        self,
        message: Message,
        secrets: Sequence[HookSecret],
        now: datetime,  # noqa: ARG002 -- Shopify signs no time; the order's id makes a replay harmless
        tolerance: timedelta,  # noqa: ARG002 -- as above
    ) -> None:
        """`base64(HMAC-SHA256(body))` in `X-Shopify-Hmac-Sha256`; see `Format.authenticate`."""
        signature = message.headers.get("x-shopify-hmac-sha256", "").encode()
        digests = (hmac.digest(known.secret.encode(), message.body, "sha256") for known in secrets)
        if not any(hmac.compare_digest(signature, base64.b64encode(one)) for one in digests):
            raise Unauthenticated(
                "X-Shopify-Hmac-Sha256 does not match this body and any secret of this brand",
                mend="store the shop's webhook secret with `tipin hooks secret --format shopify`",
            )

    def brand_of(self, body: bytes) -> str | None:  # noqa: ARG002 -- no Shopify body names one
        """None: the address names it."""
        return None

    def recognise(self, body: bytes) -> bool:
        """An object with line items and a total."""
        try:
            document = decode_object(body)
        except IntakeError:
            return False
        return {"line_items", "total_price"} <= document.keys()

    def report(self, body: bytes, context: Context) -> Report | None:
        """What every other topic tells; see `Format.report`."""
        topic = context.headers.get(_TOPIC, "")
        return read_report(topic, decode_object(body), context) if topic in TOPICS else None

    def parse(self, body: bytes, context: Context) -> Parsed:
        """The order; see `Format.parse`."""
        topic = context.headers.get(_TOPIC, "")
        if topic not in _TOPICS:
            raise UnknownFormat(
                f"the Shopify topic {topic[:80]!r} is not one that is taken",
                mend=f"send only these topics: {', '.join(sorted(TOPICS | _TOPICS - {''}))}",
            )
        document = decode_object(body)
        model = read(_ShopOrder, document, context)
        return Parsed(order=_order(model, context), content=digest(document))


def _order(model: _ShopOrder, context: Context) -> Order:
    return Order(
        brand=context.brand.code,
        source="shopify",
        source_order_id=model.id,
        number=model.name,
        kind=OrderKind.TEST if model.test else OrderKind.SALE,
        placed_at=model.created_at,
        cancelled_at=model.cancelled_at,
        value=_money(model),
        customer=_customer(model),
        jobs=tuple(_job(item, index, context) for index, item in enumerate(model.line_items)),
        language=model.customer_locale,
        country=model.shipping_address.country_code,
        channel=model.source_name,
        gift=_gift(model, context),
        extra=unknown_fields(model),
    )


def _money(model: _ShopOrder) -> Money:
    try:
        return Money.from_decimal(model.total_price, model.currency)
    except ValueError as error:
        raise malformed(
            (Violation("/total_price", str(error), f"round it as {model.currency} is"),)
        ) from error


def _customer(model: _ShopOrder) -> Customer:
    who = model.customer
    return Customer(
        id=who.id,
        e_mail=who.email or model.email or None,
        given_name=who.first_name,
        family_name=who.last_name,
        language=model.customer_locale,
    )


def _job(item: _LineItem, index: int, context: Context) -> Job:
    sku = item.sku.strip() or f"variant-{item.variant_id or item.id}"
    artwork = tuple(
        found.value
        for found in item.properties
        if isinstance(found.value, str) and found.value.startswith(_URLS) and found.value.isprintable()
    )
    said = (
        Attribute(found.name, found.value, f"/line_items/{index}/properties/{place}/value")
        for place, found in enumerate(item.properties)
    )
    return Job(
        source_item_id=item.id,
        sku=sku,
        quantity=item.quantity,
        category=context.brand.category_of(sku),
        description=item.name,
        artwork=artwork,
        items=photo_items(sku, artwork, said, context),
    )


def _gift(model: _ShopOrder, context: Context) -> Gift | None:
    recipient = _note(model, _GIFT_RECIPIENTS, _NAME, context)
    message = _note(model, _GIFT_MESSAGES, _NOTE, context)
    if not recipient and not message:
        return None
    return Gift(recipient_name=recipient, message=message)


def _note(model: _ShopOrder, names: frozenset[str], rule: TypeAdapter[str], context: Context) -> str:
    """The first note attribute of one of these names, held to the rule of what may be printed."""
    for index, note in enumerate(model.note_attributes):
        if _plain(note.name) in names:
            return read_value(rule, note.value, f"/note_attributes/{index}/value", context)
    return ""


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _body(**changed: Any) -> bytes:
    return json.dumps(_SAMPLE | changed).encode()


PLUGIN = ShopifyFormat()
