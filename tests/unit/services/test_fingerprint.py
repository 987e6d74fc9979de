"""Fingerprints: the same in every process for the same things, another for anything else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import pytest

from app.services.fingerprint import fingerprint

_ELSEWHERE = """
from app.services.fingerprint import fingerprint
print(fingerprint({"b": 1, "a": frozenset({"x", "y", "z"})}, ("one", 2)))
"""


@dataclass(frozen=True)
class _Pair:
    left: str
    right: str


def test_another_process_finds_the_same() -> None:
    here = fingerprint({"a": frozenset({"z", "y", "x"}), "b": 1}, ("one", 2))
    done = subprocess.run([sys.executable, "-c", _ELSEWHERE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == here


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_Pair("ab", "c"), _Pair("a", "bc")),
        ({"a": 1}, {"a": "1"}),
        (frozenset({"a"}), frozenset({"b"})),
        (("a", "b"), ("ab",)),
        ([("a",), ()], [(), ("a",)]),
    ],
)
def test_what_differs_has_another(one: object, other: object) -> None:
    assert fingerprint(one) == fingerprint(one)
    assert fingerprint(one) != fingerprint(other)
