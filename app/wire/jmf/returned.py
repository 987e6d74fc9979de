"""How a job ended, as the ticket says that a front end returns: its audits (JDF 1.x and XJDF 2.x)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from app.wire.jmf.dialect import JMF_NAMESPACE, XJMF_NAMESPACE
from app.wire.xml_text import NotXml, parse

_ROOTS = {f"{{{JMF_NAMESPACE}}}JDF", f"{{{XJMF_NAMESPACE}}}XJDF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A returned ticket: the ids of its job and part, and how its latest run ended; empty: not said."""

    job: str = ""
    part: str = ""
    status: str = ""


def read_returned(content: bytes) -> Returned | None:
    """What a returned ticket says; None where it is no ticket.

    Each run of a process leaves an audit (JDF: `AuditPool/ProcessRun`; XJDF: `AuditPool/AuditProcessRun/
    ProcessRun`) with its `EndStatus`, in the order of time.
    """
    try:
        root = parse(content)
    except NotXml:
        return None
    if root.tag not in _ROOTS:
        return None
    namespace = etree.QName(root).namespace
    ends = [run.get("EndStatus", "") for run in root.iter(f"{{{namespace}}}ProcessRun")]
    return Returned(
        job=root.get("JobID", ""), part=root.get("JobPartID", ""), status=next(filter(None, ends[::-1]), "")
    )
