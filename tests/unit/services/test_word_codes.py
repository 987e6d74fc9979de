from __future__ import annotations

import pytest

from app.domain.template import Role
from app.errors import WordingUnusable
from app.registry.cards import load_card
from app.services.word_codes import CodeWords
from tests.cards import PLAIN
from tests.plant import DATA

CODED = CodeWords(load_card(DATA / "code_cards" / "coded"))
SLOTS = {"gtin": "4006381333931", "order_no": "1’042", "batch": "{x}"}


def test_codes_say_what_their_patterns_name() -> None:
    assert CODED.say(SLOTS, link="https://a.example/1", bench_code="AC1") == {
        Role.QR: "https://a.example/1",
        Role.EAN: "4006381333931",
        Role.CODE_128: "1’042-{x}",
    }


def test_codes_without_a_pattern_are_left_to_the_card() -> None:
    assert CodeWords(PLAIN).say(SLOTS, link="", bench_code="") == {}


@pytest.mark.parametrize("gtin", [{}, {"gtin": ""}])
def test_a_missing_slot_is_told_with_its_frame(gtin: dict[str, str]) -> None:
    with pytest.raises(WordingUnusable, match="the EAN on the back needs gtin") as caught:
        CODED.say({**SLOTS, "gtin": ""} | gtin, link="u", bench_code="b")
    assert caught.value.frame == "the EAN on the back"
