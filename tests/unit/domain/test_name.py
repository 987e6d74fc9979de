from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.name import LONGEST_GREETED, greetable

GREETED = {
    "Amira": "Amira",
    "AMIRA": "Amira",
    "amira": "Amira",
    "jean-luc": "Jean-Luc",
    "ANNE-MARIE": "Anne-Marie",
    "o'neil": "O’Neil",
    "D`Arcy": "D’Arcy",
    "JP": "JP",
    "McKenzie": "McKenzie",
    "IŞIL": "IŞIL",
    "JÜRGEN": "Jürgen",
    "Zoë 🌸": "Zoë",
    "Amira ❤️": "Amira",
    "Ma\u0301ria": "Mária",
    "  Grandma   & Grandpa ": "Grandma & Grandpa",
    "李小龍": "李小龍",
    "ΓΙΏΡΓΟΣ": "ΓΙΏΡΓΟΣ",
    "Мария": "Мария",
    "נועה": "נועה",
    "نادية": "نادية",
    "प्रिया": "प्रिया",
    "สมชาย": "สมชาย",
    "می\u200cنا": "می\u200cنا",
    "\u200fنادية\u200e": "نادية",
    "Nguyễn": "Nguyễn",
}


@pytest.mark.parametrize(("written", "greeted"), GREETED.items())
def test_greets_as_a_letter_would(written: str, greeted: str) -> None:
    assert greetable(written) == greeted


@pytest.mark.parametrize(
    "written",
    ["", " ", "-", ".", "N/A", "n.a.", "Guest", "null", "TEST", "Amira2", "a@b.example", "www.x.example/1",
     "<b>Amira</b>", "{given_name}", "x" * (LONGEST_GREETED + 1), "A" + "\u0301" * 9, "🌸", "Amira; DROP"],
)  # fmt: skip
def test_greets_nobody_by_what_is_no_name(written: str) -> None:
    assert greetable(written) == ""


@given(st.text(max_size=60))
def test_what_is_greeted_is_printable_and_stays_so(written: str) -> None:
    greeted = greetable(written)
    assert len(greeted) <= LONGEST_GREETED
    assert not set("<>{}@/\\\n\t\u202e\u2066") & set(greeted)
    assert greeted.encode().decode() == greeted
    assert greetable(greeted) == greeted
