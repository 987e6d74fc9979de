"""Every photo product, built in or a plant's own, through the same contract."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image

from app.domain.product import Inks, Product, Shape
from app.domain.units import points
from app.pdf.preflight.profiles import open_profiles
from app.photo.lab import PhotoLab
from app.photo.outline import safe_mask
from app.registry.places import PRODUCTS
from app.registry.products import load_products
from app.services.print_photo import Item, PrintPhoto
from app.wiring import photo_printer
from tests.photos import saved, shipped

PROFILES = open_profiles()
BUILT_IN = load_products(PRODUCTS, profiles=PROFILES)
PHOTO = saved(shipped("astronaut.png").resize((1536, 1536)), quality=92)
MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
products = pytest.mark.parametrize("product", BUILT_IN.values(), ids=BUILT_IN)


@pytest.fixture(scope="module")
def printer() -> Iterator[PrintPhoto]:
    with PhotoLab(1) as lab:
        yield photo_printer(BUILT_IN, PROFILES, lab)


@pytest.fixture(scope="module")
def items(printer: PrintPhoto) -> dict[str, Item]:
    return {name: printer(PHOTO, name, key="k", made_at=MOMENT) for name in BUILT_IN}


def test_the_seven_that_ship() -> None:
    seven = "edible-cookie latte-foam mug-11oz crew-sock photo-card-a6 sticker-die-cut photo-tag"
    assert set(BUILT_IN) >= set(seven.split())


@products
def test_there_is_room_for_what_must_be_seen(product: Product) -> None:
    assert safe_mask(product.surface).mean() > 0.25


@products
def test_an_item_passes_its_preflight_without_a_warning(product: Product, items: dict[str, Item]) -> None:
    report = items[product.name].report
    assert report["passed"]
    assert not [check for check in report["checks"] if not check["passed"]]


@products
def test_a_page_a_panel_in_its_size_and_inks(product: Product, items: dict[str, Item]) -> None:
    with pikepdf.open(io.BytesIO(items[product.name].pdf)) as pdf:
        assert len(pdf.pages) == len(product.panels)
        for page in pdf.pages:
            trim = [float(each) for each in page.trimbox]
            size = [points(edge) for edge in product.surface.size]
            assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx(size, abs=0.01)
            (image, *_) = page.get_images().values()
            space = "/DeviceCMYK" if product.inks is Inks.CMYK else "/DeviceGray"
            assert image.ColorSpace == space


@products
def test_the_face_is_whole(product: Product, items: dict[str, Item]) -> None:
    developed = items[product.name].developed
    assert len(developed.faces) == 1
    if product.surface.shape is Shape.PATH:
        pytest.skip("a free outline may have a notch where the face is, and then a person is told")
    assert not [warning for warning in developed.warnings if warning.value == "face_cut"]


@products
def test_the_same_photo_gives_the_same_file(
    product: Product, items: dict[str, Item], printer: PrintPhoto
) -> None:
    assert printer(PHOTO, product.name, key="k", made_at=MOMENT).pdf == items[product.name].pdf


def test_pictures_hold_pixels_alone(items: dict[str, Item]) -> None:
    for item in items.values():
        for panel in item.developed.panels:
            for picture in panel:
                assert not Image.open(io.BytesIO(picture.data)).getexif()
