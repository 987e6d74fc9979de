"""The ticket as JDF 1.5 (CIP4, namespace `http://www.CIP4.org/JDFSchema_1_1`): one combined node that prints.

Resources first, then the links that use them. What binds the piece to its order goes along as GeneralIDs.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from app.domain.ticket import Ticket
from app.domain.units import points
from app.wire.jmf.dialect import JMF_NAMESPACE, PDF_TYPE
from app.wire.xjdf import ticket_ids
from app.wire.xml_text import printable

_SIDES = {
    "one-sided": "OneSidedFront",
    "two-sided-long-edge": "TwoSidedFlipY",
    "two-sided-short-edge": "TwoSidedFlipX",
}


def ticket_jdf(ticket: Ticket, *, url: str) -> bytes:
    """The ticket's JDF file. The same ticket and address give the same bytes.

    Args:
        ticket: how one component is to be printed.
        url: where its PDF is.
    """
    root = ET.Element(
        "JDF",
        {
            "xmlns": JMF_NAMESPACE,
            "DescriptiveName": ticket.product or "insert card",
            "ID": "node",
            "JobID": ticket.job,
            "JobPartID": ticket.name,
            "Status": "Waiting",
            "Type": "Combined",
            "Types": "LayoutPreparation Imposition Interpreting Rendering DigitalPrinting",
            "Version": "1.5",
        },
    )
    for usage, value in {**ticket_ids(ticket), "SHA256": ticket.sha256}.items():
        ET.SubElement(root, "GeneralID", {"IDUsage": usage, "IDValue": printable(value)})
    _add_resources(ET.SubElement(root, "ResourcePool"), ticket, url)
    _add_links(ET.SubElement(root, "ResourceLinkPool"), ticket)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document + b"\n"


def _add_resources(pool: ET.Element, ticket: Ticket, url: str) -> None:
    width, height = (f"{points(side):.3f}" for side in ticket.trim)
    ready = {"Class": "Parameter", "Status": "Available"}
    ET.SubElement(
        pool,
        "Component",
        {
            "Class": "Quantity",
            "ComponentType": "FinalProduct Sheet",
            "Dimensions": f"{width} {height} 0",
            "ID": "piece",
            "Status": "Unavailable",
        },
    )
    ET.SubElement(pool, "DigitalPrintingParams", {**ready, "ID": "printing"})
    if ticket.quality:
        quality = {"ID": "interpreting", "PrintQuality": ticket.quality.capitalize()}
        ET.SubElement(pool, "InterpretingParams", {**ready, **quality})
    ET.SubElement(pool, "LayoutPreparationParams", {**ready, "ID": "layout", "Sides": _SIDES[ticket.sides]})
    ET.SubElement(
        pool,
        "Media",
        {
            "Class": "Consumable",
            "DescriptiveName": printable(ticket.stock),
            "ID": "media",
            "MediaType": "Paper",
            "Status": "Available",
        },
    )
    runs = ET.SubElement(pool, "RunList", {**ready, "ID": "pages", "NPage": str(ticket.pages)})
    element = ET.SubElement(runs, "LayoutElement", {"ElementType": "Document"})
    ET.SubElement(element, "FileSpec", {"MimeType": PDF_TYPE, "URL": url})


def _add_links(pool: ET.Element, ticket: Ticket) -> None:
    for link, resource in (
        ("DigitalPrintingParamsLink", "printing"),
        *((("InterpretingParamsLink", "interpreting"),) if ticket.quality else ()),
        ("LayoutPreparationParamsLink", "layout"),
        ("MediaLink", "media"),
        ("RunListLink", "pages"),
    ):
        ET.SubElement(pool, link, {"Usage": "Input", "rRef": resource})
    ET.SubElement(pool, "ComponentLink", {"Amount": str(ticket.copies), "Usage": "Output", "rRef": "piece"})
