"""The ASGI application's factory: `uvicorn --factory app.main:create`."""

from __future__ import annotations

from fastapi import FastAPI

from app.settings import Settings
from app.web import logs
from app.web.application import create_app
from app.wiring import build


def create() -> FastAPI:
    """Read the settings, build the parts, and make the application."""
    settings = Settings.read()
    logs.configure(settings.log_level)
    return create_app(build(settings))
