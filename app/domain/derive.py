"""Facts from the past: pure, so that a replay and the live path cannot differ."""

from __future__ import annotations

from datetime import datetime

from app.domain.facts import Facts, Threshold
from app.domain.past import Past, Placed
from app.domain.policy import OccasionPolicy


def derive_facts(
    placed: Placed, past: Past, threshold: Threshold, policy: OccasionPolicy, currency: str
) -> Facts:
    """The facts of an order's moment.

    Args:
        placed: the order.
        past: what the ledger tells of its customer; an empty one for a guest.
        threshold: T(day) of the day the order was placed on in the brand's zone.
        policy: the brand's milestones and how far its history reaches.
        currency: the brand's, in which all sums are.
    """
    return Facts(
        at=placed.at,
        currency=currency,
        known_customer=placed.customer_key is not None,
        eligible=placed.eligible,
        history_complete=_complete(policy.history_complete_since, placed.at),
        n_prior=past.n,
        nth_this_year=1 + past.n_this_year,
        spend_365=past.spent + past.credited,
        threshold=threshold,
        previous=past.previous,
        categories=placed.categories,
        new_categories=placed.categories - past.categories,
        milestones=policy.milestones,
    )


def _complete(since: datetime | None, at: datetime) -> bool:
    return since is not None and since <= at
