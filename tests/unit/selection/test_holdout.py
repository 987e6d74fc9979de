from __future__ import annotations

from app.domain.customer import Identity
from app.domain.decision import Arm
from app.domain.policy import OccasionPolicy
from app.selection.holdout import assign, drawn

KEYS = [f"id:{n}" for n in range(4000)]


def held_out(policy: OccasionPolicy, secret: bytes = b"s", brand: str = "acorn") -> set[str]:
    return {key for key in KEYS if assign(secret, brand, policy, key).arm is Arm.HOLDOUT}


def test_the_share_is_the_brands() -> None:
    assert 320 <= len(held_out(OccasionPolicy())) <= 480
    assert held_out(OccasionPolicy(holdout=0.0)) == set()


def test_holdout_is_stable_across_restarts_and_rule_edits() -> None:
    before = held_out(OccasionPolicy())
    edited = OccasionPolicy(order=("first",), soft_skip=0.0, switched_off=frozenset({"season"}))
    assert held_out(edited) == before
    assert drawn(b"secret", "acorn", "permanent", "id:7") == 0.09330306489511742


def test_a_larger_share_only_adds_customers() -> None:
    assert (
        held_out(OccasionPolicy(holdout=0.05))
        < held_out(OccasionPolicy())
        < held_out(OccasionPolicy(holdout=0.2))
    )


def test_another_experiment_brand_or_plant_draws_anew() -> None:
    before = held_out(OccasionPolicy())
    for other in (
        held_out(OccasionPolicy(experiment="spring")),
        held_out(OccasionPolicy(), brand="oak"),
        held_out(OccasionPolicy(), secret=b"t"),
    ):
        assert len(other & before) < len(before) / 4


def test_a_merge_across_arms_takes_the_arm_of_the_one_who_remains_and_is_told() -> None:
    policy = OccasionPolicy()
    out = held_out(policy)
    in_cards = next(key for key in KEYS if key not in out)
    in_holdout = next(iter(out))
    for remains, arm in ((in_cards, Arm.CARDS), (in_holdout, Arm.HOLDOUT)):
        merged = assign(b"s", "acorn", policy, remains, merged=(in_cards, in_holdout))
        assert (merged.arm, merged.crossed, merged.customer) == (arm, True, remains)
    assert not assign(b"s", "acorn", policy, in_cards, merged=(in_cards,)).crossed


def test_what_is_drawn_does_not_run_together() -> None:
    assert drawn(b"s", "ab", "c") != drawn(b"s", "a", "bc")


def test_who_remains_of_a_chain_and_of_a_circle() -> None:
    assert Identity.of("a", {"a": "b", "b": "c", "c": None}) == Identity("c", frozenset("abc"))
    assert Identity.of("c", {"a": "b", "b": "c", "c": None}).remains == "c"
    assert Identity.of("b", {"a": "b", "b": "a"}).remains == "a"
    assert Identity.of("x", {}) == Identity("x", frozenset("x"))
