"""A road to a printer that breaks: a proxy that loses requests and answers at any stage, as a plan says.

It reads whole requests, so it knows each one's operation and job name, and it counts what the printer
really took, whatever the client was told.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from app.wire.ipp.decode import NotIpp, decode
from app.wire.ipp.message import Message, first_text
from app.wire.ipp.tags import LAST_SUCCESS, Group, Operation


class Fault(StrEnum):
    """What happens to one request, from the first stage of its way to the last."""

    NONE = "none"
    NOT_SENT = "the connection ends before anything is passed on"
    CUT = "half of the request is passed on"
    NOT_ANSWERED = "the whole request is passed on, and the connection ends at once"
    LOST = "the printer answers, and the answer is lost"
    CUT_ANSWER = "half of the answer comes back"
    SLOW = "the answer comes late"


Plan = Callable[[int], Fault]
"""What happens to the next request of an operation. Called from one thread at a time."""


class FaultyProxy:
    """Passes requests on to a port, or not."""

    def __init__(self, port: int, plan: Plan) -> None:
        self._to = ("127.0.0.1", port)
        self._plan = plan
        self._turn = threading.Lock()
        self.faults: Counter[Fault] = Counter()
        self.taken: Counter[str] = Counter()
        """How often the printer took a job of a name."""
        self.port = 0

    @contextmanager
    def open(self) -> Iterator[FaultyProxy]:
        """Listen, until the end."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=(listener,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(self._to) as printer:
            while request := read_http(client):
                asked = decode(request.partition(b"\r\n\r\n")[2])
                with self._turn:
                    fault = self._plan(asked.code)
                    self.faults[fault] += 1
                if not self._exchange(client, printer, request, asked, fault):
                    return

    def _exchange(
        self, client: socket.socket, printer: socket.socket, request: bytes, asked: Message, fault: Fault
    ) -> bool:
        """Pass one request on; whether the connection goes on."""
        if fault is Fault.NOT_SENT:
            return False
        if fault is Fault.CUT:
            printer.sendall(request[: len(request) // 2])
            return False
        printer.sendall(request)
        if fault is Fault.NOT_ANSWERED:
            # The printer answers into nothing; what it took is seen behind the client's back.
            client.close()
        answer = read_http(printer)
        if not answer:
            return False
        self._count(asked, answer)
        if fault in {Fault.LOST, Fault.NOT_ANSWERED}:
            return False
        if fault is Fault.CUT_ANSWER:
            client.sendall(answer[: len(answer) // 2])
            return False
        if fault is Fault.SLOW:
            time.sleep(0.2)
        client.sendall(answer)
        return True

    def _count(self, asked: Message, answer: bytes) -> None:
        if asked.code != Operation.PRINT_JOB:
            return
        with suppress(NotIpp):
            if decode(answer.partition(b"\r\n\r\n")[2]).code <= LAST_SUCCESS:
                with self._turn:
                    self.taken[first_text(asked.group(Group.OPERATION)["job-name"])] += 1


def read_http(connection: socket.socket) -> bytes:
    """One whole request or answer, with its length or in chunks; empty where the connection ends first."""
    octets = bytearray()
    while b"\r\n\r\n" not in octets:
        piece = connection.recv(1 << 16)
        if not piece:
            return b""
        octets += piece
    end = octets.index(b"\r\n\r\n") + 4
    headers = bytes(octets[:end]).lower()
    chunked = b"transfer-encoding: chunked" in headers
    length = 0 if chunked else int(headers.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    while (not octets.endswith(b"0\r\n\r\n")) if chunked else (len(octets) < end + length):
        piece = connection.recv(1 << 16)
        if not piece:
            return b""
        octets += piece
    if not chunked:
        return bytes(octets)
    body = _joined(bytes(octets[end:]))
    plain = b"\r\n".join(line for line in bytes(octets[: end - 4]).split(b"\r\n") if b"chunked" not in line)
    return plain + f"\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _joined(chunks: bytes) -> bytes:
    body = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        body, chunks = body + chunks[: int(size, 16)], chunks[int(size, 16) + 2 :]
    return body
