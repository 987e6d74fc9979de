"""Facts from the past: pure, so that a replay and the live path cannot differ."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain.calendar import anniversary
from app.domain.facts import Facts, Season, Threshold
from app.domain.past import Past, Placed
from app.domain.policy import OccasionPolicy


def derive_facts(
    placed: Placed,
    past: Past,
    threshold: Threshold,
    policy: OccasionPolicy,
    *,
    currency: str,
    zone: ZoneInfo,
    season: Season | None,
) -> Facts:
    """The facts of an order's moment.

    Args:
        placed: the order.
        past: what the ledger tells of its customer; an empty one for a guest.
        threshold: T(day) of the day the order was placed on in the brand's zone.
        policy: the brand's milestones and how far its history reaches.
        currency: the brand's, in which all sums are.
        zone: the brand's, in which days are.
        season: the next day that the order's country keeps, if it is near.
    """
    today, standing = _day(placed.at, zone), past.standing
    return Facts(
        at=placed.at,
        currency=currency,
        known_customer=placed.customer_key is not None,
        eligible=placed.eligible,
        # Who was erased may have ordered before, under a name that nobody knows any more; who shares an
        # address, under the other id.
        history_complete=_complete(policy.history_complete_since, placed.at)
        and standing.erased_at is None
        and not standing.shares_address,
        n_prior=past.n,
        nth_this_year=1 + past.n_this_year,
        spend_365=past.spent + past.credited,
        threshold=threshold,
        previous=past.previous,
        categories=placed.categories,
        new_categories=placed.categories - past.categories,
        milestones=policy.milestones,
        milestones_ever=policy.milestones_ever,
        strict_new_category=policy.strict_new_category,
        local_day=today,
        lead_days=policy.lead_days,
        customer_since=None if past.first_at is None else _day(past.first_at, zone),
        birthday=standing.birthday,
        stories=tuple(
            story for story in standing.stories if anniversary(story.on, today, policy.lead_days) is not None
        ),
        open_complaint=standing.open_complaint,
        season=season,
        gift=placed.gift,
        value=_in(currency, placed),
        quantity=placed.quantity,
        channel=placed.channel,
        country=placed.country,
        promised_at=placed.promised_at,
        received_at=placed.received_at,
        arrived_at=_arrived(placed),
    )


def _complete(since: datetime | None, at: datetime) -> bool:
    return since is not None and since <= at


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _in(currency: str, placed: Placed) -> int | None:
    value = placed.value
    return value.minor if value is not None and value.currency == currency else None


def _arrived(placed: Placed) -> datetime | None:
    """When the order had been delivered or, where that was not known, shipped as its job came in."""
    came_in = placed.received_at or placed.at
    known = (at for at in (placed.delivered_at, placed.shipped_at) if at is not None and at <= came_in)
    return next(known, None)
