"""tipin's own order format: `POST /v1/orders`, one order with its jobs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.domain.customer import Customer
from app.domain.format import Context, FormatSample, HookSecret, Message, Parsed
from app.domain.item import AskedItem, PhotoSource
from app.domain.money import Money
from app.domain.order import Gift, Job, Order, OrderKind
from app.domain.photo import LARGEST_ZOOM, STEEPEST, crop_asked
from app.domain.report import Report
from app.errors import IntakeError, Violation
from app.wire.fields import (
    MOST_JOBS,
    MOST_MINOR,
    BirthdayText,
    Code,
    Coming,
    Currency,
    InlineFile,
    Language,
    Line,
    Location,
    Name,
    Note,
    Past,
    Quantity,
    day_of_year,
    inline_bytes,
)
from app.wire.reading import read, unknown_fields
from app.wire.strict_json import child, decode_object, digest, malformed

EXAMPLE: dict[str, Any] = {
    "brand": "fernweh",
    "id": "FW-20417",
    "placed_at": "2025-11-03T09:12:00+01:00",
    "value": {"minor": 4590, "currency": "EUR"},
    "customer": {
        "id": "c-7741",
        "email": "jonna@example.com",
        "given_name": "Jonna",
        "family_name": "Lindqvist",
        "language": "de",
    },
    "jobs": [
        {"id": "1", "sku": "PB-A4-40", "quantity": 1, "description": "Photo book A4, 40 pages"},
        {"id": "2", "sku": "PR-13x18", "quantity": 24, "artwork": ["https://storage.example.com/a.pdf"]},
    ],
    "promised_at": "2025-11-07T18:00:00+01:00",
    "needed_by": "2025-11-03T15:00:00+01:00",
    "country": "DE",
    "gift": None,
    "supplied_insert": False,
}
_PHOTO_JOB: dict[str, Any] = {
    "id": "3",
    "sku": "COOKIE-80",
    "quantity": 12,
    "photo": {
        "product": "edible-cookie",
        "url": "https://storage.example.com/anna.jpg",
        "caption": "Happy birthday!",
        "name": "Anna",
        "focus": [0.5, 0.4],
        "on_card": True,
        "consent": True,
    },
}

Share = Annotated[float, Field(ge=0, le=1)]


class _In(BaseModel):
    """What the native models share: exact types, and unknown fields kept."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class MoneyIn(_In):
    """What the customer pays, in the currency's smallest unit, so that no rounding can creep in."""

    minor: Annotated[int, Field(ge=-MOST_MINOR, le=MOST_MINOR, description="Minor units: 4590 is 45.90 EUR.")]
    currency: Annotated[Currency, Field(description="ISO 4217 code.", examples=["EUR"])]


class CustomerIn(_In):
    """Who ordered. With neither `id` nor `email` it is a guest: no card speaks of their history."""

    id: Annotated[Code | None, Field(description="Your own id of the customer; the best key.")] = None
    email: Annotated[
        Code | None,
        Field(description="Keys the customer where there is no id. Only a keyed hash of it is stored."),
    ] = None
    given_name: Annotated[Name, Field(description="As a card may greet them.", examples=["Jonna"])] = ""
    family_name: Name = ""
    display_name: Annotated[Name, Field(description="Their whole name, where it is not known apart.")] = ""
    language: Annotated[Language | None, Field(description="BCP 47 tag.", examples=["de"])] = None
    opted_out: Annotated[bool, Field(description="They want no cards.")] = False
    birthday: Annotated[
        BirthdayText | None, Field(description="Only where they gave it to be written to on it.")
    ] = None


class JobIn(_In):
    """One manufacturing job."""

    id: Annotated[Code, Field(description="Your own id of it, unique within the order.")]
    sku: Code
    quantity: Quantity = 1
    category: Annotated[
        Code | None, Field(description="Category code; found by the SKU's prefix where it is not given.")
    ] = None
    description: Line = ""
    barcode: Annotated[Code | None, Field(description="What the packing bench scans for it.")] = None
    parcel: Annotated[Code | None, Field(description="The parcel it goes into.")] = None
    artwork: Annotated[tuple[Location, ...], Field(max_length=50, description="URLs.", strict=False)] = ()
    photo: Annotated[PhotoIn | None, Field(description="Makes the job a photo item.")] = None


class PhotoIn(_In):
    """The photo that a job prints. Exactly one of `photo`, `url` and `data` says where it is."""

    product: Annotated[
        Code | None, Field(description="See `GET /v1/products`; by the brand's SKUs where it is not given.")
    ] = None
    photo: Annotated[Code | None, Field(description="Its id, from `POST /v1/photos`.")] = None
    url: Annotated[Location | None, Field(description="Where tipin fetches it.")] = None
    data: Annotated[
        InlineFile | None,
        Field(description="The photo itself in base64; for small ones, since it counts as the order's body."),
    ] = None
    caption: Annotated[Line, Field(description="Printed where the product has a place for it.")] = ""
    name: Annotated[Name, Field(description="Printed where the product has a place for it.")] = ""
    focus: Annotated[
        tuple[Share, Share] | None,
        Field(description="What stands in the middle, 0 to 1 from the top left; else chosen.", strict=False),
    ] = None
    zoom: Annotated[float | None, Field(ge=1, le=LARGEST_ZOOM)] = None
    turns: Annotated[int | None, Field(ge=0, le=3, description="Quarter turns, clockwise.")] = None
    straighten: Annotated[float | None, Field(ge=-STEEPEST, le=STEEPEST, description="Degrees.")] = None
    on_card: Annotated[bool, Field(description="Show it on the front of the order's card as well.")] = False
    consent: Annotated[
        bool | None, Field(description="Whether everybody in it agreed; needed unless the brand says so.")
    ] = None
    expires_at: Annotated[
        Coming | None, Field(description="When it has to be gone; else the brand's own time.", strict=False)
    ] = None


class GiftIn(_In):
    """The recipient is somebody else: the card speaks to them, and of no figures."""

    recipient_name: Name = ""
    message: Note = ""


class OrderIn(_In):
    """One order with its manufacturing jobs."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    brand: Annotated[
        Code | None, Field(description="Needed where the API key serves every brand.", examples=["fernweh"])
    ] = None
    id: Annotated[Code, Field(description="Your own order id: sent again, it is the same order.")]
    number: Annotated[Line, Field(description="What the customer knows it by, where that differs.")] = ""
    kind: Annotated[OrderKind, Field(description="Only a sale counts as history.", strict=False)] = (
        OrderKind.SALE
    )
    placed_at: Annotated[Past, Field(description="When the customer ordered.", strict=False)]
    value: MoneyIn
    customer: CustomerIn = CustomerIn()
    jobs: Annotated[tuple[JobIn, ...], Field(min_length=1, max_length=MOST_JOBS, strict=False)]
    promised_at: Annotated[
        Coming | None, Field(description="When the customer was promised to have it.", strict=False)
    ] = None
    needed_by: Annotated[
        Coming | None, Field(description="When the card must be at the bench.", strict=False)
    ] = None
    language: Annotated[Language | None, Field(description="Of this order, over the customer's own.")] = None
    country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")] = None
    channel: Line | None = None
    parcel: Code | None = None
    gift: GiftIn | None = None
    supplied_insert: Annotated[bool, Field(description="You put in an insert of your own.")] = False


@dataclass(frozen=True, slots=True)
class NativeFormat:
    """The plug-in."""

    code: str = "native"
    title: str = "tipin's own JSON"
    signed: bool = False
    needs_key: bool = True
    headers: tuple[str, ...] = ()
    documentation: str = (
        "`POST /v1/orders` with an API key (`tipin keys create`) in `Authorization: Bearer …`. "
        "The body is described in `/openapi.json`."
    )

    @property
    def samples(self) -> tuple[FormatSample, ...]:
        """Worked examples."""
        least = {key: EXAMPLE[key] for key in ("brand", "id", "placed_at", "value", "jobs")}
        return (
            FormatSample(says="an order with everything in it", body=_body(EXAMPLE)),
            FormatSample(says="the least an order can be: a guest's", body=_body(least)),
            FormatSample(
                says="a photo item, its photo on the card as well",
                body=_body(EXAMPLE | {"jobs": [_PHOTO_JOB]}),
            ),
            FormatSample(
                says="three things wrong at once",
                body=_body(
                    EXAMPLE
                    | {
                        "placed_at": "2025-11-03T09:12:00",
                        "value": {"minor": 4590, "currency": "EURO"},
                        "jobs": [{"id": "1", "sku": "PB-A4-40", "quantity": -2}],
                    }
                ),
                refused_at=("/placed_at", "/value/currency", "/jobs/0/quantity"),
            ),
        )

    def authenticate(
        self, message: Message, secrets: Sequence[HookSecret], now: datetime, tolerance: timedelta
    ) -> None:
        """Nothing to check here: the API key is proof enough."""

    def brand_of(self, body: bytes) -> str | None:
        """The body's `brand`, where it has one; see `Format.brand_of`."""
        brand = decode_object(body).get("brand")
        return brand if isinstance(brand, str) else None

    def recognise(self, body: bytes) -> bool:
        """An object with jobs and a value."""
        try:
            document = decode_object(body)
        except IntakeError:
            return False
        return {"jobs", "value"} <= document.keys()

    def report(self, body: bytes, context: Context) -> Report | None:  # noqa: ARG002 -- no body of it is one
        """None: events have addresses of their own, such as `POST /v1/orders/{id}/events`."""
        return None

    def parse(self, body: bytes, context: Context) -> Parsed:
        """The order; see `Format.parse`."""
        document = decode_object(body)
        model = read(OrderIn, document, context)
        if violations := tuple(_violations(model, context)):
            raise malformed(violations)
        return Parsed(order=_order(model, context), content=digest(document))


def _violations(model: OrderIn, context: Context) -> Iterator[Violation]:
    """What a single field cannot know."""
    if model.brand not in (None, context.brand.code):
        yield Violation("/brand", f"the address says {context.brand.code!r}", "name one brand")
    if model.kind is OrderKind.SALE and model.value.minor < 0:
        yield Violation("/value/minor", "a sale is not worth less than nothing", "send kind credit_note")
    for index, job in enumerate(model.jobs):
        if job.photo and sum(map(bool, (job.photo.photo, job.photo.url, job.photo.data))) > 1:
            yield Violation(
                child(child("/jobs", index), "photo"),
                "it says more than one place where the photo is",
                "send photo, url or data",
            )
    counts = Counter(job.id for job in model.jobs)
    for index, job in enumerate(model.jobs):
        if counts[job.id] > 1:
            yield Violation(
                child(child("/jobs", index), "id"),
                f"{counts[job.id]} jobs are called {job.id!r}",
                "give each job its own id",
            )


def _order(model: OrderIn, context: Context) -> Order:
    return Order(
        brand=context.brand.code,
        source="native",
        source_order_id=model.id,
        number=model.number,
        kind=model.kind,
        placed_at=model.placed_at,
        value=Money(model.value.minor, model.value.currency),
        customer=_customer(model.customer),
        jobs=tuple(_job(job, context) for job in model.jobs),
        promised_at=model.promised_at,
        needed_by=model.needed_by,
        language=model.language or model.customer.language,
        country=model.country,
        channel=model.channel,
        parcel=model.parcel,
        gift=_gift(model.gift),
        supplied_insert=model.supplied_insert,
        extra=unknown_fields(model),
    )


def _customer(model: CustomerIn) -> Customer:
    return Customer(
        id=model.id,
        e_mail=model.email,
        given_name=model.given_name,
        family_name=model.family_name,
        display_name=model.display_name,
        language=model.language,
        opted_out=model.opted_out,
        birthday=day_of_year(model.birthday),
    )


def _gift(model: GiftIn | None) -> Gift | None:
    return None if model is None else Gift(recipient_name=model.recipient_name, message=model.message)


def _job(model: JobIn, context: Context) -> Job:
    return Job(
        source_item_id=model.id,
        sku=model.sku,
        quantity=model.quantity,
        category=model.category or context.brand.category_of(model.sku),
        description=model.description,
        barcode=model.barcode,
        parcel=model.parcel,
        artwork=model.artwork,
        items=() if model.photo is None else (_item(model.photo),),
    )


def _item(model: PhotoIn) -> AskedItem:
    return AskedItem(
        product=model.product or "",
        source=PhotoSource(photo=model.photo or "", url=model.url or ""),
        inline=inline_bytes(model.data),
        caption=model.caption,
        name=model.name,
        crop=crop_asked(model.focus, model.zoom, model.turns, model.straighten),
        on_card=model.on_card,
        consent=model.consent,
        expires_at=model.expires_at,
    )


def _body(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


PLUGIN = NativeFormat()
