"""Prints a ticket by IPP: exactly once, whatever happens on the way.

The job's name is the ticket's, and so unique. Before Print-Job goes out on a connection of its own,
Validate-Job goes over another one, which is kept open: the *witness*. If the answer to Print-Job is lost, the
printer is asked over the witness for jobs of that name:

* there, and whole: it was taken;
* there, but cut or of unknown length: an operator decides, for a cut file may be printed as well;
* not there, in several looks, and the witness never broke, so the printer was not started again meanwhile, it
  remembers finished jobs, and it ended the connection itself: it does not have it, and it can be sent again;
* anything else: an operator decides (SubmissionUncertain).

A ticket that may have been sent by a process that is gone has no witness: found, it was taken; not found, an
operator decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from app.domain.ticket import Receipt, Ticket
from app.errors import SubmissionUncertain, TargetBusy, TargetRefused, TargetUnavailable
from app.wire.ipp.client import IppClient, Line
from app.wire.ipp.decode import NotIpp
from app.wire.ipp.exchange import NoAnswer, Unreached
from app.wire.ipp.jobs import USER, JobReference, JobSeen, job_by_id, jobs_named
from app.wire.ipp.message import Attributes, Message, Value, boolean, first_integer, first_text, name
from app.wire.ipp.tags import LAST_SUCCESS, Group, Operation, Tag, status_name
from app.wire.stored_pdf import read_stored

_PACE = 200_000
"""Octets a second that an upload has at least."""
_LOOKS = 4
_WAIT = {0x0405, 0x0406, 0x0407, 0x0401, 0x0402, 0x0403, *range(0x0500, 0x0600)}
"""Statuses that may pass by themselves or by somebody's hand at the printer, with nothing printed."""
_BUSY = {0x0507, 0x050B}
"""server-error-busy, server-error-too-many-jobs."""


class PrintOnce:
    """Sends tickets to one printer."""

    def __init__(self, client: IppClient, *, look_seconds: float) -> None:
        """`look_seconds` is the pause between looks for a job whose answer was lost."""
        self._client = client
        self._look_seconds = look_seconds

    def __call__(self, ticket: Ticket, pdf: Path, job_for: Callable[[Line], Attributes]) -> Receipt:
        """Print a ticket.

        Args:
            ticket: what is printed.
            pdf: its stored file.
            job_for: the job attributes that the printer is given.

        Raises:
            TargetUnavailable, TargetRefused, SubmissionUncertain: see `domain.ticket.Target`.
        """
        size = len(read_stored(ticket, pdf))
        with self._client.line() as witness:
            if ticket.sent_before:
                return _taken_before(witness, ticket, size)
            job = job_for(witness)
            _must_be_taken(witness.ask(Operation.VALIDATE_JOB, _operation(ticket), job))
            try:
                with self._client.line() as line:
                    answer = line.ask(
                        Operation.PRINT_JOB, _operation(ticket), job, document=pdf, seconds=size / _PACE
                    )
            except Unreached:
                raise
            except (NoAnswer, NotIpp) as error:
                dropped = isinstance(error, NoAnswer) and error.dropped
                return self._after_loss(witness, ticket, size, dropped=dropped, why=error.detail)
            _must_be_taken(answer)
            return _receipt(witness, answer)

    def _after_loss(self, witness: Line, ticket: Ticket, size: int, *, dropped: bool, why: str) -> Receipt:
        """Find out whether a ticket was taken whose answer was lost."""
        remembers = unsaid = False
        for look in range(_LOOKS):
            if look:
                time.sleep(self._look_seconds)
            try:
                jobs, remembers = jobs_named(witness, ticket.name)
            except TargetUnavailable:
                unsaid = True
                continue
            for job in jobs:
                if job.processed or not job.over:
                    return _found(ticket, job, size)
        if dropped and remembers and not unsaid and witness.connections == 1:
            raise TargetUnavailable(f"{why}; the printer does not have the job")
        raise _uncertain(ticket, f"{why}; the printer does not say for certain that it does not have it")


def _operation(ticket: Ticket) -> Attributes:
    return {
        **USER,
        "job-name": name(ticket.name),
        "ipp-attribute-fidelity": boolean(True),
        "document-format": (Value(Tag.MIME_TYPE, "application/pdf"),),
    }


def _must_be_taken(answer: Message) -> None:
    """Raise what the printer's refusal means."""
    if answer.code <= LAST_SUCCESS:
        return
    told = first_text(answer.group(Group.OPERATION).get("status-message", ()))
    not_known = ", ".join(answer.group(Group.UNSUPPORTED))
    detail = "; ".join(filter(None, (status_name(answer.code), told, not_known and f"not: {not_known}")))
    if answer.code in _BUSY:
        raise TargetBusy(f"the printer is busy: {detail}")
    if answer.code in _WAIT:
        raise TargetUnavailable(f"the printer does not take it now: {detail}")
    raise TargetRefused(
        f"the printer refuses it: {detail}", mend="look at the target's options and the press"
    )


def _receipt(line: Line, answer: Message) -> Receipt:
    job = answer.group(Group.JOB)
    job_id = first_integer(job.get("job-id", ())) or 0
    uuid = first_text(job.get("job-uuid", ()))
    try:
        seen = None if uuid else job_by_id(line, job_id)
    except TargetUnavailable:
        seen = None  # it was taken; its UUID is learned when it is followed
    return _taken(JobReference(job_id, uuid or (seen.uuid if seen else "")))


def _taken_before(line: Line, ticket: Ticket, size: int) -> Receipt:
    """The receipt of a ticket that a process before this one may have sent."""
    try:
        jobs, _ = jobs_named(line, ticket.name)
    except TargetUnavailable as error:
        raise _uncertain(ticket, f"it may have been sent, and {error.detail}") from error
    for job in jobs:
        return _found(ticket, job, size)
    raise _uncertain(ticket, "it may have been sent, and the printer lists no such job (any more)")


def _found(ticket: Ticket, job: JobSeen, size: int) -> Receipt:
    """The receipt of a job that the printer lists, where it has all of it."""
    if job.octets is None:
        raise _uncertain(ticket, f"the printer has job {job.id} of it, but does not say whether it is whole")
    if job.octets < size:
        raise _uncertain(
            ticket, f"the printer has job {job.id} of it, but only {job.octets} of {size} octets"
        )
    return _taken(job.reference)


def _taken(reference: JobReference) -> Receipt:
    return Receipt(reference=str(reference), followed=True)


def _uncertain(ticket: Ticket, why: str) -> SubmissionUncertain:
    return SubmissionUncertain(
        f"{ticket.name}: {why}", mend="look whether the press has it; then mark it as printed, or reprint it"
    )
