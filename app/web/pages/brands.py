"""A brand's settings as a page: what is in force, what a change would do, and what was changed by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from app.domain.access import Right
from app.domain.brand_settings import Change, SettingsVersion, changes, merged, value_at
from app.errors import ChangedMeanwhile, Forbidden, NotFound, SettingsUnusable, Violation
from app.registry.brand_document import whole_document
from app.registry.json_document import pointer
from app.services.show_settings import ShownSettings, show_settings
from app.store.database import Transaction
from app.store.sessions import SignedIn
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.security import check_csrf, check_same_origin
from app.web.pages.session import PersonDep
from app.web.pages.settings_fields import GROUPS, Options
from app.web.pages.settings_form import CHANNELS, ORDER, changed, places
from app.web.pages.settings_parts import channel_fields, language_fields, own_groups
from app.web.pages.settings_values import written
from app.web.pages.settings_words import change_lines, named_fault

router = APIRouter(prefix="/brands")
_VERSIONS = 30
_LARGEST_VERSION = 2**31 - 1


def get_viewer(person: PersonDep) -> SignedIn:
    """The person at the page, who may see settings.

    Raises:
        Forbidden: their role may not.
    """
    if not person.caller.may(Right.SEE_SETTINGS):
        raise Forbidden(f"a {person.caller.role} may not {Right.SEE_SETTINGS}", mend="ask an admin")
    return person


ViewerDep = Annotated[SignedIn, Depends(get_viewer)]


def get_changer(request: Request, person: PersonDep, csrf: Annotated[str, Form()] = "") -> SignedIn:
    """The person who sent a form of this session, who may change settings.

    Raises:
        Forbidden: they may not, or the form is another site's.
    """
    check_same_origin(request)
    check_csrf(person.csrf, csrf)
    if not person.caller.may(Right.DESIGN):
        raise Forbidden(f"a {person.caller.role} may not {Right.DESIGN}", mend="ask a designer or an admin")
    return person


ChangerDep = Annotated[SignedIn, Depends(get_changer)]


async def get_form(request: Request) -> FormData:
    """All that was sent."""
    return await request.form()


SentDep = Annotated[FormData, Depends(get_form)]
VersionForm = Annotated[int, Form(ge=0, le=_LARGEST_VERSION)]


@router.get("")
def show_list(request: Request, desk: DeskDep, viewer: ViewerDep) -> Response:
    """The brands that the person serves; the one, where it is one."""
    brands = {code: brand for code, brand in desk.brands.items() if viewer.caller.serves(code)}
    if len(brands) == 1:
        return RedirectResponse(f"{request.url.path}/{next(iter(brands))}")
    return desk.render.page(request, "brands.html", signed_in=viewer, brands=brands)


@router.get("/{code}")
def show_brand(
    request: Request, desk: DeskDep, viewer: ViewerDep, code: str, saved: int | None = None
) -> Response:
    """The settings in force."""
    with desk.store.reading() as tx:
        shown = _shown(tx, desk, viewer, code)
    return _page(request, desk, viewer, shown, shown.document, saved=saved)


@router.post("/{code}")
def save(
    *,
    request: Request,
    desk: DeskDep,
    changer: ChangerDep,
    code: str,
    sent: SentDep,
    version: VersionForm,
    why: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "preview",
) -> Response:
    """Save what was changed, or show what would be. What cannot be saved is shown with each fault."""
    with desk.store.reading() as tx:
        shown = _shown(tx, desk, changer, code)
        seen = whole_document(desk.brand_desk.brands.at(tx, code, version).document)
        others = _since(tx, code, version)
        patch = changed(seen, sent, _priorities(tx, desk, shown, seen))
    wanted = merged(shown.document, patch)
    more: dict[str, Any] = {"changes": changes(shown.document, wanted), "why": why, "others": others}
    try:
        if do != "save" or others:
            with desk.store.reading() as tx:
                desk.brand_desk.save.preview(tx, code, patch)
        else:
            with desk.store.transaction() as tx:
                now = desk.brand_desk.save(tx, code, patch, onto=version, who=changer.caller.name, why=why)
            address = f"{request.scope.get('root_path', '')}/brands/{code}"
            query = f"?saved={now}" if now != version else ""
            return RedirectResponse(f"{address}{query}", status_code=HTTPStatus.SEE_OTHER)
    except SettingsUnusable as problem:
        return _page(request, desk, changer, shown, wanted, status=422, faults=problem.violations, **more)
    except ChangedMeanwhile:
        with desk.store.reading() as tx:
            shown = _shown(tx, desk, changer, code)
            more["others"] = _since(tx, code, version)
        wanted = merged(shown.document, patch)
        more["changes"] = changes(shown.document, wanted)
    status = HTTPStatus.CONFLICT if more["others"] else HTTPStatus.OK
    return _page(request, desk, changer, shown, wanted, status=status, **more)


@router.get("/{code}/history")
def show_history(
    request: Request,
    desk: DeskDep,
    viewer: ViewerDep,
    code: str,
    before: Annotated[int | None, Query(ge=1, le=_LARGEST_VERSION)] = None,
) -> Response:
    """Who changed what, when and why; the latest first."""
    with desk.store.reading() as tx:
        brand = _shown(tx, desk, viewer, code).brand
        versions = tx.settings.page(code, limit=_VERSIONS + 1, before=before)
    return desk.render.page(
        request,
        "brand_history.html",
        signed_in=viewer,
        brand=brand,
        versions=versions[:_VERSIONS],
        lines=_lines(desk, code),
        older=versions[_VERSIONS - 1].version if len(versions) > _VERSIONS else None,
        has_file=code in desk.in_force.files,
        may_change=viewer.caller.may(Right.DESIGN),
    )


@router.post("/{code}/revert")
def revert(
    *,
    request: Request,
    desk: DeskDep,
    changer: ChangerDep,
    code: str,
    version: VersionForm,
    to: VersionForm,
) -> Response:
    """Put an earlier version in force again, as a new one."""
    with desk.store.reading() as tx:
        _shown(tx, desk, changer, code)
    with desk.store.transaction() as tx:
        now = desk.brand_desk.save.revert(tx, code, to, onto=version, who=changer.caller.name)
    address = f"{request.scope.get('root_path', '')}/brands/{code}?saved={now}"
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


@router.post("/{code}/signature")
def sign(
    *,
    request: Request,
    desk: DeskDep,
    changer: ChangerDep,
    code: str,
    version: VersionForm,
    picture: UploadFile,
) -> Response:
    """Take a scanned signature; what cannot be printed is refused with the reason."""
    with desk.store.reading() as tx:
        shown = _shown(tx, desk, changer, code)
    try:
        with desk.store.transaction() as tx:
            content = picture.file.read()
            now = desk.brand_desk.set_signature(tx, code, content, onto=version, who=changer.caller.name)
    except SettingsUnusable as problem:
        faults = problem.violations or (Violation("/signer/signature", problem.detail, problem.mend),)
        return _page(request, desk, changer, shown, shown.document, status=422, faults=faults)
    address = f"{request.scope.get('root_path', '')}/brands/{code}?saved={now}"
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _shown(tx: Transaction, desk: Desk, person: SignedIn, code: str) -> ShownSettings:
    if not person.caller.serves(code):
        raise NotFound(f"there is no brand {code[:40]!r}", mend="see the list of brands")
    return show_settings(tx, desk.in_force, code)


def _since(tx: Transaction, code: str, version: int) -> tuple[SettingsVersion, ...]:
    """What others saved since that version was looked at, the latest first."""
    return tuple(found for found in tx.settings.page(code, limit=_VERSIONS) if found.version > version)


def _page(
    request: Request,
    desk: Desk,
    person: SignedIn,
    shown: ShownSettings,
    document: Mapping[str, Any],
    *,
    status: int = HTTPStatus.OK,
    faults: Sequence[Violation] = (),
    changes: Sequence[Change] = (),
    others: Sequence[SettingsVersion] = (),
    why: str = "",
    saved: int | None = None,
) -> Response:
    with desk.store.reading() as tx:
        customers = tx.thresholds.customers_of_a_year(shown.brand.code)
        priorities = _priorities(tx, desk, shown, document)
    channels: Mapping[str, Any] = (document.get("policy") or {}).get(CHANNELS[-1]) or {}
    return desk.render.page(
        request,
        "brand.html",
        status=status,
        signed_in=person,
        shown=shown,
        document=document,
        groups=(*GROUPS, *own_groups(document)),
        roles=language_fields(document),
        places=places(document, priorities, desk.occasions),
        channels={channel: channel_fields(channel) for channel in channels},
        options=_options(desk, shown.brand.code),
        zones=sorted(available_timezones()),
        written=written,
        at=value_at,
        pointer=pointer,
        faults=faults,
        changes=changes,
        lines=_lines(desk, shown.brand.code),
        named_fault=named_fault,
        others=others,
        why=why,
        saved=saved,
        customers=customers,
        may_change=person.caller.may(Right.DESIGN),
    )


def _priorities(
    tx: Transaction, desk: Desk, shown: ShownSettings, document: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """Occasions and rules as a document of this brand orders them."""
    return desk.rules.priorities(tx, shown.brand, order=value_at(document, ORDER) or ())


def _options(desk: Desk, brand: str) -> dict[str, Options]:
    return {
        "templates": tuple((name, card.title) for name, card in sorted(desk.cards.items())),
        "targets": tuple((name, name) for name in sorted(desk.brand_desk.save.names.targets)),
        "typefaces": tuple((name, name) for name in sorted(desk.brand_desk.save.names.typefaces)),
        "occasions": tuple(desk.titles(brand).items()),
    }


def _lines(desk: Desk, brand: str) -> Any:
    titles = desk.titles(brand)
    return lambda found: change_lines(found, titles)
