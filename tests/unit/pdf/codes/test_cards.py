from __future__ import annotations

import pytest

from app.domain.template import Role
from app.errors import ArtworkUnusable, RenderError
from app.pdf.codes.cards import codes_of, codes_of_block
from tests.cards import PLAIN, card

BACK = 1


def test_a_block_gives_each_card_the_codes_that_it_has_alone() -> None:
    cards = [card(qr=f"https://acorn.example/{number}", bench_code=f"AC{number}") for number in range(9)]
    assert codes_of_block(PLAIN, cards) == [codes_of(PLAIN, each) for each in cards]
    assert set(codes_of(PLAIN, cards[0])) == {(BACK, Role.QR), (BACK, Role.DATA_MATRIX)}


def test_one_cards_fault_is_no_others() -> None:
    cards = [card(), card(qr="x" * 3000), card(), card(bench_code="")]
    found = codes_of_block(PLAIN, cards)
    faults = [codes if isinstance(codes, RenderError) else None for codes in found]
    assert [fault.frame if fault else None for fault in faults] == [
        None,
        "the QR code on the back",
        None,
        "the Data Matrix on the back",
    ]
    assert found[0] == codes_of(PLAIN, cards[0])


def test_one_card_alone_raises_its_fault() -> None:
    with pytest.raises(ArtworkUnusable, match="3000 characters do not fit a QR code"):
        codes_of(PLAIN, card(qr="x" * 3000))
