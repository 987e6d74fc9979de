"""Reed-Solomon check words over GF(256), for many codes at once.

The check is linear: that of a block is the sum (exclusive or) of what each of its data words adds where it
stands. So each place has a table of 256 rows, and a thousand blocks are one look-up and one sum.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.pdf.codes.modules import Octets

_WORD = 8
"""Bytes summed at a time."""


class ReedSolomon:
    """The code of one symbology.

    Args:
        polynomial: the field's, its ninth bit included.
        first_root: the power of α of the generator's first root.
    """

    def __init__(self, polynomial: int, first_root: int) -> None:
        self._first_root = first_root
        self._powers = [1]
        while len(self._powers) < 255:  # noqa: PLR2004 - the field without zero
            doubled = self._powers[-1] << 1
            self._powers.append(doubled ^ polynomial if doubled > 0xFF else doubled)  # noqa: PLR2004 - one byte
        self._products = self._multiply()
        self._table = lru_cache(maxsize=24)(self._build)

    def check_words(self, data: Octets, count: int) -> Octets:
        """The `count` check words of each row of `data`: shape (rows, count)."""
        places = data.shape[1]
        table = self._table(places, count)
        rows = data.T.astype(np.intp)
        rows += np.arange(places)[:, None] << 8
        summed: Octets = np.bitwise_xor.reduce(table[rows], axis=0).view(np.uint8)
        return summed[:, :count]

    def _multiply(self) -> Octets:
        """Products of all pairs, 256 × 256."""
        logs = np.zeros(256, dtype=np.intp)
        logs[self._powers] = np.arange(255)
        powers = np.array(self._powers, dtype=np.uint8)
        products: Octets = powers[(logs[:, None] + logs) % 255]
        products[0] = products[:, 0] = 0
        return products

    def _build(self, places: int, count: int) -> NDArray[np.uint64]:
        """Row 256 × place + value: the check words of that value there alone, eight a number."""
        generator = self._generator(count)
        remainders = np.empty((places, count), dtype=np.uint8)
        remainder = generator
        for place in reversed(range(places)):
            remainders[place] = remainder
            remainder = np.append(remainder[1:], np.uint8(0)) ^ self._products[remainder[0], generator]
        table = np.zeros((places, 256, -(-count // _WORD) * _WORD), dtype=np.uint8)
        table[:, :, :count] = self._products[:, remainders].swapaxes(0, 1)
        return table.reshape(places << 8, -1).view(np.uint64)

    def _generator(self, count: int) -> Octets:
        """Coefficients of the generator polynomial after the leading 1, highest first."""
        polynomial = np.zeros(count + 1, dtype=np.uint8)
        polynomial[0] = 1
        for power in range(count):
            root = self._powers[(self._first_root + power) % 255]
            polynomial[1:] ^= self._products[root, polynomial[:-1]]
        return polynomial[1:]
