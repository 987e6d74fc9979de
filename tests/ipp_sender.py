"""Hands jobs over by the IPP driver, as the service does, in a process of its own that can be killed.

`python -m tests.ipp_sender URI FOLDER FIRST LAST`: every job is tried until it has an end, written down in
FOLDER/journal. A line is there before the step that it tells of: a job that was begun and has no answer when
the process starts again may have been sent.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.domain.ticket import Outcome
from app.errors import SubmissionUncertain, TargetUnavailable
from app.targets.ipp import PLUGIN, IppOptions, IppTarget
from tests.tickets import PDF, stored_pdf, ticket_for

_AT_ONCE = 10
_POLL = 0.3


class Journal:
    """What happened to which job, a line a step."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._read = 0
        self._last: dict[str, tuple[str, str]] = {}

    def note(self, job: str, step: str, told: str = "") -> None:
        """Add a line; it is with the kernel, which a kill does not end."""
        line = json.dumps([job, step, told]) + "\n"
        with self._turn, self._path.open("ab", buffering=0) as file:
            file.write(line.encode())

    def last(self) -> dict[str, tuple[str, str]]:
        """The last step of each job, with what was told; only new lines are read."""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._read)
                for line in file:
                    if not line.endswith(b"]\n"):
                        break  # its writer was killed in it, or is not done
                    self._read += len(line)
                    job, step, told = json.loads(line)
                    self._last[job] = (step, told)
        return self._last


def job_name(number: int) -> str:
    """The name of a job at the printer."""
    return f"{number:013d}-0"


def send(target: IppTarget, journal: Journal, number: int, before: tuple[str, str], pdf: Path) -> None:
    """Bring a job to its end: done, or unknown with a reason."""
    name = job_name(number)
    step, reference = before
    if step in {"", "away", "trying"}:
        reference = _delivered(target, journal, number, pdf, sent_before=step == "trying")
    while reference:
        time.sleep(_POLL)
        try:
            progress = target.progress(name, reference)
        except TargetUnavailable:
            continue
        if progress.outcome is not Outcome.WAITING:
            end = "done" if progress.outcome is Outcome.DONE else "unknown"
            journal.note(name, end, progress.detail)
            return


def _delivered(target: IppTarget, journal: Journal, number: int, pdf: Path, *, sent_before: bool) -> str:
    """The printer's name for the job; empty where that ended as unknown."""
    name = job_name(number)
    while True:
        journal.note(name, "trying")
        try:
            ticket = ticket_for(job=name[:-2], sent_before=sent_before)
            receipt = target.deliver(ticket, pdf)
        except TargetUnavailable as error:
            journal.note(name, "away", error.detail)
            sent_before = False
            time.sleep(random.uniform(0.05, 0.25))
        except SubmissionUncertain as error:
            journal.note(name, "unknown", error.detail)
            return ""
        else:
            journal.note(name, "accepted", receipt.reference)
            return receipt.reference


def main(uri: str, folder: Path, first: int, last: int) -> None:
    """Send jobs `first` to `last`."""
    journal = Journal(folder / "journal")
    before = journal.last()
    pdf = stored_pdf(folder, PDF)
    options = IppOptions(printer=uri, seconds=5.0, look_seconds=0.1, operator_message=False)
    target = PLUGIN.make(options, folder)
    open_ones = [
        number
        for number in range(first, last)
        if before.get(job_name(number), ("", ""))[0] not in {"done", "unknown"}
    ]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number in open_ones:
            pool.submit(
                send, target, journal, number, before.get(job_name(number), ("", "")), pdf
            ).add_done_callback(_end_loudly)


def _end_loudly(task: object) -> None:
    error = task.exception()  # type: ignore[attr-defined]
    if error is not None:
        traceback.print_exception(error)
        os._exit(3)  # from a thread: nothing less ends the process


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
