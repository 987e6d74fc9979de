from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.piece import Piece, PieceKind, PieceMatch, read_size, same_size
from app.settings import PieceSettings

CARD = Piece(
    kind=PieceKind.INSERT,
    design="meadow",
    stock="300 g uncoated",
    size=(105, 148),
    brand="acme",
    spare=timedelta(minutes=30),
)


@pytest.mark.parametrize(
    ("settings", "taken"),
    [
        ({}, True),
        ({"kind": "insert"}, True),
        ({"kind": "item"}, False),
        ({"template": "meadow"}, True),
        ({"product": "meadow"}, False),
        ({"product": "mug", "template": ["meadow", "lake"]}, True),
        ({"stock": ["300 g uncoated", "felt"]}, True),
        ({"stock": "felt"}, False),
        ({"size": "148 x 105"}, True),
        ({"size": "105.4x148mm"}, True),
        ({"size": "105.6x148"}, False),
        ({"brand": "acme", "stock": "300 g uncoated"}, True),
        ({"brand": "other", "stock": "300 g uncoated"}, False),
        ({"within_minutes": 31}, True),
        ({"within_minutes": 30}, False),
    ],
)
def test_a_rule_takes_what_it_says(settings: dict[str, object], *, taken: bool) -> None:
    assert PieceSettings.model_validate(settings).as_match().takes(CARD) is taken


def test_what_nobody_needs_by_a_time_is_no_rush() -> None:
    assert not PieceMatch(within=timedelta(days=999)).takes(replace(CARD, spare=None))


def test_what_is_overdue_is_a_rush() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    late = Piece.due(
        kind=PieceKind.INSERT,
        design="",
        stock="",
        size=(1, 1),
        brand="",
        needed_by=now - timedelta(1),
        now=now,
    )
    assert PieceMatch(within=timedelta(minutes=1)).takes(late)


@pytest.mark.parametrize(
    "written", ["", "105", "105x", "axb", "1x2x3", "0x5", "-1x5", "nanx5", "infx5", "105×148"]
)
def test_what_is_no_size_is_told(written: str) -> None:
    with pytest.raises(ValueError, match="size"):
        read_size(written)


def test_a_size_is_one_whichever_way_it_lies() -> None:
    assert same_size((105, 148), (148, 105))


def test_it_says_why_it_took_a_piece() -> None:
    match = PieceSettings(stock=("300 g uncoated",), within_minutes=45).as_match()
    assert match.in_words(CARD) == "it is on 300 g uncoated, it is needed within 45 minutes"


_NAMES = st.frozensets(st.sampled_from("abc"))
_MATCHES = st.builds(
    PieceMatch,
    kinds=st.frozensets(st.sampled_from(PieceKind)),
    designs=_NAMES,
    stocks=_NAMES,
    sizes=st.frozensets(st.sampled_from([(1.0, 2.0), (3.0, 4.0)])),
    brands=_NAMES,
    within=st.none() | st.integers(1, 3).map(lambda n: timedelta(minutes=n)),
)
_PIECES = st.builds(
    Piece,
    kind=st.sampled_from(PieceKind),
    design=st.sampled_from("abc"),
    stock=st.sampled_from("abc"),
    size=st.sampled_from([(2.0, 1.0), (3.0, 4.0)]),
    brand=st.sampled_from("abc"),
    spare=st.none() | st.integers(0, 4).map(lambda n: timedelta(minutes=n)),
)


@given(_MATCHES, _MATCHES, _PIECES)
def test_what_covers_another_takes_all_that_it_takes(
    one: PieceMatch, other: PieceMatch, piece: Piece
) -> None:
    if one.covers(other) and other.takes(piece):
        assert one.takes(piece)
