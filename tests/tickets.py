"""Tickets as tests need them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from app.domain.ticket import Ticket

PDF = b"%PDF-1.6\n" + bytes(range(256)) * 40


def ticket_for(
    content: bytes = PDF, *, job: str = "0123456789ABC", generation: int = 0, sent_before: bool = False
) -> Ticket:
    """A ticket of one A6 card."""
    return Ticket(
        name=f"{job}-{generation}",
        brand="acme",
        order="ORDER23456789",
        source_order_id="S-1 <&>\x00",
        job=job,
        generation=generation,
        parcel="P-1",
        bench_code="AC" + job + "000ABCDEF",
        sha256=hashlib.sha256(content).hexdigest(),
        pages=2,
        trim=(105.0, 148.0),
        bleed=3.0,
        stock="300 g uncoated",
        needed_by=datetime(2025, 11, 3, 16, 0, tzinfo=UTC),
        sent_before=sent_before,
        options={"Tray": "2"},
    )


def stored_pdf(folder: Path, content: bytes = PDF) -> Path:
    """A stored PDF."""
    path = folder / "stored.pdf"
    path.write_bytes(content)
    return path
