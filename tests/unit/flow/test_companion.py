from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.flow import companion
from app.flow.companion import Companion

PATIENCE = 30.0
FAITHFUL = """
import os, pathlib, sys
with pathlib.Path(os.environ["NOTE"]).open("a") as note:
    note.write(f"{os.getpid()}\\n")
sys.stdin.buffer.read()
with pathlib.Path(os.environ["NOTE"]).open("a") as note:
    note.write("done\\n")
"""


def wait_for(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def lines(note: Path) -> list[str]:
    return note.read_text().splitlines() if note.exists() else []


def test_it_ends_in_an_orderly_way_with_the_service(tmp_path: Path) -> None:
    note = tmp_path / "note"
    beside = Companion((sys.executable, "-c", FAITHFUL), {"NOTE": str(note)})
    beside.start()
    wait_for(lambda: len(lines(note)) == 1)
    beside.stop()
    assert lines(note)[1:] == ["done"]


def test_one_that_is_killed_is_started_again(tmp_path: Path) -> None:
    note = tmp_path / "note"
    beside = Companion((sys.executable, "-c", FAITHFUL), {"NOTE": str(note)})
    beside.start()
    wait_for(lambda: len(lines(note)) == 1)
    os.kill(int(lines(note)[0]), signal.SIGKILL)
    wait_for(lambda: len(lines(note)) == 2)
    beside.stop()
    assert lines(note)[2:] == ["done"]


def test_it_ends_when_the_service_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "note"
    service = f"""
import sys, time
from app.flow.companion import Companion
Companion((sys.executable, "-c", {FAITHFUL!r}), {{"NOTE": {str(note)!r}}}).start()
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", service]) as process:
        wait_for(lambda: len(lines(note)) == 1)
        process.kill()
    wait_for(lambda: lines(note)[1:] == ["done"])


def test_one_that_does_not_end_in_time_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(companion, "_PATIENCE", 0.2)
    note = tmp_path / "note"
    stubborn = FAITHFUL.replace("sys.stdin.buffer.read()", "import time; time.sleep(600)")
    beside = Companion((sys.executable, "-c", stubborn), {"NOTE": str(note)})
    beside.start()
    wait_for(lambda: len(lines(note)) == 1)
    beside.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(int(lines(note)[0]), 0)
