"""Layout: frames become areas, hands keep one size, what follows a text goes up with it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.domain.geometry import Box
from app.domain.template import CardTemplate, Frame, Role
from app.domain.units import points
from app.errors import RenderError, TextDoesNotFit
from app.pdf.frames import area_of, page_size
from app.pdf.layout import Compositor, PlacedText, SideLayout
from app.pdf.typefaces import Typefaces
from tests.cards import PLAIN, card, wording

_FRAME = Frame(role=Role.MESSAGE, box=Box(10, 20, 30, 40))


def _back(template: CardTemplate, **changes: Frame) -> CardTemplate:
    """The template with frames of its back replaced by role."""
    front, back = template.sides
    frames = tuple(changes.get(frame.role.value, frame) for frame in back.frames)
    return replace(template, sides=(front, replace(back, frames=frames)))


def _text(side: SideLayout, role: Role) -> PlacedText:
    return next(placed for placed in side.texts if placed.frame.role is role)


def _frame(template: CardTemplate, role: Role) -> Frame:
    return next(frame for side in template.sides for frame in side.frames if frame.role is role)


def test_the_page_is_the_trim_with_its_bleed() -> None:
    assert page_size(PLAIN) == pytest.approx((points(111), points(154)))


@pytest.mark.parametrize(("direction", "left"), [("ltr", 13), ("rtl", 105 - 40 + 3)])
def test_a_frame_is_mirrored_for_right_to_left(direction: str, left: float) -> None:
    area = area_of(_FRAME, PLAIN, direction)
    assert area.left == pytest.approx(points(left))
    assert area.top == pytest.approx(points(154 - 3 - 20))
    assert area.bottom == pytest.approx(points(154 - 3 - 60))


def test_a_frame_that_is_not_mirrored_stays() -> None:
    fixed = replace(_FRAME, mirror=False)
    assert area_of(fixed, PLAIN, "rtl") == area_of(fixed, PLAIN, "ltr")


def test_frames_of_one_hand_and_range_keep_one_size(typefaces: Typefaces) -> None:
    greeting = replace(_frame(PLAIN, Role.GREETING), size=(11.0, 15.0))
    template = _back(PLAIN, greeting=greeting)
    long = card(wordings=(wording(message="We packed it by the window today. " * 14),))
    _, back = Compositor(typefaces).lay_out(template, long)
    assert _text(back, Role.MESSAGE).text.size < 15
    assert _text(back, Role.GREETING).text.size == _text(back, Role.MESSAGE).text.size


def test_a_signature_follows_a_short_note(typefaces: Typefaces) -> None:
    signature = replace(_frame(PLAIN, Role.SIGNATURE), follows=Role.MESSAGE)
    _, still = Compositor(typefaces).lay_out(PLAIN, card())
    _, moved = Compositor(typefaces).lay_out(_back(PLAIN, signature=signature), card())
    free = _text(moved, Role.MESSAGE).text.free
    assert free > 20
    before, after = (_text(side, Role.SIGNATURE) for side in (still, moved))
    assert (before.lift, after.lift) == (0, free)
    assert before.text.lines[0].y == after.text.lines[0].y


def test_a_scanned_signature_takes_the_place_of_the_written_one(typefaces: Typefaces) -> None:
    _, back = Compositor(typefaces).lay_out(PLAIN, card(signature="0" * 64))
    assert {placed.frame.role for placed in back.pictures} == {Role.SIGNATURE, Role.QR, Role.DATA_MATRIX}
    assert Role.SIGNATURE not in {placed.frame.role for placed in back.texts}


def test_a_message_may_have_paragraphs(typefaces: Typefaces) -> None:
    said = card(wordings=(wording(message="One.\n\nTwo."),))
    _, back = Compositor(typefaces).lay_out(PLAIN, said)
    first, second = _text(back, Role.MESSAGE).text.lines
    assert first.y - second.y == pytest.approx(points(4.5) * 1.5, abs=0.5)


@pytest.mark.parametrize("wordings", [(), (wording(message="too much said " * 99),) * 2])
def test_without_a_wording_that_fits_there_is_no_card(
    typefaces: Typefaces, wordings: tuple[object, ...]
) -> None:
    with pytest.raises(TextDoesNotFit, match=r"no wording|none of the 2 wordings fits"):
        Compositor(typefaces).lay_out(PLAIN, card(wordings=wordings))


def test_the_error_of_one_wording_is_about_its_frame(typefaces: Typefaces) -> None:
    with pytest.raises(TextDoesNotFit) as caught:
        Compositor(typefaces).lay_out(PLAIN, card(wordings=(wording(greeting="Dear " + "Wolfgang " * 30),)))
    assert caught.value.detail.startswith("the greeting on the back has 274 characters")
    assert "frame more room" in caught.value.mend


def test_cards_laid_out_together_are_as_each_by_itself(typefaces: Typefaces) -> None:
    greeting = replace(_frame(PLAIN, Role.GREETING), size=(11.0, 15.0))
    template = _back(PLAIN, greeting=greeting)
    long = wording(message="We packed it by the window today. " * 14)
    cards = [
        card(),
        card(seed=5, wordings=(long,)),
        card(seed=6, wordings=(wording(message="much too much " * 99), wording())),
        card(wordings=(wording(message="much too much " * 99),)),
        card(wordings=(wording(greeting="Dear \u0378,"),)),
        card(wordings=(wording(greeting="Dear Anne-Marie \u2615,"),)),
        card(direction="rtl", language="he"),
    ]
    together = Compositor(typefaces).lay_out_all(template, cards)
    for each, sides in zip(cards, together, strict=True):
        if isinstance(sides, RenderError):
            with pytest.raises(type(sides), match=re.escape(sides.detail)):
                Compositor(typefaces).lay_out(template, each)
            continue
        alone = Compositor(typefaces).lay_out(template, each)
        assert [_facts(side) for side in sides] == [_facts(side) for side in alone]
    assert [isinstance(sides, RenderError) for sides in together] == [False] * 3 + [True] * 2 + [False] * 2


def _facts(side: SideLayout) -> list[tuple[object, ...]]:
    return [
        *((each.frame.role, each.text.size, each.text.free, each.lift) for each in side.texts),
        *((each.frame.role, each.area) for each in side.pictures),
    ]
