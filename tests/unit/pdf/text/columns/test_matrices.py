"""Lines' matrices that are written together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.pdf.text.columns.matrices import line_matrices
from app.pdf.text.operators import line_matrix

_PLACE = st.floats(-300, 15_000) | st.integers(-20_000, 20_000).map(lambda halves: halves / 2000)
_LINE = st.tuples(
    st.sampled_from([9, 10.5, 13.25, 24]), st.floats(-0.02, 0.02) | st.just(0.0), _PLACE, _PLACE
)


@given(st.lists(_LINE, min_size=1, max_size=30))
def test_many_lines_are_written_like_one_by_one(lines: list[tuple[float, float, float, float]]) -> None:
    columns = np.array(lines, np.float64).T
    assert line_matrices(*columns) == [line_matrix(*map(float, line)) for line in lines]
