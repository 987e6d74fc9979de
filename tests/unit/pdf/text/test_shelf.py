from __future__ import annotations

import pytest

from app.pdf.text.shelf import Shelf


@pytest.fixture
def shelf() -> Shelf[int]:
    return Shelf(4)


def _put(shelf: Shelf[int], *words: str) -> None:
    for word in words:
        shelf.make_room()
        shelf[word] = len(word)


def test_what_is_put_there_is_there(shelf: Shelf[int]) -> None:
    _put(shelf, "a", "bb")
    assert shelf["bb"] == 2


def test_what_is_not_there_is_not_known(shelf: Shelf[int]) -> None:
    with pytest.raises(KeyError):
        shelf["a"]


def test_what_is_asked_for_stays_and_the_rest_is_forgotten(shelf: Shelf[int]) -> None:
    _put(shelf, "often", "seldom")
    for number in range(100):
        _put(shelf, f"once {number}")
        assert shelf["often"] == 5
    with pytest.raises(KeyError):
        shelf["seldom"]


def test_it_never_holds_more_than_two_halves(shelf: Shelf[int]) -> None:
    _put(shelf, *map(str, range(1000)))
    known = 0
    for word in map(str, range(1000)):
        try:
            known += shelf[word] > 0
        except KeyError:
            continue
    assert known <= 2 * 4
