from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from app.domain.ticket import Ticket
from app.wire.jmf.jdf import ticket_jdf
from app.wire.xjdf import ticket_xjdf
from app.wire.xml_text import parse
from tests.tickets import ticket_for


def _names(element: etree._Element) -> list[str]:
    return [etree.QName(each).localname for each in element]


def _ids(root: etree._Element) -> dict[str, str]:
    return {each.get("IDUsage", ""): each.get("IDValue", "") for each in root.iter("{*}GeneralID")}


def test_a_jdf_has_its_resources_before_the_links_to_them() -> None:
    root = parse(ticket_jdf(ticket_for(), url="cid:x@tipin"))
    assert list(dict.fromkeys(_names(root))) == ["GeneralID", "ResourcePool", "ResourceLinkPool"]
    resources, links = root[-2], root[-1]
    assert _names(resources) == [
        "Component",
        "DigitalPrintingParams",
        "LayoutPreparationParams",
        "Media",
        "RunList",
    ]
    known = {etree.QName(each).localname: each.get("ID") for each in resources}
    linked = {etree.QName(each).localname.removesuffix("Link"): each.get("rRef") for each in links}
    assert linked == known
    assert all({*each.keys()} >= {"Class", "ID", "Status"} for each in resources)


@pytest.mark.parametrize("write", [ticket_jdf, ticket_xjdf])
def test_either_ticket_says_the_same(write: object) -> None:
    ticket = replace(ticket_for(), copies=3)
    root = parse(write(ticket, url="cid:x@tipin"))  # type: ignore[operator]
    assert (root.get("JobID"), root.get("JobPartID")) == (ticket.job, ticket.name)
    (spec,) = root.iter("{*}FileSpec")
    assert (spec.get("URL"), spec.get("MimeType")) == ("cid:x@tipin", "application/pdf")
    ids = _ids(root)
    assert ids["SHA256"] == ticket.sha256
    assert ids["BenchCode"] == ticket.bench_code
    assert ids["SourceOrderID"] == "S-1 <&>\ufffd"
    assert "3" in {each.get("Amount") for each in root.iter()}


@pytest.mark.parametrize("sides", ["one-sided", "two-sided-long-edge", "two-sided-short-edge"])
def test_every_way_of_printing_has_its_word(sides: str) -> None:
    (layout,) = parse(ticket_jdf(replace(ticket_for(), sides=sides), url="x")).iter(
        "{*}LayoutPreparationParams"
    )
    assert layout.get("Sides") in {"OneSidedFront", "TwoSidedFlipX", "TwoSidedFlipY"}


def test_xjdf_elements_stand_in_the_order_of_the_schema() -> None:
    card, item = (parse(ticket_xjdf(_of(number))) for number in (0, 1))
    for root in (card, item):
        assert list(dict.fromkeys(_names(root))) == ["GeneralID", "ProductList", "ResourceSet"]
        (resource,) = root.iter("{*}Resource")
        assert _names(resource) == ["GeneralID", "RunList"]
        for intent in root.iter("{*}Intent"):
            assert _names(intent) == [intent.get("Name")]
    (blown,) = card.iter("{*}BlowIn")
    assert blown.get("ChildRef") in {each.get("ID") for each in card.iter("{*}Product")}
    assert not list(item.iter("{*}BlowIn"))


def _of(number: int) -> Ticket:
    return replace(ticket_for(), component=number, product="mug-11oz" if number else "")
