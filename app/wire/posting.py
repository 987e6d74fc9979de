"""One POST to another machine of the plant, bounded in time and size, with a plain word on what is known.

A call ends within its time whatever the other side does: a timer closes the connection at the end of it, so
neither a drip of header lines nor an endless body keeps a card waiting. Redirects are not followed.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app.errors import SetupError, SubmissionUncertain, TargetUnavailable
from app.wire.guarded import AddressRefused

_MOST_OCTETS = 1_000_000
_PACE = 200_000
"""Octets a second that an upload has at least."""


class Unreached(TargetUnavailable):
    """It cannot be reached; nothing was sent."""


class LostAnswer(SubmissionUncertain):
    """It was sent, and no whole answer came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    media_type: str = ""


def transport_to(ca_file: Path | None = None) -> httpx.HTTPTransport:
    """A way to machines that the plant's own settings name; their certificates are checked.

    Args:
        ca_file: PEM file of the authority, or of the machine's own certificate; None for the system's.

    Raises:
        SetupError: the file cannot be used.
    """
    try:
        trust = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SetupError(
            f"{ca_file} cannot be used to check certificates: {error}",
            mend="give a PEM file with the certificate of the authority, or of the machine itself",
        ) from error
    return httpx.HTTPTransport(verify=trust, trust_env=False)


class Poster:
    """Posts to one address."""

    def __init__(
        self, url: str, *, transport: httpx.BaseTransport, seconds: float, user: str = "", password: str = ""
    ) -> None:
        self.url = url
        self._seconds = seconds
        self._client = httpx.Client(
            transport=transport,
            auth=httpx.BasicAuth(user, password) if user else None,
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": "tipin", "accept-encoding": "identity", "connection": "close"},
        )

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Make one request.

        Args:
            method: POST, PUT …
            path: added to the address; empty for the address itself.
            body: what is sent.
            headers: its headers.

        Raises:
            AddressRefused: the transport does not go there.
            Unreached: nothing was sent.
            LostAnswer: the connection ended, or the time, before the answer was whole.
        """
        seconds = self._seconds + len(body) / _PACE
        call = _Call(seconds)
        try:
            with (
                call,
                self._client.stream(
                    method,
                    self.url + path,
                    content=body,
                    headers=headers,
                    timeout=seconds,
                    extensions={"trace": call.trace},
                ) as response,
            ):
                return Reply(
                    status=response.status_code,
                    body=_read(response, self.url),
                    media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
                )
        except AddressRefused:
            raise  # by ourselves: the setting is wrong, not the other side away
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
        ) as error:
            raise Unreached(
                f"{self.url} cannot be reached: {str(error) or type(error).__name__}",
                mend="is it switched on, its address right and its certificate trusted?",
            ) from error
        except httpx.TransportError as error:
            if not call.connected:
                raise Unreached(f"{self.url} cannot be reached: {error}") from error
            why = f"none within {seconds:.0f} s" if call.late else str(error) or type(error).__name__
            raise LostAnswer(f"{self.url} gave no whole answer: {why}") from error


class _Call:
    """The time of one call: at its end the connection is shut, wherever it stands."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.connected = False
        self.late = False

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Learn of the connection (httpx's extension `trace`)."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")
        if event.startswith("http11.send_request_headers"):
            self.connected = True

    def _end(self) -> None:
        self.late = True
        if self._socket is not None:
            # Not SSLSocket's own: it takes the TLS state away under the thread that reads.
            with suppress(OSError):  # closed by itself meanwhile
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_raised: object) -> None:
        self._timer.cancel()


def _read(response: httpx.Response, url: str) -> bytes:
    octets = bytearray()
    for piece in response.iter_raw():
        octets += piece
        if len(octets) > _MOST_OCTETS:
            raise LostAnswer(f"{url} answers with more than {_MOST_OCTETS} octets and does not end")
    return bytes(octets)
