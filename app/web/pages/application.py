"""The pages as one application of their own, mounted beside the API: own headers, own errors in words."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.errors import TipinError
from app.services.desk import Services
from app.services.sign_in import SignIn
from app.web.pages import (
    bench,
    brands,
    enter,
    items,
    letters,
    live,
    orders,
    pictures,
    pieces,
    rules,
    sheets,
    targets,
    tasks,
    why,
)
from app.web.pages.desk import Desk
from app.web.pages.rendering import STATIC, Renderer
from app.web.pages.security import PageHeaders
from app.web.pages.session import SignInNeededError
from app.web.pages.throttle import Throttle
from app.web.trials import Trials

PREFIX = "/desk"
"""Where the application mounts the pages."""


class _Static(StaticFiles):
    """Files whose address carries their version, so that browsers may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with that promise."""
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def open_pages(services: Services, count_scan: Callable[[str, str], None], trials: Trials) -> Desk:
    """What the pages work with, out of the parts that `wiring` made."""
    return Desk(
        store=services.store,
        artifacts=services.artifacts,
        previews=services.previews,
        album=services.album,
        products=services.products,
        try_photo=services.try_photo,
        change_item=services.change_item,
        sign_in=SignIn(services.store, services.clock, hours=services.settings.session_hours),
        throttle=Throttle(),
        render=Renderer(degraded=[each.detail for each in services.targets.problems.values()]),
        brand_desk=services.brand_desk,
        cards=services.templates,
        profiles=services.profiles,
        occasions=services.occasions,
        formats=services.understand.formats,
        replay=services.replay,
        rules=services.rules,
        publish=services.publish,
        simulate=services.simulate,
        targets=services.targets,
        sheets=services.sheets,
        release=services.release,
        recall=services.recall,
        bench=services.bench,
        count_scan=count_scan,
        trials=trials,
        clock=services.clock,
        public_url=str(services.settings.public_url),
    )


def create_pages(desk: Desk) -> FastAPI:
    """The pages over their parts."""
    app = FastAPI(openapi_url=None)
    app.state.desk = desk
    # `live` first: its fixed paths would otherwise be taken for the id of an order.
    for pages in (
        *(enter, live, orders, why, pictures, letters, tasks, targets, sheets),
        *(brands, rules, bench, items, pieces),
    ):
        app.include_router(pages.router)
    app.mount("/static", _Static(directory=STATIC))
    app.add_middleware(PageHeaders)

    @app.get("/")
    def start(request: Request) -> Response:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/orders")

    _answer_errors(app)
    return app


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(SignInNeededError)
    def _sign_in(request: Request, _error: SignInNeededError) -> Response:
        base = request.scope.get("root_path", "")
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if request.headers.get("sec-fetch-site") == "cross-site" and request.method == "GET":
            # A link in a mail: the browser keeps a strict cookie back until our own page asks again.
            return _desk(request).render.page(request, "arrive.html", to=wanted)
        if request.method != "GET":
            wanted = f"{base}/orders"
        return RedirectResponse(f"{base}/sign-in?to={quote(wanted)}", status_code=HTTPStatus.SEE_OTHER)

    @app.exception_handler(TipinError)
    def _ours(request: Request, error: TipinError) -> Response:
        return _sorry(request, error.status, error.title, error.detail, error.mend)

    @app.exception_handler(RequestValidationError)
    def _bad_address(request: Request, error: RequestValidationError) -> Response:
        wrong = "; ".join(f"{found['loc'][-1]}: {found['msg']}" for found in error.errors())
        return _sorry(request, HTTPStatus.UNPROCESSABLE_ENTITY, "This address cannot be read", wrong, "")

    @app.exception_handler(HTTPException)
    def _of_the_framework(request: Request, error: HTTPException) -> Response:
        title = HTTPStatus(error.status_code).phrase
        return _sorry(request, error.status_code, title, "there is no such page", "go back to the orders")


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _sorry(request: Request, status: int, title: str, detail: str, mend: str) -> Response:
    signed_in = getattr(request.state, "signed_in", None)
    return _desk(request).render.page(
        request, "sorry.html", status=status, signed_in=signed_in, title=title, detail=detail, mend=mend
    )
