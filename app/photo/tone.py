"""Named tone curves: changes of colour before it becomes ink, each a function of the colour alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from app.domain.product import Tone

Colours = NDArray[np.float64]
"""RGB in sRGB's own steps, 0 to 1, in the last axis."""
_LUMA = np.array((0.2126, 0.7152, 0.0722))


def _none(colours: Colours) -> Colours:
    return colours


def _edible(colours: Colours) -> Colours:
    """Food colour on sugar: shadows lifted by a gamma, saturation up by an eighth."""
    lifted = np.power(colours, 0.82)
    grey = (lifted @ _LUMA)[..., None]
    stronger: Colours = np.clip(grey + (lifted - grey) * 1.125, 0, 1)
    return stronger


def _foam(colours: Colours) -> Colours:
    """One tone on foam: an S through the middle; the darkest stays at seven tenths, for a solid sinks in."""
    grey = (colours @ _LUMA)[..., None]
    steep = 0.5 + np.tanh((grey - 0.5) * 3.2) / (2 * np.tanh(1.6))
    single: Colours = np.repeat(0.3 + 0.7 * np.clip(steep, 0, 1), 3, axis=-1)
    return single


_CURVES: Mapping[Tone, Callable[[Colours], Colours]] = {
    Tone.NONE: _none,
    Tone.EDIBLE: _edible,
    Tone.FOAM: _foam,
}


def toned(colours: Colours, tone: Tone) -> Colours:
    """The colours after a curve.

    Args:
        colours: RGB, 0 to 1, in the last axis.
        tone: which curve.
    """
    return _CURVES[tone](colours)
