"""A brand: a tenant of the plant, with its voice, colours, signers and rules.

A brand is a folder (`print_templates/brands/NAME/brand.toml` with its pictures), because designers add them.
What is changed while the plant runs are settings in the database, which override it: see `brand_settings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.policy import OccasionPolicy

Ink = tuple[float, float, float, float]
"""Cyan, magenta, yellow, black, each 0 to 1."""

PALETTE_TOKENS = frozenset({"paper", "brand", "brand-mid", "brand-tint", "accent", "ink", "quiet"})
"""The colours that every brand mixes and every template may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A real person who signs. `signature` is a scanned signature (PNG, dark on light or transparent)."""

    name: str
    role: Mapping[str, str]
    """Language → what they do, such as "packs your parcels"."""
    signature: Path | None
    signature_width: float
    """Width in mm at which it was written."""
    typeface: str = "hand"
    name_in: Mapping[str, str] = field(default_factory=dict)
    """Language → the name in that language's script, where it is written otherwise."""

    def name_for(self, language: str) -> str:
        """The name as a card in `language` prints it."""
        return self.name_in.get(language, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPolicy:
    """What a brand does with its customers' photos."""

    products: Mapping[str, str] = field(default_factory=dict)
    """SKU prefix → photo product; the longest prefix wins."""
    consent_by_contract: bool = False
    """Whether customers agree in the shop's terms; else each order has to say that they did."""
    keep_days: int = 30
    """How long a photo is kept where the order does not say."""
    target: str = ""
    """Where its photo items are handed over; empty: where its cards are."""

    def product_of(self, sku: str) -> str:
        """The product that a SKU is, or empty."""
        known = [prefix for prefix in self.products if sku.startswith(prefix)]
        return self.products[max(known, key=len)] if known else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand as it is in force. `key` is its two characters in bench codes."""

    code: str
    key: str
    name: str
    folder: Path | None
    """Where its brand.toml is; None where it was written in the page."""
    time_zone: ZoneInfo
    currency: str
    languages: tuple[str, ...]
    """The first is the default."""
    link: str
    """Where the QR leads; `{order}` is replaced by tipin's order id."""
    template: str
    palette: Mapping[str, Ink]
    signer: Signer
    story: Mapping[str, Mapping[str, str]]
    """Language → occasion ("*" for all others) → one small human detail, a whole sentence."""
    imprint: Mapping[str, str]
    """Language → the quiet line at the foot."""
    categories: Mapping[str, str]
    """SKU prefix → category code; the longest prefix wins."""
    category_names: Mapping[str, Mapping[str, str]]
    """Language → category code → name as a customer would say it."""
    policy: OccasionPolicy
    target: str
    """Name of the hand-over target in the settings."""
    needed_by_minutes: int = 240
    """An order that names no `needed_by` is due this long after it came."""
    photos: PhotoPolicy = PhotoPolicy()
    settings_version: int = 0
    """Which version of its settings this is; 0 is brand.toml alone."""
    document: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """All of this as JSON, by the keys of brand.toml."""

    def imprint_for(self, language: str) -> str:
        """The quiet line at the foot, in the brand's own language where it has none in `language`."""
        return self.imprint.get(language, self.imprint[self.languages[0]])

    def category_of(self, sku: str) -> str | None:
        """The category of a SKU by its longest known prefix, or None."""
        known = [prefix for prefix in self.categories if sku.startswith(prefix)]
        return self.categories[max(known, key=len)] if known else None

    def language_for(self, wanted: str | None) -> str:
        """The best of the brand's languages for a BCP 47 tag; the default where none fits."""
        primary = (wanted or "").replace("_", "-").split("-")[0].lower()
        return primary if primary in self.languages else self.languages[0]
