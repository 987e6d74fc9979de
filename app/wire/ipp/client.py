"""Asks a printer by IPP over HTTP (RFC 8010, section 4), and takes nothing for granted of what comes back.

A call ends within its time whatever the other side does: a timer closes the connection at the end of it, so
neither a drip of header lines nor an endless body keeps a card waiting. Redirects are not followed: a printer
that answers with one is set up under the wrong address, and the job would go who knows where.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from app.errors import SetupError, TargetUnavailable
from app.wire.ipp.decode import NotIpp, decode
from app.wire.ipp.encode import encode
from app.wire.ipp.message import Attributes, Message, Value, uri
from app.wire.ipp.tags import Group, Operation, Tag

PORT = 631
_MEDIA_TYPE = "application/ipp"
_MOST_OCTETS = 8_000_000
"""Of an answer; 500 jobs are about 100 kB."""
_PIECE = 1 << 16
_OLDER = (1, 1)
_VERSION_NOT_SUPPORTED = 0x0503
_SPOKEN = (1, 2)
"""Major versions that are understood; 1.1 and 2.x share one encoding."""


class Unreached(TargetUnavailable):
    """The printer cannot be reached; nothing was sent."""


class NoAnswer(TargetUnavailable):
    """The printer gave no whole answer."""

    def __init__(self, detail: str, *, mend: str = "", dropped: bool) -> None:
        """`dropped` is whether the other side ended the connection; else the time was over."""
        super().__init__(detail, mend=mend)
        self.dropped = dropped


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
        self._url = _http_url(printer)
        self._trust = _trust(ca_file) if self._url.scheme == "https" else False
        self._auth = httpx.BasicAuth(user, password) if user else None
        self._seconds = seconds
        self._version = (2, 0)
        self._numbers = count(1)

    @contextmanager
    def line(self) -> Iterator[Line]:
        """A connection that is kept over several calls, as long as the printer keeps it."""
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=None)
        transport = httpx.HTTPTransport(verify=self._trust, trust_env=False, limits=limits)
        headers = {"user-agent": "tipin", "accept": _MEDIA_TYPE, "accept-encoding": "identity"}
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
        headers = {"content-type": _MEDIA_TYPE, "content-length": str(len(head) + size)}
        late = threading.Event()
        timer = threading.Timer(seconds, self._end, (late,))
        timer.daemon = True
        timer.start()
        try:
            with self._http.stream(
                "POST",
                self._client.url,
                content=_pieces(head, document),
                headers=headers,
                timeout=seconds,
                extensions={"trace": self._trace},
            ) as response:
                octets = _read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _unreached(self._client.printer, error) from error
        except httpx.HTTPError as error:
            timed_out = late.is_set() or isinstance(error, httpx.TimeoutException)
            raise _no_answer(self._client.printer, error, seconds, timed_out=timed_out) from error
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


def _http_url(printer: str) -> httpx.URL:
    mend = "write it as ipp://HOST:631/PATH, or ipps://… for an encrypted connection"
    try:
        url = httpx.URL(printer)
    except httpx.InvalidURL as error:
        raise SetupError(f"{printer!r} is not a printer's address: {error}", mend=mend) from error
    if url.scheme not in {"ipp", "ipps"} or not url.host:
        raise SetupError(f"{printer!r} is not a printer's address", mend=mend)
    if url.userinfo:
        raise SetupError(
            f"the printer's address on {url.host} has a name or password in it",
            mend="give them as the options user and password",
        )
    return url.copy_with(scheme="https" if url.scheme == "ipps" else "http", port=url.port or PORT)


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SetupError(
            f"{ca_file} cannot be used to check certificates: {error}",
            mend="give a PEM file with the certificate of the authority, or of the printer itself",
        ) from error


def _pieces(head: bytes, document: Path | None) -> Iterator[bytes]:
    yield head
    if document is not None:
        with document.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _read(response: httpx.Response) -> bytes:
    """The body of a plain answer."""
    _check_http(response)
    octets = bytearray()
    for piece in response.iter_raw(_PIECE):
        octets += piece
        if len(octets) > _MOST_OCTETS:
            raise NotIpp(f"the answer has more than {_MOST_OCTETS} octets and does not end")
    return bytes(octets)


def _check_http(response: httpx.Response) -> None:
    status = response.status_code
    if response.is_redirect:
        raise NotIpp(
            f"the printer redirects to {response.headers.get('location', '')[:200]}",
            mend="set the target to the address where the printer really is",
        )
    if status in _HTTP_MENDS:
        what, mend = _HTTP_MENDS[status]
        raise NotIpp(f"the printer {what} (HTTP {status})", mend=mend)
    if status != httpx.codes.OK:
        raise NotIpp(f"the printer answers HTTP {status}", mend="look at the printer; is the path right?")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _MEDIA_TYPE:
        raise NotIpp(
            f"the printer answers {media_type[:80] or 'without a media type'} instead of {_MEDIA_TYPE}",
            mend="is this the printer's own address, with its path (often /ipp/print)?",
        )


_HTTP_MENDS = {
    401: ("asks who prints", "set the options user and password"),
    403: ("does not let this machine print", "allow it at the printer"),
    404: ("has nothing under this path", "correct the path of its address; often it is /ipp/print"),
    405: ("does not take IPP under this path", "correct the path of its address; often it is /ipp/print"),
    426: ("wants an encrypted connection", "write its address as ipps://…"),
}


def _checked(answer: Message, request: Message) -> Message:
    major, minor = answer.version
    if major not in _SPOKEN:
        raise NotIpp(f"the printer answers in IPP {major}.{minor}; tipin speaks 1.1 and 2.x")
    if answer.request_id != request.request_id:
        raise NotIpp(f"the printer answers request {answer.request_id} instead of {request.request_id}")
    return answer


def _unreached(printer: str, error: Exception) -> Unreached:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreached(
                f"the certificate of {printer} is not trusted: {cause.verify_message}",
                mend="set the option ca_file to the authority's certificate, or to the printer's own",
            )
        cause = cause.__cause__ or cause.__context__
    return Unreached(
        f"{printer} cannot be reached: {str(error) or type(error).__name__}",
        mend="is it switched on, and its address right?",
    )


def _no_answer(printer: str, error: Exception, seconds: float, *, timed_out: bool) -> NoAnswer:
    if timed_out:
        return NoAnswer(f"{printer} gave no whole answer within {seconds:.0f} s", dropped=False)
    told = str(error) or type(error).__name__
    return NoAnswer(f"{printer} ended the connection before its answer was whole: {told}", dropped=True)
