"""The press profiles in force, their severities held to the checks that there are."""

from __future__ import annotations

from pathlib import Path

from app.domain.profile import PressProfile
from app.pdf.preflight.check import rules
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles


def open_profiles(own: Path | None = None) -> dict[str, PressProfile]:
    """The built-in press profiles and the plant's own, by name.

    Args:
        own: the plant's folder (`profiles_dir` of the settings).

    Raises:
        SetupError: a profile cannot be used; naming file, line, key and mend.
    """
    return load_profiles(PROFILES, *([own] if own else []), rules=rules())
