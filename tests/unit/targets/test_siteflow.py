from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.ticket import Receipt
from app.errors import SubmissionUncertain, TargetRefused, TargetUnavailable
from app.targets import siteflow
from app.targets.siteflow import SiteFlowOptions, SiteFlowTarget
from tests.raw_server import reply
from tests.small_siteflow import SmallSiteFlow
from tests.tickets import stored_pdf, ticket_for

SECRET = "site-flow-secret"


@pytest.fixture
def site_flow() -> Iterator[SmallSiteFlow]:
    with SmallSiteFlow().on() as site_flow:
        yield site_flow


def _target(site_flow: SmallSiteFlow, folder: Path, **options: Any) -> SiteFlowTarget:
    said = {
        "url": f"http://127.0.0.1:{site_flow.port}/plant",
        "token": "t-1",
        "secret": SECRET,
        "destination": "press-room",
        "tipin_url": "https://tipin.plant",
        "in_plant": True,
        "seconds": 5,
        **options,
    }
    return siteflow.PLUGIN.make(SiteFlowOptions.model_validate(said), folder / "data")


def test_a_piece_goes_as_a_component_of_its_order(site_flow: SmallSiteFlow, tmp_path: Path) -> None:
    ticket = replace(ticket_for(), source_order_id="S-1 {name}", copies=2)
    receipt = _target(site_flow, tmp_path).deliver(ticket, stored_pdf(tmp_path))
    assert receipt == Receipt(reference="sf-1")
    ((path, document, _),) = site_flow.sent
    assert path == "/plant/api/order"
    assert document["destination"] == {"name": "press-room"}
    order = document["orderData"]
    assert order["sourceOrderId"] == "S-1 {name}"
    (item,) = order["items"]
    (component,) = item.pop("components")
    assert item == {
        "sourceItemId": ticket.name,
        "sku": "INSERT",
        "quantity": 2,
        "barcode": ticket.bench_code,
        "shipmentIndex": 0,
    }
    assert (component["code"], component["fetch"]) == ("insert", True)
    assert component["path"].startswith(f"https://tipin.plant/v1/artifacts/{ticket.sha256}.pdf?until=")


def test_a_piece_goes_as_an_attachment_of_an_order_of_its_own(
    site_flow: SmallSiteFlow, tmp_path: Path
) -> None:
    target = _target(site_flow, tmp_path, add_as="attachment", order="{order}/{name}")
    ticket = replace(ticket_for(), source_order_id="S-1")
    target.deliver(ticket, stored_pdf(tmp_path))
    order = site_flow.sent[0][1]["orderData"]
    assert order["sourceOrderId"] == f"S-1/{ticket.name}"
    (attachment,) = order["shipments"][0]["attachments"]
    assert (attachment["type"], attachment["contentType"]) == ("insert", "application/pdf")


def test_requests_are_signed_as_site_flow_asks(site_flow: SmallSiteFlow, tmp_path: Path) -> None:
    _target(site_flow, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    headers = site_flow.sent[0][2]
    token, _, signature = headers["x-oneflow-authorization"].partition(":")
    text = f"POST /plant/api/order {headers['x-oneflow-date']}"
    assert token == "t-1"
    assert headers["x-oneflow-algorithm"] == "SHA256"
    assert signature == hmac.new(SECRET.encode(), text.encode(), "sha256").hexdigest()


def test_nothing_personal_is_sent(site_flow: SmallSiteFlow, tmp_path: Path) -> None:
    _target(site_flow, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    assert set(site_flow.sent[0][1]["orderData"]) == {"sourceOrderId", "items", "extraData"}


def test_an_event_follows_where_one_is_wanted(site_flow: SmallSiteFlow, tmp_path: Path) -> None:
    receipt = _target(site_flow, tmp_path, events_path="/event").deliver(ticket_for(), stored_pdf(tmp_path))
    path, said, headers = site_flow.sent[1]
    assert (path, said["status"], said["sourceItemId"]) == ("/plant/event", "printready", ticket_for().name)
    assert headers["x-oneflow-authorization"] != site_flow.sent[0][2]["x-oneflow-authorization"]
    assert receipt.detail == ""


@pytest.mark.parametrize("said", [b"", reply(b"", status="500 No")])
def test_an_event_that_is_lost_changes_nothing(site_flow: SmallSiteFlow, tmp_path: Path, said: bytes) -> None:
    site_flow.says_of_events = said
    receipt = _target(site_flow, tmp_path, events_path="/event").deliver(ticket_for(), stored_pdf(tmp_path))
    assert receipt.reference == "sf-1"
    assert "event" in receipt.detail


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("400 Bad Request", TargetRefused),
        ("401 Unauthorized", TargetRefused),
        ("302 Found", TargetRefused),
        ("409 Conflict", TargetRefused),
        ("429 Too Many Requests", TargetUnavailable),
        ("503 Later", TargetUnavailable),
        ("500 Error", SubmissionUncertain),
        ("502 Bad Gateway", SubmissionUncertain),
    ],
)
def test_an_answer_says_whether_to_wait_to_stop_or_to_ask(
    site_flow: SmallSiteFlow, tmp_path: Path, status: str, error: type[Exception]
) -> None:
    body = b'{"error": {"message": "sku INSERT\\n is unknown"}}'
    site_flow.says = reply(body, status=status, media_type="application/json")
    with pytest.raises(error, match="sku INSERT is unknown"):
        _target(site_flow, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))


def test_a_lost_answer_is_for_an_operator(site_flow: SmallSiteFlow, tmp_path: Path) -> None:
    site_flow.says = b""
    with pytest.raises(SubmissionUncertain):
        _target(site_flow, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    assert len(site_flow.sent) == 1


def test_what_may_have_been_sent_is_not_sent_again(site_flow: SmallSiteFlow, tmp_path: Path) -> None:
    with pytest.raises(SubmissionUncertain):
        _target(site_flow, tmp_path).deliver(ticket_for(sent_before=True), stored_pdf(tmp_path))
    assert site_flow.sent == []


def test_an_address_in_the_plant_must_be_allowed(site_flow: SmallSiteFlow, tmp_path: Path) -> None:
    with pytest.raises(TargetRefused, match="not a public one"):
        _target(site_flow, tmp_path, in_plant=False).deliver(ticket_for(), stored_pdf(tmp_path))
    assert site_flow.sent == []


def test_nobody_there_is_tried_again(tmp_path: Path) -> None:
    with SmallSiteFlow().on() as gone:
        target = _target(gone, tmp_path)
    with pytest.raises(TargetUnavailable, match="cannot be reached"):
        target.deliver(ticket_for(), stored_pdf(tmp_path))
