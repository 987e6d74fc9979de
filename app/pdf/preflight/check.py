"""What a check is. One named function a check; the modules of `checks/` are found by themselves."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from app.pdf.preflight.limits import STRANGE
from app.pdf.preflight.report import Finding, Outcome, Severity
from app.pdf.preflight.subject import Subject

_MOST_FINDINGS = 20
"""Findings listed a check; a broken template repeats its fault on every line of text."""

CheckFunction = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check: yields a finding for each place where the file breaks it."""

    name: str
    title: str
    severity: Severity
    run: CheckFunction


_found: dict[str, Check] = {}


def check(title: str, severity: Severity = Severity.ERROR) -> Callable[[CheckFunction], CheckFunction]:
    """Make a function a check, named like the function with hyphens.

    Args:
        title: what a sound file keeps, as a short sentence.
        severity: whether a finding stops the file.
    """

    def register(function: CheckFunction) -> CheckFunction:
        name = function.__name__.replace("_", "-")
        if name in _found:
            raise ValueError(f"two checks are called {name}")
        _found[name] = Check(name, title, severity, function)
        return function

    return register


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check, by module and then in the order of definition."""
    from app.pdf.preflight import checks  # noqa: PLC0415  each check module imports this one

    for info in sorted(pkgutil.iter_modules(checks.__path__), key=lambda module: module.name):
        importlib.import_module(f"{checks.__name__}.{info.name}")
    return tuple(_found.values())


def run(one: Check, subject: Subject) -> Outcome:
    """The outcome of one check. A file too strange to be checked fails it: nothing passes unseen."""
    findings: list[Finding] = []
    more = 0
    try:
        for finding in one.run(subject):
            if len(findings) < _MOST_FINDINGS:
                findings.append(finding)
            else:
                more += 1
    except STRANGE as fault:
        findings.append(
            Finding(
                f"this could not be checked: {type(fault).__name__}: {fault}",
                "write the file anew; its structure is not what the standard says",
            )
        )
    return Outcome(one.name, one.title, one.severity, tuple(findings), more)
