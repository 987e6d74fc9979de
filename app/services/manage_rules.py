"""A brand's own occasion rules, from the first draft to retirement: each save is a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.brand import Brand
from app.domain.clock import Clock
from app.domain.occasion import Occasion, OccasionKind
from app.domain.rule import PREFIX, Rule
from app.domain.rule_document import Surroundings, read_rule, write_rule
from app.domain.rule_order import Placing, places_of
from app.domain.rule_sentence import sentence
from app.domain.rule_version import RuleState, RuleVersion
from app.domain.template import CardTemplate
from app.errors import ChangedMeanwhile, NeedsConfirmation, NotFound, RuleUnusable, Violation, WrongState
from app.services.rule_reach import Reach
from app.services.rules_in_force import locale_of
from app.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A rule that can be used: what it says, and what its owner should know before publishing it."""

    rule: Rule
    sentence: str
    warnings: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSummary:
    """A rule as a list shows it: its latest version, and the one in force where that is another."""

    latest: RuleVersion
    published: RuleVersion | None
    checked: Checked | None
    problem: RuleUnusable | None
    """Why the latest version cannot be used any more, such as an occasion that is gone."""

    @property
    def state(self) -> RuleState:
        """Published while any version is in force."""
        return RuleState.PUBLISHED if self.published else self.latest.state


class ManageRules:
    """Checks, keeps, publishes and retires rules."""

    def __init__(
        self, *, occasions: Mapping[str, Occasion], templates: Mapping[str, CardTemplate], clock: Clock
    ) -> None:
        """`occasions` are the plug-ins by code, `templates` the cards by name."""
        self._occasions = occasions
        self._templates = templates
        self._clock = clock

    def check(self, tx: Transaction, brand: Brand, document: Any) -> Checked:
        """Read a rule, whether or not it is kept.

        Raises:
            RuleUnusable: with every fault.
        """
        rule = read_rule(document, self._around(tx, brand, _name_of(document)))
        return self._checked(brand, rule)

    def save(
        self, tx: Transaction, brand: Brand, document: Any, *, who: str, based_on: int, why: str = ""
    ) -> tuple[RuleVersion, Checked]:
        """Keep a rule as a new draft.

        Args:
            tx: the transaction.
            brand: whose rule it is.
            document: the whole rule.
            who: saves it.
            based_on: the version that they changed; 0 for a new rule.
            why: in their own words, or empty.

        Raises:
            RuleUnusable: with every fault.
            WrongState: a new rule has the name of one that is there.
            ChangedMeanwhile: somebody saved it since `based_on`.
            NotFound: there is no such rule.
        """
        tx.rules.one_at_a_time(brand.code)
        checked = self.check(tx, brand, document)
        name = checked.rule.name
        there = tx.rules.versions(brand.code, name)
        _hold_to(name, there[0].version if there else 0, based_on)
        version = RuleVersion(
            brand=brand.code,
            name=name,
            version=based_on + 1,
            state=RuleState.DRAFT,
            document=write_rule(checked.rule),
            made_by=who,
            made_at=self._clock.now(),
            why=why,
        )
        tx.rules.add(version)
        return version, checked

    def publish(
        self,
        tx: Transaction,
        brand: Brand,
        name: str,
        *,
        version: int,
        who: str,
        reach: Reach,
        confirmed: bool = False,
    ) -> RuleVersion:
        """Put a rule's latest draft in force.

        Args:
            tx: the transaction.
            brand: whose rule it is.
            name: the rule's.
            version: which one; it must be the latest.
            who: publishes it.
            reach: how many of the brand's recent orders the rule matches.
            confirmed: whether they mean it although it matches most orders.

        Raises:
            NotFound: there is no such rule.
            WrongState: that version is not its latest draft.
            RuleUnusable: it cannot be used any more.
            NeedsConfirmation: it matches most orders, or nothing tells how many.
        """
        tx.rules.one_at_a_time(brand.code)
        latest = self.versions(tx, brand, name)[0]
        if latest.version != version:
            raise WrongState(
                f"version {latest.version} of the rule {name!r} is newer",
                mend=f"look at version {latest.version}, and publish that one",
            )
        if latest.state is not RuleState.DRAFT:
            raise WrongState(
                f"version {version} of the rule {name!r} is {latest.state}",
                mend="save the rule as a new version, and publish that",
            )
        self.check(tx, brand, latest.document)
        if reach.concern and not confirmed:
            raise NeedsConfirmation(
                reach.concern, mend="narrow the rule, or publish it with confirm set to true"
            )
        return tx.rules.publish(latest, who=who, at=self._clock.now())

    def retire(self, tx: Transaction, brand: Brand, name: str, *, who: str) -> RuleVersion:
        """Put a rule out of force, from now on; cards that were planned stay.

        Raises:
            NotFound: there is no such rule.
            WrongState: none of its versions is in force.
        """
        tx.rules.one_at_a_time(brand.code)
        self.versions(tx, brand, name)
        ended = tx.rules.end(brand.code, name, who=who, at=self._clock.now())
        if ended is None:
            raise WrongState(
                f"the rule {name!r} is not in force", mend="only a published rule can be retired"
            )
        return ended

    def versions(self, tx: Transaction, brand: Brand, name: str) -> list[RuleVersion]:
        """Every version of a rule, the latest first.

        Raises:
            NotFound: there is no such rule.
        """
        found = tx.rules.versions(brand.code, name)
        if not found:
            raise NotFound(
                f"{brand.name} has no rule {name[:40]!r}", mend=f"see GET /v1/brands/{brand.code}/rules"
            )
        return found

    def latest(self, tx: Transaction, brand: Brand, name: str) -> Rule:
        """The latest version of a rule, as it would be published.

        Raises:
            NotFound: there is no such rule.
            RuleUnusable: it cannot be used any more.
        """
        return self.check(tx, brand, self.versions(tx, brand, name)[0].document).rule

    def overview(self, tx: Transaction, brand: Brand) -> list[RuleSummary]:
        """The brand's rules by name."""
        by_name: dict[str, list[RuleVersion]] = {}
        for version in tx.rules.all(brand.code):
            by_name.setdefault(version.name, []).append(version)
        return [self._summary(tx, brand, versions) for versions in by_name.values()]

    def summary(self, tx: Transaction, brand: Brand, name: str) -> RuleSummary:
        """One rule.

        Raises:
            NotFound: there is no such rule.
        """
        return self._summary(tx, brand, self.versions(tx, brand, name))

    def priorities(
        self, tx: Transaction, brand: Brand, *, order: Sequence[str] | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Every occasion as (code, title), rules included, in the order of priority.

        Args:
            tx: the transaction.
            brand: whose they are.
            order: in the place of the brand's own.
        """
        rules = self._placings(tx, brand, besides="")
        titles = tx.rules.titles(brand.code)
        placed = places_of(brand.policy.order if order is None else order, rules, self._occasions)
        return tuple((c, titles.get(c) or self._occasions[c].title) for c in placed)

    def _summary(self, tx: Transaction, brand: Brand, versions: list[RuleVersion]) -> RuleSummary:
        published = next((one for one in versions if one.state is RuleState.PUBLISHED), None)
        checked = problem = None
        try:
            checked = self.check(tx, brand, versions[0].document)
        except RuleUnusable as error:
            problem = error
        return RuleSummary(latest=versions[0], published=published, checked=checked, problem=problem)

    def _around(self, tx: Transaction, brand: Brand, name: str) -> Surroundings:
        return Surroundings(
            brand=brand,
            template=self._templates[brand.template],
            occasions=self._occasions,
            rules=self._placings(tx, brand, besides=name),
        )

    def _placings(self, tx: Transaction, brand: Brand, *, besides: str) -> dict[str, Placing]:
        """The latest version of every other rule that is not retired, by code."""
        around = Surroundings(
            brand=brand, template=self._templates[brand.template], occasions=self._occasions
        )
        found: dict[str, Placing] = {}
        for version in tx.rules.all(brand.code):
            code = PREFIX + version.name
            if version.name == besides or version.state is RuleState.RETIRED or code in found:
                continue
            try:
                rule = read_rule(version.document, around)
            except RuleUnusable:
                continue  # it is not in force either
            found[code] = Placing(rule.place, rule.kind)
        return found

    def _checked(self, brand: Brand, rule: Rule) -> Checked:
        template = self._templates[brand.template]
        return Checked(
            rule=rule,
            sentence=sentence(rule.when, locale_of(brand)),
            warnings=tuple(_warnings(rule, brand, template, self._occasions)),
        )


def _hold_to(name: str, latest: int, based_on: int) -> None:
    if latest == based_on:
        return
    if not latest:
        raise NotFound(f"there is no rule {name!r} to change", mend="create it")
    if not based_on:
        raise WrongState(f"there is a rule {name!r} already", mend="change that one, or take another name")
    raise ChangedMeanwhile(
        f"the rule {name!r} was saved meanwhile: it is at version {latest}, not {based_on}",
        mend="open it again, and make your change there",
    )


def _name_of(document: Any) -> str:
    return str(document.get("name", "")) if isinstance(document, dict) else ""


def _warnings(
    rule: Rule, brand: Brand, template: CardTemplate, known: Mapping[str, Occasion]
) -> list[Violation]:
    """What can be published, but may surprise its owner."""
    found: list[Violation] = []
    own = {variant.language for variant in rule.words.own}
    missing = [code for code in brand.languages if rule.words.own and code not in own]
    if missing:
        said = ", ".join(missing)
        found.append(
            Violation(
                "/words/own", f"says nothing in {said}", "customers who read it get no card of this rule"
            )
        )
    longest = max((len(variant.message) for variant in template.variants), default=0)
    for variant in rule.words.own:
        if len(variant.message) > longest:
            detail = "a message is longer than any of the card's own, and may not fit"
            found.append(Violation("/words/own", detail, "where it does not fit, the generic card is sent"))
    before = known.get(rule.place.before) if rule.place and rule.place.before else None
    if before and before.kind is OccasionKind.RECOVERY and rule.kind is not OccasionKind.RECOVERY:
        detail = f"stands before {before.title.lower()}, so that nothing is said of the trouble"
        found.append(Violation("/place/before", detail, "let what speaks of trouble come first"))
    return found
