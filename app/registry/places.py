"""Where tipin's own data files are: beside the code, in a checkout as in the container image."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]

PRINT_TEMPLATES = _ROOT / "print_templates"
CARDS = PRINT_TEMPLATES / "cards"
BRANDS = PRINT_TEMPLATES / "brands"
CUSTOMER_WORDS = PRINT_TEMPLATES / "customer_words"
MAPPINGS = PRINT_TEMPLATES / "mappings"
PROFILES = PRINT_TEMPLATES / "profiles"
PRODUCTS = PRINT_TEMPLATES / "products"
FONTS = _ROOT / "fonts"
