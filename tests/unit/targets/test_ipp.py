from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.ticket import Outcome, Progress
from app.errors import SetupError, SubmissionUncertain, TargetRefused, TargetUnavailable
from app.settings import TargetSettings
from app.targets import open_target
from app.targets.ipp import PLUGIN, IppOptions, IppTarget
from app.wire.ipp.message import Value, boolean, collection, enum, integer, keyword, text
from app.wire.ipp.tags import Group, JobState, Operation, Tag
from tests.small_printer import SmallPrinter
from tests.tickets import PDF, stored_pdf, ticket_for

MEDIA = {"300 g uncoated": {"type": "cardstock", "source": "tray-2"}}
NAME = "0123456789ABC-0"


@pytest.fixture
def printer() -> Iterator[SmallPrinter]:
    with SmallPrinter().on() as printer:
        yield printer


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return stored_pdf(tmp_path)


def _target(printer: SmallPrinter, **options: Any) -> IppTarget:
    options = {"media": MEDIA, "look_seconds": 0.01, "seconds": 5, **options}
    return PLUGIN.make(IppOptions(printer=printer.uri, **options), Path())


def test_a_ticket_becomes_one_job_with_its_attributes(printer: SmallPrinter, pdf: Path) -> None:
    receipt = _target(printer, quality="high", finishings=("trim-after-copies",)).deliver(
        replace(ticket_for(), copies=3), pdf
    )
    assert (receipt.reference, receipt.followed) == ("1 urn:uuid:1", True)
    asked = printer.last(Operation.PRINT_JOB)
    assert asked.data == PDF
    assert asked.group(Group.OPERATION)["job-name"][0].content == NAME
    assert asked.group(Group.OPERATION)["ipp-attribute-fidelity"] == boolean(True)
    assert asked.group(Group.JOB) == {
        "copies": integer(3),
        "sides": keyword("two-sided-long-edge"),
        "print-quality": enum(5),
        "finishings": enum(62),
        "media-col": collection(
            {
                "media-size": collection({"x-dimension": integer(11_100), "y-dimension": integer(15_400)}),
                "media-type": keyword("cardstock"),
                "media-source": keyword("tray-2"),
            }
        ),
        "job-message-to-operator": text("acme: order S-1 <&>, parcel P-1; 300 g uncoated"),
    }
    assert printer.last(Operation.VALIDATE_JOB).group(Group.JOB) == asked.group(Group.JOB)


def test_a_template_s_or_product_s_own_quality_goes_before_the_target_s(
    printer: SmallPrinter, pdf: Path
) -> None:
    target = _target(printer, quality="high", finishings=("trim-after-copies",))
    printer.attributes["finishings-supported"] = enum(3, 15, 62)
    target.deliver(replace(ticket_for(), quality="normal", finishings=("coat", "trim-after-copies")), pdf)
    job = printer.last(Operation.PRINT_JOB).group(Group.JOB)
    assert (job["print-quality"], job["finishings"]) == (enum(4), enum(62, 15))


def test_what_is_due_soon_goes_first_in_the_press_s_own_queue(printer: SmallPrinter, pdf: Path) -> None:
    printer.attributes["job-priority-supported"] = integer(100)
    target, rush = _target(printer), replace(ticket_for(), rush=True)
    target.deliver(rush, pdf)
    target.deliver(ticket_for(generation=1), pdf)
    _target(printer, priority=20, rush_priority=70).deliver(ticket_for(generation=2), pdf)
    _target(printer, priority=20, rush_priority=70).deliver(replace(ticket_for(generation=3), rush=True), pdf)
    asked = [each.group(Group.JOB) for each in printer.asked if each.code == Operation.PRINT_JOB]
    assert [each.get("job-priority") for each in asked] == [integer(90), None, integer(20), integer(70)]


def test_a_press_without_priorities_is_told_of_and_gets_none(printer: SmallPrinter, pdf: Path) -> None:
    target = _target(printer)
    target.deliver(replace(ticket_for(), rush=True), pdf)
    assert "job-priority" not in printer.last(Operation.PRINT_JOB).group(Group.JOB)
    assert any("job-priority" in each for each in target.condition().warnings)


def test_production_attributes_go_where_the_press_knows_them(printer: SmallPrinter, pdf: Path) -> None:
    printer.attributes["job-creation-attributes-supported"] = keyword("force-front-side", "insert-sheet")
    target = _target(printer, force_front_side=True, separator={"source": "tray-1"})
    target.deliver(ticket_for(), pdf)
    job = printer.last(Operation.PRINT_JOB).group(Group.JOB)
    assert job["force-front-side"] == integer(1)
    assert job["insert-sheet"] == collection(
        {
            "insert-after-page-number": integer(2),
            "insert-count": integer(1),
            "media-col": collection({"media-source": keyword("tray-1")}),
        }
    )
    assert "job-message-to-operator" not in job
    assert any("job-message-to-operator" in each for each in target.condition().warnings)


@pytest.mark.parametrize(
    ("change", "options", "told"),
    [
        ({"copies": 100}, {}, "copies-supported"),
        ({"sides": "two-sided-short-edge"}, {}, "sides-supported"),
        ({"quality": "draft"}, {}, "print-quality-supported"),
        ({"finishings": ("staple",)}, {}, "finishings-supported"),
        ({"finishings": ("origami",)}, {}, "no finishing is called"),
        ({"stock": "gold leaf"}, {}, "which paper 'gold leaf' is"),
        ({}, {"media": {"300 g uncoated": {"type": "vellum"}}}, "media-type-supported"),
        ({}, {"media": {"300 g uncoated": {"color": "ivory"}}}, "media-col-supported"),
    ],
)
def test_what_the_printer_does_not_support_is_refused_before_it_is_sent(
    printer: SmallPrinter, pdf: Path, change: dict[str, Any], options: dict[str, Any], told: str
) -> None:
    with pytest.raises(TargetRefused, match=told):
        _target(printer, **options).deliver(replace(ticket_for(), **change), pdf)
    assert printer.jobs == []


def test_a_sheet_that_the_printer_does_not_take_is_told_with_those_it_takes(
    printer: SmallPrinter, pdf: Path
) -> None:
    a4 = collection({"x-dimension": integer(21_000), "y-dimension": integer(29_700)})
    printer.attributes["media-size-supported"] = a4
    with pytest.raises(TargetRefused, match=r"no sheets of 111 × 154 mm; it takes 210 × 297 mm"):
        _target(printer).deliver(ticket_for(), pdf)
    sheet = {"300 g uncoated": {"type": "cardstock", "size": (210, 297)}}
    assert _target(printer, media=sheet).deliver(ticket_for(), pdf).followed


@pytest.mark.parametrize("operation", [Operation.VALIDATE_JOB, Operation.PRINT_JOB])
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (0x0507, TargetUnavailable),
        (0x0506, TargetUnavailable),
        (0x0402, TargetUnavailable),
        (0x040B, TargetRefused),
    ],
)
def test_a_refusal_waits_or_stops(
    printer: SmallPrinter, pdf: Path, operation: int, status: int, error: type[Exception]
) -> None:
    printer.status[operation] = status
    with pytest.raises(error, match="said so"):
        _target(printer).deliver(ticket_for(), pdf)
    assert printer.jobs == []


def test_a_lost_answer_is_found_by_the_job_s_name(printer: SmallPrinter, pdf: Path) -> None:
    printer.silent[Operation.PRINT_JOB] = True
    receipt = _target(printer).deliver(ticket_for(), pdf)
    assert receipt.reference == "1 urn:uuid:1"
    assert printer.printed() == [NAME]


def test_a_request_that_never_arrived_may_be_sent_again(printer: SmallPrinter, pdf: Path) -> None:
    printer.add("another")
    printer.silent[Operation.PRINT_JOB] = False
    with pytest.raises(TargetUnavailable, match="does not have the job"):
        _target(printer).deliver(ticket_for(), pdf)


def test_a_printer_that_remembers_nothing_leaves_it_to_an_operator(printer: SmallPrinter, pdf: Path) -> None:
    printer.silent[Operation.PRINT_JOB] = False
    with pytest.raises(SubmissionUncertain, match="for certain"):
        _target(printer).deliver(ticket_for(), pdf)


def test_a_printer_that_does_not_say_leaves_it_to_an_operator(printer: SmallPrinter, pdf: Path) -> None:
    printer.add("another")
    printer.silent = {Operation.PRINT_JOB: True, Operation.GET_JOBS: False}
    with pytest.raises(SubmissionUncertain, match="for certain"):
        _target(printer).deliver(ticket_for(), pdf)


def test_a_cut_upload_is_left_to_an_operator(printer: SmallPrinter, pdf: Path) -> None:
    printer.add(NAME, octets=1024)
    with pytest.raises(SubmissionUncertain, match="only 1024 of"):
        _target(printer).deliver(ticket_for(sent_before=True), pdf)


def test_a_job_of_unknown_length_is_left_to_an_operator(printer: SmallPrinter, pdf: Path) -> None:
    printer.add(NAME)
    del printer.jobs[0]["job-k-octets"]
    with pytest.raises(SubmissionUncertain, match="whether it is whole"):
        _target(printer).deliver(ticket_for(sent_before=True), pdf)


def test_a_job_that_was_aborted_before_it_began_may_be_sent_again(printer: SmallPrinter, pdf: Path) -> None:
    printer.add(NAME, state=JobState.ABORTED, time_at_processing=(Value(Tag.NO_VALUE),))
    printer.silent[Operation.PRINT_JOB] = False
    with pytest.raises(TargetUnavailable, match="does not have the job"):
        _target(printer).deliver(ticket_for(), pdf)


def test_what_may_have_been_sent_is_looked_for_and_never_sent_blindly(
    printer: SmallPrinter, pdf: Path
) -> None:
    target = _target(printer)
    with pytest.raises(SubmissionUncertain, match="lists no such job"):
        target.deliver(ticket_for(sent_before=True), pdf)
    first = target.deliver(ticket_for(), pdf)
    assert target.deliver(ticket_for(sent_before=True), pdf) == first
    assert printer.printed() == [NAME]


FATES: dict[str, tuple[dict[str, Any], Outcome, str]] = {
    "waits": ({"state": JobState.PENDING}, Outcome.WAITING, ""),
    "waits for paper": (
        {"state": JobState.PROCESSING_STOPPED, "job_state_reasons": keyword("media-empty")},
        Outcome.WAITING,
        "paper is out",
    ),
    "done": ({"state": JobState.COMPLETED}, Outcome.DONE, ""),
    "not whole": (
        {"state": JobState.COMPLETED, "job_state_reasons": keyword("job-completed-with-errors")},
        Outcome.LOST,
        "errors",
    ),
    "forgotten by the device": (
        {"state": JobState.COMPLETED, "job_printer_state_reasons": keyword("cups-ipp-missing-job-history")},
        Outcome.LOST,
        "forgot",
    ),
    "aborted": (
        {"state": JobState.ABORTED, "job_state_message": text("no toner")},
        Outcome.LOST,
        "aborted it: no toner",
    ),
    "cancelled": ({"state": JobState.CANCELED}, Outcome.LOST, "cancelled"),
}


@pytest.mark.parametrize("fate", FATES)
def test_what_became_of_a_job(printer: SmallPrinter, fate: str) -> None:
    job, outcome, told = FATES[fate]
    printer.add(NAME, **job)
    progress = _target(printer).progress(NAME, "1 urn:uuid:1")
    assert progress.outcome is outcome
    assert told in progress.detail


def test_a_job_whose_number_another_one_has_now_is_found_by_its_uuid(printer: SmallPrinter) -> None:
    printer.add("another")
    printer.add(NAME)
    assert _target(printer).progress(NAME, "1 urn:uuid:2") == Progress(
        outcome=Outcome.DONE, reference="2 urn:uuid:2"
    )


def test_a_forgotten_job_is_lost(printer: SmallPrinter) -> None:
    printer.add("another")
    progress = _target(printer).progress(NAME, "1 urn:uuid:9")
    assert progress.outcome is Outcome.LOST
    assert "does not know" in progress.detail


def test_a_waiting_job_can_be_cancelled_and_a_finished_one_cannot(printer: SmallPrinter) -> None:
    target = _target(printer)
    printer.add("W-0", state=JobState.PENDING, time_at_processing=(Value(Tag.NO_VALUE),))
    printer.add("D-0")
    assert target.cancel("W-0", "1 urn:uuid:1")
    assert not target.cancel("D-0", "2 urn:uuid:2")
    assert not target.cancel("another", "1 urn:uuid:1")


def test_the_condition_says_what_to_see_to(printer: SmallPrinter) -> None:
    target = _target(printer)
    assert target.condition().attention == ()
    printer.attributes |= {
        "printer-state": enum(5),
        "printer-state-reasons": keyword("media-empty-error", "cover-open"),
        "printer-state-message": text("Tray 2"),
    }
    condition = target.condition()
    assert condition.attention == ("it is stopped", "paper is out", "a cover is open", "Tray 2")
    assert condition.capabilities["print-quality-supported"] == ["4", "5"]
    assert condition.capabilities["copies-supported"] == ["1 to 99"]


@pytest.mark.parametrize(
    ("model", "warning"),
    [("Local Raw Printer", "loses the paper"), ("Press - IPP Everywhere", "rewrites PDFs")],
)
def test_a_queue_of_cups_is_warned_of(printer: SmallPrinter, model: str, warning: str) -> None:
    printer.attributes |= {"cups-version": text("2.4.2"), "printer-make-and-model": text(model)}
    assert any(warning in each for each in _target(printer).condition().warnings)


def test_a_printer_that_is_off_is_unavailable(pdf: Path) -> None:
    with SmallPrinter().on() as gone:
        target = _target(gone)
    for ask in (
        target.condition,
        lambda: target.deliver(ticket_for(), pdf),
        lambda: target.progress(NAME, "1"),
    ):
        with pytest.raises(TargetUnavailable, match="cannot be reached"):
            ask()


def test_a_stored_pdf_that_is_gone_is_refused(printer: SmallPrinter, tmp_path: Path) -> None:
    with pytest.raises(TargetRefused, match="cannot be read"):
        _target(printer).deliver(ticket_for(), tmp_path / "none.pdf")


@pytest.mark.parametrize(
    "options",
    [
        {"quality": "best"},
        {"finishings": ["origami"]},
        {"printer": "http://press/"},
        {"ca_file": "/none", "printer": "ipps://press/"},
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        open_target(TargetSettings(name="press", driver="ipp", options=options), {"ipp": PLUGIN}, tmp_path)


def test_a_password_is_shown_to_nobody() -> None:
    assert "secret" not in repr(IppOptions(user="me", password="secret"))
