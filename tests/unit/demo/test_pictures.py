from __future__ import annotations

import io

import pytest
from PIL import Image

from app.demo.pictures import HOURS, SIZE, picture


@pytest.mark.parametrize("name", HOURS)
def test_a_picture_is_a_photograph_of_its_hour(name: str) -> None:
    data = picture(name)
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", SIZE)
    assert len(image.resize((64, 48)).getcolors(4000) or ()) > 300


def test_the_same_picture_is_the_same_photo() -> None:
    assert picture("noon") == picture("noon")
