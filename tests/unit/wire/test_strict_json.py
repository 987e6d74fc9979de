from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import MalformedOrder
from app.wire.strict_json import decode, digest


def _pointers(body: bytes) -> list[str]:
    with pytest.raises(MalformedOrder) as refused:
        decode(body)
    assert all(v.detail and v.mend for v in refused.value.violations)
    return [v.pointer for v in refused.value.violations]


def test_an_ordinary_document_is_read_with_exact_numbers() -> None:
    assert decode(b'{"a": [1, 2.50, "x", true, null]}') == {"a": [1, Decimal("2.50"), "x", True, None]}


def test_a_byte_order_mark_is_skipped() -> None:
    assert decode(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b'{"a": 1, "a": 2}', ["/a"]),
        (b'{"a": {"b/c": 1, "b/c": 2, "b/c": 3}}', ["/a/b~1c"]),
        (b'{"a": [NaN, Infinity, -Infinity]}', ["/a/0", "/a/1", "/a/2"]),
        (b'{"a": "\\ud800"}', ["/a"]),
        (b'{"a": "x\\u0000y"}', ["/a"]),
        (b'{"\\u0000": 1, "b": "\\udfff"}', ["", "/b"]),
        (b'{"a": ' + b"9" * 31 + b"}", ["/a"]),
        (b'{"a": ' + b"9" * 100_000 + b"}", ["/a"]),
        (b'{"a": 1e999999999}', ["/a"]),
        (b'{"a": 1e-999}', ["/a"]),
        (b'{"' + b"k" * 201 + b'": 1}', [""]),
        (b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}", ["/a" + "/0" * 31]),
        (b"[" * 100_000 + b"]" * 100_000, ["/0" * 32]),
        (b'{"a": [1, {"b": ' + b'{"c": ' * 100_000, ["/a/1/b" + "/c" * 29]),
        (b'{"a": 1', [""]),
        (b'{"a": 1} x', [""]),
        (b"", [""]),
        (b'{"a": "\xff"}', [""]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_could_be_read_in_two_ways_is_refused_where_it_stands(body: bytes, pointers: list[str]) -> None:
    assert _pointers(body) == pointers


def test_a_surrogate_pair_is_one_character() -> None:
    assert decode(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_the_list_of_violations_is_bounded() -> None:
    assert len(_pointers(b"[" + b"NaN," * 5000 + b"NaN]")) == 50


def test_the_digest_ignores_spacing_key_order_and_trailing_zeros_but_nothing_else() -> None:
    first = digest(decode(b'{"a": 2.50, "b": [1, 2]}'))
    assert digest(decode(b'{ "b":[1,2], "a":2.5 }')) == first
    assert digest(decode(b'{"a": 2.50, "b": [2, 1]}')) != first
    assert digest(decode(b'{"a": "2.5", "b": [1, 2]}')) != first


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(MalformedOrder):
        assert len(digest(decode(body))) == 64
