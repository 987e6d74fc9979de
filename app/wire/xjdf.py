"""The ticket as XJDF 2.1 (CIP4, namespace `http://www.CIP4.org/JDFSchema_2_0`).

The order is the root product; the card is a second product that is blown into it (AssemblingIntent/BlowIn).
The order's own make-up is the plant's affair, so its product carries no more than its name. A photo item is
one of the order's products itself, and so a root.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from app.domain.ticket import Ticket
from app.domain.units import points
from app.wire.xml_text import printable

NAMESPACE = "http://www.CIP4.org/JDFSchema_2_0"
VERSION = "2.1"
_SIDES = {
    "one-sided": "OneSided",
    "two-sided-long-edge": "TwoSidedHeadToHead",
    "two-sided-short-edge": "TwoSidedHeadToFoot",
}


def ticket_xjdf(ticket: Ticket, *, url: str = "") -> bytes:
    """The ticket's XJDF file. The same ticket gives the same bytes.

    Args:
        ticket: how one component is to be printed.
        url: where its PDF is; by default `NAME.pdf` beside it.
    """
    root = ET.Element(
        "XJDF",
        {
            "xmlns": NAMESPACE,
            "JobID": ticket.job,
            "JobPartID": ticket.name,
            "Types": "Product",
            "Version": VERSION,
        },
    )
    _add_ids(root, ticket)
    products = ET.SubElement(root, "ProductList")
    if ticket.component:
        _add_piece(products, ticket, {"ID": "item", "IsRoot": "true", "DescriptiveName": ticket.product})
    else:
        _add_order(products)
        _add_piece(products, ticket, {"ID": "card", "IsRoot": "false", "ProductType": "Insert"})
    if ticket.quality:
        _add_quality(root, ticket)
    _add_run_list(root, ticket, url or f"{ticket.name}.pdf")
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document + b"\n"


def ticket_ids(ticket: Ticket) -> dict[str, str]:
    """What binds a piece to its order, by the names that tickets give it; without what it does not have."""
    ids = {
        "Order": ticket.order,
        "SourceOrderID": ticket.source_order_id,
        "Parcel": ticket.parcel or "",
        "BenchCode": ticket.bench_code,
        "NeededBy": ticket.needed_by.isoformat() if ticket.needed_by else "",
        "Finishings": " ".join(ticket.finishings),
        **ticket.options,
    }
    return {usage: value for usage, value in ids.items() if value}


def _add_ids(root: ET.Element, ticket: Ticket) -> None:
    for usage, value in ticket_ids(ticket).items():
        ET.SubElement(root, "GeneralID", {"IDUsage": usage, "IDValue": printable(value)})


def _add_order(products: ET.Element) -> None:
    order = ET.SubElement(products, "Product", {"Amount": "1", "ID": "order", "IsRoot": "true"})
    intent = ET.SubElement(order, "Intent", {"Name": "AssemblingIntent"})
    assembling = ET.SubElement(intent, "AssemblingIntent", {"Container": "order"})
    ET.SubElement(assembling, "BlowIn", {"ChildRef": "card"})


def _add_piece(products: ET.Element, ticket: Ticket, attributes: dict[str, str]) -> None:
    piece = ET.SubElement(products, "Product", {"Amount": str(ticket.copies), **attributes})
    layout = ET.SubElement(piece, "Intent", {"Name": "LayoutIntent"})
    width, height = (f"{points(side):.3f}" for side in ticket.trim)
    ET.SubElement(
        layout,
        "LayoutIntent",
        {
            "Bleed": f"{points(ticket.bleed):.3f}",
            "FinishedDimensions": f"{width} {height} 0",
            "Pages": str(ticket.pages),
            "Sides": _SIDES[ticket.sides],
        },
    )
    media = ET.SubElement(piece, "Intent", {"Name": "MediaIntent"})
    ET.SubElement(media, "MediaIntent", {"MediaQuality": printable(ticket.stock), "MediaType": "Paper"})


def _add_quality(root: ET.Element, ticket: Ticket) -> None:
    interpreting = ET.SubElement(root, "ResourceSet", {"Name": "InterpretingParams", "Usage": "Input"})
    resource = ET.SubElement(interpreting, "Resource")
    ET.SubElement(resource, "InterpretingParams", {"PrintQuality": ticket.quality.capitalize()})


def _add_run_list(root: ET.Element, ticket: Ticket, url: str) -> None:
    files = ET.SubElement(root, "ResourceSet", {"Name": "RunList", "Usage": "Input"})
    resource = ET.SubElement(files, "Resource")
    # FileSpec/@CheckSum is an MD5 by definition, so the SHA-256 goes beside it under its own name.
    ET.SubElement(resource, "GeneralID", {"IDUsage": "SHA256", "IDValue": ticket.sha256})
    runs = ET.SubElement(resource, "RunList", {"NPage": str(ticket.pages)})
    ET.SubElement(runs, "FileSpec", {"MimeType": "application/pdf", "URL": url})
