"""A photo item: the customer's picture, printed on a product that their order names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.component import component_key
from app.domain.insert import InsertState, urgency
from app.domain.photo import ChosenBy, Crop, PhotoWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSource:
    """Where an item's photo comes from; one of the three, or none where the order forgot it.

    `photo` is the id of one that is stored; `url` is where it is to be fetched; `sha256` names the bytes that
    came inside the order, which wait in the spool until they are looked at.
    """

    photo: str = ""
    url: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedItem:
    """A photo item as an order asks for it. `product` is empty where the job's SKU says it.

    `inline` are the photo's bytes where they came inside the order; they are put aside before the order is
    stored. `consent` is whether its people agreed to be printed; None where the sender does not say.
    """

    product: str = ""
    source: PhotoSource = PhotoSource()
    inline: bytes = b""
    caption: str = ""
    name: str = ""
    crop: Crop | None = None
    on_card: bool = False
    consent: bool | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found when an item was developed: see `photo.develop.Developed`."""

    crop: Crop
    chosen_by: ChosenBy
    ppi: float
    faces: int
    beyond: float
    warnings: tuple[PhotoWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One photo item of an order, number 1 and up in its record; `job_id` is the job that it is.

    `crop` is a person's wish; None to choose one. `revision` counts what persons changed of it. `reason` says
    why it waits or failed, for the plant; `customer_message` says it so that it may be shown to the customer.
    `expires_at` is when its photo has to be gone.
    """

    record: str
    number: int
    order_id: str
    job_id: str
    brand: str
    customer_key: str | None
    product: str
    source: PhotoSource
    target: str
    planned_at: datetime
    needed_by: datetime | None = None
    expires_at: datetime | None = None
    copies: int = 1
    caption: str = ""
    name: str = ""
    crop: Crop | None = None
    on_card: bool = False
    """Whether the photo stands on the front of the order's card too, where that has a place for it."""
    generation: int = 0
    revision: int = 0
    state: InsertState = InsertState.PLANNED
    reason: str = ""
    customer_message: str = ""
    finding: Finding | None = None
    bench_code: str = ""
    pdf_sha256: str | None = None
    target_reference: str = ""
    ready_at: datetime | None = None
    accepted_at: datetime | None = None

    @property
    def key(self) -> str:
        """See `component_key`."""
        return component_key(self.record, self.number)

    @property
    def priority(self) -> int:
        """See `urgency`."""
        return urgency(self.needed_by or self.planned_at)
