"""What the demo plant must remember between runs: its day, its keys and its operator's login."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.access import new_api_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The demo plant's own secrets, drawn once. `today` is the moment the morning's orders end."""

    today: datetime
    operator: str
    password: str
    api_key: str
    siteflow_token: str
    siteflow_secret: str
    shopify_secret: str


def load_or_draw(path: Path) -> Credentials:
    """The credentials kept at `path`, or new ones kept there, readable by their owner alone."""
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Credentials(**{**kept, "today": datetime.fromisoformat(kept["today"])})
    drawn = Credentials(
        today=datetime.now(UTC).replace(second=0, microsecond=0),
        operator="operator",
        password=secrets.token_urlsafe(12),
        api_key=new_api_key(),
        siteflow_token=secrets.token_hex(8),
        siteflow_secret=secrets.token_urlsafe(32),
        shopify_secret=secrets.token_urlsafe(32),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({**asdict(drawn), "today": drawn.today.isoformat()}, file, indent=2)
    return drawn
