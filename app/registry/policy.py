"""A brand's occasion settings as a document: `[policy]` in brand.toml, and JSON where they are edited.

Lengths of time are whole days or minutes there, as people say them. What is checked here is each value's kind
and range; what they mean together is checked by `domain.policy`, wherever they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from app.domain.policy import (
    LARGEST_HOLDOUT,
    MOST_DAYS_AHEAD,
    MOST_FACTS,
    CardsPer,
    ChannelPolicy,
    HandSigned,
    Intent,
    OccasionPolicy,
)
from app.registry.toml_file import TomlModel

_DEFAULT = OccasionPolicy()
_MOST_DAYS = 3650
_MOST_MINUTES = 10_000
Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=0, le=_MOST_DAYS)]
Milestone = Annotated[int, Field(ge=2, le=100_000)]
_DAYS = ("recovery_gap", "soft_gap", "soft_gap_to_soft")


class HandSignedDocument(TomlModel):
    """Which cards a person should sign by hand."""

    occasions: frozenset[str] = _DEFAULT.hand_signed.occasions
    from_order: Annotated[int, Field(ge=1)] | None = _DEFAULT.hand_signed.from_order
    from_spend_minor: Annotated[int, Field(ge=1)] | None = _DEFAULT.hand_signed.from_spend_minor


class ChannelDocument(TomlModel):
    """What is otherwise on one sales channel; what is left out is as for the brand."""

    cards: bool = True
    order: tuple[str, ...] | None = None
    switched_off: frozenset[str] | None = None
    cards_per: CardsPer | None = None
    intents: frozenset[Intent] | None = None
    soft_skip: Share | None = None


class PolicyDocument(TomlModel):
    """The occasion settings of a brand; what is left out has its default."""

    milestones: tuple[Milestone, ...] = _DEFAULT.milestones
    milestones_ever: tuple[Milestone, ...] = _DEFAULT.milestones_ever
    lead_days: Annotated[int, Field(ge=0, le=MOST_DAYS_AHEAD)] = _DEFAULT.lead_days
    season_days: Annotated[int, Field(ge=0, le=MOST_DAYS_AHEAD)] = _DEFAULT.season_days
    strict_new_category: bool = _DEFAULT.strict_new_category
    threshold_percentile: Annotated[float, Field(gt=0, lt=1)] = _DEFAULT.threshold_percentile
    smallest_population: Annotated[int, Field(ge=1)] = _DEFAULT.smallest_population
    order: tuple[str, ...] = ()
    switched_off: frozenset[str] = frozenset()
    history_complete_since: datetime | None = None
    """A date, too; without a zone it is the brand's own time."""
    recovery_gap_days: Days = _DEFAULT.recovery_gap.days
    soft_gap_days: Days = _DEFAULT.soft_gap.days
    soft_gap_to_soft_days: Days = _DEFAULT.soft_gap_to_soft.days
    soft_skip: Share = _DEFAULT.soft_skip
    holdout: Annotated[float, Field(ge=0, le=LARGEST_HOLDOUT)] = _DEFAULT.holdout
    experiment: str = _DEFAULT.experiment
    cards_per: CardsPer = _DEFAULT.cards_per
    intents: frozenset[Intent] = _DEFAULT.intents
    mixed_intents: bool = _DEFAULT.mixed_intents
    most_facts: Annotated[int, Field(ge=0, le=MOST_FACTS)] = _DEFAULT.most_facts
    gift_cards: bool = _DEFAULT.gift_cards
    hand_signed: HandSignedDocument = HandSignedDocument()
    generic_before_minutes: Annotated[int, Field(ge=0, le=_MOST_MINUTES)] = (
        _DEFAULT.generic_before // timedelta(minutes=1)
    )
    holds_orders: bool = _DEFAULT.holds_orders
    channels: Mapping[str, ChannelDocument] = Field(default_factory=dict)

    def policy(self, zone: ZoneInfo) -> OccasionPolicy:
        """The settings that it means for a brand in `zone`, where a date begins.

        Raises:
            PolicyUnusable: they contradict each other.
        """
        values = dict(self)
        values |= {name: timedelta(days=values.pop(f"{name}_days")) for name in _DAYS}
        values["generic_before"] = timedelta(minutes=values.pop("generic_before_minutes"))
        values["history_complete_since"] = _where_it_lives(self.history_complete_since, zone)
        values["hand_signed"] = HandSigned(**dict(self.hand_signed))
        values["channels"] = tuple(
            ChannelPolicy(channel=name, **dict(own)) for name, own in self.channels.items()
        )
        return OccasionPolicy(**values)


def policy_document(policy: OccasionPolicy) -> dict[str, Any]:
    """The document of a policy as JSON values, always the same for the same policy; sets are sorted."""
    same = {name: getattr(policy, name) for name in PolicyDocument.model_fields if hasattr(policy, name)}
    model = PolicyDocument.model_validate(
        {
            **same,
            **{f"{name}_days": getattr(policy, name).days for name in _DAYS},
            "generic_before_minutes": policy.generic_before // timedelta(minutes=1),
            "hand_signed": _fields(policy.hand_signed, HandSignedDocument),
            "channels": {own.channel: _fields(own, ChannelDocument) for own in policy.channels},
        }
    )
    return in_order(model.model_dump(mode="json"), model.model_dump())


def _fields(value: object, model: type[TomlModel]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in model.model_fields}


def in_order(document: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The document with what is a set in `values` in order: a set has none of its own."""
    for name, value in values.items():
        if name not in document:
            continue
        if isinstance(value, frozenset):
            document[name] = sorted(document[name])
        elif isinstance(value, Mapping):
            document[name] = in_order(document[name], value)
    return document


def _where_it_lives(since: datetime | None, zone: ZoneInfo) -> datetime | None:
    if since is None:
        return None
    return (since if since.tzinfo else since.replace(tzinfo=zone)).astimezone(UTC)
