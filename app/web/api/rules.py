"""`/v1/brands/{brand}/rules`: a brand's own occasions; write, try, publish and retire them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from app.domain.access import Caller, Right
from app.domain.brand import Brand
from app.domain.rule import Rule
from app.domain.rule_words import usable_slots
from app.errors import NotFound, RuleUnusable, VersionNeeded
from app.services.desk import Services
from app.services.read_rule import document_of
from app.services.simulate_rule import MOST_DAYS, NO_CARD
from app.store.database import Transaction
from app.web.api.rule_answers import (
    CatalogueAnswer,
    NamedCode,
    RuleAnswer,
    RuleCheck,
    RuleList,
    RuleVersions,
    check_answer,
    fact_answers,
    rule_answer,
    version_answer,
)
from app.web.api.rule_bodies import PublishIn
from app.web.api.simulation_answer import LINES, SimulationAnswer, lines, simulation_answer
from app.web.authentication import Designs, SeesSettings
from app.web.dependencies import BodyDep, ServicesDep
from app.web.etag import etag_of
from app.web.trials import Trials

router = APIRouter(prefix="/v1/brands/{brand_code}", tags=["rules"])

BrandPath = Annotated[str, Path(description="The brand's code.", max_length=80)]
NamePath = Annotated[str, Path(description="The rule's name.", max_length=40)]
Why = Annotated[str, Query(description="Why, in a few words, for the history.", max_length=500)]
IfMatch = Annotated[str, Header(description='The version that you changed, as the ETag gave it: `"3"`.')]
_UNUSABLE: dict[int | str, dict[str, Any]] = {
    422: {"description": "The rule cannot be used; `violations` says where, what and how to mend it."}
}
_STATE: dict[int | str, dict[str, Any]] = {
    409: {"description": "Not in this state, or it has to be confirmed: see `type` and `mend`."}
}
_CHANGED: dict[int | str, dict[str, Any]] = {
    412: {"description": "Somebody changed it meanwhile."},
    428: {"description": "The `If-Match` header is missing."},
}
_LONGEST_NUMBER = 9


def _body(model: str) -> dict[str, Any]:
    """The request body in the OpenAPI document; tipin reads it itself, more strictly than the framework."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.get("/rule-catalogue", summary="What a brand's rules may be made of")
def get_catalogue(brand_code: BrandPath, services: ServicesDep, caller: SeesSettings) -> CatalogueAnswer:
    """Facts with their types and operators, the occasions by priority, words to borrow, and slots."""
    with services.store.reading() as tx:
        brand = _brand(services, tx, caller, brand_code)
        priorities = services.rules.priorities(tx, brand)
    template = services.templates[brand.template]
    return CatalogueAnswer(
        facts=fact_answers(brand.currency),
        priorities=[NamedCode(code=code, title=title) for code, title in priorities],
        words=sorted({variant.occasion for variant in template.variants}),
        slots=sorted(usable_slots(template)),
        languages=[language for language in brand.languages if template.speaks(language)],
        categories=sorted(set(brand.categories.values())),
    )


@router.get("/rules", summary="List a brand's rules")
def list_rules(brand_code: BrandPath, services: ServicesDep, caller: SeesSettings) -> RuleList:
    """By name, each with its latest version and whether any is in force."""
    with services.store.reading() as tx:
        brand = _brand(services, tx, caller, brand_code)
        found = services.rules.overview(tx, brand)
    address = _address(services, brand)
    return RuleList(rules=[rule_answer(one, address) for one in found])


@router.post(
    "/rules",
    summary="Create a rule",
    status_code=201,
    responses={**_STATE, **_UNUSABLE},
    openapi_extra=_body("RuleIn"),
)
def create_rule(
    *,
    response: Response,
    brand_code: BrandPath,
    services: ServicesDep,
    caller: Designs,
    body: BodyDep,
    why: Why = "",
) -> RuleAnswer:
    """Keeps it as a draft, version 1. Nothing is in force before it is published."""
    document = document_of(body)
    answer = _saved(services, caller, brand_code, document, based_on=0, why=why)
    response.headers["Location"] = answer.links["self"]
    response.headers["ETag"] = etag_of(str(answer.latest.version))
    return answer


@router.post("/rules/validate", summary="Check a rule", responses=_UNUSABLE, openapi_extra=_body("RuleIn"))
def validate_rule(brand_code: BrandPath, services: ServicesDep, caller: Designs, body: BodyDep) -> RuleCheck:
    """Says it as a sentence and warns of what may surprise. Keeps nothing."""
    document = document_of(body)
    with services.store.reading() as tx:
        checked = services.rules.check(tx, _brand(services, tx, caller, brand_code), document)
    return check_answer(checked)


@router.post(
    "/rules/simulate",
    summary="Try a rule on past orders",
    response_model=SimulationAnswer,
    responses={**_UNUSABLE, 200: {"content": {LINES: {}}, "description": "What was found."}},
    openapi_extra=_body("RuleIn"),
)
async def simulate_rule(
    *,
    request: Request,
    brand_code: BrandPath,
    services: ServicesDep,
    caller: Designs,
    body: BodyDep,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="How far back.")] = 90,
    accept: Annotated[str, Header(description=f"`{LINES}`: a line now and then while it goes on.")] = "",
) -> Any:
    """How many cards, for whom, instead of which, and what would be kept back. Changes nothing.

    Some thousand orders a second are told again; where that is long to wait without a word, ask for lines:
    each is the answer so far, and the last the whole. The cases are shown to callers who may read orders.
    """
    trials: Trials = request.app.state.trials
    rule, brand, titles = await run_in_threadpool(_tried, services, caller, brand_code, body)
    with_cases = caller.may(Right.READ_ORDERS)

    def answers() -> Generator[SimulationAnswer, None, None]:
        with services.store.reading() as tx:
            for found in services.simulate.steps(tx, brand, rule, days=days):
                yield simulation_answer(found, titles, with_cases=with_cases)

    if LINES in accept:
        return StreamingResponse(lines(trials.steps(answers())), media_type=LINES)
    return await trials.whole(answers())


@router.get("/rules/{name}", summary="Read a rule")
def get_rule(
    *, response: Response, brand_code: BrandPath, name: NamePath, services: ServicesDep, caller: SeesSettings
) -> RuleAnswer:
    """Its latest version; the ETag names it."""
    with services.store.reading() as tx:
        answer = _answer(services, tx, _brand(services, tx, caller, brand_code), name)
    response.headers["ETag"] = etag_of(str(answer.latest.version))
    return answer


@router.put(
    "/rules/{name}",
    summary="Change a rule",
    responses={**_STATE, **_UNUSABLE, **_CHANGED},
    openapi_extra=_body("RuleIn"),
)
def change_rule(
    *,
    response: Response,
    brand_code: BrandPath,
    name: NamePath,
    services: ServicesDep,
    caller: Designs,
    body: BodyDep,
    if_match: IfMatch = "",
    why: Why = "",
) -> RuleAnswer:
    """Keeps it as a new draft. The version that is in force stays so until the draft is published."""
    document = document_of(body)
    if document.get("name", name) != name:
        raise RuleUnusable(
            f"/name: the rule at this address is {name!r}",
            mend="a rule keeps its name; create another one",
        )
    answer = _saved(
        services, caller, brand_code, {**document, "name": name}, based_on=_number(if_match), why=why
    )
    response.headers["ETag"] = etag_of(str(answer.latest.version))
    return answer


@router.get("/rules/{name}/versions", summary="List a rule's versions")
def list_versions(
    brand_code: BrandPath, name: NamePath, services: ServicesDep, caller: SeesSettings
) -> RuleVersions:
    """The latest first: who made, published and ended each, and when."""
    with services.store.reading() as tx:
        found = services.rules.versions(tx, _brand(services, tx, caller, brand_code), name)
    return RuleVersions(versions=[version_answer(version) for version in found])


@router.post(
    "/rules/{name}/publish",
    summary="Put a rule in force",
    responses={**_STATE, **_UNUSABLE},
    openapi_extra=_body("PublishIn"),
)
def publish_rule(
    brand_code: BrandPath, name: NamePath, services: ServicesDep, caller: Designs, body: BodyDep
) -> RuleAnswer:
    """For orders taken from now on. A rule that matches most orders has to be confirmed.

    Its own words must fit the card with the shortest and the longest names, in every language.
    """
    wanted = _publishing(body)
    with services.store.reading() as tx:
        brand = _brand(services, tx, caller, brand_code)
    services.publish(brand.code, name, version=wanted.version, who=caller.name, confirmed=wanted.confirm)
    with services.store.reading() as tx:
        return _answer(services, tx, brand, name)


@router.post("/rules/{name}/retire", summary="Put a rule out of force", responses=_STATE)
def retire_rule(brand_code: BrandPath, name: NamePath, services: ServicesDep, caller: Designs) -> RuleAnswer:
    """From now on. Cards that are planned stay, and count among those that the customer had."""
    with services.store.transaction() as tx:
        brand = _brand(services, tx, caller, brand_code)
        services.rules.retire(tx, brand, name, who=caller.name)
        return _answer(services, tx, brand, name)


def _brand(services: Services, tx: Transaction, caller: Caller, code: str) -> Brand:
    if not caller.serves(code):
        raise NotFound(f"there is no brand {code[:40]!r}", mend="ask the plant for your brand's code")
    return services.brands(tx, code)


def _tried(
    services: Services, caller: Caller, brand_code: str, body: bytes
) -> tuple[Rule, Brand, dict[str, str]]:
    """The rule that a body holds, whose it is, and what occasions are called."""
    document = document_of(body)
    with services.store.reading() as tx:
        brand = _brand(services, tx, caller, brand_code)
        rule = services.rules.check(tx, brand, document).rule
        return rule, brand, dict(services.rules.priorities(tx, brand)) | {NO_CARD: "no card"}


def _saved(
    services: Services, caller: Caller, brand_code: str, document: dict[str, Any], *, based_on: int, why: str
) -> RuleAnswer:
    with services.store.transaction() as tx:
        brand = _brand(services, tx, caller, brand_code)
        version = services.rules.save(tx, brand, document, who=caller.name, based_on=based_on, why=why)[0]
        return _answer(services, tx, brand, version.name)


def _answer(services: Services, tx: Transaction, brand: Brand, name: str) -> RuleAnswer:
    return rule_answer(services.rules.summary(tx, brand, name), _address(services, brand))


def _address(services: Services, brand: Brand) -> str:
    return services.links.rules(brand.code)


def _publishing(body: bytes) -> PublishIn:
    try:
        return PublishIn.model_validate(document_of(body))
    except ValidationError as error:
        found = error.errors()[0]
        where = "/" + "/".join(str(part) for part in found["loc"])
        raise RuleUnusable(
            f"{where}: {found['msg']}", mend='send {"version": N, "confirm": false}'
        ) from error


def _number(if_match: str) -> int:
    number = if_match.strip().removeprefix('"').removesuffix('"')
    if not number.isascii() or not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        raise VersionNeeded(
            "the If-Match header names no version of the rule",
            mend='read the rule, then send its ETag, such as If-Match: "3"',
        )
    return int(number)
