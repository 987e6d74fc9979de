"""Preflight: whether a PDF keeps a press profile. Runs on every file before it may leave.

`content/` reads what the pages paint, `checks/` holds one function a rule, `report.py` what they found.
"""

from __future__ import annotations

from app.domain.profile import PressProfile
from app.pdf.preflight.check import Check, all_checks, run
from app.pdf.preflight.report import Finding, Outcome, Report, Severity
from app.pdf.preflight.subject import Subject, Unreadable

__all__ = ["Check", "Finding", "Outcome", "Report", "Severity", "all_checks", "preflight"]

_READABLE = "The file opens and can be checked"


def preflight(pdf: bytes, profile: PressProfile, *, safe: float | None = None) -> Report:
    """Check a file against a press profile. Never raises for what the file holds.

    Args:
        pdf: the whole file.
        profile: the press profile.
        safe: mm inside the trim that live content keeps; None for the profile's own.
    """
    try:
        subject = Subject(pdf, profile, profile.safe if safe is None else safe)
        pages = len(subject.pages)
    except Unreadable as error:
        finding = Finding(str(error), "write the file anew")
        unreadable = Outcome("file-readable", _READABLE, Severity.ERROR, (finding,))
        return Report(profile.name, profile.standard.value, 0, (unreadable,))
    with subject.pdf:
        readable = Outcome("file-readable", _READABLE, Severity.ERROR, ())
        outcomes = tuple(run(one, subject) for one in all_checks())
    return Report(profile.name, profile.standard.value, pages, (readable, *outcomes))
