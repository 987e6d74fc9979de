"""How long a photo takes from its upload to its print-ready PDF, through the whole service.

    .venv/bin/python -m benchmarks.photo_items [--photos 20] [--megapixels 12]

One service with its worker, on this machine, over HTTP. Prints p50 and p95 of each part in milliseconds; the
target is a p50 of at most 700 ms.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from app.demo import service
from app.domain.access import Caller, Role, new_api_key
from app.domain.clock import SystemClock
from app.settings import Settings
from app.wiring import open_brand_desk, open_store

_TARGET = 700.0
_BRAND = "fernweh"
_PAUSE = 0.01
_FIRST_PORT = 8700
"""The first free one from here on is taken."""


def photo(number: int, megapixels: float) -> bytes:
    """A JPEG with as much detail as a camera's; no two are the same."""
    edge = int((megapixels * 1e6) ** 0.5)
    dice = np.random.default_rng(number)
    rough = Image.fromarray(dice.integers(0, 255, (edge // 16, edge // 16, 3), dtype=np.uint8))
    out = io.BytesIO()
    rough.resize((edge, edge), Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
    return out.getvalue()


def prepare(settings: Settings) -> str:
    """A key, and a brand that prints photos."""
    store, key = open_store(settings), new_api_key()
    desk = open_brand_desk(settings)
    with store.transaction() as tx:
        tx.access.add_key(key, Caller(name="bench", role=Role.ADMIN), made_at=SystemClock().now())
        patch = {"photos": {"consent_by_contract": True, "products": {"CK-": "edible-cookie"}}}
        desk.save(tx, _BRAND, patch, onto=desk.brands(tx, _BRAND).settings_version, who="bench")
    store.close()
    return key


def once(client: httpx.Client, number: int, data: bytes) -> tuple[float, float]:
    """Send one photo and its order; the milliseconds of the upload, and of all until the PDF is there."""
    began = time.perf_counter()
    sent = client.post("/v1/photos", params={"brand": _BRAND}, content=data).raise_for_status().json()
    uploaded = time.perf_counter()
    order = {
        "brand": _BRAND,
        "id": f"bench-{os.getpid()}-{number}",
        "placed_at": SystemClock().now().isoformat(),
        "value": {"minor": 900, "currency": "EUR"},
        "jobs": [{"id": "1", "sku": "CK-80", "photo": {"photo": sent["id"]}}],
    }
    item = client.post("/v1/orders", json=order).raise_for_status().json()["items"][0]
    while "pdf" not in item["links"] and item["state"] != "failed":
        time.sleep(_PAUSE)
        item = client.get(f"/v1/jobs/{item['job']}/items/1").raise_for_status().json()
    if item["state"] == "failed":
        raise SystemExit(item["reason"])
    return (uploaded - began) * 1000, (time.perf_counter() - began) * 1000


def main() -> None:
    """Measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--photos", type=int, default=20)
    asked.add_argument("--megapixels", type=float, default=12)
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), port=_FIRST_PORT, log_level="WARNING")
        key = prepare(settings)
        running = service.ensure_running(settings)
        try:
            with httpx.Client(
                base_url=running.url, timeout=60, headers={"Authorization": f"Bearer {key}"}
            ) as client:
                photos = [photo(number, said.megapixels) for number in range(said.photos + 1)]
                once(client, 0, photos[0])  # processes start with their first photo
                times = [once(client, number, data) for number, data in enumerate(photos[1:], 1)]
        finally:
            service.stop(settings)
    for name, values in zip(("upload", "upload to PDF"), zip(*times, strict=True), strict=True):
        p50, p95 = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        print(f"{name:<16} p50 {p50:6.0f} ms   p95 {p95:6.0f} ms")
    print(f"target: p50 of upload to PDF at most {_TARGET:.0f} ms")


if __name__ == "__main__":
    main()
