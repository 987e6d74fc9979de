"""The one file that names concrete classes: it makes the parts and puts them together."""

from __future__ import annotations

from app import formats
from app.domain.brand import Brand
from app.domain.clock import SystemClock
from app.registry.brands import load_brands
from app.registry.places import BRANDS
from app.registry.plugins import discover
from app.services.desk import Services
from app.settings import Settings
from app.store.artifacts import ArtifactStore
from app.store.database import Store
from app.store.secret import load_secret


def open_store(settings: Settings) -> Store:
    """The database in force, with its tables."""
    store = Store(settings.database)
    store.create()
    return store


def brands_in_force(settings: Settings) -> dict[str, Brand]:
    """The built-in demo brands, unless switched off, and the plant's own."""
    built_in = (BRANDS,) if settings.demo_brands else ()
    own = (settings.brands_dir,) if settings.brands_dir else ()
    return load_brands(*built_in, *own)


def build(settings: Settings) -> Services:
    """Everything the service works with. Nothing runs yet; `background` is started by the application.

    Raises:
        SetupError: a plug-in, a file of the plant's or the secret cannot be used.
    """
    return Services(
        settings=settings,
        clock=SystemClock(),
        store=open_store(settings),
        artifacts=ArtifactStore(settings.data_dir / "artifacts"),
        secret=load_secret(settings.data_dir),
        brands=brands_in_force(settings),
        formats=discover(formats),
    )
