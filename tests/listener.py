"""A sender that listens for call-backs, on a thread of its own."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from standardwebhooks import Webhook


class Listener:
    """Takes call-backs on 127.0.0.1, verifies each, and keeps what it was told by `webhook-id`."""

    def __init__(self, secret: str = "", port: int = 0) -> None:
        self.secret = secret
        self.told: dict[str, str] = {}
        self.bodies: dict[str, set[bytes]] = {}
        self.count = 0
        self._lock = Lock()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                listener._take(body, dict(self.headers.items()))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def _take(self, body: bytes, headers: dict[str, str]) -> None:
        document = Webhook(self.secret).verify(body, headers)
        with self._lock:
            message = next(value for name, value in headers.items() if name.lower() == "webhook-id")
            self.told[message] = document["type"]
            self.bodies.setdefault(message, set()).add(body)
            self.count += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
