"""The web application: routers, middleware and life span, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib.metadata import version

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from app.registry.seasons import warm_up
from app.services.desk import Services
from app.web import health, openapi, problems
from app.web.api import (
    artifacts,
    bench,
    brands,
    customers,
    dead_letters,
    events,
    history,
    hooks,
    intake,
    items,
    jobs,
    orders,
    person_tasks,
    photos,
    pictures,
    reprints,
    rules,
    sheets,
    signals,
    targets,
)
from app.web.headers import SecurityHeaders
from app.web.limits import BodyLimit
from app.web.metrics import Metrics
from app.web.observe import Observe
from app.web.pages.application import PREFIX, create_pages, open_pages
from app.web.trials import Trials

_DESCRIPTION = (
    "Tags every order with its customer occasion and makes a print-ready insert card beside it. "
    "Errors are `application/problem+json` and say what to mend."
)


def create_app(services: Services) -> FastAPI:
    """The ASGI application over parts that `wiring` made."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        warm_up()
        for part in services.background:
            await run_in_threadpool(part.start)
        try:
            yield
        finally:
            for part in reversed(services.background):
                await run_in_threadpool(part.stop)
            services.store.close()

    app = FastAPI(
        title="tipin",
        version=version("tipin"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        # The framework's pages load their scripts from other people's servers.
        docs_url=None,
        redoc_url=None,
    )
    app.openapi = lru_cache(lambda: openapi.document(app, services))  # type: ignore[method-assign]
    app.state.services = services
    app.state.metrics = Metrics()
    app.state.trials = Trials()
    app.state.photo_limiter = CapacityLimiter(services.settings.photo_workers)
    problems.install(app)
    intake.install(app)
    for router in (
        events.router,
        customers.router,
        orders.router,
        jobs.router,
        reprints.router,
        bench.router,
        pictures.router,
        items.router,
        photos.router,
        dead_letters.router,
        brands.router,
        person_tasks.router,
        history.router,
        hooks.router,
        artifacts.router,
        signals.router,
        rules.router,
        sheets.router,
        targets.router,
        health.router,
    ):
        app.include_router(router)
    app.mount(PREFIX, create_pages(open_pages(services, app.state.metrics.count_scan, app.state.trials)))

    @app.get("/", include_in_schema=False)
    def start() -> RedirectResponse:
        return RedirectResponse(f"{PREFIX}/orders")

    # The last one added stands outermost.
    app.add_middleware(
        BodyLimit,
        limit=services.settings.max_body_bytes,
        larger={
            history.PREFIX: services.settings.max_history_bytes,
            photos.PREFIX: services.settings.max_photo_bytes + photos.LONGEST_FORM,
        },
    )
    app.add_middleware(Observe, metrics=app.state.metrics)
    app.add_middleware(SecurityHeaders, tls=services.settings.public_url.scheme == "https")
    return app
