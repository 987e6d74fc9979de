"""What senders are told of photos, photo items and products, as documented in OpenAPI."""

from __future__ import annotations

import math
from datetime import datetime

from pydantic import BaseModel, Field

from app.domain.item import Item
from app.domain.photo import ChosenBy, Crop, PhotoWarning, StoredPhoto
from app.domain.product import Inks, Product, Shape
from app.domain.units import MM_PER_INCH
from app.services.links import Links
from app.services.try_photo import Verdict


class CropAnswer(BaseModel):
    """What of the photo is printed."""

    focus: tuple[float, float] = Field(description="What stands in the middle, 0 to 1 from the top left.")
    zoom: float
    turns: int = Field(description="Quarter turns, clockwise.")
    straighten: float = Field(description="Degrees, clockwise.")


class ItemAnswer(BaseModel):
    """A photo item: the customer's picture on a product, and where it stands."""

    number: int = Field(description="In its order's record, from 1; 0 is the card.")
    record: str = Field(description="The order's first job, which all its pieces share.")
    job: str = Field(description="The job that it is.")
    product: str
    copies: int
    state: str
    generation: int
    photo: str | None = Field(description="The kept photo's id; null until it is kept.")
    caption: str
    name: str
    reason: str = Field(description="Why it waits for somebody, or failed; empty otherwise.")
    message_for_customer: str = Field(description="The same, as it may be shown to the customer.")
    crop: CropAnswer | None = Field(description="What is printed; null until it is made.")
    chosen_by: ChosenBy | None = Field(description="Why the crop is where it is.")
    ppi: float | None = Field(description="The lowest effective resolution.")
    warnings: list[PhotoWarning]
    on_card: bool
    needed_by: datetime | None
    expires_at: datetime | None = Field(description="When its photo will be gone.")
    bench_code: str = Field(description="What its Data Matrix says; empty until it is made.")
    links: dict[str, str]


class PhotoAnswer(BaseModel):
    """A kept photo. What was in its file beside the pixels (place, camera, previews) is gone."""

    id: str
    brand: str
    kind: str = Field(description="Of the file that was sent, such as JPEG or HEIF.")
    width: int
    height: int
    frames: int = Field(description="More than 1 where it moved: the first is kept.")
    colour_profile: str = Field(description="By its own description; empty for sRGB.")
    came_at: datetime
    expires_at: datetime
    items: list[str] = Field(description="The items that print it, as links.")
    links: dict[str, str]


class VerdictAnswer(BaseModel):
    """How a photo suits a product, by the very steps that print it."""

    product: str
    printable: bool
    ppi: float | None
    warnings: list[PhotoWarning]
    reason: str = Field(description="Why it cannot be printed; empty where it can.")
    message_for_customer: str


class SentPhotoAnswer(PhotoAnswer):
    """A photo that was taken; `products` are those that were asked for."""

    products: list[VerdictAnswer]


class ProductAnswer(BaseModel):
    """A product that photos are printed on; lengths in mm."""

    name: str = Field(description="As orders name it.")
    title: str
    substrate: str
    shape: Shape
    size: tuple[float, float]
    bleed: float
    safe: float
    panels: list[str]
    inks: Inks
    white_underbase: bool
    cut_line: bool
    ppi: dict[str, float] = Field(description="target, warning and error.")
    least_pixels: tuple[int, int] = Field(description="Under this a photo is refused; uncropped.")


class ProductList(BaseModel):
    """All of the plant's products."""

    products: list[ProductAnswer]


class ItemList(BaseModel):
    """The photo items of an order, by number."""

    items: list[ItemAnswer]


def describe_item(item: Item, links: Links) -> ItemAnswer:
    """An item where it stands now."""
    found = item.finding
    crop = found.crop if found else item.crop
    addresses = {"self": links.item(item.record, item.number), "job": links.job(item.job_id)}
    if item.pdf_sha256 is not None:
        addresses["pdf"] = links.item_pdf(item.record, item.number)
        addresses["picture"] = f"{links.item(item.record, item.number)}/item.jpg"
    return ItemAnswer(
        number=item.number,
        record=item.record,
        job=item.job_id,
        product=item.product,
        copies=item.copies,
        state=item.state,
        generation=item.generation,
        photo=item.source.photo or None,
        caption=item.caption,
        name=item.name,
        reason=item.reason,
        message_for_customer=item.customer_message,
        crop=None if crop is None else describe_crop(crop),
        chosen_by=found.chosen_by if found else None,
        ppi=found.ppi if found else None,
        warnings=list(found.warnings) if found else [],
        on_card=item.on_card,
        needed_by=item.needed_by,
        expires_at=item.expires_at,
        bench_code=item.bench_code,
        links=addresses,
    )


def describe_crop(crop: Crop) -> CropAnswer:
    """A crop."""
    return CropAnswer(focus=crop.focus, zoom=crop.zoom, turns=crop.turns, straighten=crop.straighten)


def describe_photo(photo: StoredPhoto, items: tuple[Item, ...], links: Links) -> PhotoAnswer:
    """A kept photo with the items that print it."""
    return PhotoAnswer(
        id=photo.id,
        brand=photo.brand,
        kind=photo.facts.kind,
        width=photo.facts.size[0],
        height=photo.facts.size[1],
        frames=photo.facts.frames,
        colour_profile=photo.facts.profile,
        came_at=photo.came_at,
        expires_at=photo.expires_at,
        items=[links.item(item.record, item.number) for item in items],
        links={"self": links.photo(photo.id)},
    )


def describe_verdict(verdict: Verdict) -> VerdictAnswer:
    """How a photo suits a product."""
    return VerdictAnswer(
        product=verdict.product,
        printable=not verdict.reason,
        ppi=verdict.ppi,
        warnings=list(verdict.warnings),
        reason=verdict.reason,
        message_for_customer=verdict.customer_message,
    )


def describe_product(product: Product) -> ProductAnswer:
    """A product."""
    surface, resolution = product.surface, product.resolution
    boxes = [box for panel in product.panels for box in panel.pictures]
    least = (
        math.ceil(max(edge) / MM_PER_INCH * resolution.error)
        for edge in ([box.width for box in boxes], [box.height for box in boxes])
    )
    return ProductAnswer(
        name=product.name,
        title=product.title,
        substrate=product.substrate,
        shape=surface.shape,
        size=surface.size,
        bleed=surface.bleed,
        safe=surface.safe,
        panels=[panel.name for panel in product.panels],
        inks=product.inks,
        white_underbase=product.white is not None,
        cut_line=product.contour,
        ppi={"target": resolution.target, "warning": resolution.warning, "error": resolution.error},
        least_pixels=(next(least), next(least)),
    )
