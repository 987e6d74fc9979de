"""Jobs as a printer lists them."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import TargetUnavailable
from app.wire.ipp.client import Line
from app.wire.ipp.message import Attributes, Message, first_integer, first_text, integer, keyword, texts
from app.wire.ipp.tags import LAST_SUCCESS, Group, JobState, Operation, status_name

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
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in _OVER


def jobs_named(line: Line, name: str) -> tuple[list[JobSeen], bool]:
    """The jobs of this name, waiting and finished; whether the printer remembers finished ones at all.

    Raises:
        TargetUnavailable: it does not say.
    """
    waiting = _listed(line, "not-completed")
    # In this order: a job that is finished between the two questions is seen twice rather than not at all.
    finished = _listed(line, "completed")
    return [job for job in (*waiting, *finished) if job.name == name], bool(finished)


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


def _listed(line: Line, which: str) -> list[JobSeen]:
    limit = {"limit": integer(_MOST_COMPLETED)} if which == "completed" else {}
    answer = line.ask(
        Operation.GET_JOBS, {**limit, "requested-attributes": _WANTED, "which-jobs": keyword(which)}
    )
    _check(answer)
    return [_seen(job) for job in answer.each(Group.JOB)]


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
