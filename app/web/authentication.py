"""Who sends a request: an API key, in whichever of three headers a sender can set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from app.domain.access import Caller, Right, fingerprint
from app.errors import Forbidden, Unauthenticated
from app.services.desk import Services
from app.web.basic import BasicPassword
from app.web.dependencies import ServicesDep

_bearer = HTTPBearer(auto_error=False, description="`Authorization: Bearer KEY`")
_header = APIKeyHeader(name="X-Api-Key", auto_error=False, description="`X-Api-Key: KEY`")
_basic = BasicPassword()


async def api_key(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
    basic: Annotated[str | None, Security(_basic)],
) -> str | None:
    """The key a request carries, or None."""
    return bearer.credentials if bearer else header or basic


ApiKeyDep = Annotated[str | None, Depends(api_key)]


def caller_with(services: Services, key: str | None, right: Right) -> Caller:
    """Whose key it is.

    Raises:
        Unauthenticated: there is no key, or nobody's.
        TooManyRequests: it sent too many.
        Forbidden: its role lacks the right.
    """
    if not key:
        raise Unauthenticated(
            "there is no API key in the request",
            mend="send Authorization: Bearer KEY; make one with `tipin keys create`",
        )
    with services.store.reading() as tx:
        caller = tx.access.caller(key)
    if caller is None:
        raise Unauthenticated(
            "this API key is unknown or was revoked", mend="make another with `tipin keys create`"
        )
    services.rates.take(fingerprint(key))
    if not caller.may(right):
        raise Forbidden(f"the role {caller.role} may not {right}", mend="use a key whose role has that right")
    return caller


def require(right: Right) -> Callable[[ServicesDep, ApiKeyDep], Caller]:
    """A dependency: the caller, who has this right."""

    def caller(services: ServicesDep, key: ApiKeyDep) -> Caller:
        return caller_with(services, key, right)

    return caller


SendsOrders = Annotated[Caller, Depends(require(Right.SEND_ORDERS))]
TellsEvents = Annotated[Caller, Depends(require(Right.TELL_EVENTS))]
ReadsOrders = Annotated[Caller, Depends(require(Right.READ_ORDERS))]
FetchesInserts = Annotated[Caller, Depends(require(Right.FETCH_INSERTS))]
Packs = Annotated[Caller, Depends(require(Right.PACK))]
Reprints = Annotated[Caller, Depends(require(Right.REPRINT))]
ClearsParcels = Annotated[Caller, Depends(require(Right.CLEAR_PARCELS))]
RunsTargets = Annotated[Caller, Depends(require(Right.RUN_TARGETS))]
ChangesItems = Annotated[Caller, Depends(require(Right.CHANGE_ITEMS))]
SeesSettings = Annotated[Caller, Depends(require(Right.SEE_SETTINGS))]
Designs = Annotated[Caller, Depends(require(Right.DESIGN))]
ImportsHistory = Annotated[Caller, Depends(require(Right.IMPORT_HISTORY))]
Replays = Annotated[Caller, Depends(require(Right.REPLAY))]
