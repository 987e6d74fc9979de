"""Cards for the tests of the print engine, on the plain template of `tests/data/cards`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.card import Card, Wording
from app.domain.template import Role
from app.registry.cards import load_cards

PLAIN = load_cards(Path(__file__).parent / "data" / "cards")["plain"]
PALETTE = {
    "paper": (0.0, 0.0, 0.03, 0.0),
    "brand": (0.75, 0.1, 0.0, 0.5),
    "brand-mid": (0.4, 0.05, 0.0, 0.2),
    "brand-tint": (0.15, 0.02, 0.0, 0.05),
    "accent": (0.0, 0.55, 0.8, 0.0),
    "ink": (0.6, 0.3, 0.0, 0.75),
    "quiet": (0.0, 0.0, 0.0, 0.6),
}
_WORDS = {
    "variant": "plain",
    "headline": "Thank you, Anna.",
    "greeting": "Dear Anna,",
    "message": "“This is your 23rd parcel this year,” said Ida at the bench, and we checked: it is. "
    "So before it left us this morning we wrote this by hand.",
}
_CARD: dict[str, Any] = {
    "id": "7ZK4M0QW2B8NT-0",
    "template": "plain",
    "occasion": "first",
    "language": "en",
    "direction": "ltr",
    "texts": {
        Role.SIGNATURE: "Ida",
        Role.SIGNER: "Ida Holm, packs your parcels",
        Role.FACTS: "Acorn · acorn.example",
        Role.QR_LABEL: "See how it was made",
        Role.JOB_CODE: "7ZK4M0QW2B8NT-0",
    },
    "palette": PALETTE,
    "hand": "hand",
    "signature": None,
    "signature_width": 30.0,
    "qr": "https://acorn.example/i/7ZK4M0QW2B8NT",
    "bench_code": "AC7ZK4M0QW2B8NT000ABCDEF",
    "seed": 7,
    "made_at": datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
    "profile": "isocoated-v2-300",
}


def wording(**changes: str) -> Wording:
    """The plain wording with some of it changed."""
    return Wording(**(_WORDS | changes))


def card(**changes: Any) -> Card:
    """The plain card with some of it changed."""
    return Card(**({**_CARD, "wordings": (wording(),)} | changes))
