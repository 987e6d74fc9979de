"""What a check is. One named function a check; the modules of `checks/` are found by themselves."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from app.domain.profile import PressProfile, Severity, Standard
from app.pdf.preflight.limits import STRANGE
from app.pdf.preflight.report import MOST_FINDINGS, Finding, Outcome
from app.pdf.preflight.subject import Subject

EVERY = frozenset(Standard)
X4 = frozenset({Standard.PDF_X4, Standard.PDF_VT1})
"""PDF/VT-1 is PDF/X-4 and more."""
VT1 = frozenset({Standard.PDF_VT1})
X1A = frozenset({Standard.PDF_X1A})

CheckFunction = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check: yields a finding for each place where the file breaks it."""

    name: str
    title: str
    severity: Severity
    run: CheckFunction
    standards: frozenset[Standard]
    """Of which it is a part."""
    demanded: bool
    """Whether they demand it themselves, so that no plant can do without."""
    content: bool
    """Whether it looks at what the pages paint, and not at the file's structure alone."""

    def severity_for(self, profile: PressProfile) -> Severity:
        """What a finding means to a press."""
        return self.severity if self.demanded else profile.severities.get(self.name, self.severity)


_found: dict[str, Check] = {}


def check(
    title: str,
    severity: Severity = Severity.ERROR,
    *,
    standards: Iterable[Standard] = EVERY,
    demanded: bool = False,
    content: bool = False,
) -> Callable[[CheckFunction], CheckFunction]:
    """Make a function a check, named like the function with hyphens.

    Args:
        title: what a sound file keeps, as a short sentence.
        severity: whether a finding stops the file.
        standards: of which it is a part.
        demanded: whether those standards demand it; otherwise a press profile may change the severity.
        content: whether it asks what the pages paint.
    """

    def register(function: CheckFunction) -> CheckFunction:
        name = function.__name__.replace("_", "-")
        if name in _found:
            raise ValueError(f"two checks are called {name}")
        _found[name] = Check(name, title, severity, function, frozenset(standards), demanded, content)
        return function

    return register


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check, by module and then in the order of definition."""
    from app.pdf.preflight import checks  # noqa: PLC0415  each check module imports this one

    for info in sorted(pkgutil.iter_modules(checks.__path__), key=lambda module: module.name):
        importlib.import_module(f"{checks.__name__}.{info.name}")
    return tuple(_found.values())


def checks_for(profile: PressProfile) -> tuple[Check, ...]:
    """The checks of a profile's standard that it does not switch off."""
    return tuple(
        one
        for one in all_checks()
        if profile.standard in one.standards and one.severity_for(profile) is not Severity.OFF
    )


def checks_off(profile: PressProfile) -> tuple[Check, ...]:
    """The checks of a profile's standard that it switches off."""
    own = (one for one in all_checks() if profile.standard in one.standards)
    return tuple(one for one in own if one.severity_for(profile) is Severity.OFF)


def rules() -> Mapping[str, frozenset[Standard]]:
    """Each check by name with the standards that demand it, for those who read profiles."""
    return {one.name: one.standards if one.demanded else frozenset() for one in all_checks()}


def run(one: Check, subject: Subject) -> Outcome:
    """The outcome of one check. A file too strange to be checked fails it: nothing passes unseen."""
    findings: list[Finding] = []
    more = 0
    try:
        for finding in one.run(subject):
            if len(findings) < MOST_FINDINGS:
                findings.append(_located(finding, subject))
            else:
                more += 1
    except STRANGE as fault:
        findings.append(
            Finding(
                f"this could not be checked: {type(fault).__name__}: {fault}",
                "write the file anew; its structure is not what the standard says",
            )
        )
    return Outcome(one.name, one.title, one.severity_for(subject.profile), tuple(findings), more)


def _located(finding: Finding, subject: Subject) -> Finding:
    """A finding on a page with that page's object, where it names no nearer one."""
    if finding.id is not None or finding.page is None:
        return finding
    return replace(finding, id=subject.object_of(finding.page))
