"""Tickets as front ends give them back: with an audit of each run of their process."""

from __future__ import annotations

_TIMES = 'Start="2026-03-01T12:00:00Z" End="2026-03-01T12:01:00Z"'


def returned_xjdf(job: str, part: str, *ends: str) -> bytes:
    """An XJDF 2.1 whose runs ended so."""
    runs = "".join(
        f'<AuditProcessRun><Header DeviceID="rip" ID="a{number}" Time="2026-03-01T12:01:00Z"/>'
        f'<ProcessRun EndStatus="{end}" {_TIMES}/></AuditProcessRun>'
        for number, end in enumerate(ends)
    )
    return (
        f'<XJDF xmlns="http://www.CIP4.org/JDFSchema_2_0" JobID="{job}" JobPartID="{part}" '
        f'Types="Product" Version="2.1"><AuditPool>{runs}</AuditPool></XJDF>'
    ).encode()


def returned_jdf(job: str, part: str, *ends: str) -> bytes:
    """A JDF 1.5 whose runs ended so."""
    runs = "".join(f'<ProcessRun EndStatus="{end}" {_TIMES}/>' for end in ends)
    return (
        f'<JDF xmlns="http://www.CIP4.org/JDFSchema_1_1" ID="n" JobID="{job}" JobPartID="{part}" '
        f'Status="Completed" Type="Combined" Version="1.5"><AuditPool>{runs}</AuditPool></JDF>'
    ).encode()
