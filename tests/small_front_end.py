"""A front end in a few lines that takes JMF and XJMF, and plays refusals, lost answers and delays."""

from __future__ import annotations

import io
import re
import socket
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from lxml import etree

from tests.raw_server import raw_server, reply

JMF = "http://www.CIP4.org/JDFSchema_1_1"
XJMF = "http://www.CIP4.org/JDFSchema_2_0"


@dataclass
class Submission:
    """What was submitted: the message, and the parts that came along, by how they are addressed."""

    message: etree._Element
    parts: dict[str, bytes]

    @property
    def parameters(self) -> etree._Element:
        """Its QueueSubmissionParams."""
        return next(self.message.iter("{*}QueueSubmissionParams"))

    def ticket(self) -> etree._Element:
        """The ticket that came along."""
        return etree.fromstring(self.parts[self.parameters.get("URL", "")])

    def pdf(self) -> bytes:
        """The PDF that came along."""
        return self.parts[next(self.ticket().iter("{*}FileSpec")).get("URL", "")]


@dataclass
class SmallFrontEnd:
    """What it has and does; tests change it as they like."""

    submitted: list[Submission] = field(default_factory=list)
    entries: list[dict[str, str]] = field(default_factory=list)
    code: int = 0
    """Return code of submissions."""
    words: str = ""
    takes: bool = True
    """Whether a submission becomes an entry at all."""
    says: bytes | None = None
    """What it answers to a submission instead; empty ends the connection."""
    delay: float = 0.0
    status_code: int = 0
    mute: bool = False
    """Whether it ends the connection where it is asked for its queue."""
    queue: str = "Waiting"
    state: str = "Waiting"
    """That new entries have."""
    forgets_all: bool = False
    """Whether it takes even what it printed out of its queue."""
    port: int = 0

    @property
    def url(self) -> str:
        """Where it takes messages."""
        return f"http://127.0.0.1:{self.port}/jmf"

    @contextmanager
    def on(self) -> Iterator[SmallFrontEnd]:
        """Answer until the end."""
        with raw_server(self._answer) as self.port:
            yield self

    def end(self, name: str, status: str) -> None:
        """Bring a ticket to an end."""
        for entry in self.entries:
            if entry["JobPartID"] == name:
                entry["Status"] = status

    def _answer(self, connection: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        found = re.search(rb"(?im)^content-type: *(.*?)\r?$", head)
        kind = found.group(1).decode() if found else ""
        message, parts = _unpacked(kind, body)
        command = message[-1]
        what = command.get("Type") or etree.QName(command).localname
        if what.endswith("SubmitQueueEntry"):
            said = self._submit(command, message, parts)
        elif what.endswith("QueueStatus"):
            said = b"" if self.mute else _response(command, self.status_code, self._listed(command))
        else:
            said = self._remove(command)
        if not said:
            connection.shutdown(socket.SHUT_RDWR)
            return
        connection.sendall(said)

    def _submit(self, command: etree._Element, message: etree._Element, parts: dict[str, bytes]) -> bytes:
        self.submitted.append(submission := Submission(message, parts))
        if self.takes and self.code == 0:
            ticket = submission.ticket() if parts else None
            part = ticket.get("JobPartID", "") if ticket is not None else f"linked-{len(self.entries)}"
            job = ticket.get("JobID", "") if ticket is not None else ""
            number = str(len(self.entries) + 1)
            self.entries.append(
                {"JobID": job, "JobPartID": part, "QueueEntryID": f"q{number}", "Status": self.state}
            )
        time.sleep(self.delay)
        if self.says is not None:
            return self.says
        entry = _entry(self.entries[-1]) if self.code == 0 and self.takes else ""
        words = f'<Notification Class="Error"><Comment>{self.words}</Comment></Notification>'
        return _response(command, self.code, (words if self.words else "") + entry)

    def _listed(self, command: etree._Element) -> str:
        wanted = next(command.iter("{*}QueueFilter")).get("JobPartID")
        entries = "".join(_entry(each) for each in self.entries if each["JobPartID"] == wanted)
        return f'<Queue DeviceID="small" Status="{self.queue}">{entries}</Queue>'

    def _remove(self, command: etree._Element) -> bytes:
        names = {value for each in command.iter() for value in each.attrib.values()}
        waiting = [
            each
            for each in self.entries
            if each["QueueEntryID"] in names and (self.forgets_all or each["Status"] == "Waiting")
        ]
        for each in waiting:
            each["Status"] = "Removed"
        return _response(command, 0 if waiting else 106, "")


def _unpacked(kind: str, body: bytes) -> tuple[etree._Element, dict[str, bytes]]:
    if kind.startswith("multipart/related"):
        read = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=policy.HTTP)
        found = [
            (each["content-id"].strip("<>"), each.get_payload(decode=True)) for each in read.iter_parts()
        ]
        parts = {f"cid:{name}": content for name, content in found if isinstance(content, bytes)}
        return etree.fromstring(next(iter(parts.values()))), parts
    if kind.endswith("+zip"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        return etree.fromstring(parts["root.xjmf"]), parts
    return etree.fromstring(body), {}


def _entry(said: dict[str, str]) -> str:
    return "<QueueEntry " + " ".join(f'{name}="{value}"' for name, value in said.items()) + "/>"


def _response(command: etree._Element, code: int, inner: str) -> bytes:
    name = etree.QName(command)
    if name.namespace == JMF:
        refers, kind = command.get("ID"), command.get("Type")
        head = f'<JMF xmlns="{JMF}"><Response ID="r1" Type="{kind}" ReturnCode="{code}" refID="{refers}">'
        body = f"{head}{inner}</Response></JMF>"
    else:
        refers = next(command.iter("{*}Header")).get("ID")
        tag = re.sub("^(Command|Query)", "Response", name.localname)
        head = f'<XJMF xmlns="{XJMF}"><{tag} ReturnCode="{code}"><Header ID="r1" refID="{refers}"/>'
        body = f"{head}{inner}</{tag}></XJMF>"
    return reply(body.encode(), media_type="application/xml")
