"""From several occasions to one card, or none: by priority, with every reason."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.domain.decision import Arm, Check, Considered, Decision, Outcome, Rule, Weighed
from app.domain.occasion import Match, Occasion
from app.domain.policy import OccasionPolicy
from app.domain.template import Variant
from app.registry.policy import policy_document
from app.selection.by_hand import why_sign, why_write
from app.selection.caps import occasion_checks
from app.selection.case import Case
from app.selection.forbidden import order_checks
from app.selection.further import further_cards
from app.selection.wording import Weighing, slots_of, spoken_occasion, stage_of, weigh
from app.selection.words import objection_of

_RULES = "2"
"""Raised with every change of this package that can change a decision."""
FINAL = frozenset({Rule.RECOVERY_GAP, Rule.EXHAUSTED})
"""After these a lesser, cheerful card would be out of place."""


def decide(case: Case) -> Decision:
    """One card, or none; every occasion that holds is listed with what became of it."""
    ranked = by_priority(case.matches, case.occasions, case.policy)
    forbids = order_checks(case)
    if against := _failed(forbids):
        considered = tuple(_suppressed(match, against.says) for match in ranked)
        return _none(case, against.says, against.rule, forbids=forbids, considered=considered)
    walk = _walk(case, ranked)
    told: dict[str, Any] = {
        "forbids": forbids,
        "considered": tuple(walk.considered),
        "write_by_hand": walk.write,
    }
    if walk.picked is None:
        return _none(case, *_why_none(case, walk), **told)
    if _is_withheld(case, walk.picked.match):
        reason = f"held out to measure what cards do; it would have been: {walk.picked.match.reason}"
        return _none(case, reason, Rule.HOLDOUT, assignment=case.assignment, **told)
    return _card(case, walk.picked, **told)


@dataclass(frozen=True, slots=True)
class _Picked:
    """The occasion of the card, and its words."""

    match: Match
    variant: Variant
    said: frozenset[str]


@dataclass(slots=True)
class _Walk:
    """What a walk down the priorities came to."""

    considered: list[Considered] = field(default_factory=list)
    picked: _Picked | None = None
    failed: tuple[Match, Check] | None = None
    """What kept back the occasion of the highest priority."""
    write: str = ""


def _walk(case: Case, ranked: Sequence[Match]) -> _Walk:
    """Down the priorities to the first occasion that may have a card and has words for it."""
    walk = _Walk()
    for place, match in enumerate(ranked):
        lesser = ranked[place + 1 :]
        checks = occasion_checks(case, match)
        weighing = None if _failed(checks) else _weigh(case, match)
        if weighing is not None:
            checks = (*checks, _worded(case, weighing))
        against = _failed(checks)
        if against is None and weighing is not None and weighing.chosen is not None:
            walk.picked = _Picked(match, weighing.chosen, weighing.said)
            walk.considered += _picked(case, match, checks, weighing.weighed, lesser)
            break
        if against is None:
            raise AssertionError("an occasion without words has failed a check")
        walk.failed = walk.failed or (match, against)
        walk.write = walk.write or why_write(against, match)
        walk.considered.append(_suppressed(match, against.says, checks, weighing.weighed if weighing else ()))
        if against.rule in FINAL:
            why = f"nothing lesser either: {against.says}"
            walk.considered += [_suppressed(other, why) for other in lesser]
            break
    return walk


def by_priority(
    matches: Sequence[Match], occasions: Mapping[str, Occasion], policy: OccasionPolicy
) -> list[Match]:
    """The matches, first the brand's own order, then the default ranks."""
    own = {code: place for place, code in enumerate(policy.order)}

    def priority(match: Match) -> tuple[int, int, str]:
        return own.get(match.occasion, len(own)), occasions[match.occasion].rank, match.occasion

    return sorted(matches, key=priority)


def policy_version(policy: OccasionPolicy, occasions: Mapping[str, Occasion]) -> str:
    """Names the rules in force: this package's version, and a hash of the brand's settings and the ranks."""
    return _version(policy, tuple(sorted((code, occasion.rank) for code, occasion in occasions.items())))


@lru_cache(maxsize=256)
def _version(policy: OccasionPolicy, ranks: tuple[tuple[str, int], ...]) -> str:
    settings = json.dumps([policy_document(policy), ranks], sort_keys=True)
    return f"{_RULES}-{hashlib.sha256(settings.encode()).hexdigest()[:8]}"


def _weigh(case: Case, match: Match) -> Weighing:
    language = case.language
    return weigh(
        case.template,
        occasion=spoken_occasion(case.order, match.occasion),
        slots=slots_of(case.order, match, case.brand, language),
        stage=stage_of(case.facts),
        language=language,
        used=case.said,
        seed=hmac.digest(case.seed, match.occasion.encode(), "sha256"),
        objection=objection_of(case, match),
    )


def _worded(case: Case, weighing: Weighing) -> Check:
    """The words as a rule like the others: never the same twice, and none at all is no card."""
    language, name = case.language, case.template.name
    if weighing.chosen is not None:
        return Check(rule=Rule.NO_WORDS, passed=True, says=f"{name} has words for it in {language!r}")
    if weighing.all_said:
        says = "every wording that fits this customer was said to them; write new ones"
        return Check(rule=Rule.EXHAUSTED, passed=False, says=says)
    what = "words that this order can fill and the brand allows" if weighing.weighed else "words for it"
    return Check(rule=Rule.NO_WORDS, passed=False, says=f"{name} has no {what} in {language!r}")


def _is_withheld(case: Case, match: Match) -> bool:
    """Whether the holdout keeps this card back; after trouble it never does."""
    return case.assignment.arm is Arm.HOLDOUT and not case.is_recovery(match)


def _card(case: Case, picked: _Picked, **told: Any) -> Decision:
    recovery = case.is_recovery(picked.match)
    return Decision(
        match=picked.match,
        template=case.template.name,
        variant=picked.variant.id,
        language=picked.variant.language,
        reason=picked.match.reason,
        policy_version=policy_version(case.brand.policy, case.occasions),
        said=tuple(sorted(picked.said)),
        further=() if recovery else further_cards(case, picked.variant),
        assignment=None if recovery else case.assignment,
        sign_by_hand=why_sign(case, picked.match),
        **told,
    )


def _none(case: Case, reason: str, because: Rule, **told: Any) -> Decision:
    return Decision(
        match=None,
        template=None,
        variant=None,
        language=None,
        reason=reason,
        because=because,
        policy_version=policy_version(case.brand.policy, case.occasions),
        **told,
    )


def _picked(
    case: Case,
    match: Match,
    checks: tuple[Check, ...],
    wordings: tuple[Weighed, ...],
    lesser: Sequence[Match],
) -> Iterator[Considered]:
    """The occasion of the card, and those that it comes before."""
    withheld = _is_withheld(case, match)
    why = "the card speaks to the gift's recipient" if case.order.gift else match.reason
    yield Considered(
        match=match,
        outcome=Outcome.WITHHELD if withheld else Outcome.CHOSEN,
        why="its customer is held out to measure what cards do" if withheld else why,
        checks=checks,
        wordings=wordings,
    )
    outranked = f"{case.occasion(match).title} comes first"
    for other in lesser:
        yield Considered(match=other, outcome=Outcome.OUTRANKED, why=outranked)


def _suppressed(
    match: Match, why: str, checks: tuple[Check, ...] = (), wordings: tuple[Weighed, ...] = ()
) -> Considered:
    return Considered(match=match, outcome=Outcome.SUPPRESSED, why=why, checks=checks, wordings=wordings)


def _failed(checks: Sequence[Check]) -> Check | None:
    """The first rule that says no."""
    return next((check for check in checks if not check.passed), None)


def _why_none(case: Case, walk: _Walk) -> tuple[str, Rule]:
    if walk.failed is not None:
        match, against = walk.failed
        return f"{case.occasion(match).title}: {against.says}", against.rule
    if not case.facts.known_customer:
        return "a guest: without a customer there is no history to go by", Rule.GUEST
    if not case.facts.eligible:
        return "an order without a value is no occasion", Rule.NO_VALUE
    return "no occasion holds", Rule.NO_OCCASION
