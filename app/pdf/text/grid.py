"""The grid that advances and widths lie on, so that every sum and difference of them is exact.

Whichever way a text is set (alone, or together with a thousand others whose advances are summed up with
its own), the same numbers come out, to the last bit.
"""

from __future__ import annotations

from typing import Final

PER_EM: Final = float(1 << 22)
"""Steps in an em: a hundredth of the finest dot of any press."""


def on_grid(length: float) -> float:
    """The nearest place on the grid, em."""
    return round(length * PER_EM) / PER_EM
