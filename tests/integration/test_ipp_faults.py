"""Printed set = accepted set: 500 jobs over a road that breaks at every stage, with either side killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.wire.ipp.tags import Operation
from tests.faulty_proxy import Fault, FaultyProxy, Plan
from tests.ipp_sender import Journal, job_name
from tests.printers import Printer, announcer, cups_queue, eve_printer
from tests.tickets import PDF

JOBS = 500
KILLS = 3
"""Of each side."""
_PATIENCE = 400.0
"""Seconds, on a machine however slow; with two cores to itself it takes some 20."""


@pytest.fixture(params=["ippeveprinter", "cupsd"])
def printer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printer]:
    folder = tmp_path_factory.mktemp("press")
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)  # cupsd's filters run as another user
    with ExitStack() as stack:
        if request.param == "cupsd":
            yield stack.enter_context(cups_queue(folder / "press"))
        else:
            bus = stack.enter_context(announcer(folder))
            yield stack.enter_context(eve_printer(folder / "press", bus, "-2"))


def _plan(chance: random.Random) -> Plan:
    """One request in four of those that print meets a fault, of the others one in thirty."""
    faults = [fault for fault in Fault if fault is not Fault.NONE]

    def plan(operation: int) -> Fault:
        often = 0.25 if operation == Operation.PRINT_JOB else 0.03
        return chance.choice(faults) if chance.random() < often else Fault.NONE

    return plan


def test_each_job_is_printed_once_or_unknown_with_a_reason(printer: Printer, tmp_path: Path) -> None:
    chance = random.Random(20260)
    journal = Journal(tmp_path / "journal")
    with FaultyProxy(printer.port, _plan(random.Random(6))).open() as proxy:
        uri = f"ipp://127.0.0.1:{proxy.port}{printer.path}"
        kills = [*(["sender"] * KILLS), *(["printer"] * KILLS)]
        chance.shuffle(kills)
        at = [JOBS * (number + 1) // (len(kills) + 1) for number in range(len(kills))]
        sender = _start(uri, tmp_path)
        give_up = time.monotonic() + _PATIENCE
        while sender.poll() is None or kills:
            assert time.monotonic() < give_up, Counter(step for step, _ in journal.last().values())
            assert sender.poll() in {None, 0}
            ended = sum(step in {"done", "unknown"} for step, _ in journal.last().values())
            if kills and ended >= at[0]:
                at.pop(0)
                if kills.pop(0) == "printer":
                    printer.kill()
                    printer.start()
                else:
                    sender.kill()
                    sender.wait()
                    sender = _start(uri, tmp_path)
            time.sleep(0.05)
    ends = journal.last()
    assert set(ends) == {job_name(number) for number in range(JOBS)}
    done = {name for name, (step, _) in ends.items() if step == "done"}
    unknown = {name: told for name, (step, told) in ends.items() if step == "unknown"}
    printed = Counter(name for name, _ in printer.tally())
    assert len(done) + len(unknown) == JOBS
    assert all(unknown.values())
    assert done <= set(printed)
    assert set(printed) <= done | set(unknown)
    assert {name for name, count in proxy.taken.items() if count > 1} == set()
    assert {name: octets for name, octets in printer.tally() if name in done and octets != len(PDF)} == {}
    assert set(proxy.faults) == set(Fault)


def _start(uri: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.ipp_sender", uri, str(folder), "0", str(JOBS)])
