from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.ticket import Outcome
from app.errors import TargetUnavailable
from app.wire.result_files import read_result

NAME = "0123456789ABC-0"
OLD = 10.0


def _write(folder: Path, content: bytes, suffix: str = ".json", age: float = OLD) -> Path:
    path = folder / f"{NAME}{suffix}"
    path.write_bytes(content)
    moment = datetime.now(UTC).timestamp() - age
    os.utime(path, (moment, moment))
    return path


def _read(folder: Path, *, later: timedelta = timedelta(0)) -> tuple[Outcome, str]:
    progress = read_result(folder, NAME, now=datetime.now(UTC) + later)
    return progress.outcome, progress.detail


@pytest.mark.parametrize(
    ("said", "outcome", "detail"),
    [
        ({"name": NAME, "state": "done"}, Outcome.DONE, "done"),
        ({"state": "Printed"}, Outcome.DONE, "Printed"),
        ({"state": "failed", "reason": "paper\n jam <b>"}, Outcome.LOST, "failed: paper jam <b>"),
        ({"state": "queued"}, Outcome.WAITING, "queued"),
    ],
)
def test_a_small_json_says_what_became_of_a_ticket(
    tmp_path: Path, said: dict[str, str], outcome: Outcome, detail: str
) -> None:
    _write(tmp_path, json.dumps(said).encode())
    assert _read(tmp_path) == (outcome, detail)


@pytest.mark.parametrize("suffix", [".jmf", ".xjmf", ".xml"])
def test_messages_of_cip4_are_read_as_well(tmp_path: Path, suffix: str) -> None:
    said = (
        '<XJMF xmlns="http://www.CIP4.org/JDFSchema_2_0"><SignalStatus><Header ID="s"/><DeviceInfo>'
        f'<JobPhase JobPartID="other-0" Status="Aborted"/><JobPhase JobPartID="{NAME}" Status="Completed"/>'
        "</DeviceInfo></SignalStatus></XJMF>"
    )
    _write(tmp_path, said.encode(), suffix)
    assert _read(tmp_path) == (Outcome.DONE, "Completed")


def test_nothing_there_is_still_to_come(tmp_path: Path) -> None:
    assert _read(tmp_path) == (Outcome.WAITING, "")


def test_a_folder_that_is_gone_is_asked_again(tmp_path: Path) -> None:
    with pytest.raises(TargetUnavailable, match="cannot be read"):
        _read(tmp_path / "gone")


def test_a_file_is_read_once_it_was_left_alone(tmp_path: Path) -> None:
    _write(tmp_path, b'{"state": "done"}', age=0)
    assert _read(tmp_path)[0] is Outcome.WAITING
    assert _read(tmp_path, later=timedelta(seconds=5))[0] is Outcome.DONE


@pytest.mark.parametrize("content", [b"", b'{"state": "do', b"[]", b'{"state": 1}', b'{"state": "odd"}'])
def test_half_a_file_is_waited_for_and_then_told(tmp_path: Path, content: bytes) -> None:
    _write(tmp_path, content)
    assert _read(tmp_path)[0] is Outcome.WAITING
    outcome, detail = _read(tmp_path, later=timedelta(minutes=2))
    assert outcome is Outcome.LOST
    assert f"{NAME}.json is not understood" in detail


def test_a_file_that_grows_while_it_is_read_is_left_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write(tmp_path, b'{"state": "done"}')
    real = os.read

    def grows(descriptor: int, most: int) -> bytes:
        content = real(descriptor, most)
        with path.open("ab") as file:
            file.write(b" ")
        return content

    monkeypatch.setattr(os, "read", grows)
    assert _read(tmp_path)[0] is Outcome.WAITING


def _link(path: Path, secret: Path) -> None:
    path.symlink_to(secret)


def _second_name(path: Path, secret: Path) -> None:
    path.hardlink_to(secret)


def _pipe(path: Path, _secret: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path, _secret: Path) -> None:
    path.mkdir()


def _door(path: Path, _secret: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket has at most 108 octets
    listener.bind(path.name)
    os.chdir(here)
    listener.close()


def _large(path: Path, _secret: Path) -> None:
    path.write_bytes(b" " * 70_000)


@pytest.mark.parametrize("make", [_link, _second_name, _pipe, _folder, _door, _large])
def test_what_is_no_plain_small_file_is_never_read(
    tmp_path: Path, make: Callable[[Path, Path], None]
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b'{"state": "done"}')
    folder = tmp_path / "results"
    folder.mkdir()
    make(folder / f"{NAME}.json", secret)
    outcome, detail = _read(folder, later=timedelta(hours=1))
    assert outcome is Outcome.LOST
    assert "is not read" in detail


def test_a_device_is_never_opened(tmp_path: Path) -> None:
    try:
        os.mknod(tmp_path / f"{NAME}.json", 0o20644, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("devices can be made by root alone")
    assert _read(tmp_path, later=timedelta(hours=1))[0] is Outcome.LOST


@pytest.mark.parametrize("name", ["../results/x", "/etc/passwd", ".hidden", "a/b", "a\0b"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    progress = read_result(tmp_path, name, now=datetime.now(UTC))
    assert progress.outcome is Outcome.LOST
    assert "leads elsewhere" in progress.detail


def test_what_speaks_of_another_ticket_says_nothing_of_this_one(tmp_path: Path) -> None:
    _write(tmp_path, b'{"name": "../../x", "state": "done"}')
    outcome, detail = _read(tmp_path, later=timedelta(hours=1))
    assert outcome is Outcome.LOST
    assert "another ticket" in detail
