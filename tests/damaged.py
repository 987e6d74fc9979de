"""The plain test family with one thing in it broken, as a designer would."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.domain.template import CardTemplate
from app.registry.cards import load_cards

_PLAIN = Path(__file__).parent / "data" / "cards" / "plain"


def copied(folder: Path) -> Path:
    """The family in a folder of its own inside `folder`."""
    return Path(shutil.copytree(_PLAIN, folder / "plain"))


def damage(family: Path, name: str, old: str, new: str) -> int:
    """Replace text that must be there; gives the line (from 1) where it stood."""
    path = family / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def load(family: Path) -> CardTemplate:
    """The family as it is now."""
    return load_cards(family.parent, recovery=["after_delay"])["plain"]
