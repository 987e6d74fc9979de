"""Prepares the demo plant: who may send and sign in, and three years of history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from rich.progress import Progress

from app.demo.bodies import historic
from app.demo.credentials import Credentials, load_or_draw
from app.demo.history import DemoOrder, Writer, write_history
from app.demo.morning import write_morning
from app.demo.photo_wishes import with_photos
from app.domain.access import ALL_BRANDS, Caller, Role, hash_password
from app.domain.brand import Brand
from app.domain.clock import SystemClock
from app.domain.format import HookSecret
from app.domain.history_import import Progress as Come
from app.errors import SetupError
from app.registry.mappings import ready_mappings
from app.settings import Settings
from app.wiring import brands_in_force, history_importer, open_store

SHOP_SYSTEMS = {"fernweh": "siteflow", "maple-row": "shopify"}
"""What each demo brand's own shop posts in, beside the plant's native orders."""

_SEED = 23


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlant:
    """The plant, ready to take its morning's orders."""

    credentials: Credentials
    morning: tuple[DemoOrder, ...]


def prepare(settings: Settings, progress: Progress) -> DemoPlant:
    """Make the demo plant in `settings.data_dir`, or find it there.

    Raises:
        SetupError: the demo brands are switched off.
    """
    every = brands_in_force(settings)
    if not SHOP_SYSTEMS.keys() <= every.keys():
        raise SetupError("the demo needs the built-in demo brands", mend="unset TIPIN_DEMO_BRANDS")
    brands = {code: every[code] for code in SHOP_SYSTEMS}
    credentials = load_or_draw(settings.data_dir / "demo.json")
    _let_in(settings, credentials, brands)
    morning: list[DemoOrder] = []
    for brand in brands.values():
        writer = Writer(brand, credentials.today, _SEED)
        past, cast = write_history(writer)
        morning += write_morning(writer, cast)
        _import(settings, brand, past, progress)
    morning.sort(key=lambda order: order.placed_at)
    return DemoPlant(credentials=credentials, morning=tuple(with_photos(morning)))


def _let_in(settings: Settings, credentials: Credentials, brands: Mapping[str, Brand]) -> None:
    """Keys, secrets and the operator, once."""
    now = SystemClock().now()
    store = open_store(settings)
    with store.transaction() as tx:
        if tx.access.caller(credentials.api_key) is None:
            plant = Caller(name="demo plant", role=Role.PLANT, brand=ALL_BRANDS)
            tx.access.add_key(credentials.api_key, plant, made_at=now)
            operator = Caller(name=credentials.operator, role=Role.OPERATOR, brand=ALL_BRANDS)
            tx.access.set_operator(operator, hash_password(credentials.password))
            secrets = {
                "siteflow": HookSecret(token=credentials.siteflow_token, secret=credentials.siteflow_secret),
                "shopify": HookSecret(secret=credentials.shopify_secret),
            }
            for brand in brands:
                code = SHOP_SYSTEMS[brand]
                tx.access.set_hook_secret(brand, code, secrets[code])
    store.close()


def _import(settings: Settings, brand: Brand, past: list[DemoOrder], progress: Progress) -> None:
    """Write the history down as a plant would hand it over, and import it, once."""
    task = progress.add_task(f"{brand.name}: {len(past):,} past orders", total=len(past))
    done = settings.data_dir / f"history-{brand.code}.jsonl"
    if not done.exists():
        file = done.with_suffix(".new.jsonl")
        file.write_text("".join(json.dumps(historic(order)) + "\n" for order in past), encoding="utf-8")
        size = file.stat().st_size

        def show(come: Come) -> None:
            progress.update(task, completed=round(len(past) * come.read / size))

        importer, mapping = history_importer(settings), ready_mappings()["tipin-json"]
        rejects = file.with_suffix(".rejects.jsonl")
        one = importer.begin(brand, file, mapping)
        one = importer.run(one, brand, mapping, file, rejects, on_progress=show)
        if one.progress.rejected:
            raise SetupError(
                f"{one.progress.rejected} lines of the demo history were refused", mend=f"read {rejects}"
            )
        file.replace(done)
    progress.update(task, completed=len(past))
