"""A printer in a few lines, for what real ones cannot be brought to say. Real ones are in `printers`."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.wire.ipp.decode import decode
from app.wire.ipp.encode import encode
from app.wire.ipp.message import (
    Attributes,
    Message,
    Range,
    Value,
    boolean,
    enum,
    first_integer,
    first_text,
    integer,
    keyword,
    name,
    text,
    uri,
)
from app.wire.ipp.tags import Group, JobState, Operation, Tag
from tests.raw_server import raw_server, reply

CARDSTOCK: Attributes = {
    "printer-make-and-model": text("Small Press"),
    "printer-state": enum(3),
    "printer-state-reasons": keyword("none"),
    "printer-is-accepting-jobs": boolean(True),
    "queued-job-count": integer(0),
    "document-format-supported": (Value(Tag.MIME_TYPE, "application/pdf"),),
    "copies-supported": (Value(Tag.RANGE, Range(1, 99)),),
    "sides-supported": keyword("one-sided", "two-sided-long-edge"),
    "print-quality-supported": enum(4, 5),
    "finishings-supported": enum(3, 62),
    "media-type-supported": keyword("cardstock", "stationery"),
    "media-source-supported": keyword("tray-1", "tray-2"),
    "media-col-supported": keyword("media-size", "media-type", "media-source"),
    "job-creation-attributes-supported": keyword("copies", "sides", "media-col", "job-message-to-operator"),
}


_FIRST: Attributes = {
    "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
    "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
}


@dataclass
class SmallPrinter:
    """What it says and has; tests change it as they like."""

    attributes: dict[str, tuple[Value, ...]] = field(default_factory=lambda: dict(CARDSTOCK))
    jobs: list[dict[str, tuple[Value, ...]]] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    status: dict[int, int] = field(default_factory=dict)
    """By operation: the status to refuse it with."""
    silent: dict[int, bool] = field(default_factory=dict)
    """By operation: end the connection instead of an answer; True: after doing what was asked."""
    state: int = JobState.COMPLETED
    """That new jobs come to."""
    uri: str = ""

    @contextmanager
    def on(self) -> Iterator[SmallPrinter]:
        """Switch it on."""
        with raw_server(self._answer) as port:
            self.uri = f"ipp://127.0.0.1:{port}/ipp/print"
            yield self

    def add(
        self, job: str, *, state: int = JobState.COMPLETED, octets: int = 1, **more: tuple[Value, ...]
    ) -> None:
        """A job, as if somebody had sent it."""
        number = len(self.jobs) + 1
        self.jobs.append(
            {
                "job-id": integer(number),
                "job-uuid": uri(f"urn:uuid:{number}"),
                "job-name": name(job),
                "job-state": enum(state),
                "job-state-reasons": keyword("none"),
                "job-k-octets": integer((octets + 1023) // 1024),
                **{key.replace("_", "-"): value for key, value in more.items()},
            }
        )

    def printed(self) -> list[str]:
        """The names of its jobs."""
        return [first_text(job["job-name"]) for job in self.jobs]

    def last(self, operation: Operation) -> Message:
        """The latest request of this kind."""
        return [each for each in self.asked if each.code == operation][-1]

    def _answer(self, connection: socket.socket, request: bytes) -> None:
        asked = decode(request.partition(b"\r\n\r\n")[2])
        self.asked.append(asked)
        if self.silent.get(asked.code) is False:
            connection.shutdown(socket.SHUT_RDWR)
            return
        status = self.status.get(asked.code, 0)
        groups = self._do(asked) if not status else ()
        status = 0x0406 if groups is None else status
        if self.silent.get(asked.code):
            connection.shutdown(socket.SHUT_RDWR)
            return
        head = (Group.OPERATION, {**_FIRST, "status-message": text("said so")})
        answer = Message(status, asked.request_id, (head, *(groups or ())), asked.version)
        connection.sendall(reply(encode(answer)))

    def _do(self, asked: Message) -> tuple[tuple[int, Attributes], ...] | None:
        operation = asked.group(Group.OPERATION)
        if asked.code == Operation.GET_PRINTER_ATTRIBUTES:
            return ((Group.PRINTER, self.attributes),)
        if asked.code == Operation.PRINT_JOB:
            self.add(first_text(operation["job-name"]), state=self.state, octets=len(asked.data))
            return ((Group.JOB, self.jobs[-1]),)
        if asked.code == Operation.GET_JOBS:
            over = first_text(operation["which-jobs"]) == "completed"
            which = [job for job in self.jobs if ((first_integer(job["job-state"]) or 0) >= 7) == over]
            return tuple((Group.JOB, job) for job in reversed(which))
        if asked.code in {Operation.GET_JOB_ATTRIBUTES, Operation.CANCEL_JOB}:
            found = [job for job in self.jobs if job["job-id"] == operation["job-id"]]
            if found and asked.code == Operation.CANCEL_JOB:
                found[0]["job-state"] = enum(JobState.CANCELED)
            return ((Group.JOB, found[0]),) if found else None
        return ()
