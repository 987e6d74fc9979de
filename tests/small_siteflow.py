"""A Site Flow in a few lines, for what the real one cannot be brought to say."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.raw_server import raw_server, reply

TAKEN = reply(b'{"order": {"_id": "sf-1"}}', status="201 Created", media_type="application/json")


@dataclass
class SmallSiteFlow:
    """Keeps what it was sent, by path, and answers as told."""

    says: bytes = TAKEN
    says_of_events: bytes = TAKEN
    sent: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def on(self) -> Iterator[SmallSiteFlow]:
        """Answer until the end."""
        with raw_server(self._answer) as self.port:
            yield self

    def _answer(self, connection: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.sent.append((path, json.loads(body), headers))
        said = self.says_of_events if path.endswith("/event") else self.says
        if said:
            connection.sendall(said)
        else:
            connection.shutdown(socket.SHUT_RDWR)
