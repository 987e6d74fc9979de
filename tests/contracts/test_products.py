"""Every photo product, built in or a plant's own, through the same contract."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from app.domain.product import Inks, ItemText, Product, Shape
from app.domain.units import points
from app.pdf.imprint import Imprint
from app.pdf.preflight.profiles import open_profiles
from app.photo.lab import PhotoLab
from app.photo.outline import safe_mask
from app.registry.places import PRODUCTS
from app.registry.products import load_products
from app.services.print_photo import Item, PrintPhoto
from app.wiring import photo_printer
from tests.barcodes import read_all
from tests.photos import saved, shipped

PROFILES = open_profiles()
BUILT_IN = load_products(PRODUCTS, profiles=PROFILES)
PHOTO = saved(shipped("astronaut.png").resize((1536, 1536)), quality=92)
MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
WORDS = {ItemText.CAPTION: "With love, 22 November", ItemText.NAME: "Anna"}
CODE = "MR7ZK4Q2M9ABCDE01000ABCD"
products = pytest.mark.parametrize("product", BUILT_IN.values(), ids=BUILT_IN)


@pytest.fixture(scope="module")
def printer() -> Iterator[PrintPhoto]:
    with PhotoLab(1) as lab:
        yield photo_printer(BUILT_IN, PROFILES, lab)


@pytest.fixture(scope="module")
def spoken(printer: PrintPhoto) -> dict[str, bytes]:
    """Each as an order has it: with all the words that it has places for, and its code."""
    made = {}
    for name, product in BUILT_IN.items():
        texts = {says: said for says, said in WORDS.items() if says in product.says}
        imprint = Imprint(texts=texts, code=CODE, name="7ZK4Q2M9ABCDE-12-0")
        made[name] = printer(PHOTO, name, key="k", made_at=MOMENT, imprint=imprint).pdf
    return made


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
        for page, panel in zip(pdf.pages, product.panels, strict=True):
            trim = [float(each) for each in page.trimbox]
            size = [points(edge) for edge in product.surface.size]
            assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx(size, abs=0.01)
            images = list(page.get_images().values())
            assert bool(images) == bool(panel.pictures)
            space = "/DeviceCMYK" if product.inks is Inks.CMYK else "/DeviceGray"
            assert all(image.ColorSpace == space for image in images)


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


@products
@pytest.mark.parametrize("dpi", [203, 300])
def test_the_bench_reads_its_code_on_every_sheet_of_it(
    product: Product, spoken: dict[str, bytes], dpi: int
) -> None:
    assert product.code is not None
    with pypdfium2.PdfDocument(spoken[product.name]) as document:
        pages = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    found = [[code.text for code in read_all(np.asarray(page))] for page in pages]
    coded = [product.code.panel in {"", panel.name} for panel in product.panels]
    assert found == [[CODE] if one else [] for one in coded]


@products
def test_its_words_come_back_out(product: Product, spoken: dict[str, bytes]) -> None:
    with pypdfium2.PdfDocument(spoken[product.name]) as document:
        said = " ".join(page.get_textpage().get_text_range() for page in document)
    plain = "".join(said.split())
    assert "7ZK4Q2M9ABCDE-12-0" in plain
    for says in product.says:
        letters = "".join(WORDS[says].split())
        # A reader takes mirrored letters as they stand on the page: in another order.
        assert letters in plain or (product.transfer and not Counter(letters) - Counter(plain))


def test_what_is_eaten_worn_or_drunk_has_no_code_on_it() -> None:
    assert {name for name, product in BUILT_IN.items() if product.code and product.code.on_piece} == {
        "photo-card-a6",
        "photo-tag",
    }
