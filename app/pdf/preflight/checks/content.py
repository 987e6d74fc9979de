"""What the pages' content says, before any question of looks."""

from __future__ import annotations

from collections.abc import Iterator

from app.pdf.preflight.check import check
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Subject


def _faults(subject: Subject, kind: str, mend: str) -> Iterator[Finding]:
    for page in subject.painted_pages:
        for fault in page.painted.faults:
            if fault.kind == kind:
                yield Finding(fault.says, mend, page.number, object=fault.inside)


@check("The content can be carried out", demanded=True, content=True)
def content_sound(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.1: only operators of the standard, with the operands that they take."""
    yield from _faults(subject, "content", "write the content anew")


@check("Everything that the content names is there", demanded=True, content=True)
def resources_present(subject: Subject) -> Iterator[Finding]:
    """A missing font or image prints as nothing, and most programs keep silent."""
    yield from _faults(subject, "resource", "add it to the resources")
