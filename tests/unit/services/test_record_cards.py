"""Records as cards: what is wrong is told with the mend, and what is right is what an order would get."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.bench_code import BenchCode, read_bench_code
from app.domain.card import Card
from app.domain.ids import job_id
from app.domain.template import Role
from app.errors import RecordUnusable, RenderError, WordingUnusable
from app.services.record_cards import RecordCards
from tests.cards import PLAIN
from tests.records import BRANDS, SECRET, record

_AT = datetime(2026, 3, 4, tzinfo=UTC)


def _cards(*, brand: str | None = None, **brands: Any) -> RecordCards:
    return RecordCards(
        PLAIN, BRANDS | brands, brand=brand, secret=SECRET, signatures={"acorn": None}, made_at=_AT
    )


def _card(fields: dict[str, Any], *, all_text: bool = False) -> Card:
    cards = _cards()
    return cards.card(cards.record(fields, all_text=all_text))


def test_a_card_says_what_its_record_says() -> None:
    card = _card(record(7, variant="first-plain"))
    assert card.wordings[0].greeting == "Dear Annah,"
    assert (card.qr, card.language, card.made_at) == ("https://acorn.example/7", "en", _AT)
    assert [wording.variant for wording in card.wordings] == ["first-plain", "first-short"]


def test_codes_are_an_orders_made_of_the_plants_secret_and_the_records_id() -> None:
    card = _card(record(7))
    job = job_id("acorn", "r-7", "record")
    assert card.id == card.texts[Role.JOB_CODE] == f"{job}-0"
    assert read_bench_code(SECRET, card.bench_code) == BenchCode("AC", job)
    assert card.seed == _card(record(7, slots={"given_name": "Bo"})).seed
    assert card.seed != _card(record(8)).seed
    assert _card(record(7, seed=5)).seed == 5


def test_fields_may_stand_beside_slots_and_numbers_are_text_in_csv() -> None:
    row = {"id": "1", "language": "en", "url": "https://a.example", "occasion": "high_value_nth"}
    card = _card(row | {"nth_year": "23", "given_name": "", "variant": "", "seed": ""}, all_text=True)
    assert card.wordings[0].headline == "Number 23"
    assert card.wordings[0].greeting == "Hello,"


def test_without_an_occasion_a_card_speaks_of_none() -> None:
    assert _card(record(1, occasion=None)).occasion == "generic"
    assert _card(record(1, occasion=None, variant="first-plain")).occasion == "first"


def test_a_name_that_does_not_fit_is_never_left_out_in_silence() -> None:
    assert all("Annab" in wording.greeting for wording in _card(record(1)).wordings)


@pytest.mark.parametrize(
    ("changes", "fault", "mend"),
    [
        ({"id": None}, "id is missing", "name each record"),
        ({"id": "x" * 101}, "id is not a text of up to 100", "use a short key"),
        ({"id": "a\nb"}, "id is not a text", "use a short key"),
        ({"id": True}, "id is not a text", "use a short key"),
        ({"language": None}, "language is missing", "add it"),
        ({"language": "xx"}, "'xx' is no language", "use one of: en"),
        ({"language": 5}, "language must be text, not a number", "put it in quotes"),
        ({"url": None}, "url is missing", "add the link"),
        ({"url": "acorn.example"}, "url is no link", "write https://"),
        ({"occasion": "birthday"}, "'birthday' is no occasion in 'en'", "use one of: after_delay"),
        ({"variant": "none"}, "'none' is no wording in 'en'", "use one of: "),
        ({"variant": "generic-plain"}, "is for 'generic', not 'first'", "leave out occasion or variant"),
        ({"brand": "oak"}, "'oak' is no brand", "use one of: acorn"),
        ({"brand": ["acorn"]}, "brand must be text, not a list", "put it in quotes"),
        ({"seed": -1}, "seed is no whole number", "leave it out"),
        ({"slots": []}, "slots is no object", "write"),
        ({"slots": {"name": "A"}}, "name is no slot of plain", "known are: brand, category"),
        ({"given_name": "B"}, "given_name is there twice", "say it once"),
        ({"slots": {"given_name": 5}}, "given_name must be text, not a number", "put it in quotes"),
        ({"slots": {"story": "word " * 5000}}, "story has 25,000 characters", "shorten it"),
        ({"slots": {"nth_year": "23"}}, "nth_year must be a whole number, not '23'", "write such as 23"),
        ({"slots": {"nth_year": 2.5}}, "nth_year must be a whole number, not a fraction", "such as 23"),
        ({"slots": {"nth_year": True}}, "must be a whole number, not true or false", "such as 23"),
        ({"occasion": "high_value_nth"}, "nth_year is missing, which every wording for", "add it"),
        (
            {"occasion": None, "variant": "new-category-plain"},
            "category is missing, which the wording",
            "add",
        ),
    ],
)
def test_what_is_wrong_with_a_record_is_told_with_the_mend(
    changes: dict[str, Any], fault: str, mend: str
) -> None:
    with pytest.raises(RenderError) as caught:
        _card(record(1, **changes))
    assert isinstance(caught.value, RecordUnusable | WordingUnusable)
    assert fault in caught.value.detail
    assert mend in caught.value.mend


def test_a_brand_is_named_or_told_by_its_name_or_the_only_one() -> None:
    oak = replace(BRANDS["acorn"], code="oak", key="OK", name="Oak")
    both = _cards(oak=oak)
    with pytest.raises(RecordUnusable, match="cannot be told"):
        both.record(record(1), all_text=False)
    assert both.record(record(1, brand="oak"), all_text=False).brand is oak
    assert both.record(record(1, slots={"brand": "Oak"}), all_text=False).brand is oak
    given = _cards(brand="oak", oak=oak)
    assert given.record(record(1), all_text=False).brand is oak
    assert given.record(record(1, brand="acorn"), all_text=False).brand is BRANDS["acorn"]


def test_a_brand_speaks_its_languages_only() -> None:
    german = replace(BRANDS["acorn"], languages=("de",))
    with pytest.raises(RecordUnusable, match="does not speak 'en'"):
        _cards(acorn=german).record(record(1, brand="acorn"), all_text=False)
