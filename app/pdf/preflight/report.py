"""What a preflight found: one outcome a check, each finding with its place and its mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from app.domain.geometry import Box
from app.domain.profile import Severity
from app.errors import PreflightFailed, Violation

MOST_FINDINGS = 20
"""Findings listed a check; a broken template repeats its fault on every line of text."""
ObjectId = tuple[int, int]
"""Number and generation."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: what is wrong, the mend, and where.

    `page` counts from 1; `box` is in mm from that page's trim, y downwards; `object` names the PDF object in
    words, `id` by number and generation.
    Never holds a card's text: findings are logged.
    """

    says: str
    mend: str
    page: int | None = None
    box: Box | None = None
    object: str = ""
    id: ObjectId | None = None

    @property
    def where(self) -> str:
        """The place in words, such as "page 2, 12.0 mm from the left, 40.5 mm from the top: font F1"."""
        parts = [f"page {self.page}"] if self.page is not None else []
        if self.box is not None:
            parts.append(f"{self.box.x:.1f} mm from the left, {self.box.y:.1f} mm from the top")
        place = ", ".join(parts)
        named = self.object
        if self.id is not None:
            numbered = "object {} {}".format(*self.id)
            named = f"{named} ({numbered})" if named else numbered
        return ": ".join(part for part in (place, named) if part)

    def document(self) -> dict[str, Any]:
        """JSON-able."""
        box = None if self.box is None else [round(n, 3) for n in _corners(self.box)]
        return {
            "says": self.says,
            "mend": self.mend,
            "page": self.page,
            "box": box,
            "object": self.object,
            "id": None if self.id is None else list(self.id),
        }


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check's outcome. `more` counts findings left off a long list."""

    name: str
    title: str
    severity: Severity
    findings: tuple[Finding, ...]
    more: int = 0

    def and_also(self, other: Outcome) -> Outcome:
        """The same check's outcome over more of the file; long lists are cut as one."""
        findings = self.findings + other.findings
        kept = findings[:MOST_FINDINGS]
        return replace(self, findings=kept, more=self.more + other.more + len(findings) - len(kept))

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def document(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "name": self.name,
            "title": self.title,
            "severity": self.severity.value,
            "passed": self.passed,
            "findings": [finding.document() for finding in self.findings],
            "more": self.more,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes of one file against one press profile."""

    profile: str
    standard: str
    pages: int
    outcomes: tuple[Outcome, ...]
    painted: int = 0
    """Pages whose content was looked at; the structure is always the whole file's."""
    off: tuple[str, ...] = ()
    """Checks of the standard that the press profile switches off."""

    @property
    def passed(self) -> bool:
        """Whether no check of severity error found anything."""
        return not self.errors

    @property
    def errors(self) -> tuple[Outcome, ...]:
        """Failed checks that stop the file."""
        return tuple(o for o in self.outcomes if o.findings and o.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Outcome, ...]:
        """Failed checks that do not stop the file."""
        return tuple(o for o in self.outcomes if o.findings and o.severity is Severity.WARNING)

    def document(self) -> dict[str, Any]:
        """JSON-able; checks in the order in which they ran."""
        return {
            "profile": self.profile,
            "standard": self.standard,
            "passed": self.passed,
            "pages": self.pages,
            "pages_painted": self.painted,
            "off": list(self.off),
            "checks": [outcome.document() for outcome in self.outcomes],
        }

    def require_passed(self) -> None:
        """Nothing where the file passed its preflight profile.

        Raises:
            PreflightFailed: it did not; one violation a finding.
        """
        if self.passed:
            return
        violations = tuple(_violations(self.errors))
        first = violations[0]
        more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        raise PreflightFailed(first.detail + more, mend=first.mend, violations=violations)


def _violations(outcomes: Iterable[Outcome]) -> Iterable[Violation]:
    for outcome in outcomes:
        for finding in outcome.findings:
            place = f" ({finding.where})" if finding.where else ""
            pointer = "" if finding.page is None else f"/pages/{finding.page - 1}"
            yield Violation(pointer, f"{outcome.name}: {finding.says}{place}", finding.mend)
