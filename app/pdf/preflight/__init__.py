"""Preflight: whether a PDF keeps a press profile. Runs on every file before it may leave.

`content/` reads what the pages paint, `checks/` holds one function a rule, `report.py` what they found.
"""

from __future__ import annotations

from collections.abc import Collection

from app.domain.profile import PressProfile, Severity
from app.pdf.preflight.check import Check, all_checks, checks_for, rules, run
from app.pdf.preflight.report import Finding, Outcome, Report
from app.pdf.preflight.subject import Subject, Unreadable

__all__ = [
    "Check",
    "Finding",
    "Outcome",
    "Report",
    "Severity",
    "all_checks",
    "checks_for",
    "preflight",
    "rules",
]

_READABLE = "The file opens and can be checked"


def preflight(
    pdf: bytes, profile: PressProfile, *, safe: float | None = None, pages: Collection[int] | None = None
) -> Report:
    """Check a file against a press profile. Never raises for what the file holds.

    Args:
        pdf: the whole file.
        profile: the press profile.
        safe: mm inside the trim that live content keeps; None for the profile's own.
        pages: whose content is looked at, from 1; None for all. The structure is always the whole file's.
    """
    off = tuple(
        one.name
        for one in all_checks()
        if profile.standard in one.standards and one.severity_for(profile) is Severity.OFF
    )
    subject = None
    outcomes: tuple[Outcome, ...]
    try:
        subject = Subject(pdf, profile, profile.safe if safe is None else safe)
        subject.look_at(pages)
        readable = Outcome("file-readable", _READABLE, Severity.ERROR, ())
        outcomes = (readable, *(run(one, subject) for one in checks_for(profile)))
        counted, painted = len(subject.pages), len(subject.painted_pages)
    except Unreadable as error:
        finding = Finding(str(error), "write the file anew")
        outcomes = (Outcome("file-readable", _READABLE, Severity.ERROR, (finding,)),)
        counted = painted = 0
    finally:
        if subject is not None:
            subject.pdf.close()
    return Report(profile.name, profile.standard.value, counted, outcomes, painted, off)
