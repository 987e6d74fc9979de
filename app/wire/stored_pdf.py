"""A ticket's PDF, as it was stored: what is handed over is what passed the preflight, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.domain.ticket import Ticket
from app.errors import TargetRefused


def read_stored(ticket: Ticket, pdf: Path) -> bytes:
    """The bytes of a ticket's PDF.

    Raises:
        TargetRefused: it is gone, or was changed since.
    """
    try:
        content = pdf.read_bytes()
    except OSError as error:
        raise TargetRefused(
            f"the stored PDF of {ticket.name} cannot be read", mend="print it anew", elsewhere=False
        ) from error
    if hashlib.sha256(content).hexdigest() != ticket.sha256:
        raise TargetRefused(
            f"the stored PDF of {ticket.name} was changed", mend="print it anew", elsewhere=False
        )
    return content
