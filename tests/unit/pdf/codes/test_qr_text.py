"""Segments against the best of all divisions, character by character."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf.codes import qr_text

_SETS = {"d": "0123456789", "c": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"}
_HEADER = {"d": (14, 16, 18), "c": (13, 15, 17), "o": (12, 20, 20)}
_PER = {"d": 20, "c": 33, "o": 48}


def fewest_bits(text: str, band: int) -> int:
    """Of every way to give each character a mode."""
    ways = dict.fromkeys("dco", 10**9)
    for index, character in enumerate(text):
        begin = 0 if index == 0 else min(-(-cost // 6) * 6 for cost in ways.values())
        ways = {
            mode: min(ways[mode] if index else 10**9, begin + 6 * _HEADER[mode][band]) + _PER[mode]
            if mode == "o" or character in _SETS[mode]
            else 10**9
            for mode in "dco"
        }
    return min(-(-cost // 6) for cost in ways.values())


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text("0123456789", min_size=1, max_size=12),
            st.text("ABC:/.", min_size=1, max_size=9),
            st.text("abc#", min_size=1, max_size=7),
        ),
        min_size=1,
        max_size=9,
    ),
    st.integers(0, 2),
)
def test_no_division_takes_fewer_bits(parts: list[str], band: int) -> None:
    text = "".join(parts)
    bits, segments = qr_text._divide(qr_text._kinds(text.encode()), band)
    assert bits == fewest_bits(text, band)
    assert [start for _, start, _, _ in segments] == [0, *(end for _, _, end, _ in segments[:-1])]
    assert segments[-1][2] == len(text)
