from __future__ import annotations

import numpy as np
import pytest

from app.pdf.codes.reed_solomon import ReedSolomon


def product(a: int, b: int, polynomial: int) -> int:
    total = 0
    while b:
        total ^= a * (b & 1)
        a <<= 1
        a ^= polynomial * (a >> 8)
        b >>= 1
    return total


@pytest.mark.parametrize(("polynomial", "first"), [(0x11D, 0), (0x12D, 1)])
@pytest.mark.parametrize(("places", "count"), [(1, 5), (44, 26), (119, 30), (174, 68)])
def test_data_with_its_check_is_zero_at_every_root(
    polynomial: int, first: int, places: int, count: int
) -> None:
    data = np.random.default_rng(7).integers(0, 256, (3, places), dtype=np.uint8)
    checks = ReedSolomon(polynomial, first).check_words(data, count)
    for row in np.concatenate((data, checks), axis=1).tolist():
        root = 1
        for power in range(first + count):
            value = 0
            for word in row:
                value = product(value, root, polynomial) ^ word
            assert power < first or value == 0
            root = product(root, 2, polynomial)
