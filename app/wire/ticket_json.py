"""The ticket as JSON: every field by its own name, for plants that script their hot folder."""

from __future__ import annotations

import json
from typing import Any

from app.domain.ticket import Ticket

FORMAT = "tipin-ticket/1"


def ticket_json(ticket: Ticket) -> bytes:
    """The ticket's JSON file; lengths in mm, times in ISO 8601 UTC. The same ticket gives the same bytes.

    Args:
        ticket: how one component is to be printed.
    """
    document: dict[str, Any] = {
        "format": FORMAT,
        "name": ticket.name,
        "file": f"{ticket.name}.pdf",
        "sha256": ticket.sha256,
        "brand": ticket.brand,
        "order": ticket.order,
        "source_order_id": ticket.source_order_id,
        "job": ticket.job,
        "component": ticket.component,
        "product": ticket.product or None,
        "generation": ticket.generation,
        "parcel": ticket.parcel,
        "bench_code": ticket.bench_code,
        "pages": ticket.pages,
        "copies": ticket.copies,
        "sides": ticket.sides,
        "trim_mm": list(ticket.trim),
        "bleed_mm": ticket.bleed,
        "stock": ticket.stock,
        "quality": ticket.quality or None,
        "finishings": list(ticket.finishings),
        "rush": ticket.rush,
        "needed_by": None if ticket.needed_by is None else ticket.needed_by.isoformat(),
        "options": dict(ticket.options),
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
