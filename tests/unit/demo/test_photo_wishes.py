from __future__ import annotations

from datetime import UTC, datetime

from app.demo.bodies import native
from app.demo.history import DemoOrder, Writer, write_history
from app.demo.morning import write_morning
from app.demo.photo_wishes import with_photos
from app.demo.pictures import HOURS
from app.pdf.preflight.profiles import open_profiles
from app.registry.brands import load_brands
from app.registry.places import BRANDS, PRODUCTS
from app.registry.products import load_products

PRODUCT = load_products(PRODUCTS, profiles=open_profiles())


def morning() -> list[DemoOrder]:
    found = []
    for brand in load_brands(BRANDS).values():
        writer = Writer(brand, datetime(2026, 6, 15, 12, tzinfo=UTC), 23)
        _, cast = write_history(writer)
        found += write_morning(writer, cast)
    return sorted(found, key=lambda order: order.placed_at)


def test_seven_of_forty_orders_have_an_item_each_of_another_product() -> None:
    orders = with_photos(morning())
    wishes = [order.photo for order in orders if order.photo]
    assert len(orders) == 40
    assert sorted(wish.product for wish in wishes) == sorted(PRODUCT)
    assert sum(wish.on_card for wish in wishes) == 3


def test_a_wish_is_one_that_its_product_can_print() -> None:
    for order in with_photos(morning()):
        if order.photo:
            assert order.photo.picture in HOURS
            assert order.person
            said = {"caption": order.photo.caption, "name": order.photo.name}
            assert {name for name, words in said.items() if words} <= PRODUCT[order.photo.product].says


def test_it_is_a_job_of_the_native_order_once_its_photo_was_sent() -> None:
    (order, *_) = [order for order in with_photos(morning()) if order.photo]
    assert order.photo
    job = native(order, "PH1")["jobs"][-1]
    assert job["photo"]["photo"] == "PH1"
    assert job["photo"]["name"] == order.photo.name
    assert len(native(order)["jobs"]) == len(order.lines)
