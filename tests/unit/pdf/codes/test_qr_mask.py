"""The penalties beside a slow reading of the standard."""

from __future__ import annotations

import random
from itertools import groupby

import numpy as np
import pytest
import qrcode
from qrcode.util import lost_point

from app.pdf.codes.modules import Modules
from app.pdf.codes.qr_mask import Lines, best_masks, lines_of, penalties

_FINDER = (1, 0, 1, 1, 1, 0, 1)
_LIGHT = (0, 0, 0, 0)


def slowly(modules: Modules) -> int:
    """The four rules, one after the other (ISO/IEC 18004:2015, table 11)."""
    size = len(modules)
    lines = [tuple(map(int, line)) for grid in (modules, modules.T) for line in grid]
    points = sum(
        run - 2 for line in lines for run in (len(list(group)) for _, group in groupby(line)) if run >= 5
    )
    points += 3 * sum(
        len({modules[y, x], modules[y, x + 1], modules[y + 1, x], modules[y + 1, x + 1]}) == 1
        for y in range(size - 1)
        for x in range(size - 1)
    )
    for line in lines:
        for x in range(size - 6):
            if line[x : x + 7] == _FINDER and _LIGHT in (line[max(0, x - 4) : x], line[x + 7 : x + 11]):
                points += 40
    return points + 10 * int(abs(100 * modules.mean() - 50) // 5)


def stacked(planes: list[Modules]) -> Lines:
    """One code as it is under eight masks."""
    return lines_of(np.array(planes)).swapaxes(2, 3)[..., None]


@pytest.mark.parametrize("size", [21, 25, 33, 57, 65, 177])
def test_penalties_are_those_of_a_slow_reading(size: int) -> None:
    dice = np.random.default_rng(size)
    planes = [dice.random((size, size)) < share for share in (0.1, 0.3, 0.45, 0.5, 0.5, 0.6, 0.8, 1.0)]
    planes[3][5, 3:14] = (0, 0, 0, 0, *_FINDER)
    planes[4][4:15, 9] = (*_FINDER, 0, 0, 0, 0)
    planes[5][7, :15] = (*_LIGHT, *_FINDER, *_LIGHT)
    assert penalties(stacked(planes))[:, 0].tolist() == [slowly(plane) for plane in planes]


def test_another_makers_penalty_agrees_where_no_finder_has_light_on_both_sides() -> None:
    # It counts such a pattern twice; the standard's table says "preceded or followed".
    dice = random.Random(3)
    for _ in range(4):
        code = qrcode.QRCode(4, mask_pattern=dice.randrange(8), border=0)
        code.add_data("".join(dice.choices("abcdefgh", k=40)))
        code.make()
        modules = np.array(code.get_matrix(), dtype=np.bool_)
        (ours, *_), theirs = penalties(stacked([modules] * 8))[:, 0], lost_point(code.modules)
        assert (theirs - ours) % 40 == 0
        assert ours == slowly(modules)


def test_the_least_penalty_is_chosen_and_the_first_of_equals() -> None:
    chequer = np.indices((21, 21)).sum(axis=0) % 2 == 0
    dark = np.ones((21, 21), dtype=np.bool_)
    assert best_masks(stacked([dark, dark, chequer, dark, chequer, dark, dark, dark])).tolist() == [2]
