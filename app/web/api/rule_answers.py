"""What the API says of rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.domain.fact_catalogue import FACTS, Fact
from app.domain.fact_words import WORDS
from app.domain.rule import OPS, Op
from app.domain.rule_document import write_rule
from app.domain.rule_reading import example_of
from app.domain.rule_version import RuleState, RuleVersion
from app.errors import Violation
from app.services.manage_rules import Checked, RuleSummary


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
