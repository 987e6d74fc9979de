"""Site Flow order JSON, as shops submit it to HP Site Flow (once OneFlow): `{destination, orderData}`.

Its header signature covers method, path and time, not the body. So an API key is needed too.
"""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from app.domain.customer import Customer
from app.domain.format import Context, FormatSample, HookSecret, Message, Parsed
from app.domain.money import CURRENCIES, Money
from app.domain.order import Gift, Job, Order, OrderKind
from app.domain.report import Report
from app.errors import IntakeError, Unauthenticated, Violation
from app.wire.fields import (
    MOST_JOBS,
    Amount,
    Code,
    Coming,
    Currency,
    Language,
    Line,
    LocalDay,
    LocalPast,
    Location,
    Name,
    Note,
    Quantity,
)
from app.wire.photo_attributes import Attribute, photo_items
from app.wire.reading import read, unknown_fields
from app.wire.siteflow_postbacks import looks_like_postback, read_postback
from app.wire.strict_json import child, decode_object, digest, malformed

_ITEMS = "/orderData/items"
_DIGESTS = {"SHA256": ("sha256",), "SHA1": ("sha1",), "": ("sha1", "sha256")}
"""By `x-oneflow-algorithm`. Clients older than that header sign with SHA-1; some newer ones forget it."""
_MILLISECONDS_FROM = 10**11
"""An epoch number at least this large counts milliseconds: as seconds it would be the year 5138."""


class _In(BaseModel):
    """Field names in any case, numbers as strings and the other way round, null as not given."""

    model_config = ConfigDict(
        extra="allow", frozen=True, alias_generator=to_camel, coerce_numbers_to_str=True
    )
    synonyms: ClassVar[Mapping[str, str]] = {}
    """Other names of a field, in lower case, to its own."""

    @model_validator(mode="before")
    @classmethod
    def _by_our_names(cls, document: Any) -> Any:
        if document == []:
            return {}  # how PHP writes an empty object
        if not isinstance(document, dict):
            return document
        own = {str(field.alias) for field in cls.model_fields.values()}
        names: dict[str, str] = {name.lower(): name for name in own} | dict(cls.synonyms)
        found: dict[str, Any] = {}
        for key, value in document.items():
            name = str(names.get(key.lower(), key))
            if name in own and value is None:
                continue
            # Where a field is there twice under two spellings, the right spelling wins and the other is kept.
            found[key if name != key and name in document else name] = value
        return found


class _Component(_In):
    path: Location = ""
    attributes: dict[str, Any] = Field(default={}, max_length=100)


class _Item(_In):
    source_item_id: Code
    sku: Code
    quantity: Quantity = 1
    barcode: Code | None = None
    shipment_index: Annotated[int, Field(ge=0, le=MOST_JOBS)] = 0
    unit_price: Amount | None = None
    description: Line = ""
    category: Code | None = None
    components: Annotated[tuple[_Component, ...], Field(max_length=50)] = ()
    attributes: dict[str, Any] = Field(default={}, max_length=100)


class _ShipTo(_In):
    name: Name = ""
    email: Code | None = None
    iso_country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$")] = None


class _Shipment(_In):
    ship_to: _ShipTo = _ShipTo()
    ship_by_date: LocalDay | None = None


class _ExtraData(_In):
    """What Site Flow has no field for; it passes `extraData` through untouched."""

    synonyms: ClassVar[Mapping[str, str]] = {
        "firstname": "givenName",
        "lastname": "familyName",
        "locale": "language",
        "orderdate": "placedAt",
        "total": "amount",
    }
    customer_id: Code | None = None
    email: Code | None = None
    given_name: Name = ""
    family_name: Name = ""
    language: Language | None = None
    placed_at: LocalPast | None = None
    needed_by: Coming | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    kind: OrderKind = OrderKind.SALE
    gift_message: Note = ""
    gift_recipient: Name = ""
    opted_out: bool = False
    supplied_insert: bool = False


class _OrderData(_In):
    source_order_id: Code
    customer_name: Name = ""
    email: Code | None = None
    amount: Amount | None = None
    items: Annotated[tuple[_Item, ...], Field(min_length=1, max_length=MOST_JOBS)]
    shipments: Annotated[tuple[_Shipment, ...], Field(max_length=MOST_JOBS)] = ()
    extra_data: _ExtraData = _ExtraData()


class _Submission(_In):
    order_data: _OrderData


_SAMPLE: dict[str, Any] = {
    "destination": {"name": "plant"},
    "orderData": {
        "sourceOrderId": "SF-60554",
        "customerName": "Maple Row Shop",
        "email": "ada@example.com",
        "extraData": {
            "customerId": "c-118",
            "givenName": "Ada",
            "language": "en-GB",
            "placedAt": "2025-11-03T08:30:00Z",
            "currency": "GBP",
        },
        "items": [
            {
                "sourceItemId": "60554-1",
                "sku": "MUG-11",
                "quantity": 2,
                "unitPrice": 12.5,
                "barcode": "60554001",
                "shipmentIndex": 0,
                "components": [{"code": "text", "path": "https://storage.example.com/60554-1.pdf"}],
            }
        ],
        "shipments": [
            {
                "shipTo": {"name": "Ada Brown", "address1": "1 Mill Lane", "isoCountry": "GB"},
                "shipByDate": "2025-11-05",
            }
        ],
    },
}


_PHOTO: dict[str, Any] = {
    "code": "photo",
    "path": "https://storage.example.com/60554-2.jpg",
    "attributes": {
        "photoProduct": "mug-11oz",
        "caption": "Best grandpa",
        "name": "Ada",
        "onCard": "true",
        "consent": True,
    },
}
_MARKED = {"photoProduct": "mug-11oz", "name": "<b>Ada</b>"}


@dataclass(frozen=True, slots=True)
class SiteFlowFormat:
    """The plug-in."""

    code: str = "siteflow"
    title: str = "Site Flow order JSON"
    signed: bool = True
    needs_key: bool = True
    headers: tuple[str, ...] = ()
    documentation: str = """\
Point the client's base URL at `/hooks/siteflow/BRAND`; what it appends, such as `/api/order`, may follow.
Set its token and secret by `tipin hooks secret --brand BRAND --format siteflow --token TOKEN`.
The signature does not cover the body, so the client sends an API key as well: in `Authorization: Bearer KEY`,
in `X-Api-Key: KEY`, or in the URL itself, `https://siteflow:KEY@HOST/hooks/siteflow/BRAND`.

Postbacks may come here too: of those that name `sourceOrderId` and a status, *dispatched* (of the whole
order or of one `shipmentIndex`) and *cancelled* count; steps within the plant change nothing.

The customer is known by `extraData.customerId`, else by `email`; a name alone is nobody's key.
An item whose SKU is a photo product of the brand is a photo item: its photo is the first component with a
`path`. `attributes` of its components, or of the item, may say `photo` (another address), `caption`, `name`,
`onCard` (the photo on the card's front as well), `consent` and `photoProduct`, which makes an item of any
SKU.
`extraData` may also hold givenName, familyName, language, placedAt, neededBy, amount, currency, giftMessage,
giftRecipient, optedOut, suppliedInsert and kind.
"""

    @property
    def samples(self) -> tuple[FormatSample, ...]:
        """Worked examples."""
        order = _SAMPLE["orderData"]
        item = order["items"][0]
        lower_case = {key.lower(): value for key, value in item.items()}
        loose = lower_case | {"quantity": "2", "shipmentindex": "0", "unitprice": "12.50", "barcode": None}
        priceless = {key: value for key, value in item.items() if key != "unitPrice"}
        return (
            FormatSample(says="an order as the manual shows it", body=_body()),
            FormatSample(says="lower-case names and numbers as strings", body=_body(items=[loose])),
            FormatSample(
                says="a photo item, said by its component's attributes",
                body=_body(items=[item | {"sku": "MUG-PHOTO", "components": [_PHOTO]}]),
            ),
            FormatSample(
                says="a photo item's name with markup",
                body=_body(items=[item | {"components": [_PHOTO | {"attributes": _MARKED}]}]),
                refused_at=(f"{_ITEMS}/0/components/0/attributes/name",),
            ),
            FormatSample(
                says="two things wrong at once",
                body=_body(sourceOrderId="", items=[item | {"quantity": "-3"}]),
                refused_at=("/orderData/sourceOrderId", f"{_ITEMS}/0/quantity"),
            ),
            FormatSample(
                says="no price anywhere: whether it counts as an order would be a guess",
                body=_body(items=[priceless]),
                refused_at=(f"{_ITEMS}/0/unitPrice",),
            ),
        )

    def authenticate(
        self, message: Message, secrets: Sequence[HookSecret], now: datetime, tolerance: timedelta
    ) -> None:
        """`token:hex(HMAC("METHOD PATH TIME"))` in `x-oneflow-authorization`; see `Format.authenticate`."""
        token, _, signature = message.headers.get("x-oneflow-authorization", "").partition(":")
        stamp = message.headers.get("x-oneflow-date", "")
        digests = _DIGESTS.get(message.headers.get("x-oneflow-algorithm", "").upper(), ())
        if not signature or not digests:
            raise Unauthenticated(
                "x-oneflow-authorization or x-oneflow-algorithm is missing or unknown",
                mend="send x-oneflow-authorization: TOKEN:SIGNATURE with algorithm SHA256 or SHA1",
            )
        if abs(_moment(stamp) - now) > tolerance:
            raise Unauthenticated(
                "x-oneflow-date is too far from the present moment; this may be a replay",
                mend="sign each request anew, and set the sender's clock",
            )
        known = [secret.secret for secret in secrets if secret.token == token]
        # Clients sign the path of their base URL and their own, or only their own.
        texts = [f"{message.method} {path} {stamp}" for path in (message.path, message.tail) if path]
        expected = [
            hmac.new(secret.encode(), text.encode(), name).hexdigest()
            for secret in known
            for text in texts
            for name in digests
        ]
        if not any(hmac.compare_digest(one.encode(), signature.lower().encode()) for one in expected):
            raise Unauthenticated(
                "x-oneflow-authorization does not match any secret of this brand",
                mend="compare the token and secret with `tipin hooks secret`, and the path that is signed",
            )

    def brand_of(self, body: bytes) -> str | None:  # noqa: ARG002 -- no Site Flow body names one
        """None: the address names it."""
        return None

    def recognise(self, body: bytes) -> bool:
        """An object with an `orderData` object."""
        try:
            document = decode_object(body)
        except IntakeError:
            return False
        return isinstance({key.lower(): value for key, value in document.items()}.get("orderdata"), dict)

    def report(self, body: bytes, context: Context) -> Report | None:
        """What a postback tells; see `Format.report`."""
        document = decode_object(body)
        return read_postback(document, context) if looks_like_postback(document) else None

    def parse(self, body: bytes, context: Context) -> Parsed:
        """The order; see `Format.parse`."""
        document = decode_object(body)
        model = read(_Submission, document, context)
        if violations := tuple(_violations(model.order_data)):
            raise malformed(violations)
        return Parsed(order=_order(model, context), content=digest(document))


def _moment(stamp: str) -> datetime:
    """ISO 8601, or seconds or milliseconds since 1970: clients send all three."""
    try:
        if stamp.isascii() and stamp.isdigit():
            number = int(stamp)
            return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
        moment = datetime.fromisoformat(stamp)
    except (ValueError, OverflowError, OSError) as error:
        raise Unauthenticated(
            "x-oneflow-date is not a moment", mend="send ISO 8601 in UTC, such as 2025-11-03T09:12:00Z"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _violations(order: _OrderData) -> Iterator[Violation]:
    counts = Counter(item.source_item_id for item in order.items)
    for index, item in enumerate(order.items):
        if counts[item.source_item_id] > 1:
            yield Violation(
                child(child(_ITEMS, index), "sourceItemId"),
                f"{counts[item.source_item_id]} items are called {item.source_item_id!r}",
                "give each item its own sourceItemId",
            )
    if _total(order) is None:
        yield Violation(
            f"{_ITEMS}/0/unitPrice",
            "no item has a price, so whether this counts as an order would be a guess",
            "send unitPrice for the items, or extraData.amount; 0 is a price",
        )


def _total(order: _OrderData) -> Decimal | None:
    for stated in (order.amount, order.extra_data.amount):
        if stated is not None:
            return stated
    prices = [item.unit_price * item.quantity for item in order.items if item.unit_price is not None]
    return sum(prices, Decimal(0)) if prices else None


def _order(model: _Submission, context: Context) -> Order:
    data, extra = model.order_data, model.order_data.extra_data
    shipment = data.shipments[0] if data.shipments else _Shipment()
    gift = Gift(recipient_name=extra.gift_recipient, message=extra.gift_message)
    return Order(
        brand=context.brand.code,
        source="siteflow",
        source_order_id=data.source_order_id,
        kind=extra.kind,
        placed_at=extra.placed_at or context.received_at,
        value=_money(_total(data) or Decimal(0), extra.currency or context.brand.currency),
        customer=_customer(data, shipment, is_gift=gift != Gift()),
        jobs=tuple(_job(index, data, context) for index in range(len(data.items))),
        promised_at=shipment.ship_by_date,
        needed_by=extra.needed_by,
        language=extra.language,
        country=shipment.ship_to.iso_country,
        parcel=_parcel(data, 0) if len(data.shipments) == 1 else None,
        gift=None if gift == Gift() else gift,
        supplied_insert=extra.supplied_insert,
        extra=unknown_fields(model),
    )


def _money(amount: Decimal, currency: str) -> Money:
    # Prices a piece may have more decimals than the currency; the order's total has not.
    unit = Decimal(1).scaleb(-CURRENCIES[currency])
    return Money.from_decimal(amount.quantize(unit, ROUND_HALF_UP), currency)


def _customer(data: _OrderData, shipment: _Shipment, *, is_gift: bool) -> Customer:
    extra = data.extra_data
    # The address of somebody who is given a gift is not the buyer's.
    receiver = "" if is_gift else shipment.ship_to.email
    return Customer(
        id=extra.customer_id,
        e_mail=extra.email or data.email or receiver or None,
        given_name=extra.given_name,
        family_name=extra.family_name,
        display_name=shipment.ship_to.name or data.customer_name,
        language=extra.language,
        opted_out=extra.opted_out,
    )


def _job(index: int, data: _OrderData, context: Context) -> Job:
    item = data.items[index]
    artwork = tuple(component.path for component in item.components if component.path)
    return Job(
        source_item_id=item.source_item_id,
        sku=item.sku,
        quantity=item.quantity,
        category=item.category or context.brand.category_of(item.sku),
        description=item.description,
        barcode=item.barcode,
        parcel=_parcel(data, item.shipment_index) if data.shipments else None,
        artwork=artwork,
        items=photo_items(item.sku, artwork, _attributes(item, child(_ITEMS, index)), context),
    )


def _attributes(item: _Item, place: str) -> Iterator[Attribute]:
    """Those of the components, then those of the item as a whole."""
    for index, component in enumerate(item.components):
        within = child(child(child(place, "components"), index), "attributes")
        for name, value in component.attributes.items():
            yield Attribute(name, value, child(within, name))
    for name, value in item.attributes.items():
        yield Attribute(name, value, child(child(place, "attributes"), name))


def _parcel(data: _OrderData, index: int) -> str:
    return f"{data.source_order_id}-{index}"


def _body(**changed: Any) -> bytes:
    return json.dumps(_SAMPLE | {"orderData": _SAMPLE["orderData"] | changed}).encode()


PLUGIN = SiteFlowFormat()
