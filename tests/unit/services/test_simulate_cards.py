from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app import occasions
from app.cli.simulated import told
from app.domain.decision import Rule
from app.domain.money import Money
from app.domain.past import Placed, Recorded
from app.domain.policy import OccasionPolicy
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.plugins import discover
from app.services.replay_stream import StreamBrand, replay
from app.services.simulate_cards import SimulateCards, Simulated, _most_within

DATA = Path(__file__).parents[2] / "data"
KNOWN = discover(occasions)
START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def order(name: str, customer: str | None, day: float, promised: float | None = None) -> Recorded:
    return Recorded(
        placed=Placed(
            source_order_id=name,
            customer_key=customer,
            at=START + day * DAY,
            eligible=True,
            categories=frozenset(),
        ),
        value=Money(1000, "EUR"),
        promised_at=None if promised is None else START + promised * DAY,
    )


def simulate(*orders: Recorded) -> Simulated:
    policy = OccasionPolicy(history_complete_since=START, holdout=0.0)
    stream = StreamBrand(time_zone=ZoneInfo("UTC"), policy=policy)
    brand = replace(load_brands(DATA / "brands")["acorn"], policy=policy)
    cards = SimulateCards(brand, load_cards(DATA / "cards")["plain"], KNOWN, b"chance")
    for _ in cards(replay(orders, [], stream, tuple(KNOWN.values()))):
        pass
    return cards.found


def test_a_streams_cards_are_counted_with_their_reasons() -> None:
    found = simulate(
        order("1", "a", 0),
        order("2", "a", 10, promised=12),
        order("3", "a", 20),
        order("4", "a", 30),
        order("5", "b", 5),
        order("6", None, 6),
    )
    assert (found.orders, found.carded, found.most_cards) == (6, 4, 3)
    assert found.by_occasion == {"first": 2, "first_repeat": 1, "after_delay": 1}
    assert found.no_card == {Rule.NO_OCCASION: 1, Rule.GUEST: 1}
    lines = list(told(found, KNOWN))
    assert lines[0] == "4 of 6 orders would have got a card (66.7%):"
    assert "No customer would have got more than 3 cards, or 3 within 365 days." in lines
    assert "         1   50.0%  a guest" in lines


def test_a_second_delay_is_for_a_person() -> None:
    found = simulate(order("1", "a", 0, promised=1), order("2", "a", 10, promised=11), order("3", "a", 20))
    assert found.letters == 1
    assert found.no_card == {Rule.RECOVERY_GAP: 1}
    assert "A person would have been asked to write 1 time." in list(told(found, KNOWN))


def test_nothing_to_say_of_an_empty_stream() -> None:
    assert list(told(simulate(), KNOWN)) == []


def test_the_most_within_a_year() -> None:
    days = [START + n * DAY for n in (0, 100, 364, 365, 800)]
    assert _most_within(days, 365 * DAY) == 3
    assert _most_within([], 365 * DAY) == 0
