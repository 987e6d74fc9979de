from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.domain.bench_code import BenchCode, read_bench_code
from app.domain.card import Card, card_document, card_from
from app.domain.customer import Customer
from app.domain.decision import Decision
from app.domain.ids import job_id, order_id
from app.domain.money import Money
from app.domain.occasion import Match
from app.domain.order import Gift, Job, Order
from app.domain.template import Role
from app.errors import WordingUnusable
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.selection.wording import generic_decision
from app.services.compose_card import compose

DATA = Path(__file__).parents[2] / "data"
PLAIN = load_cards(DATA / "cards")["plain"]
ACORN = load_brands(DATA / "brands")["acorn"]
NOW = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
SECRET = bytes(range(32))
JOB = job_id("acorn", "A-100", "1")
ORDER = Order(
    brand="acorn",
    source="native",
    source_order_id="A-100",
    placed_at=NOW,
    value=Money(4200, "EUR"),
    customer=Customer(id="7", given_name="Amira"),
    jobs=(Job(source_item_id="1", sku="CAL-A3", category="calendars"),),
)
DECISION = Decision(
    match=Match(occasion="high_value_nth", reason="23rd", slots={"nth_year": 23}),
    template="plain",
    variant="high-value-nth-plain",
    language="en",
    reason="23rd",
    considered=(),
    policy_version="1",
)


def made(order: Order = ORDER, decision: Decision = DECISION, generation: int = 0) -> Card:
    return compose(
        order,
        decision,
        ACORN,
        PLAIN,
        job_id=JOB,
        generation=generation,
        secret=SECRET,
        signature_sha=None,
        made_at=NOW,
    )


def test_every_word_is_resolved() -> None:
    card = made()
    assert card.id == f"{JOB}-0"
    assert card.wordings[0].headline == "Number 23"
    assert card.wordings[0].greeting == "Dear Amira,"
    assert card.wordings[0].message == "This is your 23rd order this year. Thank you."
    assert card.texts == {
        Role.SIGNATURE: "Ida Holm",
        Role.SIGNER: "Ida Holm, packs your parcels",
        Role.FACTS: "Acorn, Elm Lane 4, Testham",
        Role.QR_LABEL: "Say hello",
        Role.JOB_CODE: f"{JOB}-0",
    }
    assert card.qr == f"https://acorn.example/hello/{order_id('acorn', 'A-100')}"
    assert (card.direction, card.hand, card.profile) == ("ltr", "hand", "isocoated-v2-300")


def test_shorter_wordings_follow_the_chosen_one_and_then_both_without_the_name() -> None:
    assert [(w.variant, w.greeting) for w in made().wordings] == [
        ("high-value-nth-plain", "Dear Amira,"),
        ("high-value-nth-short", "Dear Amira,"),
        ("high-value-nth-plain", "Hello,"),
        ("high-value-nth-short", "Hello,"),
    ]


def test_words_that_hold_the_name_are_not_said_without_it() -> None:
    named = replace(PLAIN.variant("first-plain", "en"), id="named", requires=frozenset({"given_name"}))
    family = replace(PLAIN, variants=(*PLAIN.variants, named))
    first = replace(DECISION, match=Match(occasion="first", reason="first"), variant="named")
    card = compose(
        ORDER, first, ACORN, family,
        job_id=JOB, generation=0, secret=SECRET, signature_sha=None, made_at=NOW,
    )  # fmt: skip
    assert [w.variant for w in card.wordings] == ["named", "first-short", "first-short"]


def test_the_bench_code_names_the_job() -> None:
    assert read_bench_code(SECRET, made(generation=2).bench_code) == BenchCode("AC", JOB, generation=2)


def test_a_reprint_is_written_by_the_same_hand() -> None:
    first, again = made(), made(generation=1)
    assert again.id == f"{JOB}-1"
    assert again.seed == first.seed
    assert first.seed < 2**48


def test_another_plant_writes_another_way() -> None:
    other = compose(
        ORDER, DECISION, ACORN, PLAIN,
        job_id=JOB, generation=0, secret=bytes(32), signature_sha=None, made_at=NOW,
    )  # fmt: skip
    assert other.seed != made().seed


def test_without_a_name_it_greets_without_one() -> None:
    assert made(replace(ORDER, customer=Customer(id="7"))).wordings[0].greeting == "Hello,"


def test_a_gift_greets_the_recipient() -> None:
    gift = replace(ORDER, gift=Gift(recipient_name="Noor"))
    card = made(gift, replace(DECISION, variant="generic-plain"))
    assert card.occasion == "generic"
    assert card.wordings[0].greeting == "Dear Noor,"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "x" * 10_000, "Ami\x00ra", "\u202earimA", "\ud800", "{nth_year}"]
)
def test_a_hostile_name_never_reaches_paper(name: str) -> None:
    card = made(replace(ORDER, customer=Customer(given_name=name)))
    text = json.dumps(card_document(card), ensure_ascii=False)
    assert card.wordings[0].greeting in {"Hello,", "Dear Amira,", "Dear Arima,", "Dear arimA,"}
    assert not any(mark in text for mark in ("<", "\\u0000", "\u202e", "{nth", "xxx"))


def test_a_card_for_no_card_is_an_error() -> None:
    nothing = replace(DECISION, match=None, template=None, variant=None, language=None)
    with pytest.raises(WordingUnusable, match="no card was chosen"):
        made(decision=nothing)


def test_a_wording_that_is_gone_is_an_error() -> None:
    with pytest.raises(WordingUnusable, match="has no wording 'gone'"):
        made(decision=replace(DECISION, variant="gone"))


def test_a_language_that_the_brand_gave_up_is_an_error_and_the_generic_card_takes_another() -> None:
    german = tuple(replace(v, language="de") for v in PLAIN.variants)
    family = replace(PLAIN, variants=(*PLAIN.variants, *german))
    decision = replace(DECISION, language="de")
    with pytest.raises(WordingUnusable, match="does not speak 'de' any more"):
        compose(
            ORDER, decision, ACORN, family,
            job_id=JOB, generation=0, secret=SECRET, signature_sha=None, made_at=NOW,
        )  # fmt: skip
    assert generic_decision(decision, family, ACORN, ORDER, seed=b"s", why="x").language == "en"


def test_a_missing_figure_is_an_error() -> None:
    bare = replace(DECISION, match=Match(occasion="high_value_nth", reason="23rd"))
    with pytest.raises(WordingUnusable, match="needs nth_year"):
        made(decision=bare)


def test_a_stored_card_comes_back_exactly() -> None:
    card = replace(made(), made_at=NOW.astimezone(timezone(timedelta(0))), signature="ab" * 32)
    again = card_from(json.loads(json.dumps(card_document(card))))
    assert again == card
    assert again.texts.keys() == card.texts.keys()
    assert all(isinstance(role, Role) for role in again.texts)
    assert again.made_at.utcoffset() == timedelta(0)
    assert card_document(again) == card_document(card)
