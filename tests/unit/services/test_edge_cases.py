"""The edge cases that occasions must hold, each by its name.

`LIST` is the design's list, in its order and words. A case that has no test, or a test that is no case of the
list, fails.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.decision import Arm, Outcome, Rule
from app.domain.order import Gift
from app.domain.policy import OccasionPolicy
from app.selection.decide import decide
from app.selection.holdout import assign
from tests import custom_rules, ledger
from tests.naive import Heard, Purchase, Refund, Rules, Tags, Told
from tests.reception import NOW as TODAY
from tests.reception import Reception, native_order, open_reception
from tests.unit.selection.test_decide import FACTS, HELD_OUT, ORDER, PLAIN, case, chosen, outcomes, sent

LIST = (
    "same-timestamp orders and the id tie-break",
    "one customer twice in a batch",
    "exactly 365 d (no)",
    "365 d and a second (yes)",
    "same-date anniversary",
    "29 Feb",
    "DST",
    "31 Dec 23:59 in the brand's zone against UTC",
    "22nd/23rd/24th",
    "the 23rd after a cancellation",
    "year rollover",
    "spend exactly at the threshold",
    "population 49/50",
    "refunds pushing spend below",
    "refunds pushing spend negative",
    "first order cancelled before the second",
    "first order cancelled after the second",
    "cancel timestamp equal to order timestamp",
    "previous order late",
    "previous order undelivered past promise",
    "previous order not yet due",
    "previous order delivered late but after this order",
    "previous order without a promise",
    "previous order cancelled",
    "previous order with a split shipment",
    "previous order with a promise revised",
    "category unknown",
    "category renamed",
    "several categories an order",
    "category seen only in a cancelled order",
    "zero-value orders",
    "reprint orders",
    "edited orders",
    "duplicate webhooks",
    "out-of-order arrival",
    "backfill after a card was printed",
    "import boundary",
    "merge and un-merge",
    "merge across arms",
    "guest",
    "marketplace shared id",
    "brand isolation",
    "mixed currency",
    "gift recipient is not the buyer",
    "missing birthday",
    "invalid birthday",
    "erased customer",
    "recovery and high value together",
    "second delay within the cap",
    "all variants exhausted",
    "holdout stable across restarts",
    "holdout stable across rule edits",
    "rule with an unknown fact",
    "rule with a value of the wrong type",
    "rule with a missing fact under not",
    "rule nested deeply",
)
CASES: dict[str, Callable[[], None]] = {}
NOON = datetime(2025, 6, 4, 12, tzinfo=UTC)
SECOND, HOUR, DAY, YEAR = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=365)
NEW_YORK = ZoneInfo("America/New_York")
_PROMISED: dict[str, Any] = {"promised": NOON - 3 * DAY}


def edge(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def put(test: Callable[[], None]) -> Callable[[], None]:
        assert name not in CASES
        CASES[name] = test
        return test

    return put


@pytest.mark.parametrize("name", LIST)
def test_edge(name: str) -> None:
    CASES[name]()


def test_every_edge_case_has_its_test_and_every_test_is_one_of_them() -> None:
    assert set(LIST) == set(CASES)
    assert len(LIST) == len(set(LIST))


def bought(name: str, at: datetime, **more: Any) -> Purchase:
    said: dict[str, Any] = {"id": name, "customer": "id:1", "at": at}
    return Purchase(**(said | more))


def tags(*orders: Purchase, refunds: tuple[Refund, ...] = (), **rules: Any) -> dict[str, Tags]:
    return ledger.tag_all(orders, refunds, Rules(**rules))


def holds(occasion: str, *orders: Purchase, **rules: Any) -> bool:
    """Whether it holds for the last of the orders."""
    return occasion in tags(*orders, **rules)[orders[-1].id].occasions


@edge("same-timestamp orders and the id tie-break")
def _() -> None:
    found = tags(bought("b", NOON), bought("a", NOON), bought("É", NOON))
    assert [found[name].n_prior for name in ("a", "b", "É")] == [0, 1, 2]


@edge("one customer twice in a batch")
def _() -> None:
    found = tags(bought("2", NOON), bought("1", NOON - HOUR))
    assert "first" in found["1"].occasions
    assert "first_repeat" in found["2"].occasions


@edge("exactly 365 d (no)")
def _() -> None:
    assert not holds("win_back", bought("1", NOON - YEAR), bought("2", NOON))


@edge("365 d and a second (yes)")
def _() -> None:
    assert holds("win_back", bought("1", NOON - YEAR - SECOND), bought("2", NOON))


@edge("same-date anniversary")
def _() -> None:
    then = bought("1", NOON - YEAR)
    assert holds("customer_anniversary", then, bought("2", NOON))
    assert not holds("customer_anniversary", then, bought("2", NOON - DAY))
    assert not holds("customer_anniversary", then, bought("2", NOON - YEAR + HOUR))


@edge("29 Feb")
def _() -> None:
    then = bought("1", datetime(2024, 2, 29, 12, tzinfo=UTC))
    kept = {
        day: holds("customer_anniversary", then, bought("2", datetime(*day, 12, tzinfo=UTC)))
        for day in ((2025, 2, 28), (2025, 3, 1), (2028, 2, 28), (2028, 2, 29))
    }
    assert [day for day, is_kept in kept.items() if is_kept] == [(2025, 2, 28), (2028, 2, 29)]


@edge("DST")
def _() -> None:
    # The day on which clocks go forward begins at 05:00 UTC in New York and ends at 04:00: 23 hours.
    day = datetime(2025, 3, 9, 5, tzinfo=UTC)
    told = (Told(customer="id:1", at=day - YEAR, what="birthday_given", birthday=(3, 9)),)
    for at, kept in (
        (day - SECOND, False),
        (day, True),
        (day + 23 * HOUR - SECOND, True),
        (day + 23 * HOUR, False),
    ):
        assert holds("birthday", bought("1", at), zone=NEW_YORK, told=told) is kept
    # A year of 365 × 24 hours is not moved by them.
    assert not holds("win_back", bought("1", day + HOUR), bought("2", day + HOUR + YEAR), zone=NEW_YORK)


@edge("31 Dec 23:59 in the brand's zone against UTC")
def _() -> None:
    at = datetime(2024, 12, 31, 23, 59, tzinfo=NEW_YORK).astimezone(UTC)
    orders = (
        bought("1", datetime(2024, 7, 1, tzinfo=UTC)),
        bought("2", at),
        bought("3", at + 2 * timedelta(minutes=1)),
    )
    assert [one.nth_year for one in tags(*orders, zone=NEW_YORK).values()] == [1, 2, 1]
    assert [one.nth_year for one in tags(*orders).values()] == [1, 1, 2]


def _year_of(count: int, **last: Any) -> list[Purchase]:
    """So many orders of one year, the last one with what is said of it."""
    start = datetime(2025, 1, 2, tzinfo=UTC)
    orders = [bought(f"{n:02}", start + n * DAY) for n in range(1, count + 1)]
    return [*orders[:-1], replace(orders[-1], **last)]


@edge("22nd/23rd/24th")
def _() -> None:
    for count, is_it in ((22, False), (23, True), (24, False)):
        assert holds("high_value_nth", *_year_of(count), population=1) is is_it


@edge("the 23rd after a cancellation")
def _() -> None:
    orders = _year_of(24)
    orders[4] = replace(orders[4], cancelled=orders[5].at)
    found = tags(*orders, population=1)
    assert [name for name, one in found.items() if "high_value_nth" in one.occasions] == ["24"]


@edge("year rollover")
def _() -> None:
    new_year = datetime(2025, 1, 1, tzinfo=UTC)
    orders = [bought(f"{n:02}", new_year - SECOND - n * DAY) for n in range(22)]
    assert not holds("high_value_nth", *orders, bought("later", new_year), population=1)
    assert holds("high_value_nth", *orders, bought("later", new_year - SECOND / 2), population=1)


def _spenders(*spent: int) -> list[Purchase]:
    """Others, who each spent so much ten days ago."""
    return [
        bought(f"o{n}", NOON - 10 * DAY, customer=f"id:o{n}", value=value) for n, value in enumerate(spent)
    ]


def _high(mine: int, *others: int, refunds: tuple[Refund, ...] = (), **rules: Any) -> bool:
    own = [bought("1", NOON - 2 * DAY, value=mine), bought("2", NOON)]
    return holds("high_value_nth", *_spenders(*others), *own, refunds=refunds, milestones=(2,), **rules)


@edge("spend exactly at the threshold")
def _() -> None:
    # T is the ninth of ten, with the customer's own spend among them.
    others = (1, 1, 1, 1, 1, 1, 1, 500, 900)
    assert _high(500, *others, population=10)
    assert not _high(499, *others, population=10)


@edge("population 49/50")
def _() -> None:
    assert not _high(9_000, *range(1, 49))
    assert _high(9_000, *range(1, 50))


@edge("refunds pushing spend below")
def _() -> None:
    others = (1, 1, 1, 1, 1, 1, 1, 500, 900)
    back = Refund(customer="id:1", at=NOON - SECOND, value=-1)
    assert not _high(500, *others, refunds=(back,), population=10)
    assert _high(500, *others, refunds=(replace(back, at=NOON),), population=10)


@edge("refunds pushing spend negative")
def _() -> None:
    back = Refund(customer="id:1", at=NOON - 2 * DAY, value=-9_000)
    others, own = _spenders(1, 2, 3), [bought("1", NOON - 3 * DAY), bought("2", NOON)]
    found = tags(*others, *own, refunds=(back,), population=1, milestones=(2,))
    # Who gave back more than they spent is one of those whom T is of, and the last of them.
    assert (found["2"].spend, found["2"].threshold, found["2"].population) == (-8_000, 3, 4)
    assert "high_value_nth" not in found["2"].occasions


@edge("first order cancelled before the second")
def _() -> None:
    assert holds("first", bought("1", NOON - DAY, cancelled=NOON - HOUR), bought("2", NOON))


@edge("first order cancelled after the second")
def _() -> None:
    assert holds("first_repeat", bought("1", NOON - DAY, cancelled=NOON + SECOND), bought("2", NOON))


@edge("cancel timestamp equal to order timestamp")
def _() -> None:
    assert holds("first", bought("1", NOON - DAY, cancelled=NOON), bought("2", NOON))
    assert holds("first", bought("1", NOON - DAY, cancelled=NOON - DAY), bought("2", NOON))


def _after_delay(**before: Any) -> bool:
    return holds("after_delay", bought("1", NOON - 9 * DAY, **before), bought("2", NOON))


@edge("previous order late")
def _() -> None:
    assert _after_delay(**_PROMISED, delivered=NOON - 3 * DAY + SECOND)
    assert not _after_delay(**_PROMISED, delivered=NOON - 3 * DAY)


@edge("previous order undelivered past promise")
def _() -> None:
    assert _after_delay(promised=NOON - SECOND)


@edge("previous order not yet due")
def _() -> None:
    assert not _after_delay(promised=NOON)


@edge("previous order delivered late but after this order")
def _() -> None:
    assert _after_delay(**_PROMISED, delivered=NOON + DAY)
    assert not _after_delay(promised=NOON + HOUR, delivered=NOON + DAY)


@edge("previous order without a promise")
def _() -> None:
    assert not _after_delay(delivered=NOON - DAY)


@edge("previous order cancelled")
def _() -> None:
    assert not _after_delay(**_PROMISED, cancelled=NOON - DAY)
    in_time = bought("0", NOON - 20 * DAY, promised=NOON - 10 * DAY, delivered=NOON - 11 * DAY)
    gone = bought("1", NOON - 9 * DAY, **_PROMISED, cancelled=NOON - DAY)
    assert not holds("after_delay", in_time, gone, bought("2", NOON))


@edge("previous order with a split shipment")
def _() -> None:
    def parcel(name: str, at: datetime) -> Heard:
        return Heard(what="delivered", at=at, id=name, parcel=name)

    def came(second: datetime) -> bool:
        events = (parcel("A", NOON - 5 * DAY), parcel("B", second))
        with ledger.ledger() as tx:
            before = bought("1", NOON - 9 * DAY, **_PROMISED)
            ledger.record(tx, "acorn", [before])
            tx.order_events.record("acorn", "1", map(ledger.order_event, events), received_at=ledger.NOW)
            found = ledger.engine_tags(tx, bought("2", NOON), ledger.brand_of(Rules()))
        return "after_delay" in found.occasions

    assert not came(NOON - 4 * DAY)
    assert came(NOON - 2 * DAY)


@edge("previous order with a promise revised")
def _() -> None:
    assert not _after_delay(**_PROMISED, revised=((NOON - 4 * DAY, NOON + DAY),))
    assert _after_delay(**_PROMISED, revised=((NOON + SECOND, NOON + DAY),))
    assert _after_delay(promised=NOON + DAY, revised=((NOON, NOON - HOUR),))


def _new(before: set[str], now: set[str], *, cancelled: datetime | None = None, **rules: Any) -> bool:
    first = bought("1", NOON - 9 * DAY, categories=frozenset(before), cancelled=cancelled)
    return holds("new_category", first, bought("2", NOON, categories=frozenset(now)), **rules)


@edge("category unknown")
def _() -> None:
    assert not _new({"mug"}, set())
    assert _new(set(), {"mug"})


@edge("category renamed")
def _() -> None:
    # A category is its code: another code is another category, and new once.
    assert _new({"mug"}, {"cup"})
    first = bought("1", NOON - 9 * DAY, categories=frozenset({"mug"}))
    second = bought("2", NOON - DAY, categories=frozenset({"cup"}))
    assert not holds("new_category", first, second, bought("3", NOON, categories=frozenset({"cup"})))


@edge("several categories an order")
def _() -> None:
    assert _new({"mug"}, {"mug", "bag"})
    assert not _new({"mug"}, {"mug", "bag"}, strict=True)
    assert _new({"mug"}, {"card", "bag"}, strict=True)


@edge("category seen only in a cancelled order")
def _() -> None:
    orders = (
        bought("0", NOON - 20 * DAY, categories=frozenset({"mug"})),
        bought("1", NOON - 9 * DAY, categories=frozenset({"bag"}), cancelled=NOON - DAY),
        bought("2", NOON, categories=frozenset({"bag"})),
    )
    assert holds("new_category", *orders)


@edge("zero-value orders")
def _() -> None:
    found = tags(bought("1", NOON - DAY, value=0), bought("2", NOON))
    assert "first" in found["2"].occasions
    assert found["1"].occasions == frozenset()


@edge("reprint orders")
def _() -> None:
    found = tags(bought("1", NOON - DAY), bought("2", NOON - HOUR, sale=False), bought("3", NOON))
    assert found["2"].occasions == frozenset()
    assert "first_repeat" in found["3"].occasions


@contextmanager
def reception() -> Iterator[Reception]:
    with tempfile.TemporaryDirectory() as folder, open_reception(Path(folder)) as opened:
        yield opened


def order(name: str, days_ago: float, **changed: Any) -> dict[str, Any]:
    least: dict[str, Any] = {"promised_at": None, "needed_by": None, "customer": {"id": "7"}}
    return native_order(id=name, placed_at=(TODAY - days_ago * DAY).isoformat()) | least | changed


def tell(opened: Reception, path: str, **event: Any) -> int:
    said = {"id": "e", "at": TODAY.isoformat()} | event
    headers = {"X-Api-Key": opened.key}
    answer = opened.client.post(f"/v1/{path}/events?brand=fernweh", json={"events": [said]}, headers=headers)
    return answer.status_code


def occasion(opened: Reception, *args: Any, **changed: Any) -> str | None:
    found: str | None = opened.post(order(*args, **changed)).json()["tag"]["occasion"]
    return found


def diffs(opened: Reception) -> list[tuple[str, str | None, str | None]]:
    return [(d["cause"], d["before"], d["after"]) for d in opened.get("/v1/diffs").json()["diffs"]]


@edge("edited orders")
def _() -> None:
    with reception() as opened:
        assert opened.post(order("A", 3)).status_code == 201
        edited = opened.post(order("A", 3, value={"minor": 1, "currency": "EUR"}))
        assert edited.status_code == 409
        assert opened.post(order("B", 1)).json()["tag"]["facts"]["spend_365"] == 4590


@edge("duplicate webhooks")
def _() -> None:
    with reception() as opened:
        first, again = opened.post(order("A", 3)), opened.post(order("A", 3))
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.content == first.content
        assert [tell(opened, "orders/A", type="cancelled") for _ in "12"] == [200, 200]
        assert opened.counts()["inserts"] == 1


@edge("out-of-order arrival")
def _() -> None:
    with reception() as opened:
        assert occasion(opened, "C", 1) == "first"
        occasion(opened, "A", 3)
        assert opened.post(order("B", 2)).json()["tag"]["facts"]["n_prior"] == 1
        assert opened.post(order("D", 0)).json()["tag"]["facts"]["n_prior"] == 3
        assert diffs(opened)[-1] == ("order", "first", "first_repeat")


@edge("backfill after a card was printed")
def _() -> None:
    with reception() as opened:
        printed = opened.post(order("B", 1)).json()
        before = opened.counts()["inserts"]
        occasion(opened, "A", 5)
        assert opened.counts()["inserts"] == before
        assert opened.get(f"/v1/orders/{printed['id']}").json()["card"] == printed["card"]
        assert diffs(opened) == [("order", "first", "first_repeat")]


@edge("import boundary")
def _() -> None:
    with reception() as opened:
        past = bought("old", TODAY - 3 * DAY, customer="id:7")
        with opened.services.store.transaction() as tx:
            tx.recording.orders("fernweh", [ledger.recorded(past)], source="history", at=TODAY)
        assert occasion(opened, "new", 1) == "first_repeat"
        assert opened.post(order("old", 3)).status_code == 409
        assert opened.counts()["tags"] == 1


@edge("merge and un-merge")
def _() -> None:
    with reception() as opened:
        occasion(opened, "A", 3, customer={"id": "8"})
        assert occasion(opened, "B", 1) == "first"
        tell(opened, "customers/id:8", id="m", type="merged", into="id:7")
        tell(opened, "customers/id:8", id="u", type="unmerged", at=(TODAY + SECOND).isoformat())
        assert diffs(opened) == [("unmerged", "first_repeat", "first"), ("merged", "first", "first_repeat")]


def _in_arm(arm: Arm) -> str:
    keys = (f"id:{n}" for n in range(1000))
    return next(key for key in keys if assign(b"s", "acorn", OccasionPolicy(), key).arm is arm)


@edge("merge across arms")
def _() -> None:
    one, other = _in_arm(Arm.CARDS), _in_arm(Arm.HOLDOUT)
    for remains, arm in ((one, Arm.CARDS), (other, Arm.HOLDOUT)):
        found = assign(b"s", "acorn", OccasionPolicy(), remains, merged=(one, other))
        assert (found.arm, found.crossed) == (arm, True)


@edge("guest")
def _() -> None:
    found = tags(bought("1", NOON - DAY, customer=None), bought("2", NOON, customer=None))
    assert found["2"].occasions == frozenset()
    with reception() as opened:
        said = opened.post(order("A", 1, customer={"given_name": "Ida"})).json()
        assert (said["tag"]["occasion"], said["card"]) == (None, None)
        assert said["tag"]["reason"] == "a guest: without a customer there is no history to go by"


@edge("marketplace shared id")
def _() -> None:
    # One id for all buyers is one customer, who is new once; mapped to nobody, none of them ever is.
    shared = [bought(f"{n}", NOON - n * DAY, customer="id:market") for n in range(3)]
    assert sum("first" in one.occasions for one in tags(*shared).values()) == 1
    nobody = [replace(one, customer=None) for one in shared]
    assert not any(one.occasions for one in tags(*nobody).values())


@edge("brand isolation")
def _() -> None:
    with ledger.ledger() as tx:
        ledger.record(tx, "oak", [bought("1", NOON - DAY)])
        assert "first" in ledger.engine_tags(tx, bought("2", NOON), ledger.brand_of(Rules())).occasions


@edge("mixed currency")
def _() -> None:
    found = tags(
        bought("1", NOON - DAY, currency="USD"), bought("2", NOON - HOUR, value=70), bought("3", NOON)
    )
    assert (found["3"].n_prior, found["3"].spend) == (2, 70)


@edge("gift recipient is not the buyer")
def _() -> None:
    gift = replace(ORDER, gift=Gift(recipient_name="Noor"))
    decision = decide(case("high_value_nth", "gift", order=gift))
    wording = PLAIN.variant(decision.variant or "", decision.language or "")
    assert wording.requires <= {"given_name", "signer", "brand", "story"}
    assert decide(case("win_back", order=gift)).variant == "generic-plain"
    assert chosen(decide(case("after_delay", order=gift))) is None
    with reception() as opened:
        given = opened.post(
            order("A", 1, gift={"recipient_name": "Noor"}, customer={"id": "7", "given_name": "Ida"})
        )
        assert "Ida" not in repr(given.json()["card"])


@edge("missing birthday")
def _() -> None:
    assert not holds("birthday", bought("1", NOON))


@edge("invalid birthday")
def _() -> None:
    with reception() as opened:
        for wrong in ("02-30", "13-01", "00-00", "1990-05-17", "soon"):
            answer = opened.post(order("A", 1, customer={"id": "7", "birthday": wrong}))
            assert answer.status_code == 422, wrong
            assert answer.json()["violations"][0]["pointer"] == "/customer/birthday"
        assert tell(opened, "customers/id:7", type="birthday_given", birthday="02-30") == 422


@edge("erased customer")
def _() -> None:
    with reception() as opened:
        occasion(opened, "A", 3)
        assert tell(opened, "customers/id:7", type="erased", at=(TODAY - 2 * DAY).isoformat()) == 200
        back = opened.post(order("B", 1)).json()["tag"]
        assert (back["facts"]["n_prior"], back["facts"]["history_complete"]) == (0, False)
        assert back["occasion"] != "first"


@edge("recovery and high value together")
def _() -> None:
    decision = decide(case("high_value_nth", "after_delay"))
    assert outcomes(decision) == {"after_delay": Outcome.CHOSEN, "high_value_nth": Outcome.OUTRANKED}


@edge("second delay within the cap")
def _() -> None:
    decision = decide(case("after_delay", "high_value_nth", cards=(sent("after_delay", 179),)))
    assert (decision.has_card, decision.because) == (False, Rule.RECOVERY_GAP)
    assert decision.write_by_hand


@edge("all variants exhausted")
def _() -> None:
    had = tuple(sent("win_back", 400, one.id) for one in PLAIN.variants if one.occasion == "win_back")
    assert decide(case("win_back", cards=had)).because is Rule.EXHAUSTED


@edge("holdout stable across restarts")
def _() -> None:
    # Drawn by the key alone: a figure from another process, another day.
    assert assign(b"s", "acorn", OccasionPolicy(), "id:0").drawn == 0.5032047285675887


@edge("holdout stable across rule edits")
def _() -> None:
    edited = OccasionPolicy(order=("win_back", "first"), soft_skip=0.0, milestones=(7,))
    for n in range(50):
        before = assign(b"s", "acorn", OccasionPolicy(), f"id:{n}")
        assert assign(b"s", "acorn", edited, f"id:{n}") == before
    assert decide(case("first", assignment=HELD_OUT)).because is Rule.HOLDOUT
    assert decide(case("after_delay", assignment=HELD_OUT)).has_card


@edge("rule with an unknown fact")
def _() -> None:
    (one,) = custom_rules.faults(custom_rules.RULE | {"when": {"fact": "n_priors", "op": "=", "value": 2}})
    assert one.pointer == "/when/fact"
    assert "n_prior" in one.mend


@edge("rule with a value of the wrong type")
def _() -> None:
    (one,) = custom_rules.faults(custom_rules.RULE | {"when": {"fact": "n_prior", "op": "=", "value": "two"}})
    assert one.pointer == "/when/value"


@edge("rule with a missing fact under not")
def _() -> None:
    rule = custom_rules.rule(when={"not": {"fact": "days_since_last", "op": ">", "value": 90}})
    occasion_of = custom_rules.occasion(rule)
    assert not occasion_of.holds(FACTS)
    assert not custom_rules.occasion(
        custom_rules.rule(when={"not": {"not": {"fact": "days_since_last", "op": ">", "value": 90}}})
    ).holds(FACTS)


@edge("rule nested deeply")
def _() -> None:
    tree: dict[str, Any] = {"fact": "n_prior", "op": "=", "value": 2}
    for _ in range(1_000):
        tree = {"not": tree}
    (one,) = custom_rules.faults(custom_rules.RULE | {"when": tree})
    assert "nested over" in one.detail
