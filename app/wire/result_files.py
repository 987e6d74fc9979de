"""What a press's workflow put into a results folder about a ticket: a small file of the ticket's name.

`NAME.json` with `{"name", "state", "reason"}`, or `NAME.jmf`, `NAME.xjmf` or `NAME.xml` with CIP4's messages.
Others write into that folder, so nothing there is trusted: only names of our own are opened, and of these
only plain files with one name (no link, pipe or device, nothing that a hard link could lend), small, whole.
"""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.ticket import Outcome, Progress
from app.errors import IntakeError, TargetUnavailable
from app.wire.jmf.front_end import progress_of
from app.wire.jmf.read import NotJmf, read_told
from app.wire.strict_json import decode_object

_SUFFIXES = (".json", ".jmf", ".xjmf", ".xml")
_MOST_OCTETS = 65_536
_MOST_TEXT = 300
_SETTLED = timedelta(seconds=2)
"""How long a file must have been left alone before it is read."""
_PATIENCE = timedelta(minutes=1)
"""How long a file may be none that is understood before it counts as one."""
_STATES = {
    **dict.fromkeys(("done", "printed", "completed"), Outcome.DONE),
    **dict.fromkeys(("failed", "aborted", "error"), Outcome.LOST),
    **dict.fromkeys(("received", "queued", "waiting", "printing"), Outcome.WAITING),
}
_STILL = Progress(outcome=Outcome.WAITING)


class NotAResult(ValueError):
    """What lies in the folder is no result."""


def read_result(folder: Path, name: str, *, now: datetime) -> Progress:
    """What a results folder says of a ticket; WAITING where it says nothing yet.

    Args:
        folder: the results folder.
        name: the ticket's.
        now: the moment.

    Raises:
        TargetUnavailable: the folder cannot be read.
    """
    try:
        directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise TargetUnavailable(
            f"{folder} cannot be read: {error.strerror}", mend="check that it is mounted and readable"
        ) from error
    try:
        for suffix in _SUFFIXES:
            if (said := _said(directory, name, suffix, now)) is not None:
                return said
    finally:
        os.close(directory)
    return _STILL


def _said(directory: int, name: str, suffix: str, now: datetime) -> Progress | None:
    """What one file says; None where it is not there."""
    file = f"{name}{suffix}"
    try:
        content, age = _plain_file(directory, file, now)
    except FileNotFoundError:
        return None
    except (NotAResult, OSError) as error:
        return Progress(outcome=Outcome.LOST, detail=f"the result {file} is not read: {error}"[:_MOST_TEXT])
    if age < _SETTLED or content is None:
        return _STILL
    try:
        return _of_json(content, name) if suffix == ".json" else _of_messages(content, name)
    except NotAResult as error:
        if age < _PATIENCE:
            return _STILL  # perhaps it is still being written, slowly
        return Progress(outcome=Outcome.LOST, detail=f"the result {file} is not understood: {error}")


def _plain_file(directory: int, file: str, now: datetime) -> tuple[bytes | None, timedelta]:
    """A file's content, None where it changed meanwhile, and its age.

    Raises:
        FileNotFoundError: it is not there.
        NotAResult: it is nothing that is read.
    """
    if "/" in file or "\0" in file or file.startswith("."):
        raise NotAResult("its name leads elsewhere")
    # Looked at before it is opened, since opening a pipe or a device may already do something.
    before = _checked(os.stat(file, dir_fd=directory, follow_symlinks=False))
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(file, flags, dir_fd=directory)
    try:
        opened = _checked(os.fstat(descriptor))
        content = os.read(descriptor, _MOST_OCTETS + 1)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    whole = len(content) == after.st_size and _seen(before) == _seen(opened) == _seen(after)
    return content if whole else None, now - datetime.fromtimestamp(after.st_mtime, tz=now.tzinfo)


def _checked(status: os.stat_result) -> os.stat_result:
    if not stat.S_ISREG(status.st_mode):
        raise NotAResult("it is a link, a pipe, a device or a folder")
    if status.st_nlink != 1:
        raise NotAResult("it has a second name elsewhere")
    if status.st_size > _MOST_OCTETS:
        raise NotAResult(f"it has more than {_MOST_OCTETS} octets")
    return status


def _seen(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _of_json(content: bytes, name: str) -> Progress:
    try:
        document = decode_object(content)
    except IntakeError as error:
        raise NotAResult("it is no JSON object") from error
    if document.get("name", name) != name:
        raise NotAResult("it speaks of another ticket")
    state = document.get("state")
    outcome = _STATES.get(state.strip().lower()) if isinstance(state, str) else None
    if outcome is None:
        raise NotAResult(f"its state is {json.dumps(state)[:40]}, none of {', '.join(_STATES)}")
    reason = document.get("reason", "")
    told = f"{state}: {reason}" if isinstance(reason, str) and reason else str(state)
    return Progress(outcome=outcome, detail=" ".join(told.split())[:_MOST_TEXT])


def _of_messages(content: bytes, name: str) -> Progress:
    try:
        told = read_told(content)
    except NotJmf as error:
        raise NotAResult(str(error)) from error
    entries = [entry for message in told for entry in message.entries if entry.part in {name, ""}]
    if not entries:
        raise NotAResult("it does not speak of this ticket")
    return progress_of(entries[-1])
