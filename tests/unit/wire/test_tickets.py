from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from app.wire.ticket_json import ticket_json
from app.wire.xjdf import ticket_xjdf
from tests.tickets import ticket_for

NS = {"x": "http://www.CIP4.org/JDFSchema_2_0"}


def test_the_same_ticket_gives_the_same_bytes() -> None:
    assert ticket_json(ticket_for()) == ticket_json(ticket_for())
    assert ticket_xjdf(ticket_for()) == ticket_xjdf(ticket_for())


def test_json_names_the_file_and_keeps_hostile_ids_as_they_are() -> None:
    document = json.loads(ticket_json(ticket_for()))
    assert document["file"] == "0123456789ABC-0.pdf"
    assert document["source_order_id"] == "S-1 <&>\x00"
    assert document["trim_mm"] == [105.0, 148.0]
    assert document["needed_by"] == "2025-11-03T16:00:00+00:00"


def test_xjdf_blows_the_card_into_the_order() -> None:
    root = ET.fromstring(ticket_xjdf(ticket_for()))
    order, card = root.findall("x:ProductList/x:Product", NS)
    blow_in = order.find("x:Intent/x:AssemblingIntent/x:BlowIn", NS)
    assert blow_in is not None
    assert blow_in.get("ChildRef") == card.get("ID")
    layout = card.find("x:Intent/x:LayoutIntent", NS)
    assert layout is not None
    assert layout.get("FinishedDimensions") == "297.638 419.528 0"


def test_xjdf_is_well_formed_whatever_the_sender_s_id_holds() -> None:
    root = ET.fromstring(ticket_xjdf(ticket_for()))
    ids = {each.get("IDUsage"): each.get("IDValue") for each in root.findall("x:GeneralID", NS)}
    assert ids["SourceOrderID"] == "S-1 <&>\ufffd"
    assert ids["Tray"] == "2"


@pytest.mark.parametrize("sides", ["one-sided", "two-sided-long-edge", "two-sided-short-edge"])
def test_every_way_of_printing_has_its_word(sides: str) -> None:
    assert b"Sides=" in ticket_xjdf(replace(ticket_for(), sides=sides))


def test_what_a_ticket_does_not_have_is_left_out() -> None:
    root = ET.fromstring(ticket_xjdf(replace(ticket_for(), parcel=None, needed_by=None)))
    usages = {each.get("IDUsage") for each in root.findall("x:GeneralID", NS)}
    assert not usages & {"Parcel", "NeededBy"}
