from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from app.domain.clock import SystemClock
from app.domain.ticket import Outcome, Receipt
from app.errors import SetupError, SubmissionUncertain, TargetRefused, TargetUnavailable
from app.store.artifacts import ArtifactStore
from app.store.secret import load_secret
from app.targets import jmf
from app.targets.jmf import JmfOptions, JmfTarget
from app.wire.jmf.dialect import Dialect
from app.wire.signed_link import file_granted, name_granted
from tests.raw_server import reply
from tests.small_front_end import SmallFrontEnd
from tests.tickets import PDF, stored_pdf, ticket_for

NAME = "0123456789ABC-0"
HTML = reply(b"<html>Welcome</html>", media_type="text/html")


@pytest.fixture
def front_end() -> Iterator[SmallFrontEnd]:
    with SmallFrontEnd().on() as front_end:
        yield front_end


def _target(front_end: SmallFrontEnd, folder: Path, **options: Any) -> JmfTarget:
    said = {"url": front_end.url, "look_seconds": 0, "seconds": 5, **options}
    return jmf.PLUGIN.make(JmfOptions.model_validate(said), folder / "data")


@pytest.mark.parametrize("dialect", Dialect)
def test_a_package_holds_message_ticket_and_pdf(
    front_end: SmallFrontEnd, tmp_path: Path, dialect: Dialect
) -> None:
    receipt = _target(front_end, tmp_path, dialect=dialect).deliver(ticket_for(), stored_pdf(tmp_path))
    assert receipt == Receipt(reference="q1", followed=True)
    (submission,) = front_end.submitted
    assert submission.ticket().get("JobPartID") == NAME
    assert submission.pdf() == PDF
    assert etree.QName(submission.ticket()).localname == ("JDF" if dialect is Dialect.JMF else "XJDF")


@pytest.mark.parametrize("dialect", Dialect)
def test_by_link_the_front_end_fetches_ticket_and_pdf_under_signed_addresses(
    front_end: SmallFrontEnd, tmp_path: Path, dialect: Dialect
) -> None:
    target = _target(front_end, tmp_path, dialect=dialect, send="link", tipin_url="http://tipin.plant:8000/")
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    (submission,) = front_end.submitted
    assert submission.parts == {}
    name = _fetched(submission.parameters.get("URL", ""), tmp_path)
    written = ArtifactStore(tmp_path / "data" / "artifacts").read(name.partition(".")[0], Path(name).suffix)
    (spec,) = etree.fromstring(written).iter("{*}FileSpec")
    assert _fetched(spec.get("URL", ""), tmp_path) == f"{ticket_for().sha256}.pdf"


def _fetched(url: str, folder: Path) -> str:
    """The name of the stored file that an address gives; it must be granted now."""
    parts = urlsplit(url)
    assert parts.netloc == "tipin.plant:8000"
    name, asked = parts.path.removeprefix("/v1/artifacts/"), parse_qs(parts.query)
    secret = load_secret(folder / "data").links
    until, signature = int(asked["until"][0]), asked["signature"][0]
    assert file_granted(secret, name, until=until, signature=signature, now=SystemClock().now())
    return name


def test_the_front_end_is_asked_to_tell_the_end_at_an_address_of_that_ticket(
    front_end: SmallFrontEnd, tmp_path: Path
) -> None:
    _target(front_end, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    *_, name, token = front_end.submitted[0].parameters.get("ReturnJMF", "").split("/")
    assert name == NAME
    assert name_granted(load_secret(tmp_path / "data").links, name, token)


def test_it_is_not_asked_where_it_shall_not_tell(front_end: SmallFrontEnd, tmp_path: Path) -> None:
    _target(front_end, tmp_path, told=False).deliver(ticket_for(), stored_pdf(tmp_path))
    assert front_end.submitted[0].parameters.get("ReturnJMF") is None


def test_what_is_due_soon_goes_before(front_end: SmallFrontEnd, tmp_path: Path) -> None:
    target = _target(front_end, tmp_path, priority=40)
    for rush, job in ((False, "0123456789ABC"), (True, "0123456789ABD")):
        target.deliver(replace(ticket_for(job=job), rush=rush), stored_pdf(tmp_path))
    assert [each.parameters.get("Priority") for each in front_end.submitted] == ["40", "90"]


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (112, TargetUnavailable, "queue is closed"),
        (10, TargetUnavailable, "busy"),
        (100, TargetUnavailable, "not running"),
        (101, TargetRefused, "cannot do this"),
        (120, TargetRefused, "cannot be reached"),
        (999, TargetRefused, "ReturnCode 999"),
    ],
)
def test_a_return_code_says_whether_to_wait_or_to_stop(
    front_end: SmallFrontEnd, tmp_path: Path, code: int, error: type[Exception], words: str
) -> None:
    front_end.code, front_end.words = code, "see the log"
    with pytest.raises(error, match=words) as raised:
        _target(front_end, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    assert "see the log" in str(raised.value)


@pytest.mark.parametrize("said", [b"", HTML, reply(b"", status="500 No"), reply(b"<a")])
@pytest.mark.parametrize("dialect", Dialect)
def test_a_lost_answer_is_made_good_by_a_look_into_the_queue(
    front_end: SmallFrontEnd, tmp_path: Path, said: bytes, dialect: Dialect
) -> None:
    front_end.says = said
    receipt = _target(front_end, tmp_path, dialect=dialect).deliver(ticket_for(), stored_pdf(tmp_path))
    assert receipt.reference == "q1"
    assert len(front_end.submitted) == 1


@pytest.mark.parametrize("said", [b"", HTML])
def test_what_the_queue_does_not_list_is_for_an_operator(
    front_end: SmallFrontEnd, tmp_path: Path, said: bytes
) -> None:
    front_end.says, front_end.takes = said, False
    with pytest.raises(SubmissionUncertain, match="does not list"):
        _target(front_end, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    assert len(front_end.submitted) == 1


def test_a_queue_that_cannot_be_asked_leaves_it_to_an_operator(
    front_end: SmallFrontEnd, tmp_path: Path
) -> None:
    front_end.says, front_end.mute = b"", True
    with pytest.raises(SubmissionUncertain):
        _target(front_end, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    assert len(front_end.submitted) == 1


def test_a_slow_front_end_is_not_waited_for_and_not_sent_to_twice(
    front_end: SmallFrontEnd, tmp_path: Path
) -> None:
    front_end.delay = 1.0
    receipt = _target(front_end, tmp_path, seconds=0.2).deliver(ticket_for(), stored_pdf(tmp_path))
    assert receipt.reference == "q1"
    assert len(front_end.submitted) == 1


def test_what_may_have_been_sent_before_is_looked_for_and_not_sent(
    front_end: SmallFrontEnd, tmp_path: Path
) -> None:
    target = _target(front_end, tmp_path)
    with pytest.raises(SubmissionUncertain):
        target.deliver(ticket_for(sent_before=True), stored_pdf(tmp_path))
    first = target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert target.deliver(ticket_for(sent_before=True), stored_pdf(tmp_path)) == first
    assert len(front_end.submitted) == 1


def test_an_entry_that_is_there_already_is_the_receipt(front_end: SmallFrontEnd, tmp_path: Path) -> None:
    target = _target(front_end, tmp_path)
    first = target.deliver(ticket_for(), stored_pdf(tmp_path))
    front_end.code = 116
    assert target.deliver(ticket_for(), stored_pdf(tmp_path)) == first


def test_nobody_there_is_tried_again(tmp_path: Path) -> None:
    with SmallFrontEnd().on() as gone:
        target = _target(gone, tmp_path)
    for ask in (lambda: target.deliver(ticket_for(), stored_pdf(tmp_path)), target.condition):
        with pytest.raises(TargetUnavailable, match="cannot be reached"):
            ask()


@pytest.mark.parametrize("status", ["401 No", "404 No", "415 No", "301 Moved"])
def test_a_refusal_by_http_says_what_to_set(front_end: SmallFrontEnd, tmp_path: Path, status: str) -> None:
    front_end.says, front_end.takes = reply(b"", status=status), False
    with pytest.raises(TargetRefused) as raised:
        _target(front_end, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))
    assert status[:3] in raised.value.detail
    assert raised.value.mend


def test_a_front_end_that_is_not_ready_is_tried_again(front_end: SmallFrontEnd, tmp_path: Path) -> None:
    front_end.says, front_end.takes = reply(b"", status="503 Later"), False
    with pytest.raises(TargetUnavailable):
        _target(front_end, tmp_path).deliver(ticket_for(), stored_pdf(tmp_path))


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Waiting", Outcome.WAITING),
        ("Running", Outcome.WAITING),
        ("Completed", Outcome.DONE),
        ("Aborted", Outcome.LOST),
        ("Removed", Outcome.LOST),
    ],
)
def test_the_queue_says_how_far_a_ticket_came(
    front_end: SmallFrontEnd, tmp_path: Path, dialect: Dialect, status: str, outcome: Outcome
) -> None:
    target = _target(front_end, tmp_path, dialect=dialect)
    receipt = target.deliver(ticket_for(), stored_pdf(tmp_path))
    front_end.end(NAME, status)
    progress = target.progress(NAME, receipt.reference)
    assert (progress.outcome, progress.detail) == (outcome, status)


def test_what_the_queue_forgot_is_lost_from_sight(front_end: SmallFrontEnd, tmp_path: Path) -> None:
    assert _target(front_end, tmp_path).progress(NAME, "q1").outcome is Outcome.LOST


def test_a_queue_that_does_not_tell_is_asked_again(front_end: SmallFrontEnd, tmp_path: Path) -> None:
    front_end.status_code = 5
    with pytest.raises(TargetUnavailable, match="not implemented"):
        _target(front_end, tmp_path).progress(NAME, "q1")


@pytest.mark.parametrize("dialect", Dialect)
def test_only_what_waits_is_taken_back(front_end: SmallFrontEnd, tmp_path: Path, dialect: Dialect) -> None:
    target = _target(front_end, tmp_path, dialect=dialect)
    receipt = target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert target.cancel(NAME, receipt.reference)
    assert not target.cancel(NAME, receipt.reference)


def test_what_is_printed_is_not_taken_back_though_a_queue_would_forget_it(
    front_end: SmallFrontEnd, tmp_path: Path
) -> None:
    front_end.forgets_all = True
    target = _target(front_end, tmp_path)
    receipt = target.deliver(ticket_for(), stored_pdf(tmp_path))
    for status in ("Running", "Suspended", "Completed"):
        front_end.end(NAME, status)
        assert not target.cancel(NAME, receipt.reference)
        assert target.progress(NAME, receipt.reference).detail == status


def test_a_held_queue_needs_a_person_and_a_closed_one_takes_nothing(
    front_end: SmallFrontEnd, tmp_path: Path
) -> None:
    target = _target(front_end, tmp_path)
    assert target.condition().attention == ()
    front_end.queue = "Held"
    assert target.condition().attention == ("its queue is held",)
    front_end.queue = "Closed"
    with pytest.raises(TargetUnavailable, match="its queue is closed"):
        target.condition()


def test_a_front_end_elsewhere_cannot_reach_loopback(tmp_path: Path) -> None:
    options = JmfOptions.model_validate({"url": "http://rip.plant/jmf", "send": "link"})
    (warning,) = jmf.PLUGIN.make(options, tmp_path)._warnings()
    assert "tipin_url" in warning


def test_a_certificate_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    options = JmfOptions(ca_file=tmp_path / "ca.pem")
    with pytest.raises(SetupError, match=r"ca\.pem"):
        jmf.PLUGIN.make(options, tmp_path)
