from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.bench import Doubt, Scan, Verdict
from app.domain.insert import InsertState
from app.services.bench_words import Words, say
from tests.stored import NOW

SCAN = Scan(
    scope="", id="1", digest="", station="b", who="Mina", scanned_at=NOW, at=NOW, verdict=Verdict.MATCH
)
WORDS = Words(title="card", belongs_to="order 7", parcel="order 8", packed=1, expected=1)


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.UNKNOWN}))
def test_every_verdict_says_what_is_so_and_what_to_do(verdict: Verdict) -> None:
    said = say(replace(SCAN, verdict=verdict), WORDS)
    assert said.headline.endswith(".")
    assert said.advice.endswith(".")


@pytest.mark.parametrize("doubt", sorted(set(Doubt) - {Doubt.NONE}))
def test_every_doubt_too(doubt: Doubt) -> None:
    said = say(replace(SCAN, verdict=Verdict.UNKNOWN, doubt=doubt), WORDS)
    assert said.headline.endswith(".")
    assert said.advice.endswith(".")


def test_what_is_still_to_come_is_named() -> None:
    said = say(SCAN, replace(WORDS, packed=2, expected=3, to_come=("Mug",)))
    assert said.headline == "Right card for order 8: 2 of 3."
    assert said.advice == "Put it in. Still to come: Mug."
    assert "All 3 are in." in say(SCAN, replace(WORDS, packed=3, expected=3)).headline


def test_a_held_piece_says_why_it_waits() -> None:
    held = replace(WORDS, state=InsertState.HELD, reason="the photo is dark.")
    said = say(replace(SCAN, verdict=Verdict.STOPPED), held)
    assert said.headline == "This card is not to be packed. The photo is dark."
    assert "released" not in said.headline
    assert "until somebody releases it" in said.advice


def test_the_print_to_pack_is_counted_from_one() -> None:
    assert "print no. 3" in say(replace(SCAN, verdict=Verdict.VOID), replace(WORDS, generation=2)).advice
