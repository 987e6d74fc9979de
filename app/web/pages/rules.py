"""The brand's own occasions: the list, the page that one is written on, and what became of its versions."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from datetime import date, datetime
from http import HTTPStatus
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse

from app.domain.access import Right
from app.domain.brand import Brand
from app.domain.money import CURRENCIES
from app.domain.rule_words import usable_slots
from app.errors import ChangedMeanwhile, Forbidden, NeedsConfirmation, NotFound, RuleUnusable, WrongState
from app.services.manage_rules import RuleSummary
from app.services.read_rule import document_of
from app.services.simulate_rule import NO_CARD, REASONS
from app.store.database import Transaction
from app.store.sessions import SignedIn
from app.web.api.rule_answers import check_answer, fact_answers, notes
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.security import check_csrf, check_same_origin
from app.web.pages.session import PersonDep

router = APIRouter(prefix="/rules")
_REDRAW_SECONDS = 0.4
_LONGEST_RULE = 60_000
_EMPTY: dict[str, Any] = {"title": "", "when": {"all": []}, "words": {"occasion": "generic"}}


def get_owner(person: PersonDep) -> SignedIn:
    """The person at the page, who may write rules.

    Raises:
        Forbidden: their role may not.
    """
    if not person.caller.may(Right.DESIGN):
        raise Forbidden(f"a {person.caller.role} writes no rules", mend="ask a designer or an admin")
    return person


OwnerDep = Annotated[SignedIn, Depends(get_owner)]


def get_writer(request: Request, owner: OwnerDep, csrf: Annotated[str, Form()] = "") -> SignedIn:
    """The same, proven to send a form of this session's own pages.

    Raises:
        Forbidden: it is not.
    """
    check_same_origin(request)
    check_csrf(owner.csrf, csrf)
    return owner


WriterDep = Annotated[SignedIn, Depends(get_writer)]
DocumentForm = Annotated[str, Form(max_length=_LONGEST_RULE)]


@router.get("")
def show_list(
    request: Request, desk: DeskDep, owner: OwnerDep, brand: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """The rules of one brand; the first that the person serves, unless they name another."""
    with desk.store.reading() as tx:
        brands = {code: one for code, one in desk.in_force.all(tx).items() if owner.caller.serves(code)}
        shown = brands.get(brand) or next(iter(brands.values()), None)
        if shown is None:
            raise NotFound("there is no brand here", mend="ask an admin which brand is yours")
        rules = desk.rules.overview(tx, shown)
        priorities = desk.rules.priorities(tx, shown)
    return desk.render.page(
        request,
        "rules.html",
        signed_in=owner,
        desk=desk,
        brands=brands,
        brand=shown,
        rules=rules,
        priorities=priorities,
    )


@router.get("/{brand_code}/new")
def write_new(request: Request, desk: DeskDep, owner: OwnerDep, brand_code: str) -> Response:
    """A rule that is not there yet."""
    with desk.store.reading() as tx:
        brand = _brand(desk, tx, owner, brand_code)
        return _editor(request, desk, tx, owner, brand, document=_EMPTY, summary=None)


@router.get("/{brand_code}/{name}")
def show_rule(
    *, request: Request, desk: DeskDep, owner: OwnerDep, brand_code: str, name: str, done: str = ""
) -> Response:
    """A rule's latest version, to be changed, and all its versions."""
    with desk.store.reading() as tx:
        brand = _brand(desk, tx, owner, brand_code)
        summary = desk.rules.summary(tx, brand, name)
        document = summary.latest.document
        return _editor(request, desk, tx, owner, brand, document=document, summary=summary, done=done)


@router.post("/{brand_code}/check")
def check(desk: DeskDep, writer: WriterDep, brand_code: str, document: DocumentForm) -> Response:
    """What the rule on the page says, or what is wrong with it."""
    with desk.store.reading() as tx:
        brand = _brand(desk, tx, writer, brand_code)
        try:
            found = check_answer(desk.rules.check(tx, brand, _read(document, brand)))
        except RuleUnusable as error:
            problems = [note.model_dump() for note in notes(error.violations)]
            return JSONResponse({"problems": problems})
    return JSONResponse({"sentence": found.sentence, "warnings": [n.model_dump() for n in found.warnings]})


@router.post("/{brand_code}/simulate")
def simulate(
    *,
    request: Request,
    desk: DeskDep,
    writer: WriterDep,
    brand_code: str,
    document: DocumentForm,
    days: Annotated[int, Form(ge=1, le=3650)] = 90,
) -> Response:
    """The rule told over past orders: a line of JSON with the picture so far, now and then, and the last."""
    with desk.store.reading() as tx:
        brand = _brand(desk, tx, writer, brand_code)
        rule = desk.rules.check(tx, brand, _read(document, brand)).rule
        titles = dict(desk.rules.priorities(tx, brand)) | {NO_CARD: "no card"}

    def lines() -> Generator[str, None, None]:
        drawn = monotonic()
        with desk.store.reading() as tx:
            for found in desk.simulate.steps(tx, brand, rule, days=days):
                last = found.told >= found.orders
                if last or monotonic() - drawn > _REDRAW_SECONDS:
                    drawn = monotonic()
                    html = desk.render.html(
                        request,
                        "_simulation.html",
                        found=found,
                        titles=titles,
                        reasons=REASONS,
                        days=days,
                        sees_orders=writer.caller.may(Right.READ_ORDERS),
                    )
                    yield json.dumps({"done": found.told, "of": found.orders, "html": html}) + "\n"

    return StreamingResponse(desk.trials.steps(lines()), media_type="application/x-ndjson")


@router.post("/{brand_code}/save")
def save(
    *,
    request: Request,
    desk: DeskDep,
    writer: WriterDep,
    brand_code: str,
    document: DocumentForm,
    based_on: Annotated[int, Form(ge=0)] = 0,
    why: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Keep the rule as a new version; on the same page with what is wrong where it cannot be."""
    with desk.store.transaction() as tx:
        brand = _brand(desk, tx, writer, brand_code)
        said = _read(document, brand)
        try:
            version, _ = desk.rules.save(tx, brand, said, who=writer.caller.name, based_on=based_on, why=why)
        except (RuleUnusable, WrongState, ChangedMeanwhile) as error:
            summary = desk.rules.summary(tx, brand, str(said.get("name"))) if based_on else None
            return _editor(request, desk, tx, writer, brand, document=said, summary=summary, problem=error)
    return _to(request, f"/rules/{brand.code}/{version.name}?done=saved")


@router.post("/{brand_code}/{name}/publish")
def publish(
    *,
    request: Request,
    desk: DeskDep,
    writer: WriterDep,
    brand_code: str,
    name: str,
    version: Annotated[int, Form(ge=1)],
    confirm: Annotated[bool, Form()] = False,
) -> Response:
    """Put the latest draft in force; on the same page where it has to be confirmed, or cannot be."""
    with desk.store.reading() as tx:
        brand = _brand(desk, tx, writer, brand_code)
    try:
        desk.publish(brand.code, name, version=version, who=writer.caller.name, confirmed=confirm)
    except (NeedsConfirmation, RuleUnusable) as said:
        question = said if isinstance(said, NeedsConfirmation) else None
        problem = said if isinstance(said, RuleUnusable) else None
        with desk.store.reading() as tx:
            summary = desk.rules.summary(tx, brand, name)
            return _editor(
                request,
                desk,
                tx,
                writer,
                brand,
                document=summary.latest.document,
                summary=summary,
                problem=problem,
                question=question,
                refused="Not published",
            )
    return _to(request, f"/rules/{brand.code}/{name}?done=published")


@router.post("/{brand_code}/{name}/retire")
def retire(request: Request, desk: DeskDep, writer: WriterDep, brand_code: str, name: str) -> Response:
    """Put the rule out of force."""
    with desk.store.transaction() as tx:
        brand = _brand(desk, tx, writer, brand_code)
        desk.rules.retire(tx, brand, name, who=writer.caller.name)
    return _to(request, f"/rules/{brand.code}/{name}?done=retired")


def _editor(
    request: Request,
    desk: Desk,
    tx: Transaction,
    owner: SignedIn,
    brand: Brand,
    *,
    document: Mapping[str, Any],
    summary: RuleSummary | None,
    problem: RuleUnusable | WrongState | ChangedMeanwhile | None = None,
    question: NeedsConfirmation | None = None,
    refused: str = "Not saved",
    done: str = "",
) -> Response:
    template = desk.cards[brand.template]
    own = f"rule:{document.get('name', '')}"
    material = {
        "facts": [fact.model_dump() for fact in fact_answers(brand.currency)],
        "priorities": [
            {"code": code, "title": title} for code, title in desk.rules.priorities(tx, brand) if code != own
        ],
        "words": [
            {"code": code, "title": desk.occasions[code].title if code in desk.occasions else code}
            for code in sorted({variant.occasion for variant in template.variants})
        ],
        "slots": sorted(usable_slots(template)),
        "languages": [language for language in brand.languages if template.speaks(language)],
        "categories": sorted(set(brand.categories.values())),
        "digits": CURRENCIES[brand.currency],
        "rule": _with_days(document, brand),
    }
    versions = desk.rules.versions(tx, brand, summary.latest.name) if summary else []
    return desk.render.page(
        request,
        "rule.html",
        status=problem.status if problem else question.status if question else HTTPStatus.OK,
        signed_in=owner,
        desk=desk,
        brand=brand,
        summary=summary,
        versions=versions,
        material=material,
        problem=problem,
        question=question,
        refused=refused,
        done=done,
    )


def _brand(desk: Desk, tx: Transaction, owner: SignedIn, code: str) -> Brand:
    if not owner.caller.serves(code):
        raise NotFound("there is no such brand here", mend="choose one from the list of rules")
    return desk.in_force(tx, code)


def _to(request: Request, path: str) -> Response:
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}{path}", status_code=HTTPStatus.SEE_OTHER)


def _read(text: str, brand: Brand) -> dict[str, Any]:
    """The rule of the page's form, whose days begin and end at midnight in the brand's time zone."""
    document = document_of(text.encode("utf-8", "surrogatepass"))
    for key in ("since", "until"):
        if isinstance(value := document.get(key), str) and len(value) == len("2026-03-01"):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                continue  # told with the rule's other faults
            begins = datetime(day.year, day.month, day.day, tzinfo=brand.time_zone)
            document[key] = begins.isoformat()
    return document


def _with_days(document: Mapping[str, Any], brand: Brand) -> dict[str, Any]:
    """The document with the days, in the brand's time zone, on which it begins and ends."""
    shown = dict(document)
    for key in ("since", "until"):
        try:
            moment = datetime.fromisoformat(shown.get(key) or "")
            shown[key] = moment.astimezone(brand.time_zone).date().isoformat()
        except ValueError:
            shown[key] = ""
    return shown
