"""Parcels as the packing bench knows them: by whatever barcode their sender put on them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.order import Order

_AIM = re.compile(r"\][a-z][0-9a-z]", re.ASCII)
"""An AIM identifier (ISO/IEC 15424), which many hand scanners put before what they read."""
LONGEST_CODE = 200


@dataclass(frozen=True, slots=True)
class ParcelCode:
    """That a barcode names a parcel of an order. `parcel` is empty where it is the order as a whole."""

    code: str
    order_id: str
    parcel: str = ""

    @property
    def names(self) -> str:
        """The parcel's one name within its brand: orders that share one are packed together."""
        return self.parcel or self.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One parcel on the bench. Several orders may share it; `name` is empty for a whole order's."""

    brand: str
    order_ids: tuple[str, ...]
    name: str = ""
    blocked: bool = False


def parcel_codes(order: Order, order_id: str, job_ids: tuple[str, ...]) -> frozenset[ParcelCode]:
    """Every barcode that names a parcel of an order: the sender's own strings, and tipin's ids."""
    found = _codes(order, order_id, job_ids)
    return frozenset(ParcelCode(code, order_id, parcel) for text, parcel in found if (code := folded(text)))


def _codes(order: Order, order_id: str, job_ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    parcels = [job.parcel or order.parcel or "" for job in order.jobs]
    whole = parcels[0] if len(set(parcels)) == 1 else ""
    for text in (order_id, order.source_order_id, order.number):
        yield text, whole
    for job, job_id, parcel in zip(order.jobs, job_ids, parcels, strict=True):
        yield job_id, parcel
        yield parcel, parcel
        yield job.barcode or "", parcel


def folded(text: str) -> str:
    """A barcode as it is looked up: senders' own strings, however a hand scanner or a person types them.

    Empty where nothing of it can be read.
    """
    kept = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isprintable())
    return "".join(kept.split()).removeprefix("#")[:LONGEST_CODE]


def readings(scanned: str) -> tuple[str, ...]:
    """What a scan may mean, the most literal first."""
    whole = folded(scanned)
    bare = folded(whole[3:]) if _AIM.match(whole) else ""
    return tuple(dict.fromkeys(one for one in (whole, bare) if one))
