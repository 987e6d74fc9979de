from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.policy import OccasionPolicy
from app.domain.rule_version import RuleState, RuleVersion
from app.errors import ChangedMeanwhile, NeedsConfirmation, NotFound, RuleUnusable, WrongState
from app.services.manage_rules import ManageRules
from app.services.rule_reach import Reach
from app.store.database import Store, Transaction
from tests.custom_rules import OWN, PLUGINS, RULE
from tests.plant import BRAND, TEMPLATE, Hands

SOME = Reach(orders=100, matched=4)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    store = Store("sqlite://")
    store.create()
    with store.transaction() as tx:
        yield tx
    store.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def manage(clock: Hands) -> ManageRules:
    return ManageRules(occasions=PLUGINS, templates={TEMPLATE.name: TEMPLATE}, clock=clock)


def save(manage: ManageRules, tx: Transaction, based_on: int = 0, **changes: Any) -> RuleVersion:
    return manage.save(tx, BRAND, RULE | changes, who="ida", based_on=based_on)[0]


def publish(manage: ManageRules, tx: Transaction, version: int = 1, **more: Any) -> RuleVersion:
    asked: dict[str, Any] = {"who": "ida", "reach": SOME} | more
    return manage.publish(tx, BRAND, "third-order", version=version, **asked)


def test_a_rule_goes_from_draft_to_force_and_out_of_it(
    manage: ManageRules, tx: Transaction, clock: Hands
) -> None:
    assert save(manage, tx).state is RuleState.DRAFT
    published = publish(manage, tx)
    assert (published.state, published.published_by) == (RuleState.PUBLISHED, "ida")
    clock.ahead += timedelta(hours=1)
    retired = manage.retire(tx, BRAND, "third-order", who="ole")
    assert (retired.state, retired.ended_by) == (RuleState.RETIRED, "ole")
    assert published.published_at is not None
    assert retired.was_in_force(published.published_at)
    assert not retired.was_in_force(clock.now())


def test_every_save_is_a_version_and_the_one_in_force_stays_until_the_next_is_published(
    manage: ManageRules, tx: Transaction
) -> None:
    save(manage, tx)
    publish(manage, tx)
    second = save(manage, tx, 1, title="The third")
    (summary,) = manage.overview(tx, BRAND)
    assert (summary.latest.version, summary.state) == (2, RuleState.PUBLISHED)
    assert summary.published is not None
    assert summary.published.version == 1
    publish(manage, tx, second.version)
    states = [(one.version, one.state) for one in manage.versions(tx, BRAND, "third-order")]
    assert states == [(2, RuleState.PUBLISHED), (1, RuleState.RETIRED)]


def test_what_was_changed_meanwhile_is_not_overwritten(manage: ManageRules, tx: Transaction) -> None:
    save(manage, tx)
    save(manage, tx, 1, title="Changed")
    with pytest.raises(ChangedMeanwhile, match="saved meanwhile"):
        save(manage, tx, 1, title="Changed too")
    with pytest.raises(WrongState, match="there is a rule"):
        save(manage, tx)
    with pytest.raises(NotFound):
        save(manage, tx, 3, name="another")


def test_only_the_latest_draft_is_published_and_only_what_is_in_force_retired(
    manage: ManageRules, tx: Transaction
) -> None:
    save(manage, tx)
    with pytest.raises(WrongState, match="not in force"):
        manage.retire(tx, BRAND, "third-order", who="ida")
    save(manage, tx, 1, title="Changed")
    with pytest.raises(WrongState, match="version 2 of the rule 'third-order' is newer"):
        publish(manage, tx)
    publish(manage, tx, 2)
    with pytest.raises(WrongState, match="is published"):
        publish(manage, tx, 2)
    with pytest.raises(NotFound):
        manage.retire(tx, BRAND, "no-such-rule", who="ida")


def test_a_rule_that_matches_everything_needs_a_confirmation(manage: ManageRules, tx: Transaction) -> None:
    save(manage, tx)
    everything = Reach(orders=2_000, matched=2_000)
    with pytest.raises(NeedsConfirmation, match="every one of the last 2,000 orders"):
        publish(manage, tx, reach=everything)
    assert publish(manage, tx, reach=everything, confirmed=True).state is RuleState.PUBLISHED


@pytest.mark.parametrize(
    ("reach", "concern"),
    [
        (Reach(1_000, 501), "matches 501 of the last 1,000 orders (50%)"),
        (Reach(1_000, 500), ""),
        (Reach(1_000, 0), ""),
        (Reach(19, 1), "only 19 recent orders"),
        (Reach(0, 0), "only 0 recent orders"),
    ],
)
def test_what_of_a_rules_reach_concerns_its_owner(reach: Reach, concern: str) -> None:
    assert concern in reach.concern
    assert bool(concern) == bool(reach.concern)


def test_rules_of_a_brand_wait_for_each_other_only_so_long(manage: ManageRules, tx: Transaction) -> None:
    save(manage, tx, name="a", place={"after": "first"})
    save(manage, tx, name="b", place={"after": "rule:a"})
    with pytest.raises(RuleUnusable, match="each wait for the next"):
        save(manage, tx, 1, name="a", place={"after": "rule:b"})
    placed = [code for code, _title in manage.priorities(tx, BRAND)]
    assert placed[placed.index("first") :][:3] == ["first", "rule:a", "rule:b"]


def test_what_may_surprise_the_owner_is_a_warning(manage: ManageRules, tx: Transaction) -> None:
    long = {"own": {"en": [{"headline": "x", "message": "y" * 1_000}]}}
    found = manage.check(tx, BRAND, RULE | {"words": long, "place": {"before": "after_delay"}}).warnings
    assert [one.pointer for one in found] == ["/words/own", "/place/before"]
    two = replace(BRAND, languages=("en", "de"))
    (missing,) = manage.check(tx, two, RULE | {"words": OWN}).warnings
    assert missing.detail == "says nothing in de"
    assert manage.check(tx, BRAND, RULE | {"words": OWN}).sentence == "2 orders before this one"


def test_a_rule_whose_surroundings_changed_is_listed_with_its_problem(
    manage: ManageRules, tx: Transaction
) -> None:
    save(manage, tx, words=OWN)
    other = replace(BRAND, languages=("de",))
    (summary,) = manage.overview(tx, other)
    assert summary.problem is not None
    assert "does not speak it" in summary.problem.detail
    assert manage.summary(tx, BRAND, "third-order").problem is None


def test_a_brands_rules_are_its_own(manage: ManageRules, tx: Transaction) -> None:
    save(manage, tx)
    other = replace(BRAND, code="oak", policy=OccasionPolicy())
    assert manage.overview(tx, other) == []
    with pytest.raises(NotFound):
        manage.versions(tx, other, "third-order")
