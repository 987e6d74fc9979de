from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.pdf.contact_sheet import ContactSheets, SheetCard
from app.pdf.sheet_labels import Labels
from app.registry.fonts import own_fonts

LABELS = Labels(own_fonts())


def side(colour: tuple[int, int, int], size: tuple[int, int] = (100, 140)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def card(**changed: object) -> SheetCard:
    given: dict[str, object] = {
        "sides": (side((200, 0, 0)), side((0, 0, 200))),
        "words": "Come on in",
        "language": "en",
        "caption": "first-long   en   Acorn",
        "tone": "passed",
        "verdict": "passes its preflight profile",
    }
    return SheetCard(**(given | changed))  # type: ignore[arg-type]  # a test's own values


def sheets(*cards: SheetCard) -> list[Image.Image]:
    made = ContactSheets("Hearth", "105 × 148 mm", (100, 140), LABELS).of(cards)
    return [Image.open(io.BytesIO(one)).convert("RGB") for one in made]


def test_both_sides_stand_beside_each_other_at_their_own_size() -> None:
    (sheet,) = sheets(card())
    pixels = np.asarray(sheet)
    red, blue = ((pixels == colour).all(axis=2) for colour in ((200, 0, 0), (0, 0, 200)))
    assert red.sum() == blue.sum() == 100 * 140
    assert np.argwhere(red)[0][0] == np.argwhere(blue)[0][0]
    assert np.argwhere(blue)[0][1] - np.argwhere(red)[0][1] == 106


def test_many_cards_take_several_sheets() -> None:
    assert len(sheets(*[card()] * 12)) == 1
    assert len(sheets(*[card()] * 13)) == 2


def test_a_card_that_could_not_be_drawn_has_its_verdict() -> None:
    (failed,) = sheets(card(sides=(), tone="failed", verdict="the message is too long"))
    colours = {tuple(pixel) for pixel in np.asarray(failed).reshape(-1, 3).tolist()}
    assert (170, 34, 38) in colours
    assert (200, 0, 0) not in colours


@pytest.mark.parametrize(
    ("text", "language"),
    [("Guten Tag", "de"), ("استيقظنا باكرًا", "ar"), ("अगली", "hi"), ("ยินดีต้อนรับ", "th"), ("早安", "ja")],
)
def test_labels_are_written_in_every_script(text: str, language: str) -> None:
    image = Image.new("RGB", (300, 40))
    width = LABELS.write(
        ImageDraw.Draw(image), (4, 28), text, size=17, fill=(255, 255, 255), language=language
    )
    inked = np.argwhere(np.asarray(image) > 128)
    assert width > 20
    assert inked[:, 1].max() == pytest.approx(4 + width, abs=6)


def test_a_label_that_is_too_long_is_shortened() -> None:
    image = Image.new("RGB", (400, 40))
    width = LABELS.write(
        ImageDraw.Draw(image), (4, 28), "long " * 40, size=17, fill=(255, 255, 255), width=200
    )
    assert 150 < width <= 200
