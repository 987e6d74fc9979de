from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.piece import Piece, PieceKind
from app.domain.route import Choice, Names, Route, choose, fallback_of, faults
from app.settings import RouteSettings


def route(name: str, target: str = "", fallback: str = "", **when: Any) -> Route:
    return RouteSettings.model_validate(
        {"name": name, "target": target, "fallback": fallback, "when": when}
    ).as_route(0)


def piece(**said: Any) -> Piece:
    given = {
        "kind": PieceKind.INSERT,
        "design": "meadow",
        "stock": "300 g uncoated",
        "size": (105.0, 148.0),
        "brand": "acme",
        "spare": timedelta(hours=5),
    }
    return Piece(**{**given, **said})


PLANT = (
    route("rush", "digital", within_minutes=60),
    route("mugs", "sublimation", product="mug-11oz"),
    route("felt", "felt-press", stock="felt"),
    route("large", "sra3", size="210x297"),
    route("acme items", "acme-room", kind="item", brand="acme"),
    route("acme cards", "acme-press", brand="acme", fallback="digital"),
    route("the rest", fallback="digital"),
)
KNOWN = Names(
    targets={"digital", "sublimation", "felt-press", "sra3", "acme-room", "acme-press"},
    designs={"meadow", "mug-11oz"},
    stocks={"felt", "300 g uncoated"},
)


@pytest.mark.parametrize(
    ("said", "target", "rule"),
    [
        ({"spare": timedelta(minutes=59)}, "digital", "rush"),
        ({"spare": timedelta(minutes=-5)}, "digital", "rush"),
        ({"spare": None}, "acme-press", "acme cards"),
        ({"kind": PieceKind.ITEM, "design": "mug-11oz"}, "sublimation", "mugs"),
        ({"stock": "felt"}, "felt-press", "felt"),
        ({"size": (297.0, 210.0)}, "sra3", "large"),
        ({"kind": PieceKind.ITEM, "design": "gift-tag"}, "acme-room", "acme items"),
        ({}, "acme-press", "acme cards"),
        ({"brand": "other"}, "own", "the rest"),
        ({"brand": "other", "stock": "felt"}, "felt-press", "felt"),
    ],
)
def test_the_first_rule_that_takes_a_piece_counts(said: dict[str, Any], target: str, rule: str) -> None:
    choice = choose(PLANT, piece(**said), own="own")
    assert choice.target == target
    assert f"the route {rule}" in choice.reason


def test_without_a_rule_the_brand_s_own_target_stays() -> None:
    assert choose(PLANT[:1], piece(), own="own") == Choice(target="own", reason="the brand's own target")


def test_the_reason_says_what_the_rule_asked_and_found() -> None:
    reason = choose(PLANT, piece(stock="felt"), own="own").reason
    assert reason == "the route felt, for it is on felt"


@pytest.mark.parametrize(
    ("said", "target", "fallback"),
    [
        ({}, "acme-press", "digital"),
        ({}, "digital", None),
        ({"brand": "other"}, "own", "digital"),
        ({"brand": "other"}, "felt-press", None),
        ({"stock": "felt", "brand": "other"}, "felt-press", None),
    ],
)
def test_a_fallback_is_that_of_the_target_a_piece_was_sent_to(
    said: dict[str, Any], target: str, fallback: str | None
) -> None:
    found = fallback_of(PLANT, piece(**said), target=target, own="own")
    assert (found.target if found else None) == fallback


def test_a_plant_s_rules_can_be_right() -> None:
    assert faults(PLANT, KNOWN) == ()


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ((route("a", "nowhere"),), "target 'nowhere'"),
        ((route("a", "digital", "nowhere"),), "target 'nowhere'"),
        ((route("a", "digital", "digital"),), "its own target"),
        ((route("a"),), "neither a target nor a fallback"),
        ((route("a", "digital", template="medow"),), "'medow'"),
        ((route("a", "digital", stock="flet"),), "stock 'flet'"),
        ((route("a", "digital", stock="felt"), route("a", "sra3")), "two routes are called a"),
        ((route("all", "digital"), route("b", "sra3", stock="felt")), "b is never reached: all"),
        (
            (route("a", "digital", stock=["felt", "300 g uncoated"]), route("b", "sra3", stock="felt")),
            "b is never reached",
        ),
        (
            (route("a", "digital", within_minutes=60), route("b", "sra3", within_minutes=30, brand="x")),
            "b is never reached",
        ),
    ],
)
def test_what_is_wrong_with_rules_is_told(routes: tuple[Route, ...], said: str) -> None:
    assert any(said in fault for fault in faults(routes, KNOWN)), faults(routes, KNOWN)


def test_a_shorter_rush_before_a_longer_one_is_reached() -> None:
    rush = (route("a", "digital", within_minutes=30), route("b", "sra3", within_minutes=60))
    assert faults(rush, KNOWN) == ()


def test_a_route_without_a_name_is_called_by_its_place() -> None:
    assert RouteSettings(target="digital").as_route(2).name == "number 3"
