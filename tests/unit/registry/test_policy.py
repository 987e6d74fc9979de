from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.policy import CardsPer, ChannelPolicy, HandSigned, Intent, OccasionPolicy
from app.errors import PolicyUnusable
from app.registry.policy import PolicyDocument, policy_document

BERLIN = ZoneInfo("Europe/Berlin")
OWN = OccasionPolicy(
    milestones=(10, 23),
    order=("win_back", "first"),
    switched_off=frozenset({"season", "birthday"}),
    history_complete_since=datetime(2015, 1, 1, tzinfo=UTC),
    soft_gap=timedelta(days=30),
    soft_skip=0.25,
    holdout=0.0,
    cards_per=CardsPer.PARCEL,
    intents=frozenset({Intent.NOTE, Intent.GIFT}),
    hand_signed=HandSigned(occasions=frozenset({"after_complaint"}), from_spend_minor=100_000),
    generic_before=timedelta(minutes=3),
    channels=(ChannelPolicy(channel="etsy", cards=False), ChannelPolicy(channel="web", soft_skip=0.0)),
)


@pytest.mark.parametrize("policy", [OccasionPolicy(), OWN])
def test_a_policy_comes_back_from_its_document(policy: OccasionPolicy) -> None:
    document = json.loads(json.dumps(policy_document(policy)))
    assert PolicyDocument.model_validate(document).policy(BERLIN) == policy


def test_the_empty_document_means_the_defaults() -> None:
    assert PolicyDocument().policy(BERLIN) == OccasionPolicy()


def test_a_date_begins_where_the_brand_lives() -> None:
    document = PolicyDocument.model_validate({"history_complete_since": "2015-01-01"})
    assert document.policy(BERLIN).history_complete_since == datetime(2014, 12, 31, 23, tzinfo=UTC)


def test_the_same_policy_has_the_same_document() -> None:
    assert policy_document(OWN)["switched_off"] == ["birthday", "season"]
    assert policy_document(OWN)["intents"] == ["gift", "note"]


def test_contradictions_are_told_by_the_policy_itself() -> None:
    with pytest.raises(PolicyUnusable, match="place 1 already"):
        PolicyDocument(order=("first", "first")).policy(BERLIN)
