"""The codes of many cards, encoded at once ahead of stamping; one card is a block of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CODES, CardTemplate, Frame, Role
from app.errors import RenderError
from app.pdf.codes.bars import bar_code
from app.pdf.codes.data_matrix import DATA_MATRIX_QUIET_ZONE, data_matrix_codes
from app.pdf.codes.data_matrix_text import data_matrix_words
from app.pdf.codes.matrix import matrix_codes
from app.pdf.codes.qr import QR_QUIET_ZONE, qr_codes
from app.pdf.codes.qr_text import qr_words
from app.pdf.text.area import Area


class PlaceableCode(Protocol):
    """A code that has no place yet."""

    def operators(self, area: Area, profile: PressProfile) -> bytes:
        """It in an area of the page; raises ArtworkUnusable where it would be too small."""
        ...


CardCodes = Mapping[tuple[int, Role], PlaceableCode]
"""A card's codes by side, from 0, and role."""
_Planned = TypeVar("_Planned")


def codes_of(template: CardTemplate, card: Card) -> CardCodes:
    """The codes of one card.

    Raises:
        ArtworkUnusable: what one of them should say cannot be encoded.
    """
    (codes,) = codes_of_block(template, [card])
    if isinstance(codes, RenderError):
        raise codes
    return codes


def codes_of_block(template: CardTemplate, cards: Sequence[Card]) -> list[CardCodes | RenderError]:
    """The codes of each card, or why it has none; one card's fault is no other's.

    Args:
        template: that of all the cards.
        cards: a few hundred are best.
    """
    found: list[dict[tuple[int, Role], PlaceableCode] | RenderError] = [{} for _ in cards]
    for index, side in enumerate(template.sides):
        for frame in side.frames:
            if frame.role in CODES:
                _add(found, cards, frame, index, f"the {CODES[frame.role]} on the {side.name}")
    return list(found)


def _add(
    found: list[dict[tuple[int, Role], PlaceableCode] | RenderError],
    cards: Sequence[Card],
    frame: Frame,
    side: int,
    place: str,
) -> None:
    """Add one frame's code to every card that has no fault yet."""
    sound = [(number, codes) for number, codes in enumerate(found) if not isinstance(codes, RenderError)]
    texts = [cards[number].code(frame.role) for number, _ in sound]
    for (number, codes), code in zip(sound, _MAKERS[frame.role](frame, texts, place), strict=True):
        if isinstance(code, RenderError):
            code.frame = place
            found[number] = code
        else:
            codes[side, frame.role] = code


def _qr_codes(frame: Frame, texts: Sequence[str], place: str) -> list[PlaceableCode | RenderError]:
    options = frame.code
    planned = [_tried(partial(qr_words, level=options.error), text) for text in texts]
    made = qr_codes([plan for plan in planned if not isinstance(plan, RenderError)], options.error)
    drawn = iter(matrix_codes(place, max(options.quiet, QR_QUIET_ZONE), made))
    return [plan if isinstance(plan, RenderError) else next(drawn) for plan in planned]


def _data_matrices(frame: Frame, texts: Sequence[str], place: str) -> list[PlaceableCode | RenderError]:
    planned = [_tried(data_matrix_words, text) for text in texts]
    made = data_matrix_codes([plan for plan in planned if not isinstance(plan, RenderError)])
    drawn = iter(matrix_codes(place, max(frame.code.quiet, DATA_MATRIX_QUIET_ZONE), made))
    return [plan if isinstance(plan, RenderError) else next(drawn) for plan in planned]


def _tried(plan: Callable[[str], _Planned], text: str) -> _Planned | RenderError:
    """The plan for a text, or why there is none."""
    try:
        return plan(text)
    except RenderError as fault:
        return fault


def _bar_codes(frame: Frame, texts: Sequence[str], place: str) -> list[PlaceableCode | RenderError]:
    return [_tried(partial(bar_code, frame, place=place), text) for text in texts]


_MAKERS: Mapping[Role, Callable[[Frame, Sequence[str], str], list[PlaceableCode | RenderError]]] = {
    Role.QR: _qr_codes,
    Role.DATA_MATRIX: _data_matrices,
    Role.CODE_128: _bar_codes,
    Role.EAN: _bar_codes,
}
