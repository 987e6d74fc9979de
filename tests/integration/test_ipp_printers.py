"""The IPP driver and real printer programs: what they print and say, and what they are made to play."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.ticket import Outcome, Progress
from app.errors import TargetBusy, TargetUnavailable
from app.targets.ipp import PLUGIN, IppOptions, IppTarget
from app.wire.ipp.message import collection, integer
from app.wire.ipp.tags import Group, Operation
from tests.printers import Printer, announcer, cups_queue, eve_printer
from tests.programs import need
from tests.small_printer import SmallPrinter
from tests.tickets import PDF, stored_pdf, ticket_for


def _folder(factory: pytest.TempPathFactory) -> Path:
    folder = factory.mktemp("press")
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)  # cupsd's filters run as another user
    return folder


@pytest.fixture(scope="module")
def eve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printer]:
    folder = _folder(tmp_path_factory)
    with announcer(folder) as bus, eve_printer(folder / "press", bus, "-2") as printer:
        yield printer


def _target(printer: Printer, **options: Any) -> IppTarget:
    return PLUGIN.make(IppOptions(printer=printer.uri, look_seconds=0.1, **options), Path())


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def _end(target: IppTarget, name: str, reference: str) -> Progress:
    _until(lambda: target.progress(name, reference).outcome is not Outcome.WAITING)
    return target.progress(name, reference)


def test_a_ticket_is_printed_once_and_called_done(eve: Printer, tmp_path: Path) -> None:
    target, ticket = _target(eve, quality="high"), ticket_for(job="PRINTED000001")
    receipt = target.deliver(ticket, stored_pdf(tmp_path))
    assert _end(target, ticket.name, receipt.reference).outcome is Outcome.DONE
    assert (ticket.name, len(PDF)) in eve.tally()


def test_a_busy_press_is_tried_again_and_what_waits_for_paper_is_told(eve: Printer, tmp_path: Path) -> None:
    target, first, pdf = _target(eve), ticket_for(job="PAPEROUT00001"), stored_pdf(tmp_path)
    reasons, hold = eve.play("reasons", "+media-empty"), eve.play("hold")
    receipt = target.deliver(first, pdf)
    _until(lambda: "paper is out" in target.condition().attention)
    with pytest.raises(TargetBusy):
        target.deliver(ticket_for(job="BUSY000000001"), pdf)
    assert target.progress(first.name, receipt.reference).outcome is Outcome.WAITING
    reasons.write_text("-media-empty")
    hold.unlink()
    assert _end(target, first.name, receipt.reference).outcome is Outcome.DONE
    reasons.unlink()


def test_a_job_that_the_press_gives_up_is_for_an_operator(eve: Printer, tmp_path: Path) -> None:
    target, ticket, fail = _target(eve), ticket_for(job="ABORTED000001"), eve.play("fail")
    receipt = target.deliver(ticket, stored_pdf(tmp_path))
    progress = _end(target, ticket.name, receipt.reference)
    fail.unlink()
    assert (progress.outcome, "aborted" in progress.detail) == (Outcome.LOST, True)
    assert ticket.name not in dict(eve.tally())


def test_a_press_that_was_killed_forgot_its_jobs(eve: Printer, tmp_path: Path) -> None:
    target, ticket, hold = _target(eve), ticket_for(job="KILLED0000001"), eve.play("hold")
    receipt = target.deliver(ticket, stored_pdf(tmp_path))
    eve.kill()
    with pytest.raises(TargetUnavailable):
        target.progress(ticket.name, receipt.reference)
    hold.unlink()
    eve.start()
    progress = target.progress(ticket.name, receipt.reference)
    assert (progress.outcome, progress.detail) == (Outcome.LOST, "the printer does not know the job any more")


def test_a_queue_of_cups_takes_a_ticket_and_is_warned_of(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    with cups_queue(_folder(tmp_path_factory) / "press") as queue:
        target, ticket, hold = _target(queue), ticket_for(), queue.play("hold")
        assert any("raw queue of CUPS" in each for each in target.condition().warnings)
        pdf = stored_pdf(tmp_path)
        receipt = target.deliver(ticket, pdf)
        assert target.deliver(ticket_for(sent_before=True), pdf) == receipt
        later = ticket_for(job="CANCELLED0001")
        second = target.deliver(later, pdf)
        assert target.cancel(later.name, second.reference)
        hold.unlink()
        assert _end(target, ticket.name, receipt.reference).outcome is Outcome.DONE
        assert queue.tally() == [(ticket.name, len(PDF))]


def test_ipptool_reads_what_is_encoded_here(tmp_path: Path) -> None:
    with SmallPrinter().on() as printer:
        asked = tmp_path / "asked.test"
        asked.write_text(_ASKED)
        done = subprocess.run(
            [need("ipptool"), "-tv", printer.uri, str(asked)], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout
    assert "printer-make-and-model (textWithoutLanguage) = Small Press" in done.stdout
    assert "copies-supported (rangeOfInteger) = 1-99" in done.stdout
    assert printer.last(Operation.VALIDATE_JOB).group(Group.JOB) == {
        "media-col": collection(
            {"media-size": collection({"x-dimension": integer(11_100), "y-dimension": integer(15_400)})}
        )
    }


_ASKED = """{
  NAME "Ask what it is"
  OPERATION Get-Printer-Attributes
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR naturalLanguage attributes-natural-language en
  ATTR uri printer-uri $uri
  STATUS successful-ok
  EXPECT copies-supported OF-TYPE rangeOfInteger
  EXPECT sides-supported OF-TYPE keyword
}
{
  NAME "Send a collection"
  OPERATION Validate-Job
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR naturalLanguage attributes-natural-language en
  ATTR uri printer-uri $uri
  GROUP job-attributes-tag
  ATTR collection media-col { MEMBER collection media-size {
    MEMBER integer x-dimension 11100 MEMBER integer y-dimension 15400 } }
  STATUS successful-ok
}
"""
