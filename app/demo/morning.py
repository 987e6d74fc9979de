"""The morning's orders: twenty a brand, so that every occasion comes up, and "no card" too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.demo.history import DemoOrder, Writer
from app.demo.people import Person


def write_morning(writer: Writer, cast: dict[str, list[Person]]) -> list[DemoOrder]:
    """The brand's orders of this morning, the last one minute ago, shuffled as they would come.

    One second order is a gift; of the four regulars one brings an insert of their own, and one is a guest.
    """
    orders = [_order(writer, part, person) for part, people in cast.items() for person in people]
    regulars = [order for order in orders if order.person in cast["regular"]]
    gift = next(order for order in orders if order.person in cast["first_repeat"])
    changes = {
        gift.number: replace(gift, gift_to="Robin"),
        regulars[0].number: replace(regulars[0], supplied_insert=True),
        regulars[1].number: replace(regulars[1], person=None),
    }
    orders = [changes.get(order.number, order) for order in orders]
    writer.random.shuffle(orders)
    minutes = range(len(orders), 0, -1)
    return [
        replace(order, placed_at=writer.now - timedelta(minutes=minute))
        for order, minute in zip(orders, minutes, strict=True)
    ]


def _order(writer: Writer, part: str, person: Person) -> DemoOrder:
    prefix = writer.prefixes[-1] if part == "new_category" else writer.prefixes[0]
    order = writer.order(person, writer.now, (prefix,))
    return replace(order, promised_at=writer.now + timedelta(days=3), delivered_at=None)
