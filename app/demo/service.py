"""Starts the service as a process of its own, and stops it again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.errors import SetupError
from app.settings import Settings

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.1
_PORTS_TRIED = 50


@dataclass(frozen=True, slots=True)
class Running:
    """The service's process and address."""

    pid: int
    url: str


def ensure_running(settings: Settings) -> Running:
    """The service over `settings.data_dir`: the one already there, or a new one that answers.

    Raises:
        SetupError: it did not start; the message names its log.
    """
    found = find(settings)
    if found is not None:
        return found
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    port = _free_port(settings.host, settings.port)
    url = f"http://{settings.host}:{port}"
    log = settings.data_dir / "service.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
            env={**os.environ, "TIPIN_DATA_DIR": str(settings.data_dir.absolute()), "TIPIN_PUBLIC_URL": url},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    running = Running(process.pid, url)
    _wait_until_ready(process, running, log)
    _note(settings).write_text(json.dumps({"pid": running.pid, "url": running.url}), encoding="utf-8")
    return running


def find(settings: Settings) -> Running | None:
    """The service left running over this data folder, if it still answers."""
    try:
        note = json.loads(_note(settings).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    running = Running(note["pid"], note["url"])
    return running if _answers(running.url) else None


def stop(settings: Settings) -> bool:
    """Stop the service left running; whether there was one."""
    running = find(settings)
    _note(settings).unlink(missing_ok=True)
    if running is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _answers(running.url) and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
    return True


def _note(settings: Settings) -> Path:
    return settings.data_dir / "service.json"


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False


def _wait_until_ready(process: subprocess.Popen[bytes], running: Running, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SetupError(
                f"the service stopped at once, with status {process.returncode}", mend=f"read {log}"
            )
        if _answers(running.url):
            return
        time.sleep(_PAUSE_SECONDS)
    process.terminate()
    raise SetupError(f"the service did not answer within {_PATIENCE_SECONDS:.0f} s", mend=f"read {log}")


def _free_port(host: str, first: int) -> int:
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise SetupError(
        f"ports {first} to {first + _PORTS_TRIED - 1} are all taken", mend="set TIPIN_PORT to a free port"
    )
