"""Asks a printer by IPP over HTTP (RFC 8010, section 4), and takes nothing for granted of what comes back.

A call ends within its time whatever the other side does: a timer closes the connection at the end of it, so
neither a drip of header lines nor an endless body keeps a card waiting. Redirects are not followed: a printer
that answers with one is set up under the wrong address, and the job would go who knows where.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from app.wire.ipp.decode import NotIpp, decode
from app.wire.ipp.encode import encode
from app.wire.ipp.exchange import MEDIA_TYPE, http_url, no_answer, pieces, read_body, trusted, unreached
from app.wire.ipp.message import Attributes, Message, Value, uri
from app.wire.ipp.tags import Group, Operation, Tag

_OLDER = (1, 1)
_VERSION_NOT_SUPPORTED = 0x0503
_SPOKEN = (1, 2)
"""Major versions that are understood; 1.1 and 2.x share one encoding."""


class IppClient:
    """One printer, by its URI."""

    def __init__(
        self,
        printer: str,
        *,
        ca_file: Path | None = None,
        user: str = "",
        password: str = "",
        seconds: float = 30.0,
    ) -> None:
        """Take where the printer is.

        Args:
            printer: `ipp://HOST[:PORT]/PATH`; `ipps` encrypts, and checks the printer's certificate.
            ca_file: PEM file of the authority, or of the printer's own certificate, that is trusted instead
                of the system's.
            user: for printers that ask who prints; empty where none.
            password: the same.
            seconds: how long a call may take in all.

        Raises:
            SetupError: the URI or the file cannot be used.
        """
        self.printer = printer
        self._url = http_url(printer)
        self._trust = trusted(ca_file) if self._url.scheme == "https" else False
        self._auth = httpx.BasicAuth(user, password) if user else None
        self._seconds = seconds
        self._version = (2, 0)
        self._numbers = count(1)

    @contextmanager
    def line(self) -> Iterator[Line]:
        """A connection that is kept over several calls, as long as the printer keeps it."""
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=None)
        transport = httpx.HTTPTransport(verify=self._trust, trust_env=False, limits=limits)
        headers = {"user-agent": "tipin", "accept": MEDIA_TYPE, "accept-encoding": "identity"}
        with httpx.Client(transport=transport, headers=headers, auth=self._auth, trust_env=False) as http:
            yield Line(self, http)

    def ask(self, operation: Operation, attributes: Attributes | None = None) -> Message:
        """Ask once, over a connection of its own; see `Line.ask`."""
        with self.line() as line:
            return line.ask(operation, attributes)

    def request(self, operation: Operation, attributes: Attributes, job: Attributes) -> Message:
        """A request as this printer takes it."""
        head: Attributes = {
            "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
            "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
            "printer-uri": uri(self.printer),
            **attributes,
        }
        groups = ((Group.OPERATION, head), (Group.JOB, job)) if job else ((Group.OPERATION, head),)
        return Message(operation, next(self._numbers), groups, self._version)

    def speak_older(self) -> bool:
        """Fall back to IPP 1.1; False where that is spoken already."""
        newer, self._version = self._version, _OLDER
        return newer != _OLDER

    @property
    def url(self) -> httpx.URL:
        """Where requests go."""
        return self._url

    @property
    def seconds(self) -> float:
        """How long a call may take, without the time for its document."""
        return self._seconds


class Line:
    """Calls over one connection, one after the other."""

    def __init__(self, client: IppClient, http: httpx.Client) -> None:
        self._client = client
        self._http = http
        self._socket: socket.socket | None = None
        self.connections = 0
        """How often a connection was made: more than one means that the printer ended the first."""

    def ask(
        self,
        operation: Operation,
        attributes: Attributes | None = None,
        job: Attributes | None = None,
        *,
        document: Path | None = None,
        seconds: float = 0.0,
    ) -> Message:
        """The printer's answer, whatever its status.

        Args:
            operation: what is asked.
            attributes: operation attributes beside charset, language and printer-uri.
            job: job attributes.
            document: a file to send along; its length is said beforehand, so that a cut one can be told.
            seconds: added to the time that the call may take.

        Raises:
            Unreached: nothing was sent.
            NoAnswer: the connection ended, or the time, before the answer was whole.
            NotIpp: what came back is none of IPP's answers to this request.
        """
        request = self._client.request(operation, attributes or {}, job or {})
        answer = self._exchange(request, document, self._client.seconds + seconds)
        if answer.code == _VERSION_NOT_SUPPORTED and self._client.speak_older():
            return self.ask(operation, attributes, job, document=document, seconds=seconds)
        return answer

    def _exchange(self, request: Message, document: Path | None, seconds: float) -> Message:
        head = encode(request)
        size = document.stat().st_size if document else 0
        headers = {"content-type": MEDIA_TYPE, "content-length": str(len(head) + size)}
        late = threading.Event()
        timer = threading.Timer(seconds, self._end, (late,))
        timer.daemon = True
        timer.start()
        try:
            with self._http.stream(
                "POST",
                self._client.url,
                content=pieces(head, document),
                headers=headers,
                timeout=seconds,
                extensions={"trace": self._trace},
            ) as response:
                octets = read_body(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise unreached(self._client.printer, error) from error
        except httpx.HTTPError as error:
            timed_out = late.is_set() or isinstance(error, httpx.TimeoutException)
            raise no_answer(self._client.printer, error, seconds, timed_out=timed_out) from error
        finally:
            timer.cancel()
        return _checked(decode(octets), request)

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Learn of the connection (httpx's extension `trace`)."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")
        self.connections += event == "connection.connect_tcp.complete"

    def _end(self, late: threading.Event) -> None:
        """End the connection: the time is over."""
        late.set()
        if self._socket is not None:
            # Not SSLSocket's own: it takes the TLS state away under the thread that reads.
            with suppress(OSError):  # closed by itself meanwhile
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _checked(answer: Message, request: Message) -> Message:
    major, minor = answer.version
    if major not in _SPOKEN:
        raise NotIpp(f"the printer answers in IPP {major}.{minor}; tipin speaks 1.1 and 2.x")
    if answer.request_id != request.request_id:
        raise NotIpp(f"the printer answers request {answer.request_id} instead of {request.request_id}")
    return answer
