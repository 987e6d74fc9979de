"""Mock-ups: what the page holds is what the object shows, the right way round and in its place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.domain.product import Mockup, MockupObject, Panel, Product
from app.photo.mockup import mock_up
from tests.photos import TILE

PIXELS = 240
RED, BLUE = (220, 20, 20), (20, 20, 220)


def page(product: Product) -> Image.Image:
    """The left half red, the right half blue."""
    width, height = (round(4 * edge) for edge in product.surface.size)
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def shown_on(kind: MockupObject, **said: object) -> Product:
    return replace(TILE, mockup=Mockup(object=kind, **said))  # type: ignore[arg-type]


def masks(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Where the picture is reddish, and where it is bluish."""
    pixels = np.asarray(image, dtype=int)
    red, blue = pixels[..., 0], pixels[..., 2]
    return red - blue > 60, blue - red > 60


def middles(image: Image.Image) -> tuple[float, float]:
    """How far right the red and the blue lie."""
    red, blue = masks(image)
    return float(np.nonzero(red)[1].mean()), float(np.nonzero(blue)[1].mean())


FLAT = [MockupObject.CARD, MockupObject.STICKER, MockupObject.MUG, MockupObject.SOCK]


@pytest.mark.parametrize("kind", FLAT)
def test_left_is_left(kind: MockupObject) -> None:
    product = shown_on(kind)
    red, blue = middles(mock_up(product, [page(product)], pixels=PIXELS))
    assert red < blue


@pytest.mark.parametrize("kind", FLAT)
def test_what_is_transferred_is_turned_over(kind: MockupObject) -> None:
    product = replace(shown_on(kind), transfer=True)
    red, blue = middles(mock_up(product, [page(product)], pixels=PIXELS))
    assert red > blue


def test_a_mug_shows_the_side_that_is_looked_at() -> None:
    surface = replace(TILE.surface, size=(200, 80))
    product = replace(shown_on(MockupObject.MUG, size=(82.0, 96.0), views=(-60.0, 60.0)), surface=surface)
    image = mock_up(product, [page(product)], pixels=PIXELS)
    red, blue = masks(image)
    middle = image.width // 2
    assert red[:, :middle].sum() > 8 * blue[:, :middle].sum()
    assert blue[:, middle:].sum() > 8 * red[:, middle:].sum()


def test_a_mugs_back_is_bare() -> None:
    surface = replace(TILE.surface, size=(100, 80))
    product = replace(shown_on(MockupObject.MUG, size=(82.0, 96.0), views=(180.0,)), surface=surface)
    red, blue = masks(mock_up(product, [page(product)], pixels=PIXELS))
    assert not red.any()
    assert not blue.any()


def test_foam_has_no_colours_but_cocoas() -> None:
    product = shown_on(MockupObject.CUP)
    image = mock_up(product, [Image.new("L", (160, 160), 0)], pixels=PIXELS)
    centre = np.asarray(image)[PIXELS // 2, PIXELS // 2].astype(int)
    assert centre[0] > centre[1] > centre[2]
    assert centre[0] < 140
    bare = mock_up(product, [Image.new("L", (160, 160), 255)], pixels=PIXELS)
    assert np.asarray(bare)[PIXELS // 2, PIXELS // 2].min() > 170


def test_a_biscuit_lies_around_its_icing() -> None:
    product = shown_on(MockupObject.COOKIE, colour=(200, 150, 80), size=(60.0, 60.0))
    image = np.asarray(mock_up(product, [page(product)], pixels=PIXELS), dtype=int)
    row = image[PIXELS // 2]
    biscuit = int(PIXELS * (0.16 * 60 + 5) / (60 * 1.32))
    assert row[biscuit][0] > row[biscuit][2] + 40
    assert abs(int(row[2][0]) - int(row[2][2])) < 40


@pytest.mark.parametrize("kind", list(MockupObject))
def test_the_same_page_gives_the_same_picture(kind: MockupObject) -> None:
    product = shown_on(kind)
    first, second = (mock_up(product, [page(product)], pixels=PIXELS) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert max(first.size) == PIXELS


def test_each_panel_has_an_object_of_its_own() -> None:
    sock = shown_on(MockupObject.SOCK)
    pair = replace(sock, panels=(Panel(name="left", pictures=()), Panel(name="right", pictures=())))
    one, two = Image.new("RGB", (160, 160), RED), Image.new("RGB", (160, 160), BLUE)
    red, blue = middles(mock_up(pair, [one, two], pixels=PIXELS))
    assert red < PIXELS / 2 < blue


def test_a_page_is_missing() -> None:
    with pytest.raises(ValueError, match="zip"):
        mock_up(TILE, [], pixels=PIXELS)
