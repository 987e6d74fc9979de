from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.policy import CardsPer, ChannelPolicy, HandSigned, Intent, OccasionPolicy, check_codes
from app.errors import PolicyUnusable

DEFAULT = OccasionPolicy()
OFF = frozenset({"first"})


def faults(**values: Any) -> dict[str, str]:
    with pytest.raises(PolicyUnusable) as caught:
        OccasionPolicy(**values)
    assert all(violation.mend for violation in caught.value.violations)
    return {violation.pointer: violation.detail for violation in caught.value.violations}


def test_the_defaults_are_the_designs() -> None:
    assert (DEFAULT.soft_gap.days, DEFAULT.soft_gap_to_soft.days, DEFAULT.recovery_gap.days) == (45, 180, 180)
    assert (DEFAULT.soft_skip, DEFAULT.holdout, DEFAULT.most_facts) == (0.4, 0.1, 2)
    assert DEFAULT.cards_per is CardsPer.ORDER
    assert not DEFAULT.holds_orders
    assert not DEFAULT.mixed_intents


@pytest.mark.parametrize(
    ("values", "pointer", "says"),
    [
        ({"order": ("first", "win_back", "first")}, "/order/2", "first has place 1 already"),
        ({"order": ("first",), "switched_off": OFF}, "/order/0", "is switched off"),
        ({"milestones": (0,)}, "/milestones/0", "0 is no order"),
        ({"milestones_ever": (10, -1)}, "/milestones_ever/1", "-1 is no order"),
        ({"holdout": 0.9}, "/holdout", "0.9 is no share"),
        ({"holdout": -0.1}, "/holdout", "no share"),
        ({"soft_skip": 1.01}, "/soft_skip", "no share"),
        ({"threshold_percentile": 1.0}, "/threshold_percentile", "no percentile"),
        ({"smallest_population": 0}, "/smallest_population", "below 1"),
        ({"most_facts": 3}, "/most_facts", "at most 2"),
        ({"soft_gap": timedelta(days=-1)}, "/soft_gap_days", "-1 days is no cap"),
        ({"recovery_gap": timedelta(days=4000)}, "/recovery_gap_days", "4000 days is no cap"),
        ({"generic_before": timedelta(minutes=-1)}, "/generic_before_minutes", "below 0"),
        ({"intents": frozenset()}, "/intents", "no intent is left"),
        ({"experiment": " "}, "/experiment", "no name"),
        ({"hand_signed": HandSigned(from_order=0)}, "/hand_signed/from_order", "below 1"),
        ({"channels": (ChannelPolicy(channel=""),)}, "/channels", "no name"),
        (
            {"channels": (ChannelPolicy(channel="etsy"), ChannelPolicy(channel="Etsy"))},
            "/channels/Etsy",
            "twice",
        ),
        (
            {"channels": (ChannelPolicy(channel="a/b", soft_skip=2.0),)},
            "/channels/a~1b/soft_skip",
            "no share",
        ),
        (
            {"order": ("first",), "channels": (ChannelPolicy(channel="etsy", switched_off=OFF),)},
            "/channels/etsy/order/0",
            "switched off",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_where_and_the_mend(
    values: dict[str, Any], pointer: str, says: str
) -> None:
    assert says in faults(**values)[pointer]


def test_all_faults_are_told_at_once() -> None:
    assert set(faults(holdout=2.0, soft_skip=2.0, order=("first", "first"))) == {
        "/holdout",
        "/soft_skip",
        "/order/1",
    }


def test_a_change_is_checked_like_a_new_one() -> None:
    with pytest.raises(PolicyUnusable):
        replace(DEFAULT, holdout=1.0)


def test_a_cap_of_zero_is_a_policy() -> None:
    assert OccasionPolicy(soft_gap=timedelta(0), recovery_gap=timedelta(0)).soft_gap == timedelta(0)


def test_a_channel_changes_only_what_it_says() -> None:
    etsy = ChannelPolicy(channel="Etsy", soft_skip=0.0, cards_per=CardsPer.PARCEL)
    policy = OccasionPolicy(order=("win_back",), channels=(etsy,))
    there = policy.on("etsy")
    assert (there.soft_skip, there.cards_per, there.order) == (0.0, CardsPer.PARCEL, ("win_back",))
    assert there.intents == frozenset(Intent)
    assert policy.on("web") is policy
    assert policy.on(None) is policy


def test_an_empty_list_of_a_channel_is_a_list_of_its_own() -> None:
    policy = OccasionPolicy(
        switched_off=OFF, channels=(ChannelPolicy(channel="x", switched_off=frozenset()),)
    )
    assert policy.on("x").switched_off == frozenset()


def test_occasions_that_do_not_exist_are_told_with_where() -> None:
    policy = OccasionPolicy(
        order=("firts",),
        hand_signed=HandSigned(occasions=frozenset({"apology"})),
        channels=(ChannelPolicy(channel="etsy", switched_off=frozenset({"win_bak"})),),
    )
    with pytest.raises(PolicyUnusable) as caught:
        check_codes(policy, {"first", "win_back"})
    assert {violation.pointer for violation in caught.value.violations} == {
        "/order/0",
        "/hand_signed/occasions",
        "/channels/etsy/switched_off",
        "/channels/etsy/order/0",
    }
    check_codes(OccasionPolicy(order=("first",)), {"first"})
