"""The schema. Orders, events and credits are the truth; tags and inserts are what was decided on it.

Only `app/store` knows these classes. Every key starts with the brand: a brand is a tenant.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.store.columns import BYTEWISE, CategorySet, Moment


def _moment(*, nullable: bool = True, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable, index=index))


def _only(dialect: str, name: str, *columns: str) -> Index:
    """An index that one database alone has."""
    return Index(name, *columns, info={"dialect": dialect}).ddl_if(dialect=dialect)


class CustomerRow(SQLModel, table=True):
    """A customer of a brand, by key, as their orders name them. All else that is known are their events."""

    __tablename__ = "customers"
    __table_args__ = (Index("customers_aliases", "brand", "canonical_key"),)

    brand: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    given_name: str = ""
    display_name: str = ""
    language: str | None = None
    known_since: datetime | None = _moment()
    """The earliest moment of which anything is known of them."""
    canonical_key: str | None = None
    """Set when merged into another customer; history is read through it. Follows their events."""


class MailClaimRow(SQLModel, table=True):
    """An address that a customer's order said beside their id: the earliest order of theirs that did.

    `mail_key` and `customer_key` are keys of customers, the one by the address's keyed hash.
    """

    __tablename__ = "mail_claims"
    __table_args__ = (
        Index("mail_claims_of_customer", "brand", "customer_key"),
        # So that the many customers who share nothing are asked of a few rows.
        Index(
            "mail_claims_shared",
            "brand",
            "customer_key",
            sqlite_where=text("shared"),
            postgresql_where=text("shared"),
        ),
    )

    brand: str = Field(primary_key=True)
    mail_key: str = Field(primary_key=True)
    customer_key: str = Field(primary_key=True)
    placed_at: datetime = _moment(nullable=False)
    source_order_id: str = Field(sa_column=Column(BYTEWISE, nullable=False))
    shared: bool = False
    """Whether another customer said this address too."""


class OrderRow(SQLModel, table=True):
    """One order. `eligible` is fixed at intake; the moments from `promised_at` on follow its events.

    `answer` is the exact body that the sender was answered with, `body_sha256` that of the canonical
    content: the same again gets the same bytes.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("brand", "source_order_id"),
        # All that a customer's past is summed from, so that thousands of orders are read without their rows;
        # on SQLite alone, since PostgreSQL refuses an entry with a very long list of categories.
        _only(
            "sqlite",
            "orders_counted",
            "brand",
            "customer_key",
            "placed_at",
            "source_order_id",
            "cancelled_at",
            "value_minor",
            "currency",
            "categories",
            "eligible",
        ),
        _only("postgresql", "orders_history", "brand", "customer_key", "placed_at", "source_order_id"),
        Index("orders_by_day", "brand", "placed_at"),
        # The tagged orders of customers with a long imported history, without reading that history.
        Index(
            "orders_tagged",
            "brand",
            "customer_key",
            "placed_at",
            sqlite_where=text("NOT imported"),
            postgresql_where=text("NOT imported"),
        ),
        Index(
            "orders_by_arrival",
            "received_at",
            "id",
            sqlite_where=text("imported IS 0"),
            postgresql_where=text("imported IS false"),
        ),
        Index(
            "orders_cancelled",
            "brand",
            "cancelled_at",
            sqlite_where=text("cancelled_at IS NOT NULL"),
            postgresql_where=text("cancelled_at IS NOT NULL"),
        ),
        Index(
            "orders_complained",
            "brand",
            "customer_key",
            sqlite_where=text("complained_at IS NOT NULL"),
            postgresql_where=text("complained_at IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    brand: str
    source: str
    source_order_id: str = Field(sa_column=Column(BYTEWISE, nullable=False))
    """Breaks ties between orders of one moment, so it sorts by bytes on every database."""
    customer_key: str | None = None
    placed_at: datetime = _moment(nullable=False)
    received_at: datetime = _moment(nullable=False)
    value_minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str
    kind: str
    eligible: bool
    categories: frozenset[str] = Field(default=frozenset(), sa_column=Column(CategorySet, nullable=False))
    """Known categories of its jobs, kept here because every later order of the customer asks for them."""
    imported: bool = False
    promised_at: datetime | None = _moment()
    shipped_at: datetime | None = _moment()
    delivered_at: datetime | None = _moment()
    cancelled_at: datetime | None = _moment()
    reprinted_at: datetime | None = _moment()
    complained_at: datetime | None = _moment()
    needed_by: datetime | None = _moment()
    parcel: str | None = None
    language: str | None = None
    channel: str | None = None
    """This and the next three stand here for imported orders only, which have no document and no jobs."""
    country: str | None = None
    gift: bool | None = None
    quantity: int | None = Field(default=None, sa_column=Column(BigInteger))
    document: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """The parsed order as JSON, unknown fields kept."""
    body_sha256: str | None = None
    answer: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class JobRow(SQLModel, table=True):
    """One manufacturing job of an order."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: str = Field(primary_key=True)
    order_id: str = Field(foreign_key="orders.id", index=True)
    brand: str
    position: int
    source_item_id: str
    sku: str
    quantity: int
    category: str | None = None
    description: str = ""
    barcode: str | None = Field(default=None, index=True)
    parcel: str | None = Field(default=None, index=True)


class OrderEventRow(SQLModel, table=True):
    """One event of one order, as received; the order may come later, for its id follows from the sender's.

    Before an order's first event, what the order said itself is put here as events too.
    """

    __tablename__ = "order_events"
    __table_args__ = (UniqueConstraint("brand", "order_id", "source_event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    brand: str
    order_id: str
    source_order_id: str
    source_event_id: str
    type: str
    at: datetime = _moment(nullable=False)
    received_at: datetime = _moment(nullable=False)
    document: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class CustomerEventRow(SQLModel, table=True):
    """One event of one customer, as received; the customer may come later."""

    __tablename__ = "customer_events"
    __table_args__ = (UniqueConstraint("brand", "customer_key", "source_event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    brand: str
    customer_key: str
    source_event_id: str
    type: str
    at: datetime = _moment(nullable=False)
    received_at: datetime = _moment(nullable=False)
    document: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class CreditRow(SQLModel, table=True):
    """Money given back to a customer; `value_minor` is negative."""

    __tablename__ = "credits"
    __table_args__ = (
        Index("credits_history", "brand", "customer_key", "at"),
        Index("credits_by_day", "brand", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    brand: str
    customer_key: str
    order_id: str | None = Field(default=None, index=True)
    """Set where it is an event of an order: then it is written anew whenever that order has another event."""
    at: datetime = _moment(nullable=False)
    value_minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str


class ThresholdRow(SQLModel, table=True):
    """A percentile of a brand's customers' trailing spend at a day's start, until older truth arrives.

    `minor` is that percentile whatever the population; who reads it decides whether there are enough.
    `stamp` is drawn anew each time it is computed, and so tells a process whether what it remembers of that
    day still holds.
    """

    __tablename__ = "thresholds"

    brand: str = Field(primary_key=True)
    day_start: datetime = Field(sa_column=Column(Moment, primary_key=True))
    currency: str = Field(primary_key=True)
    percentile: str = Field(primary_key=True)
    minor: int | None = Field(default=None, sa_column=Column(BigInteger))
    population: int
    stamp: int = Field(sa_column=Column(BigInteger, nullable=False))


class TagRow(SQLModel, table=True):
    """What an order was tagged with at its moment, and what was chosen; never changed afterwards."""

    __tablename__ = "tags"

    order_id: str = Field(primary_key=True, foreign_key="orders.id")
    brand: str
    occasion: str | None = Field(default=None, index=True)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    decided_at: datetime = _moment(nullable=False)
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    decision: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    policy_version: str
    settings_version: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    """Which version of the brand's settings was in force; 0 is brand.toml alone."""


class DiffRow(SQLModel, table=True):
    """What an order would be tagged with now that older truth came; its tag and its card stay as they are."""

    __tablename__ = "diffs"
    __table_args__ = (Index("diffs_by_brand", "brand", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    brand: str
    order_id: str = Field(foreign_key="orders.id", index=True)
    tagged: str | None = None
    """The occasion that the order was tagged with, and its card made for; None where it got no card."""
    before: str | None = None
    """What it would have been tagged with before this truth came; None: no card."""
    after: str | None = None
    reason: str = Field(sa_column=Column(Text, nullable=False))
    """Why it would be that now, in the decision's own sentence."""
    cause: str
    """The kind of event that changed it."""
    cause_id: str
    """The sender's own id of that event, or the order that came late."""
    found_at: datetime = _moment(nullable=False)


class RuleRow(SQLModel, table=True):
    """One version of a brand's own occasion rule; versions are added, and only their state moves on."""

    __tablename__ = "rules"

    brand: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    state: str
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """The rule as `domain.rule_document` reads it."""
    why: str = ""
    made_by: str
    made_at: datetime = _moment(nullable=False)
    published_by: str = ""
    published_at: datetime | None = _moment()
    ended_by: str = ""
    ended_at: datetime | None = _moment()


class InsertRow(SQLModel, table=True):
    """The card that travels with an order, keyed by the job that carries it."""

    __tablename__ = "inserts"

    job_id: str = Field(primary_key=True, foreign_key="jobs.id")
    order_id: str = Field(foreign_key="orders.id", index=True)
    brand: str
    customer_key: str | None = Field(default=None, index=True)
    generation: int = 0
    state: str = Field(index=True)
    occasion: str
    template: str
    variant: str
    language: str
    degradation: str = "none"
    reason: str = ""
    """Why it degraded or failed; empty otherwise."""
    card: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    pdf_sha256: str | None = None
    target: str = ""
    target_reference: str = ""
    tries: int = 0
    """The number of the one task that may hand it over now; earlier ones are not wanted any more."""
    waits: bool = False
    """Whether no task hands it over until its target lets something through again."""
    further: bool = False
    """Whether it is the generic card of another parcel or job, beside the order's first."""
    sign_by_hand: str = ""
    """Why a person should sign it by hand; empty otherwise."""
    planned_at: datetime = _moment(nullable=False, index=True)
    needed_by: datetime | None = _moment()
    personal_until: datetime | None = _moment()
    """From then on it is the brand's generic card."""
    holds_order: bool = False
    """Whether its order waits for it."""
    ready_at: datetime | None = _moment()
    accepted_at: datetime | None = _moment()


class PhotoRow(SQLModel, table=True):
    """A customer's photo, encoded anew. Once it is gone, the row says since when and why, and no more."""

    __tablename__ = "photos"
    __table_args__ = (Index("photos_by_expiry", "expires_at", "gone_at"),)

    brand: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    master: str | None = Field(default=None, index=True)
    """The SHA-256 of its stored file."""
    bytes: int
    kind: str
    width: int
    height: int
    frames: int = 1
    profile: str = ""
    came_at: datetime = _moment(nullable=False)
    expires_at: datetime = _moment(nullable=False)
    gone_at: datetime | None = _moment()
    gone_why: str = ""


AWAITING_PHOTO = "(spooled <> '' OR url <> '')"
"""Of items; written in both places as it is, or SQLite would not know its index again."""


class ItemRow(SQLModel, table=True):
    """A photo item of an order; `record` is the order's first job, and 0 is its card's number."""

    __tablename__ = "items"
    __table_args__ = (
        Index("items_of_record", "record", "number", unique=True),
        Index("items_by_photo", "brand", "photo"),
        Index("items_by_state", "brand", "state"),
        Index(
            "items_awaiting_photo",
            "spooled",
            "expires_at",
            sqlite_where=text(AWAITING_PHOTO),
            postgresql_where=text(AWAITING_PHOTO),
        ),
    )

    brand: str = Field(primary_key=True)
    record: str = Field(primary_key=True, foreign_key="jobs.id")
    number: int = Field(primary_key=True)
    order_id: str = Field(foreign_key="orders.id", index=True)
    job_id: str = Field(foreign_key="jobs.id")
    customer_key: str | None = Field(default=None, index=True)
    product: str
    copies: int
    photo: str = ""
    """The id of the stored photo; empty until it is stored."""
    url: str = Field(default="", sa_column=Column(Text, nullable=False))
    """Where the photo is fetched from."""
    spooled: str = ""
    """The SHA-256 of a photo that came inside the order and was not looked at yet."""
    caption: str = Field(default="", sa_column=Column(Text, nullable=False))
    name: str = ""
    crop: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    """A person's; null to choose one."""
    on_card: bool = False
    generation: int = 0
    revision: int = 0
    state: str
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    customer_message: str = Field(default="", sa_column=Column(Text, nullable=False))
    finding: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    bench_code: str = ""
    pdf_sha256: str | None = Field(default=None, index=True)
    target: str = ""
    target_reference: str = ""
    tries: int = 0
    """As of cards, as `waits`."""
    waits: bool = False
    planned_at: datetime = _moment(nullable=False)
    needed_by: datetime | None = _moment()
    expires_at: datetime | None = _moment()
    ready_at: datetime | None = _moment()
    accepted_at: datetime | None = _moment()


class InsertChangeRow(SQLModel, table=True):
    """One change of a component's state, as it happened: who moved it, when and why. Never changed.

    `job_id` is its record and `number` its number there: 0 is the card.
    """

    __tablename__ = "insert_changes"

    id: int | None = Field(default=None, primary_key=True)
    job_id: str = Field(foreign_key="jobs.id", index=True)
    number: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    generation: int
    at: datetime = _moment(nullable=False)
    who: str
    before: str = ""
    after: str
    reason: str = ""


class ParcelCodeRow(SQLModel, table=True):
    """That a barcode, folded as `domain.parcel` does, names a parcel of an order; empty: the whole order."""

    __tablename__ = "parcel_codes"

    brand: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True, foreign_key="orders.id")
    parcel: str = Field(primary_key=True)


class BenchScanRow(SQLModel, table=True):
    """One scan at the packing bench, by the scanner's own id: sent twice, it counts once."""

    __tablename__ = "bench_scans"
    __table_args__ = (
        Index("bench_scans_of_order", "order_id", "at"),
        Index("bench_scans_of_record", "record", "at"),
    )

    scope: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    digest: str
    station: str
    who: str
    scanned_at: datetime = _moment(nullable=False)
    """By the scanner's clock: before `at` where it was kept back without a connection."""
    at: datetime = _moment(nullable=False)
    verdict: str
    doubt: str = ""
    brand: str = ""
    record: str = ""
    component: int = 0
    generation: int = 0
    order_id: str = ""
    parcel: str = ""
    before: str = ""
    undone_at: datetime | None = _moment()


class BenchBlockRow(SQLModel, table=True):
    """That an order may not be packed since a wrong piece was scanned with it; kept when it is cleared."""

    __tablename__ = "bench_blocks"
    __table_args__ = (
        Index("bench_blocks_of_order", "brand", "order_id"),
        Index(
            "bench_blocks_open",
            "brand",
            "at",
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    brand: str
    order_id: str = Field(foreign_key="orders.id")
    at: datetime = _moment(nullable=False)
    who: str
    station: str
    record: str
    component: int
    scan_id: str
    cleared_at: datetime | None = _moment()
    cleared_by: str = ""
    reason: str = ""
    note: str = ""


class ReprintRow(SQLModel, table=True):
    """That a piece was printed again: the generation that this made, and the file that it made void."""

    __tablename__ = "reprints"
    __table_args__ = (Index("reprints_by_key", "brand", "key"),)

    brand: str = Field(primary_key=True)
    record: str = Field(primary_key=True, foreign_key="jobs.id")
    component: int = Field(primary_key=True)
    generation: int = Field(primary_key=True)
    at: datetime = _moment(nullable=False)
    who: str
    reason: str
    note: str = ""
    key: str = ""
    """The `Idempotency-Key` that it was asked for with."""
    void_sha256: str | None = None


class EligibilityRow(SQLModel, table=True):
    """An order whose customer could have been sent a card, in either arm of the experiment: intent to treat.

    `customer_key` is what was drawn by; of customers that were merged, the one who remained at that time. In
    the holdout, occasion, template and variant are those of the card that was withheld.
    """

    __tablename__ = "eligibility"
    __table_args__ = (Index("eligibility_of_customer", "brand", "customer_key"),)

    brand: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True, foreign_key="orders.id")
    customer_key: str
    experiment: str
    arm: str
    share: float
    crossed: bool = False
    """Whether the customer was merged out of customers of both arms."""
    occasion: str
    template: str
    variant: str
    at: datetime = _moment(nullable=False)


class GangSheetRow(SQLModel, table=True):
    """A press sheet that pieces of several orders share."""

    __tablename__ = "gang_sheets"
    __table_args__ = (
        Index("gang_sheets_by_state", "brand", "target", "state"),
        Index("gang_sheets_at_target", "target", "state"),
    )

    brand: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    target: str
    kind: str = Field(sa_column=Column(Text, nullable=False))
    form: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Paper and places, as they were when it was opened."""
    room: int
    state: str
    opened_at: datetime = _moment(nullable=False)
    close_at: datetime = _moment(nullable=False)
    closed_at: datetime | None = _moment()
    closed_by: str = ""
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    tries: int = 0
    waits: bool = False
    looked_at: int = 0
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    sha256: str = ""
    target_reference: str = ""
    accepted_at: datetime | None = _moment()


class GangPlaceRow(SQLModel, table=True):
    """A component on a sheet, from the place `number` on."""

    __tablename__ = "gang_places"
    __table_args__ = (Index("gang_places_of_component", "brand", "record", "component", "generation"),)

    brand: str = Field(primary_key=True)
    sheet: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    count: int
    record: str
    component: int
    generation: int
    left_out: str = Field(default="", sa_column=Column(Text, nullable=False))
    spot: int | None = None


class PersonTaskRow(SQLModel, table=True):
    """Something that a person should do about a customer or a brand's cards, told once for each subject."""

    __tablename__ = "person_tasks"
    __table_args__ = (
        UniqueConstraint("brand", "kind", "subject"),
        Index("person_tasks_by_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    brand: str
    kind: str
    subject: str
    """What it is about: tipin's id of an order, or a template's occasion in a language."""
    order_id: str = Field(foreign_key="orders.id", index=True)
    """The latest order that called for it."""
    occasion: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    times: int = 1
    state: str
    made_at: datetime = _moment(nullable=False)
    last_at: datetime = _moment(nullable=False)
    closed_at: datetime | None = _moment()
    closed_by: str = ""


class ArtifactRow(SQLModel, table=True):
    """A stored file, by content. `preflight` is the report of the profile it passed."""

    __tablename__ = "artifacts"

    sha256: str = Field(primary_key=True)
    media_type: str
    size: int
    made_at: datetime = _moment(nullable=False)
    preflight: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))


class IdempotencyRow(SQLModel, table=True):
    """An `Idempotency-Key` of a sender, with what it was used for."""

    __tablename__ = "idempotency_keys"

    brand: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    body_sha256: str
    order_id: str
    at: datetime = _moment(nullable=False)


class DeadLetterRow(SQLModel, table=True):
    """A body that could not be understood, kept whole so that nothing received is lost."""

    __tablename__ = "dead_letters"

    id: int | None = Field(default=None, primary_key=True)
    brand: str = Field(index=True)
    source: str
    about: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """The order or customer that the address named; empty where the body itself says it."""
    received_at: datetime = _moment(nullable=False)
    content_type: str = ""
    headers: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Those that its format is parsed with."""
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    body_sha256: str = Field(index=True)
    problem: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    attempts: int = 1
    replayed_at: datetime | None = _moment()
    order_id: str | None = Field(default=None, index=True)


class HookSecretRow(SQLModel, table=True):
    """A sender's shared secret, by brand and inbound format. `token` names it where the sender sends one."""

    __tablename__ = "hook_secrets"

    brand: str = Field(primary_key=True)
    format: str = Field(primary_key=True)
    token: str = Field(default="", primary_key=True)
    secret: str


class BrandSettingsRow(SQLModel, table=True):
    """One save of a brand's settings; never changed. The latest is in force: see `domain.brand_settings`."""

    __tablename__ = "brand_settings"

    brand: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    at: datetime = _moment(nullable=False)
    who: str
    why: str = Field(default="", sa_column=Column(Text, nullable=False))
    settings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """All of them after the save."""
    changes: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    reverts_to: int | None = None


class ApiKeyRow(SQLModel, table=True):
    """An API key: only its SHA-256 is kept. `brand` empty: all brands."""

    __tablename__ = "api_keys"

    sha256: str = Field(primary_key=True)
    name: str
    role: str
    brand: str = ""
    made_at: datetime = _moment(nullable=False)
    revoked_at: datetime | None = _moment()


class OperatorRow(SQLModel, table=True):
    """A person who signs in to the page."""

    __tablename__ = "operators"

    name: str = Field(primary_key=True)
    password_hash: str
    role: str
    brand: str = ""


class SessionRow(SQLModel, table=True):
    """A signed-in browser; only the cookie's SHA-256 is kept."""

    __tablename__ = "sessions"

    sha256: str = Field(primary_key=True)
    operator: str = Field(foreign_key="operators.name")
    csrf: str
    expires_at: datetime = _moment(nullable=False)


class WebhookEndpointRow(SQLModel, table=True):
    """Where a brand's sender is told. `secret` is a Standard Webhooks `whsec_…` secret."""

    __tablename__ = "webhook_endpoints"

    brand: str = Field(primary_key=True)
    url: str
    secret: str


class DeliveryRow(SQLModel, table=True):
    """One logical call-back; its id stays the same over every retry."""

    __tablename__ = "deliveries"

    id: str = Field(primary_key=True)
    brand: str
    order_id: str = Field(foreign_key="orders.id", index=True)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = Field(index=True)
    """waiting, delivered, given_up or nowhere (no endpoint is set)."""
    attempts: int = 0
    last_status: int | None = None
    last_error: str = ""
    made_at: datetime = _moment(nullable=False)
    delivered_at: datetime | None = _moment()


class WorkerRow(SQLModel, table=True):
    """A process that does background work, and when it was last alive."""

    __tablename__ = "workers"

    executor: str = Field(primary_key=True)
    seen_at: datetime = _moment(nullable=False)


class TakeOverRow(SQLModel, table=True):
    """How often a task was taken over from a dead worker; a task that kills its workers is stopped."""

    __tablename__ = "take_overs"

    task: str = Field(primary_key=True)
    times: int


class TargetRow(SQLModel, table=True):
    """A target as it stands; of the plant, not of a brand. `condition` is what it last said of itself."""

    __tablename__ = "targets"

    name: str = Field(primary_key=True)
    gate: str = "open"
    """open, paused or draining, by an operator."""
    gate_by: str = ""
    gate_at: datetime | None = _moment()
    trouble: str = Field(default="", sa_column=Column(Text, nullable=False))
    """Why nothing can be handed over; empty where something can."""
    failures: int = 0
    turn: int = 0
    """The number of its latest background task."""
    look_at: datetime | None = _moment()
    """When that task looks at the target."""
    condition: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    seen_at: datetime | None = _moment()


class HistoryImportRow(SQLModel, table=True):
    """One import of a file of past orders, and how far it came; moved on with each thousand of its orders."""

    __tablename__ = "history_imports"
    __table_args__ = (Index("history_imports_of_brand", "brand", "made_at"),)

    id: str = Field(primary_key=True)
    brand: str
    state: str
    fingerprint: str
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    mapping: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = _moment(nullable=False)
    received_at: datetime = _moment(nullable=False)
    ended_at: datetime | None = _moment()
    progress: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    problem: str = Field(sa_column=Column(Text, nullable=False))


class ImportWatchRow(SQLModel, table=True):
    """A tagged order whose customer's past a running import changes, until its difference is told.

    `before` is the occasion that it would have been tagged with before the import touched its customer.
    """

    __tablename__ = "import_watches"

    brand: str = Field(primary_key=True)
    import_id: str = Field(primary_key=True, foreign_key="history_imports.id")
    order_id: str = Field(primary_key=True, foreign_key="orders.id")
    before: str | None = None
