"""Preflight: whether a PDF keeps a press profile. Runs on every file before it may leave.

`content/` reads what the pages paint, `checks/` holds one function a rule, `report.py` what they found;
`merged/` goes through files of very many records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from app.domain.profile import PressProfile, Severity
from app.pdf.preflight.check import Check, all_checks, checks_for, checks_off, rules, run
from app.pdf.preflight.limits import AT_ONCE, LARGEST_FILE, STRANGE
from app.pdf.preflight.merged.mapped import Broken, MappedFile, NotPlain
from app.pdf.preflight.merged.structure import MergedFile
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
    "structure_of",
]

_READABLE = "The file opens and can be checked"


def preflight(
    pdf: bytes | Path,
    profile: PressProfile,
    *,
    safe: float | None = None,
    pages: Collection[int] | None = None,
    at_once: int = AT_ONCE,
) -> Report:
    """Check a file against a press profile. Never raises for what the file holds.

    The structure is always the whole file's. Of a file on disk, which may hold very many pages, the content
    is looked at in excerpts of some pages each.

    Args:
        pdf: the whole file, or where it is.
        profile: the press profile.
        safe: mm inside the trim that live content keeps; None for the profile's own.
        pages: whose content is looked at, from 1; None for all.
        at_once: how many pages one excerpt holds; few, where each shows very much.

    Raises:
        OSError: the file cannot be read.
    """
    keeps = profile.safe if safe is None else safe
    if isinstance(pdf, Path):
        return _merged(pdf, profile, keeps, pages, at_once)
    return _whole(pdf, profile, keeps, pages)


def structure_of(pdf: Path, profile: PressProfile) -> Report:
    """Check the structure of a file on disk, however large; what its pages paint is not looked at.

    Memory stays small: the file is gone through once, and only what differs from page to page is read.

    Raises:
        OSError: the file cannot be read.
    """
    return _merged(pdf, profile, profile.safe, ())


def _whole(pdf: bytes, profile: PressProfile, safe: float, pages: Collection[int] | None) -> Report:
    try:
        subject = Subject(pdf, profile, safe)
    except Unreadable as error:
        return _unreadable(profile, str(error))
    with subject:
        try:
            subject.look_at(pages)
        except Unreadable as error:
            return _unreadable(profile, str(error))
        outcomes = _run(subject, checks_for(profile))
        return _report(profile, len(subject.pages), outcomes, len(subject.painted_pages))


def _merged(
    path: Path, profile: PressProfile, safe: float, pages: Collection[int] | None, at_once: int = AT_ONCE
) -> Report:
    try:
        with MappedFile(path) as file:
            merged = MergedFile(file)
            wanted = range(1, merged.pages + 1) if pages is None else sorted(set(pages))
            structure, content = _halves(profile)
            with merged.structure(profile) as subject:
                outcomes = _run(subject, structure)
            found = {one.name: Outcome(one.name, one.title, one.severity_for(profile), ()) for one in content}
            for first in range(0, len(wanted), at_once):
                with merged.content(profile, safe, wanted[first : first + at_once]) as subject:
                    subject.look_at(None)
                    for outcome in _run(subject, content):
                        found[outcome.name] = found[outcome.name].and_also(outcome)
            looked_at = found.values() if wanted else ()
            return _report(profile, merged.pages, (*outcomes, *looked_at), len(wanted))
    except NotPlain:
        if path.stat().st_size > LARGEST_FILE:
            return _unreadable(profile, f"it is written in a way that is read up to {LARGEST_FILE:,} bytes")
        return _whole(path.read_bytes(), profile, safe, pages)
    except (Broken, Unreadable, *STRANGE) as error:
        return _unreadable(profile, str(error))


def _halves(profile: PressProfile) -> tuple[list[Check], list[Check]]:
    """The checks of the structure, and those of the content."""
    checks = checks_for(profile)
    return [one for one in checks if not one.content], [one for one in checks if one.content]


def _run(subject: Subject, checks: Iterable[Check]) -> tuple[Outcome, ...]:
    return tuple(run(one, subject) for one in checks)


def _report(
    profile: PressProfile, pages: int, outcomes: tuple[Outcome, ...], painted: int, fault: str = ""
) -> Report:
    off = tuple(one.name for one in checks_off(profile))
    findings = (Finding(fault, "write the file anew"),) if fault else ()
    readable = Outcome("file-readable", _READABLE, Severity.ERROR, findings)
    return Report(profile.name, profile.standard.value, pages, (readable, *outcomes), painted, off)


def _unreadable(profile: PressProfile, why: str) -> Report:
    return _report(profile, 0, (), 0, why or "the file cannot be read")
