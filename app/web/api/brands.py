"""`/v1/brands`: the brands of the plant, their settings with history, and new ones."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from app.domain.access import ALL_BRANDS, Caller, Right
from app.errors import Forbidden, MalformedOrder, NotFound, SettingsUnusable, VersionNeeded
from app.registry.json_document import JsonDocument
from app.registry.toml_file import Model, TomlModel
from app.services.desk import Services
from app.services.save_settings import LONGEST_WHY
from app.services.show_settings import show_settings
from app.store.database import Transaction
from app.web.api.brand_answers import (
    EXAMPLE_SETTINGS,
    BrandList,
    HistoryAnswer,
    SettingsAnswer,
    describe_brand,
    describe_settings,
    describe_version,
)
from app.web.authentication import Designs, SeesSettings
from app.web.dependencies import BodyDep, ServicesDep
from app.web.paging import with_next_link
from app.wire.strict_json import decode_object

router = APIRouter(prefix="/v1/brands", tags=["brands"])

_LARGEST_VERSION = 2**31 - 1
_CHANGED: dict[int | str, dict[str, Any]] = {
    412: {"description": "Another version is in force by now; read it, then change that."},
    422: {"description": "The settings cannot be used. `violations` names each with pointer and mend."},
    428: {"description": "The `If-Match` header is missing."},
}
IfMatch = Annotated[
    str, Header(description='The `ETag` of the settings that you change, such as `"3"`; `*` for any.')
]


class _Patch(TomlModel):
    settings: dict[str, Any]
    why: str = ""


class _Revert(TomlModel):
    version: int
    why: str = ""


class _NewBrand(TomlModel):
    code: str
    document: dict[str, Any]
    why: str = ""


def _json_body(example: dict[str, Any], **properties: dict[str, Any]) -> dict[str, Any]:
    why = {"type": "string", "maxLength": LONGEST_WHY, "description": "For the history."}
    schema = {
        "type": "object",
        "required": list(properties),
        "properties": properties | {"why": why},
        "additionalProperties": False,
    }
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


@router.get("", summary="List brands")
def list_brands(services: ServicesDep, caller: SeesSettings) -> BrandList:
    """Those that the key serves, with the version of their settings."""
    with services.store.reading() as tx:
        brands = services.brands.all(tx)
    return BrandList(
        brands=[
            describe_brand(brand, services.links) for brand in brands.values() if caller.serves(brand.code)
        ]
    )


@router.post(
    "",
    summary="Make a brand",
    status_code=201,
    responses={
        403: {"description": "The key's role, or a key of one brand, may not."},
        409: {"description": "There is a brand of that code."},
        422: {"description": "The document cannot be used. `violations` names each with pointer and mend."},
    },
    openapi_extra=_json_body(
        {"code": "elm", "document": {"key": "EM", "name": "Elm", "time_zone": "Europe/Berlin"}},
        code={"type": "string", "description": "a-z, 0-9 and hyphens."},
        document={
            "type": "object",
            "description": "All of the brand, by the keys of brand.toml; another brand's settings show them.",
        },
    ),
)
def create_brand(services: ServicesDep, caller: Designs, body: BodyDep, response: Response) -> SettingsAnswer:
    """A brand without a folder: its document is version 1 of its settings. In force at once."""
    if caller.brand != ALL_BRANDS or not caller.may(Right.MANAGE):
        raise Forbidden("only an admin of all brands may make one", mend="ask an admin of the plant")
    wanted = _read(body, _NewBrand)
    with services.store.transaction() as tx:
        services.brand_desk.create(tx, wanted.code, wanted.document, who=_who(caller), why=wanted.why)
        return _answer(services, tx, wanted.code, response)


@router.get("/{brand}/settings", summary="Read a brand's settings in force")
def get_settings(
    brand: str, services: ServicesDep, caller: SeesSettings, response: Response
) -> SettingsAnswer:
    """Every value, and whether it is a default, brand.toml's or a save's."""
    with services.store.reading() as tx:
        return _answer(services, tx, _served(caller, brand), response)


@router.patch(
    "/{brand}/settings",
    summary="Change a brand's settings",
    responses=_CHANGED,
    openapi_extra=_json_body(
        {"settings": EXAMPLE_SETTINGS, "why": "more cards before Christmas"},
        settings={
            "type": "object",
            "description": "A JSON merge patch (RFC 7396) by the keys of brand.toml; null gives a value back "
            "to brand.toml.",
        },
    ),
)
def change_settings(
    *,
    brand: str,
    services: ServicesDep,
    caller: Designs,
    body: BodyDep,
    response: Response,
    if_match: IfMatch = "",
) -> SettingsAnswer:
    """A new version, in force at once for every order that comes; tags of earlier orders stay as they are."""
    wanted = _read(body, _Patch)
    code = _served(caller, brand)
    with services.store.transaction() as tx:
        onto = _onto(services, tx, code, if_match)
        services.brand_desk.save(tx, code, wanted.settings, onto=onto, who=_who(caller), why=wanted.why)
        return _answer(services, tx, code, response)


@router.get("/{brand}/settings/history", summary="List the versions of a brand's settings")
def list_versions(
    *,
    request: Request,
    response: Response,
    brand: str,
    services: ServicesDep,
    caller: SeesSettings,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        int | None, Query(ge=1, le=_LARGEST_VERSION, description="From the `next` link of the page before.")
    ] = None,
) -> HistoryAnswer:
    """The latest first: who changed what, when and why. A `Link` header leads to the next page."""
    with services.store.reading() as tx:
        code = services.brands(tx, _served(caller, brand)).code
        versions = tx.settings.page(code, limit=limit + 1, before=cursor)
    if len(versions) > limit:
        with_next_link(
            request, response, services.settings.public_url, cursor=str(versions[limit - 1].version)
        )
    return HistoryAnswer(versions=[describe_version(version) for version in versions[:limit]])


@router.post(
    "/{brand}/settings/revert",
    summary="Put an earlier version in force again",
    responses=_CHANGED,
    openapi_extra=_json_body(
        {"version": 3, "why": "the holdout was too large"},
        version={"type": "integer", "minimum": 0, "description": "0: brand.toml alone."},
    ),
)
def revert_settings(
    *,
    brand: str,
    services: ServicesDep,
    caller: Designs,
    body: BodyDep,
    response: Response,
    if_match: IfMatch = "",
) -> SettingsAnswer:
    """As a new version; the history stays as it is."""
    wanted = _read(body, _Revert)
    code = _served(caller, brand)
    if not 0 <= wanted.version <= _LARGEST_VERSION:
        raise NotFound(f"there is no version {str(wanted.version)[:20]}", mend="see the history")
    with services.store.transaction() as tx:
        onto = _onto(services, tx, code, if_match)
        services.brand_desk.save.revert(tx, code, wanted.version, onto=onto, who=_who(caller), why=wanted.why)
        return _answer(services, tx, code, response)


@router.put(
    "/{brand}/signature",
    summary="Set the signer's scanned signature",
    responses=_CHANGED,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def put_signature(
    *,
    brand: str,
    services: ServicesDep,
    caller: Designs,
    body: BodyDep,
    response: Response,
    if_match: IfMatch = "",
) -> SettingsAnswer:
    """A PNG, dark on light or transparent; `signer.signature_width` says how wide it prints."""
    code = _served(caller, brand)
    with services.store.transaction() as tx:
        onto = _onto(services, tx, code, if_match)
        services.brand_desk.set_signature(tx, code, body, onto=onto, who=_who(caller))
        return _answer(services, tx, code, response)


def _read(body: bytes, model: type[Model]) -> Model:
    """A body of tipin's own.

    Raises:
        SettingsUnusable: with every fault.
    """
    try:
        document = decode_object(body)
    except MalformedOrder as error:
        raise SettingsUnusable(error.detail, mend=error.mend, violations=error.violations) from error
    return JsonDocument(json.loads(json.dumps(document, default=float))).read(model)


def _served(caller: Caller, brand: str) -> str:
    if not caller.serves(brand):
        raise NotFound(f"there is no brand {brand[:40]!r}", mend="see GET /v1/brands")
    return brand


def _who(caller: Caller) -> str:
    return f"{caller.name} (API key)"


def _onto(services: Services, tx: Transaction, code: str, if_match: str) -> int:
    """The version that a request changes.

    Raises:
        NotFound: there is no such brand.
        VersionNeeded: it does not say.
    """
    in_force = services.brands(tx, code).settings_version
    tag = if_match.strip()
    if tag == "*":
        return in_force
    number = tag.removeprefix('"').removesuffix('"')
    if not number.isascii() or not number.isdecimal() or len(number) > len(str(_LARGEST_VERSION)):
        raise VersionNeeded(
            "the If-Match header names no version of the settings",
            mend=f'read the settings, then send their ETag, such as If-Match: "{in_force}"',
        )
    return int(number)


def _answer(services: Services, tx: Transaction, code: str, response: Response) -> SettingsAnswer:
    shown = show_settings(tx, services.brands, code)
    response.headers["ETag"] = f'"{shown.brand.settings_version}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return describe_settings(shown, services.links)
