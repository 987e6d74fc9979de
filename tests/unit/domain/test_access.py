from __future__ import annotations

import pytest

from app.domain.access import (
    RIGHTS,
    Caller,
    Right,
    Role,
    fingerprint,
    hash_password,
    new_api_key,
    password_matches,
)


def test_every_role_has_rights_and_the_admin_has_all() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(RIGHTS[role] for role in Role)
    assert RIGHTS[Role.ADMIN] == frozenset(Right)


def test_a_designer_sees_no_orders() -> None:
    designer = Caller(name="d", role=Role.DESIGNER)
    assert not designer.may(Right.READ_ORDERS)
    assert not designer.may(Right.FETCH_INSERTS)


@pytest.mark.parametrize(
    ("scope", "brand", "serves"), [("", "fernweh", True), ("fernweh", "fernweh", True), ("a", "b", False)]
)
def test_a_brand_scope_shuts_out_other_brands(scope: str, brand: str, *, serves: bool) -> None:
    assert Caller(name="k", role=Role.PLANT, brand=scope).serves(brand) is serves


def test_keys_are_long_random_and_only_their_hash_is_comparable() -> None:
    one, other = new_api_key(), new_api_key()
    assert one != other
    assert len(one) >= 43 + len("tipin_")
    assert one not in fingerprint(one)
    assert fingerprint(one) != fingerprint(other)


def test_a_password_matches_its_own_hash_only() -> None:
    stored = hash_password("tally-ho tally-ho")
    assert password_matches("tally-ho tally-ho", stored)
    assert not password_matches("tally-ho tally-hO", stored)
    assert hash_password("tally-ho tally-ho") != stored
