"""What all matrix codes are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Modules = NDArray[np.bool_]
"""Rows of modules from the top, True where there is ink; without quiet zone."""
Octets = NDArray[np.uint8]
"""Codewords: one row a code."""
