"""The call that posts a first order, for a page that has none to show yet."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from datetime import datetime

from app.domain.brand import Brand


def sample_order(brand: Brand, at: datetime) -> dict[str, object]:
    """The smallest order in tipin's own format that gets a card."""
    return {
        "brand": brand.code,
        "id": f"first-{at:%Y%m%d-%H%M%S}",
        "placed_at": at.isoformat(timespec="seconds"),
        "value": {"minor": 4590, "currency": brand.currency},
        "customer": {"id": "c-1", "given_name": "Jonna", "language": brand.languages[0]},
        "jobs": [{"id": "1", "sku": next(iter(brand.categories), "SKU-1")}],
    }


def sample_call(brands: Mapping[str, Brand], public_url: str, at: datetime) -> str:
    """A `curl` line that posts it with the key in `$KEY`; empty where there is no brand yet."""
    if not brands:
        return ""
    order = json.dumps(sample_order(next(iter(brands.values())), at), ensure_ascii=False)
    return (
        f"curl {public_url.rstrip('/')}/v1/orders \\\n"
        f'  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\\n'
        f"  -d {shlex.quote(order)}"
    )
