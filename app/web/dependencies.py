"""What request handlers ask for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from app.services.desk import Services


async def get_services(request: Request) -> Services:
    """The parts made at start-up. Async, for what waits for nothing needs no thread of its own."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


async def read_body(request: Request) -> bytes:
    """The raw body; over the limit the reading itself fails (see `limits`)."""
    return await request.body()


BodyDep = Annotated[bytes, Depends(read_body)]
