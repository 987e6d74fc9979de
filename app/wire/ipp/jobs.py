"""Jobs as a printer lists them, and what that says of tickets."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ticket import Outcome, Progress
from app.errors import TargetUnavailable
from app.wire.ipp.client import Line
from app.wire.ipp.message import Attributes, Message, first_integer, first_text, integer, keyword, name, texts
from app.wire.ipp.printer import in_words
from app.wire.ipp.tags import LAST_SUCCESS, Group, JobState, Operation, status_name

USER: Attributes = {"requesting-user-name": name("tipin")}
"""Whose jobs ours are."""

_WANTED = keyword(
    "job-id",
    "job-name",
    "job-uuid",
    "job-state",
    "job-state-reasons",
    "job-state-message",
    "job-k-octets",
    "job-printer-state-reasons",
    "job-printer-state-message",
    "time-at-processing",
)
_MOST_COMPLETED = 2_000
"""Newest first (RFC 8011, section 4.2.6.1)."""
_OVER = {JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED}
GONE = {0x0406, 0x0407}
"""client-error-not-found, client-error-gone."""
_FORGETFUL = "cups-ipp-missing-job-history"


@dataclass(frozen=True, slots=True)
class JobReference:
    """A printer's own names for a job. `uuid` stays when numbers begin anew; empty where it gives none."""

    id: int
    uuid: str = ""

    def __str__(self) -> str:
        """As it is kept with a component."""
        return f"{self.id} {self.uuid}".strip()

    @classmethod
    def read(cls, written: str) -> JobReference:
        """The reference that `str` wrote."""
        job_id, _, uuid = written.partition(" ")
        return cls(int(job_id), uuid)


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job as the printer describes it. `octets` is its size in whole KiB; None: not said."""

    id: int
    uuid: str
    name: str
    state: int
    reasons: tuple[str, ...]
    message: str
    octets: int | None
    processed: bool
    """Whether it may ever have been worked on."""

    @property
    def reference(self) -> JobReference:
        """Its names at the printer."""
        return JobReference(self.id, self.uuid)

    def is_of(self, ticket: str, reference: JobReference) -> bool:
        """Whether it is the job of the ticket of this name, which was given this reference."""
        known = self.uuid and reference.uuid
        return self.name == ticket and (not known or self.uuid == reference.uuid)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in _OVER


def job_of(line: Line, ticket: str, reference: JobReference) -> JobSeen | None:
    """The job of a ticket; None where the printer knows it no more.

    Raises:
        TargetUnavailable: it does not say.
    """
    job = job_by_id(line, reference.id)
    if job is not None and job.is_of(ticket, reference):
        return job
    # Printers number jobs anew after a restart; the name and the UUID stay.
    named, _ = jobs_named(line, ticket)
    return next((each for each in named if each.is_of(ticket, reference)), None)


def cancel_job(line: Line, ticket: str, reference: JobReference) -> bool:
    """Cancel the job of a ticket; whether that was before anything of it was printed.

    Raises:
        TargetUnavailable: the printer does not say.
    """
    job = job_of(line, ticket, reference)
    if job is None or job.over:
        return False
    answer = line.ask(Operation.CANCEL_JOB, {**USER, "job-id": integer(job.id)})
    if answer.code > LAST_SUCCESS:
        return False
    after = job_by_id(line, job.id)
    return after is not None and after.state == JobState.CANCELED and not after.processed


def progress_of(job: JobSeen) -> Progress:
    """What a printer tells of a ticket: a hint, for the bench scan is the truth."""
    reasons = [each for each in map(in_words, job.reasons) if each]
    told = "; ".join(dict.fromkeys([*reasons, *([job.message] if job.message else [])]))
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
    return Progress(outcome=outcome, detail=told, reference=str(job.reference))


def jobs_named(line: Line, ticket: str) -> tuple[list[JobSeen], bool]:
    """The jobs of this name, waiting and finished; whether the printer remembers finished ones at all.

    Raises:
        TargetUnavailable: it does not say.
    """
    waiting = _listed(line, "not-completed")
    # In this order: a job that is finished between the two questions is seen twice rather than not at all.
    finished = _listed(line, "completed")
    ids = dict.fromkeys(number for number, name in (*waiting, *finished) if name == ticket)
    found = (job_by_id(line, number) for number in ids)
    return [job for job in found if job is not None and job.name == ticket], bool(finished)


def job_by_id(line: Line, job_id: int) -> JobSeen | None:
    """A job by the printer's own number; None where it knows none.

    Raises:
        TargetUnavailable: it does not say.
    """
    answer = line.ask(
        Operation.GET_JOB_ATTRIBUTES, {"job-id": integer(job_id), "requested-attributes": _WANTED}
    )
    if answer.code in GONE:
        return None
    _check(answer)
    return _seen(answer.group(Group.JOB))


def _listed(line: Line, which: str) -> list[tuple[int, str]]:
    """Numbers and names of jobs; no more, for a press may remember thousands."""
    limit = {"limit": integer(_MOST_COMPLETED)} if which == "completed" else {}
    answer = line.ask(
        Operation.GET_JOBS,
        {**limit, "requested-attributes": keyword("job-id", "job-name"), "which-jobs": keyword(which)},
    )
    _check(answer)
    jobs = answer.each(Group.JOB)
    return [(first_integer(job.get("job-id", ())) or 0, first_text(job.get("job-name", ()))) for job in jobs]


def _check(answer: Message) -> None:
    if answer.code > LAST_SUCCESS:
        raise TargetUnavailable(f"the printer does not say which jobs it has: {status_name(answer.code)}")


def _seen(job: Attributes) -> JobSeen:
    size = first_integer(job.get("job-k-octets", ()))
    processing = job.get("time-at-processing")
    return JobSeen(
        id=first_integer(job.get("job-id", ())) or 0,
        uuid=first_text(job.get("job-uuid", ())),
        name=first_text(job.get("job-name", ())),
        state=first_integer(job.get("job-state", ())) or 0,
        reasons=tuple(
            reason
            for name in ("job-state-reasons", "job-printer-state-reasons")
            for reason in texts(job.get(name, ()))
            if reason != "none"
        ),
        message=first_text(job.get("job-state-message", ()))
        or first_text(job.get("job-printer-state-message", ())),
        octets=None if size is None else size * 1024,
        # Out of band (no-value) where it never was; said by no attribute at all, it may have been.
        processed=processing is None or first_integer(processing) is not None,
    )
