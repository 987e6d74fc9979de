"""What some of the morning's customers had printed: a photo item beside their order, each another product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.demo.history import DemoOrder, PhotoWish

_CAPTIONS: Mapping[str, str] = {"de": "Alles Liebe!", "en": "With love", "ar": "مع خالص الحب"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A product, the picture on it (see `pictures`), and what is said and shown beside."""

    product: str
    picture: str
    captioned: bool = False
    on_card: bool = False


_KINDS = (
    _Kind("edible-cookie", "morning", captioned=True, on_card=True),
    _Kind("mug-11oz", "evening", captioned=True),
    _Kind("photo-card-a6", "noon", captioned=True),
    _Kind("latte-foam", "morning"),
    _Kind("photo-tag", "evening", captioned=True, on_card=True),
    _Kind("crew-sock", "noon"),
    _Kind("sticker-die-cut", "evening", on_card=True),
)


def with_photos(morning: Sequence[DemoOrder]) -> list[DemoOrder]:
    """The morning with photo items in some orders that known customers place for themselves."""
    mine = [order for order in morning if order.person and not order.gift_to and not order.supplied_insert]
    chosen = mine[1 :: max(1, len(mine) // len(_KINDS))]
    wishes = {order.number: _wish(order, kind) for order, kind in zip(chosen, _KINDS, strict=False)}
    return [replace(order, photo=wishes.get(order.number)) for order in morning]


def _wish(order: DemoOrder, kind: _Kind) -> PhotoWish:
    person = order.person
    return PhotoWish(
        product=kind.product,
        picture=kind.picture,
        caption=_CAPTIONS[person.language] if person and kind.captioned else "",
        name=person.given_name if person else "",
        on_card=kind.on_card,
    )
