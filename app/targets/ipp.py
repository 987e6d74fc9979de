"""A press, or its front end, by IPP.

Exactly one card, whatever happens on the way. The job's name is the ticket's, and so unique. Before Print-Job
goes out on a connection of its own, Validate-Job goes over another one, which is kept open: the *witness*. If
the answer to Print-Job is lost, the printer is asked over the witness for jobs of that name:

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
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from app.domain.ticket import Condition, Outcome, Progress, Receipt, Ticket
from app.errors import SubmissionUncertain, TargetBusy, TargetRefused, TargetUnavailable
from app.wire.ipp.client import IppClient, Line, NoAnswer, Unreached
from app.wire.ipp.decode import NotIpp
from app.wire.ipp.job_ticket import FINISHINGS, QUALITY, Media, Wishes, job_attributes, not_taken
from app.wire.ipp.jobs import JobSeen, job_by_id, jobs_named
from app.wire.ipp.message import Attributes, Message, Value, boolean, first_integer, first_text, integer, name
from app.wire.ipp.printer import PrinterSays, in_words, read_printer
from app.wire.ipp.tags import LAST_SUCCESS, Group, JobState, Operation, Tag, status_name

_KNOWN_FOR = 600.0
"""Seconds for which what the printer said of itself is believed."""
_PACE = 200_000
"""Octets a second that an upload has at least."""
_LOOKS = 4
_WAIT = {0x0405, 0x0406, 0x0407, 0x0401, 0x0402, 0x0403, *range(0x0500, 0x0600)}
"""Statuses that may pass by themselves or by somebody's hand at the printer, with nothing printed."""
_BUSY = {0x0507, 0x050B}
"""server-error-busy, server-error-too-many-jobs."""
_FORGETFUL = "cups-ipp-missing-job-history"


def _one_of(known: dict[str, int]) -> AfterValidator:
    def check(said: str) -> str:
        if said and said not in known:
            raise ValueError(f"{said!r} is none of: {', '.join(known)}")
        return said

    return AfterValidator(check)


class MediaOptions(BaseModel):
    """Which paper the printer is to take; what is left out is left to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = Field("", description="media-type, such as cardstock.")
    source: str = Field("", description="media-source, such as tray-2.")
    color: str = Field("", description="media-color, such as ivory.")
    size: tuple[float, float] | None = Field(
        None, description="Width and height of the sheet in mm; by default the printed piece with its bleed."
    )
    weight: int = Field(0, ge=0, description="Grams a square metre.")

    def as_media(self) -> Media:
        """The same for the ticket."""
        return Media(**self.model_dump())


class IppOptions(BaseModel):
    """What a press that speaks IPP can be set to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    printer: str = Field(
        "ipp://localhost:631/ipp/print",
        description="Its address: ipp://HOST:631/PATH, or ipps://… encrypted with its certificate checked.",
    )
    ca_file: Path | None = Field(
        None, description="PEM file that certificates are checked with: the authority's, or the press's own."
    )
    user: str = Field("", description="Name to sign in with, where the press asks for one.")
    password: SecretStr = Field(SecretStr(""), description="Password to sign in with.")
    media: dict[str, MediaOptions] = Field(
        default_factory=dict,
        description="By stock, as card templates and products name it: the paper. Empty: as loaded.",
    )
    quality: Annotated[str, _one_of(QUALITY)] = Field("", description="draft, normal or high.")
    finishings: tuple[Annotated[str, _one_of(FINISHINGS)], ...] = Field(
        (), description="Finishings of every job, such as trim-after-copies."
    )
    operator_message: bool = Field(
        True, description="Whether order, parcel and stock are sent along to be read at the press."
    )
    force_front_side: bool = Field(False, description="Whether the first page must be a front side.")
    separator: MediaOptions | None = Field(None, description="A sheet to put behind each job.")
    seconds: float = Field(30.0, gt=0, description="How long the press may take for an answer.")
    look_seconds: float = Field(1.0, gt=0, description="Pause between looks for a job whose answer was lost.")

    def wishes(self) -> Wishes:
        """What is asked for beside the ticket."""
        return Wishes(
            media={stock: media.as_media() for stock, media in self.media.items()},
            quality=self.quality,
            finishings=self.finishings,
            operator_message=self.operator_message,
            force_front_side=self.force_front_side,
            separator=self.separator.as_media() if self.separator else None,
        )


class IppTarget:
    """A target that is a printer."""

    def __init__(self, client: IppClient, wishes: Wishes, *, look_seconds: float) -> None:
        self._client = client
        self._wishes = wishes
        self._look_seconds = look_seconds
        self._says: PrinterSays | None = None
        self._asked_at = 0.0

    def deliver(self, ticket: Ticket, pdf: Path) -> Receipt:
        """Print a ticket, once."""
        size = _size(ticket, pdf)
        with self._client.line() as witness:
            if ticket.sent_before:
                return self._taken_before(witness, ticket, size)
            job = job_attributes(ticket, self._wishes, self._printer(witness).attributes)
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

    def progress(self, name: str, reference: str) -> Progress:
        """What the printer says of a job."""
        job_id, uuid = _read_reference(reference)
        with self._client.line() as line:
            job = job_by_id(line, job_id)
            if job is None or not _is(job, name, uuid):
                # Printers number jobs anew after a restart; the name and the UUID stay.
                named, _ = jobs_named(line, name)
                job = next((each for each in named if _is(each, name, uuid)), None)
        if job is None:
            return Progress(outcome=Outcome.LOST, detail="the printer does not know the job any more")
        return _progress(job)

    def cancel(self, name: str, reference: str) -> bool:
        """Cancel a job that is not over; whether the printer did."""
        job_id, uuid = _read_reference(reference)
        with self._client.line() as line:
            job = job_by_id(line, job_id)
            if job is None or job.over or not _is(job, name, uuid):
                return False
            answer = line.ask(Operation.CANCEL_JOB, {**_USER, "job-id": integer(job_id)})
            if answer.code > LAST_SUCCESS:
                return False
            after = job_by_id(line, job_id)
        return after is not None and after.state == JobState.CANCELED and not after.processed

    def condition(self) -> Condition:
        """What the printer says of itself, and what is wrong with how it is set up."""
        with self._client.line() as line:
            says = self._read(line)
        return Condition(
            attention=says.attention(),
            warnings=tuple(_warnings(says, self._wishes)),
            capabilities=says.capabilities(),
            queued=says.queued,
        )

    def _printer(self, line: Line) -> PrinterSays:
        if self._says is None or time.monotonic() - self._asked_at > _KNOWN_FOR:
            return self._read(line)
        return self._says

    def _read(self, line: Line) -> PrinterSays:
        says = read_printer(line)
        self._says, self._asked_at = says, time.monotonic()
        return says

    def _taken_before(self, line: Line, ticket: Ticket, size: int) -> Receipt:
        """The receipt of a ticket that a process before this one may have sent."""
        try:
            jobs, _ = jobs_named(line, ticket.name)
        except TargetUnavailable as error:
            raise _uncertain(ticket, f"it may have been sent, and {error.detail}") from error
        for job in jobs:
            return _found(ticket, job, size)
        raise _uncertain(ticket, "it may have been sent, and the printer lists no such job (any more)")

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


def _size(ticket: Ticket, pdf: Path) -> int:
    try:
        return pdf.stat().st_size
    except OSError as error:
        raise TargetRefused(
            f"the stored PDF of {ticket.name} cannot be read", mend="print it anew"
        ) from error


_USER: Attributes = {"requesting-user-name": name("tipin")}


def _operation(ticket: Ticket) -> Attributes:
    return {
        **_USER,
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
    return Receipt(reference=_reference(job_id, uuid or (seen.uuid if seen else "")), followed=True)


def _found(ticket: Ticket, job: JobSeen, size: int) -> Receipt:
    """The receipt of a job that the printer lists, where it has all of it."""
    if job.octets is None:
        raise _uncertain(ticket, f"the printer has job {job.id} of it, but does not say whether it is whole")
    if job.octets < size:
        raise _uncertain(
            ticket, f"the printer has job {job.id} of it, but only {job.octets} of {size} octets"
        )
    return Receipt(reference=_reference(job.id, job.uuid), followed=True)


def _uncertain(ticket: Ticket, why: str) -> SubmissionUncertain:
    return SubmissionUncertain(
        f"{ticket.name}: {why}", mend="look whether the press has it; then mark it as printed, or reprint it"
    )


def _reference(job_id: int, uuid: str) -> str:
    return f"{job_id} {uuid}".strip()


def _read_reference(reference: str) -> tuple[int, str]:
    job_id, _, uuid = reference.partition(" ")
    return int(job_id), uuid


def _is(job: JobSeen, name: str, uuid: str) -> bool:
    return job.name == name and (not uuid or not job.uuid or job.uuid == uuid)


def _progress(job: JobSeen) -> Progress:
    reasons = [each for each in map(in_words, job.reasons) if each]
    told = "; ".join(dict.fromkeys([*reasons, *([job.message] if job.message else [])]))
    reference = _reference(job.id, job.uuid)
    if any(_FORGETFUL in reason for reason in job.reasons):
        outcome, told = Outcome.LOST, "the queue calls it completed because its printer forgot it"
    elif job.state in {JobState.ABORTED, JobState.CANCELED}:
        outcome = Outcome.LOST
        told = f"the printer {'aborted' if job.state == JobState.ABORTED else 'cancelled'} it: {told}"
    elif job.state == JobState.COMPLETED:
        errors = any(reason.startswith("job-completed-with-errors") for reason in job.reasons)
        outcome = Outcome.LOST if errors else Outcome.DONE
    else:
        outcome = Outcome.WAITING
    return Progress(outcome=outcome, detail=told, reference=reference)


def _warnings(says: PrinterSays, wishes: Wishes) -> list[str]:
    found = []
    if says.cups and "raw" in says.model.lower():
        found.append("this is a raw queue of CUPS: it loses the paper (media-col); set up the press itself")
    elif says.cups:
        found.append(
            "this is a queue of CUPS: it rewrites PDFs and drops trim and bleed; set up the press itself"
        )
    formats = says.attributes.get("document-format-supported", ())
    if formats and not any(value.content == "application/pdf" for value in formats):
        found.append("it does not say that it takes PDF")
    found += [
        f"it does not know {name}, which this target is set to send"
        for name in not_taken(wishes, says.attributes)
    ]
    if not wishes.media:
        found.append("no paper is set by stock (option media): the press takes what is loaded")
    return found


class IppDriver:
    """Makes targets that are printers."""

    code = "ipp"
    title = "Press by IPP"
    options = IppOptions

    def make(self, options: IppOptions, data_dir: Path) -> IppTarget:  # noqa: ARG002 -- the driver's signature
        """A printer; it is not asked anything yet.

        Raises:
            SetupError: its address or certificate file cannot be used.
        """
        client = IppClient(
            options.printer,
            ca_file=options.ca_file,
            user=options.user,
            password=options.password.get_secret_value(),
            seconds=options.seconds,
        )
        return IppTarget(client, options.wishes(), look_seconds=options.look_seconds)


PLUGIN = IppDriver()
