"""A server that says what it is told, octet by octet, so that clients meet answers that no real one gives."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[socket.socket, bytes], None]
"""Given the connection and the request that came over it."""


@contextmanager
def raw_server(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answers every request over HTTP until the end; gives its port on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, answer, tls), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, answer: Answer, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):  # the end of the listener
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_talk, args=(connection, answer, tls), daemon=True).start()


def _talk(connection: socket.socket, answer: Answer, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError), connection:
        talk = tls.wrap_socket(connection, server_side=True) if tls else connection
        with talk:
            while request := _request(talk):
                answer(talk, request)


def _request(connection: socket.socket) -> bytes:
    octets = b""
    while b"\r\n\r\n" not in octets:
        piece = connection.recv(65536)
        if not piece:
            return b""
        octets += piece
    headers, _, body = octets.partition(b"\r\n\r\n")
    lengths = [line for line in headers.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            return b""
        body += piece
    return headers + b"\r\n\r\n" + body


def reply(
    body: bytes, *, status: str = "200 OK", headers: str = "", media_type: str = "application/ipp"
) -> bytes:
    """A whole answer."""
    said = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return said.encode() + body
