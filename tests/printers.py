"""Real printers on loopback: `ippeveprinter` and `cupsd`, without systemd and without a word to the network.

`ippeveprinter` wants to announce itself and dies where nobody listens, so an avahi of its own runs in a
network namespace that has nothing but itself, over a message bus of its own. What a printer prints it writes
as lines of a tally: the job's name and the number of octets that it was given. A script plays the paper path:
it waits while a file `hold` is there, reports what `reasons` says, and fails while `fail` is there.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import need

_PATIENCE = 120.0

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <auth>ANONYMOUS</auth>
  <allow_anonymous/>
  <policy context="default">
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
"""
_AVAHI = (
    "mount -t tmpfs tmpfs /run && mkdir -p /run/avahi-daemon && ip link set lo up; "
    "exec avahi-daemon --no-rlimits --no-drop-root --no-chroot --no-proc-title"
)
_PAPER_PATH = """#!/bin/sh
# What the printer does with a job: {folder} says how, the tally says what.
cd {folder} || exit 1
tell() {{ [ -e reasons ] && printf 'STATE: %s\\n' "$(cat reasons)" >&2; }}
tell
while [ -e hold ]; do sleep 0.05; done
tell
[ -e fail ] && exit 1
{count}
"""
_COUNT_FILE = 'printf \'%s %s\\n\' "$IPP_JOB_NAME" "$(wc -c <"$1")" >>tally'
_COUNT_INPUT = 'printf \'%s %s\\n\' "$3" "$(cat "${6:--}" | wc -c)" >>tally'


class Printer:
    """A printer program that can be killed and started again; `folder` holds what it printed."""

    def __init__(
        self,
        command: list[str],
        *,
        folder: Path,
        port: int,
        path: str,
        environment: Mapping[str, str],
        ready: Callable[[], bool],
    ) -> None:
        self._command = command
        self._environment = {**os.environ, **environment}
        self._ready = ready
        self.folder = folder
        self.port = port
        self.path = path
        self.process = self.start()

    @property
    def uri(self) -> str:
        """Where it is, with nothing between."""
        return f"ipp://127.0.0.1:{self.port}{self.path}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, or start it again after a kill; the same printer as before."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._environment
            )
        _wait(self._ready, lambda: (self.folder / "log").read_text(errors="replace")[-2000:], self.process)
        return self.process

    def kill(self) -> None:
        """End it without a chance to write anything down."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def tally(self) -> list[tuple[str, int]]:
        """What was printed, in order: job names with the octets of their documents."""
        path = self.folder / "tally"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(line.split()[0], int(line.split()[1])) for line in lines]

    def play(self, what: str, content: str = "") -> Path:
        """Play `hold`, `fail` or `reasons`, until the file that this gives is deleted."""
        path = self.folder / what
        path.write_text(content)
        return path


def _wait(ready: Callable[[], bool], told: Callable[[], str], process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > give_up:
            raise AssertionError(f"{process.args!r} does not work: {told()}")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def announcer(folder: Path) -> Iterator[str]:
    """A message bus with an avahi that hears nobody; gives the bus's address. Skips where that cannot be."""
    namespaces = [need("unshare"), "-n", "-m", *([] if os.geteuid() == 0 else ["-r"])]
    if subprocess.run([*namespaces, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no network namespaces, and ippeveprinter would speak to the network")
    bus, listening = folder / "bus.conf", folder / "bus"
    bus.write_text(_BUS.format(socket=listening))
    address = f"unix:path={listening}"
    with (folder / "announcer.log").open("ab") as log:
        daemon = subprocess.Popen(
            [need("dbus-daemon"), f"--config-file={bus}", "--nofork", "--nopidfile"], stdout=log, stderr=log
        )
        _wait(listening.exists, (folder / "announcer.log").read_text, daemon)
        need("avahi-daemon")
        avahi = subprocess.Popen(
            [*namespaces, "sh", "-c", _AVAHI],
            stdout=log,
            stderr=log,
            env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address},
        )
    try:
        _wait(
            lambda: "Server startup complete" in (folder / "announcer.log").read_text(),
            (folder / "announcer.log").read_text,
            avahi,
        )
        yield address
    finally:
        for process in (avahi, daemon):
            process.terminate()
            process.wait()


def _script(path: Path, folder: Path, count: str) -> Path:
    path.write_text(_PAPER_PATH.format(folder=folder, count=count))
    path.chmod(0o755)
    return path


@contextmanager
def eve_printer(folder: Path, bus: str, *options: str) -> Iterator[Printer]:
    """An `ippeveprinter`; further options may name an attributes file (`-a`)."""
    port = free_port()
    (folder / "spool").mkdir(parents=True)
    script = _script(folder / "paper-path", folder, _COUNT_FILE)
    command = [need("ippeveprinter"), "-v", "-p", str(port), "-n", "localhost", "-r", "off", "-k"]
    command += ["-d", str(folder / "spool"), "-f", "application/pdf", "-c", str(script), *options, "press"]
    printer = Printer(
        command,
        folder=folder,
        port=port,
        path="/ipp/print",
        environment={"DBUS_SYSTEM_BUS_ADDRESS": bus},
        ready=lambda: _answers(port),
    )
    try:
        yield printer
    finally:
        printer.kill()


_CUPSD = """Listen 127.0.0.1:{port}
LogLevel warn
Browsing No
WebInterface No
DefaultAuthType None
PreserveJobHistory Yes
MaxJobs 0
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order allow,deny
    Allow localhost
  </Limit>
</Policy>
"""
_CUPS_FILES = """ServerRoot {folder}/etc
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
ServerBin {folder}/bin
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
Sandboxing relaxed
"""
_SERVER_BIN = Path("/usr/lib/cups")


@contextmanager
def cups_queue(folder: Path) -> Iterator[Printer]:
    """A `cupsd` with one raw queue, whose back end is the paper path."""
    if os.geteuid() != 0:
        pytest.skip("cupsd runs as root here, and these tests do not")
    port = free_port()
    for name in ("etc", "spool/tmp", "cache", "state", "bin/backend"):
        (folder / name).mkdir(parents=True)
    folder.chmod(0o777)
    for each in _SERVER_BIN.iterdir():
        if each.name != "backend":
            (folder / "bin" / each.name).symlink_to(each)
    backend = _script(folder / "bin/backend/tally", folder, _COUNT_INPUT)
    backend.chmod(0o700)  # a back end that only root may read runs as root
    (folder / "cupsd.conf").write_text(_CUPSD.format(port=port))
    (folder / "cups-files.conf").write_text(_CUPS_FILES.format(folder=folder))
    command = [need("cupsd"), "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf")]
    printer = Printer(
        command,
        folder=folder,
        port=port,
        path="/printers/press",
        environment={},
        ready=lambda: _answers(port),
    )
    try:
        add = [need("lpadmin"), "-h", f"127.0.0.1:{port}", "-p", "press", "-v", "tally:/", "-m", "raw", "-E"]
        subprocess.run(add, check=True, capture_output=True)
        # cupsd writes its books down every 30 seconds and when it ends: without them a kill takes the queue.
        printer.process.terminate()
        printer.process.wait()
        printer.start()
        yield printer
    finally:
        printer.kill()
        shutil.rmtree(folder / "spool", ignore_errors=True)
