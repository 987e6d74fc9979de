"""Golden pictures: what something looked like when a person last looked at it, kept small.

Where a change is meant, `TIPIN_WRITE_GOLDEN=1 pytest …` writes them anew: look at each, then commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image

GOLDEN = Path(__file__).parent / "data" / "golden"
EDGE = 120
"""Pixels of the longer edge."""
_MEAN = 2.0
_FEW_FAR = 0.01, 40
"""The share of values that may be further off than so many steps of 255: edges, one pixel over."""


def assert_golden(name: str, image: Image.Image) -> None:
    """Fail where a picture is not what it was: another rounding passes, another crop or tone does not."""
    seen = image.convert("RGB")
    seen.thumbnail((EDGE, EDGE), Image.Resampling.BOX)
    path = GOLDEN / f"{name}.png"
    if os.environ.get("TIPIN_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        seen.save(path, optimize=True)
    with Image.open(path) as kept:
        wanted = np.asarray(kept.convert("RGB"), dtype=int)
    found = np.asarray(seen, dtype=int)
    assert found.shape == wanted.shape
    apart = np.abs(found - wanted)
    share, far = _FEW_FAR
    assert apart.mean() <= _MEAN, f"{name} is {apart.mean():.1f} of 255 away from what it was"
    assert (apart > far).mean() <= share, (
        f"{name}: {(apart > far).mean():.1%} of it are far from what they were"
    )
