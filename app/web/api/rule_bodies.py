"""The shapes of the bodies that rules are sent in, for the OpenAPI document; `domain` reads them itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.domain.occasion import OccasionKind
from app.domain.policy import Intent
from app.domain.rule import DEEPEST, MOST_CONDITIONS, Op

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


def rule_schemas(reference: str) -> dict[str, Any]:
    """The schemas of the bodies that are read by tipin itself, for the OpenAPI document."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(RuleIn, "validation"), (PublishIn, "validation")]
    found: dict[str, Any] = models_json_schema(wanted, ref_template=reference)[1]["$defs"]
    return found
