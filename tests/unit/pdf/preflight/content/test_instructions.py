"""Content taken apart by our own pattern is what qpdf makes of it; what is not plain is left to qpdf."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pdf.preflight.content.instructions import Instruction, _parse, plain_instructions
from tests.sound_pdf import back, front

NUMBERS = st.one_of(
    st.integers(-9999, 9999).map(lambda n: b"%d" % n),
    st.floats(-999, 999).map(lambda n: b"%.4f" % n),
    st.sampled_from([b"0", b".5", b"-.25", b"+3", b"4."]),
)
STRINGS = st.binary(max_size=6).map(lambda data: b"<%b>" % data.hex().encode())
VALUES = st.one_of(NUMBERS, STRINGS, st.sampled_from([b"/F1", b"/X12", b"/DeviceCMYK", b"<ABC>", b"<>"]))
ARRAYS = st.lists(VALUES, max_size=5).map(lambda values: b"[%b]" % b" ".join(values))
OPERATORS = st.sampled_from(b"q Q cm k Tf TJ Tj T* ' f* scn SCN EMC d0".split())
LINES = st.tuples(st.lists(st.one_of(VALUES, ARRAYS), max_size=6), OPERATORS).map(
    lambda line: b" ".join([*line[0], line[1]])
)


def by_qpdf(content: bytes) -> list[Instruction]:
    with pikepdf.new() as pdf:
        return _parse(pdf.make_stream(content))


@given(st.lists(LINES, max_size=8), st.sampled_from([b"\n", b" ", b"\r\n", b"\t"]))
def test_plain_content_is_taken_apart_as_by_qpdf(lines: list[bytes], blank: bytes) -> None:
    content = blank.join(lines)
    assert plain_instructions(content) == by_qpdf(content)


@pytest.mark.parametrize(
    "content", [front(), back(), b"", b"\n", b"[<0001>-20<0002>]TJ/F1 9 Tf", b"1 0 0 1 5 5 cm q"]
)
def test_known_content(content: bytes) -> None:
    assert plain_instructions(content) == by_qpdf(content)


@pytest.mark.parametrize(
    "content",
    [
        *(b"(text) Tj", b"/OC <</A 1>> BDC", b"BI /W 1 ID x EI", b"% comment\nq", b"/A#20B gs", b"true q"),
        *(b"1 2 paint", b"5cm", b"1.2.3 w", b"--5 w", b"[1 [2] TJ", b"] TJ", b"[q] TJ", b"1 2 3", b"{1} q"),
        b"<0g> Tj",
    ],
)
def test_what_is_not_plain_is_left_to_qpdf(content: bytes) -> None:
    assert plain_instructions(content) is None
