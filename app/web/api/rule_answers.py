"""What the API says of rules, and the shapes of the bodies that it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.domain.decision import Outcome
from app.domain.fact_catalogue import FACTS, Fact
from app.domain.fact_words import WORDS
from app.domain.occasion import OccasionKind
from app.domain.policy import Intent
from app.domain.rule import DEEPEST, MOST_CONDITIONS, OPS, Op
from app.domain.rule_document import write_rule
from app.domain.rule_reading import example_of
from app.domain.rule_version import RuleState, RuleVersion
from app.errors import Violation
from app.services.manage_rules import Checked, RuleSummary
from app.services.simulate_rule import REASONS, Simulation, TriedCase

EXAMPLE: dict[str, Any] = {
    "name": "third-calendar",
    "title": "Third order, a calendar among them",
    "when": {
        "all": [
            {"fact": "n_prior", "op": "=", "value": 2},
            {"fact": "categories", "op": "has", "value": "calendars"},
            {"not": {"fact": "gift", "op": "=", "value": True}},
        ]
    },
    "kind": "soft",
    "intent": "note",
    "place": {"after": "first_repeat"},
    "words": {"occasion": "generic"},
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FactReference(_Strict):
    """Another fact to compare with."""

    fact: str


class ConditionIn(_Strict):
    """One condition."""

    fact: str = Field(description="A fact of the catalogue.", examples=["n_prior"])
    op: Op
    value: FactReference | bool | int | str | list[int | str] = Field(
        description="Of the fact's type. Money in minor units, days as 2026-03-01, moments in RFC 3339."
    )


class AllIn(_Strict):
    """Every one of these holds."""

    all: list[TreeIn] = Field(min_length=1, max_length=MOST_CONDITIONS)


class AnyIn(_Strict):
    """At least one of these holds."""

    any: list[TreeIn] = Field(min_length=1, max_length=MOST_CONDITIONS)


class NotIn(_Strict):
    """This is known not to hold."""

    not_: TreeIn = Field(alias="not")


TreeIn = ConditionIn | AllIn | AnyIn | NotIn
_TREE = (
    f"At most {DEEPEST} levels and {MOST_CONDITIONS} conditions. A missing fact is no match, under not too."
)


class PlaceIn(_Strict):
    """Its neighbours by priority; one is enough."""

    after: str | None = None
    before: str | None = None


class WordingIn(_Strict):
    """ICU MessageFormat patterns over the catalogue's slots."""

    headline: str = Field(max_length=120)
    message: str = Field(max_length=1200)
    greeting: str | None = Field(default=None, description="Left out: the card's usual greeting.")
    greeting_unnamed: str | None = None


class WordsIn(_Strict):
    """The card's own words for an occasion, or `own` wordings by language beside that occasion's art."""

    occasion: str = "generic"
    own: dict[str, list[WordingIn]] | None = None


class RuleIn(_Strict):
    """A brand's own occasion."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    name: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=40)
    title: str = Field(min_length=1, max_length=80)
    when: TreeIn = Field(description=_TREE)
    kind: OccasionKind = OccasionKind.SOFT
    intent: Intent = Field(default=Intent.NOTE, description="Of its own words.")
    place: PlaceIn | None = Field(default=None, description="Left out: after the last of its kind.")
    words: WordsIn = WordsIn()
    since: datetime | None = Field(default=None, description="For orders placed from then on.")
    until: datetime | None = Field(default=None, description="For orders placed before then.")


class PublishIn(_Strict):
    """Which version to put in force."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 1, "confirm": False}]}
    )

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    confirm: bool = Field(default=False, description="Yes, although it matches most orders.")


class Note(BaseModel):
    """One fault or warning: where (JSON pointer), what, and the mend."""

    pointer: str
    detail: str
    mend: str


class RuleCheck(BaseModel):
    """A rule that can be used."""

    sentence: str = Field(examples=["2 orders before this one, and not (a gift)"])
    rule: dict[str, Any] = Field(description="As it would be kept: what was left out has its default.")
    warnings: list[Note]


class VersionAnswer(BaseModel):
    """One version, and what became of it."""

    version: int
    state: RuleState
    why: str
    made_by: str
    made_at: datetime
    published_by: str
    published_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    rule: dict[str, Any]


class RuleAnswer(BaseModel):
    """A rule with its latest version."""

    name: str
    code: str = Field(description="Its name among the occasions, in tags and settings.")
    state: RuleState = Field(description="Published while any version is in force.")
    in_force: int | None = Field(description="The version that is in force.")
    latest: VersionAnswer
    sentence: str | None = Field(description="None where the rule cannot be used any more.")
    warnings: list[Note]
    problems: list[Note] = Field(description="Why it cannot be used any more.")
    links: dict[str, str]


class RuleList(BaseModel):
    """A brand's rules, by name."""

    rules: list[RuleAnswer]


class RuleVersions(BaseModel):
    """Every version of a rule, the latest first."""

    versions: list[VersionAnswer]


class FactAnswer(BaseModel):
    """One fact that rules may ask for."""

    name: str
    label: str
    meaning: str
    type: Literal["number", "money", "flag", "text", "codes", "date", "moment"]
    unit: str = Field(description="What a number counts; a currency where it is money.")
    ops: list[Op]
    example: str = Field(description="A value for its first operator, as JSON.")
    needs_history: bool = Field(description="Whether it is wrong where older orders are missing.")


class NamedCode(BaseModel):
    """A code with its name for people."""

    code: str
    title: str


class CatalogueAnswer(BaseModel):
    """What a brand's rules may be made of."""

    facts: list[FactAnswer]
    priorities: list[NamedCode] = Field(description="Every occasion, the first in priority first.")
    words: list[str] = Field(description="Occasions whose words a rule may borrow.")
    slots: list[str] = Field(description="What own wordings may be filled with.")
    languages: list[str]
    categories: list[str]


def fact_answer(fact: Fact, currency: str) -> FactAnswer:
    """One fact of the catalogue."""
    ops = OPS[fact.type]
    return FactAnswer(
        name=fact.name,
        label=WORDS[fact.name].label,
        meaning=fact.meaning,
        type=fact.type.value,
        unit=fact.unit or (currency if fact.type == "money" else ""),
        ops=list(ops),
        example=example_of(fact, ops[0]),
        needs_history=fact.whole_history,
    )


def fact_answers(currency: str) -> list[FactAnswer]:
    """The catalogue."""
    return [fact_answer(fact, currency) for fact in FACTS.values()]


def check_answer(checked: Checked) -> RuleCheck:
    """What a rule says."""
    return RuleCheck(
        sentence=checked.sentence, rule=write_rule(checked.rule), warnings=notes(checked.warnings)
    )


def version_answer(version: RuleVersion) -> VersionAnswer:
    """One version."""
    return VersionAnswer(
        version=version.version,
        state=version.state,
        why=version.why,
        made_by=version.made_by,
        made_at=version.made_at,
        published_by=version.published_by,
        published_at=version.published_at,
        ended_by=version.ended_by,
        ended_at=version.ended_at,
        rule=dict(version.document),
    )


def rule_answer(summary: RuleSummary, address: str) -> RuleAnswer:
    """One rule; `address` is where the brand's rules are."""
    latest, checked = summary.latest, summary.checked
    own = f"{address}/{latest.name}"
    return RuleAnswer(
        name=latest.name,
        code=f"rule:{latest.name}",
        state=summary.state,
        in_force=summary.published.version if summary.published else None,
        latest=version_answer(latest),
        sentence=checked.sentence if checked else None,
        warnings=notes(checked.warnings) if checked else [],
        problems=notes(summary.problem.violations) if summary.problem else [],
        links={
            "self": own,
            "versions": f"{own}/versions",
            "publish": f"{own}/publish",
            "retire": f"{own}/retire",
        },
    )


def notes(violations: tuple[Violation, ...]) -> list[Note]:
    """Violations as they are answered."""
    return [Note(pointer=v.pointer, detail=v.detail, mend=v.mend) for v in violations]


class CountOf(BaseModel):
    """How many orders, and of what."""

    code: str
    says: str
    orders: int


class CaseAnswer(BaseModel):
    """One order that the rule matches."""

    order: str = Field(description="tipin's id of the order.")
    customer: str | None = Field(description="A pseudonym of the customer; null for a guest.")
    placed_at: datetime
    outcome: Outcome
    why: str
    instead_of: str = Field(description="The occasion of its card without the rule, or `none`.")
    verdicts: list[str] = Field(examples=[["2 orders before this one ✓", "no gift ✓"]])


class SimulationAnswer(BaseModel):
    """What a rule would have done, had it been in force over a time that is past."""

    since: datetime
    until: datetime
    orders: int = Field(description="Orders placed in that time.")
    matched: int = Field(description="Of these, how many the rule matches.")
    share: float = Field(description="From 0 to 1.")
    customers: int = Field(description="Customers with such an order.")
    decided: int = Field(description="Matching orders that the following counts are over.")
    cards: int = Field(description="Of the decided, how many get a card of this rule.")
    instead_of: list[CountOf] = Field(description="What these cards take the place of.")
    outranked_by: list[CountOf] = Field(description="Matches that another occasion comes before.")
    suppressed: list[CountOf] = Field(description="Matches without a card, by the reason.")
    held_out: int = Field(description="Matches of customers who are held out to measure.")
    lost_later: list[CountOf] = Field(
        description="Cards of other orders for which one of the rule's leaves no room."
    )
    concern: str = Field(description="What publishing asks to confirm; empty where it asks nothing.")
    cases: list[CaseAnswer]


def simulation_answer(found: Simulation, titles: Mapping[str, str], *, with_cases: bool) -> SimulationAnswer:
    """What was found; `titles` are the occasions' by code."""
    return SimulationAnswer(
        since=found.since,
        until=found.until,
        orders=found.orders,
        matched=found.matched,
        share=round(found.reach.share, 4),
        customers=found.customers,
        decided=found.decided,
        cards=found.cards,
        instead_of=_counts(found.instead_of, titles),
        outranked_by=_counts(found.outranked_by, titles),
        suppressed=_counts(found.kept_back, REASONS),
        held_out=found.outcomes[Outcome.WITHHELD],
        lost_later=_counts(found.lost_later, titles),
        concern=found.reach.concern,
        cases=[_case(one) for one in found.cases] if with_cases else [],
    )


def _counts(counted: Counter[str], says: Mapping[str, str]) -> list[CountOf]:
    return [CountOf(code=code, says=says.get(code, code), orders=n) for code, n in counted.most_common()]


def _case(tried: TriedCase) -> CaseAnswer:
    return CaseAnswer(
        order=tried.order_id,
        customer=tried.pseudonym,
        placed_at=tried.placed_at,
        outcome=tried.outcome,
        why=tried.why,
        instead_of=tried.instead_of,
        verdicts=[str(one) for one in tried.said],
    )


def rule_schemas(reference: str) -> dict[str, Any]:
    """The schemas of the bodies that are read by tipin itself, for the OpenAPI document."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(RuleIn, "validation"), (PublishIn, "validation")]
    found: dict[str, Any] = models_json_schema(wanted, ref_template=reference)[1]["$defs"]
    return found
