from __future__ import annotations

from app.domain.occasion import OccasionKind
from app.domain.rule import Place
from app.domain.rule_order import Placing, place_faults, places_of
from tests.custom_rules import PLUGINS, RULE, faults

A, B, C = "rule:a", "rule:b", "rule:c"
SOFT, MOMENT, RECOVERY = OccasionKind.SOFT, OccasionKind.MOMENT, OccasionKind.RECOVERY
BY_RANK = tuple(sorted(PLUGINS, key=lambda code: (PLUGINS[code].rank, code)))


def placing(after: str | None = None, before: str | None = None, kind: OccasionKind = SOFT) -> Placing:
    return Placing(Place(after=after, before=before), kind)


def neighbours(placed: tuple[str, ...], code: str) -> tuple[str, str]:
    at = placed.index(code)
    return placed[at - 1], placed[at + 1]


def test_without_rules_the_order_is_the_brands_then_the_ranks() -> None:
    assert places_of((), {}, PLUGINS) == BY_RANK
    own = places_of(("new_category", "gone"), {}, PLUGINS)
    assert own == ("new_category", *(code for code in BY_RANK if code != "new_category"))


def test_a_rule_stands_where_it_says() -> None:
    placed = places_of((), {A: placing(after="first"), B: placing(before="win_back")}, PLUGINS)
    assert neighbours(placed, A)[0] == "first"
    assert neighbours(placed, B)[1] == "win_back"


def test_a_place_follows_the_brands_own_order() -> None:
    placed = places_of(("new_category",), {A: placing(after="new_category")}, PLUGINS)
    assert placed[:2] == ("new_category", A)


def test_an_order_that_names_the_rule_wins() -> None:
    assert places_of((A, "first"), {A: placing(after="win_back")}, PLUGINS)[:2] == (A, "first")


def test_rules_may_stand_beside_rules() -> None:
    rules = {A: placing(after=B), B: placing(after=C), C: placing(after="first")}
    placed = places_of((), rules, PLUGINS)
    at = placed.index("first")
    assert placed[at : at + 4] == ("first", C, B, A)


def test_a_rule_without_a_place_comes_after_the_last_of_its_kind() -> None:
    for kind in OccasionKind:
        placed = places_of((), {A: Placing(None, kind), B: Placing(None, kind)}, PLUGINS)
        last = [code for code in placed if code in PLUGINS and PLUGINS[code].kind is kind][-1]
        at = placed.index(last)
        assert placed[at + 1 : at + 3] == (A, B)


def test_beside_an_occasion_that_is_gone_means_by_kind() -> None:
    assert places_of((), {A: placing(after="rule:gone")}, PLUGINS) == places_of(
        (), {A: Placing(None, SOFT)}, PLUGINS
    )


def test_a_circle_that_came_about_later_is_still_an_order() -> None:
    placed = places_of((), {A: placing(after=B), B: placing(after=A)}, PLUGINS)
    assert sorted(placed) == sorted([*PLUGINS, A, B])


def test_contradictory_priorities_are_told() -> None:
    both = placing(after="win_back", before="first")
    (found,) = place_faults(A, both.place, (), {A: both}, PLUGINS)
    assert found.pointer == "/place"
    assert found.detail == "contradicts the order: first comes before win_back already"
    fine = placing(after="first", before="win_back")
    assert place_faults(A, fine.place, (), {A: fine}, PLUGINS) == []
    assert place_faults(A, both.place, ("win_back", "first"), {A: both}, PLUGINS) == []


def test_rules_that_wait_for_each_other_are_told() -> None:
    rules = {A: placing(after=B), B: placing(before=C), C: placing(after=A)}
    (found,) = place_faults(A, rules[A].place, (), rules, PLUGINS)
    assert "rule:a → rule:b → rule:c → rule:a" in found.detail


def test_an_unknown_neighbour_is_told_with_the_one_that_was_meant() -> None:
    (found,) = faults(RULE | {"place": {"after": "frist"}})
    assert found.pointer == "/place/after"
    assert "did you mean first?" in found.mend
    (itself,) = faults(RULE | {"place": {"before": "rule:third-order"}})
    assert itself.detail == "names the rule itself"
