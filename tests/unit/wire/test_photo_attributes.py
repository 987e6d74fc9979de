from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.format import Context
from app.domain.item import AskedItem, PhotoSource
from app.errors import MalformedOrder
from app.registry.brands import load_brands
from app.registry.places import BRANDS
from app.wire.photo_attributes import Attribute, photo_items

BRAND = load_brands(BRANDS)["fernweh"]
CONTEXT = Context(brand=BRAND, received_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
URL, OTHER = "https://storage.example.com/anna.jpg", "https://storage.example.com/b.pdf"


def read(*artwork: str, **said: object) -> tuple[AskedItem, ...]:
    attributes = [Attribute(name, value, f"/{name}") for name, value in said.items()]
    return photo_items("ANY", artwork, attributes, CONTEXT)


def test_a_line_that_names_no_product_is_no_photo_item() -> None:
    assert read(photo=URL, caption="For you") == ()


def test_everything_is_said() -> None:
    (item,) = read(
        photo=URL,
        photo_product="edible-cookie",
        caption=" For you ",
        name="Anna",
        on_card="Yes",
        consent=True,
        photo_expires="2026-12-01T00:00:00Z",
    )
    assert item == AskedItem(
        product="edible-cookie",
        source=PhotoSource(url=URL),
        caption="For you",
        name="Anna",
        on_card=True,
        consent=True,
        expires_at=datetime(2026, 12, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("name", ["Photo product", "_photo_product", "tipin_photo_product", "PHOTOPRODUCT"])
def test_names_are_read_without_case_and_signs(name: str) -> None:
    (item,) = read(**{name: "mug-11oz"})
    assert item.product == "mug-11oz"


def test_the_first_artwork_is_the_photo_unless_one_is_named() -> None:
    assert read(OTHER, photo_product="mug-11oz")[0].source == PhotoSource(url=OTHER)
    assert read(OTHER, photo_product="mug-11oz", photo=URL)[0].source == PhotoSource(url=URL)
    assert read(OTHER, photo_product="mug-11oz", photo_id="PH1")[0].source == PhotoSource(photo="PH1")


def test_numbers_are_texts_and_nothing_is_nothing() -> None:
    (item,) = read(photo_product="mug-11oz", name=40, caption=None, on_card="")
    assert (item.name, item.caption, item.on_card, item.consent) == ("40", "", False, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("on_card", "perhaps"),
        ("consent", "maybe"),
        ("name", "<b>Anna</b>"),
        ("caption", "\u202eAnna"),
        ("caption", ["Anna"]),
        ("photo_expires", "tomorrow"),
    ],
)
def test_a_value_that_is_not_what_its_name_says_is_told_where_it_stands(name: str, value: object) -> None:
    with pytest.raises(MalformedOrder) as refused:
        read(photo_product="mug-11oz", **{name: value})
    assert [violation.pointer for violation in refused.value.violations] == [f"/{name}"]
