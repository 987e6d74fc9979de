"""Where tipin's own data files are: beside the code in a checkout, inside the package when installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_ROOT = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent

PRINT_TEMPLATES = _ROOT / "print_templates"
CARDS = PRINT_TEMPLATES / "cards"
BRANDS = PRINT_TEMPLATES / "brands"
PROFILES = PRINT_TEMPLATES / "profiles"
FONTS = _ROOT / "fonts"
