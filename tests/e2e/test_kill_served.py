"""kill -9 of what a plant runs: `tipin serve` and the worker process that it keeps beside it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.lives import PATIENCE, Plant, Press, check, until
from tests.listener import Listener
from tests.photos import saved, scene

ROOT = Path(__file__).parents[2]
ORDERS = 30


class Served:
    """`tipin serve`, started again by the plant whenever it ended."""

    def __init__(self, plant: Plant, log: Path) -> None:
        self._plant = plant
        self._log = log.open("ab")
        self.start()

    def start(self) -> None:
        """A new life."""
        self._service = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            cwd=ROOT,
            env=os.environ | self._plant.environment,
            stdout=self._log,
            stderr=self._log,
        )

    def worker(self) -> int | None:
        """The process id of the worker beside the service."""
        children = Path(f"/proc/{self._service.pid}/task/{self._service.pid}/children")
        # A child of another thread is listed there, not under the main one.
        listed = [path.read_text() for path in children.parents[1].glob("*/children")]
        found = [int(child) for text in listed for child in text.split()]
        return found[0] if found else None

    def kill_worker(self) -> None:
        """The service starts another."""
        until(lambda: self.worker() is not None, "there is no worker beside the service")
        victim = self.worker()
        assert victim is not None
        os.kill(victim, signal.SIGKILL)
        until(lambda: self.worker() not in {victim, None}, "the killed worker was not replaced")

    def kill_service(self) -> None:
        """Its worker must end by itself, or the next life would find its lock taken."""
        worker = self.worker()
        self._service.kill()
        self._service.wait()
        until(lambda: worker is None or not _runs(worker), "the worker outlived its service")
        self.start()

    def stop(self) -> None:
        """End it in an orderly way."""
        self._service.terminate()
        # uvicorn shuts down first, then ends by the signal that asked for it.
        assert self._service.wait(PATIENCE) == -signal.SIGTERM
        self._log.close()


def _runs(process: int) -> bool:
    """Whether it is there and more than a name in the process table."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


PHOTOS = {number: saved(scene(560 + number, 560)) for number in (6, 7, 12, 13, 18, 19)}
"""Of the orders before each kill, so that their items are being made."""


def test_service_and_worker_are_killed_while_orders_come(tmp_path: Path) -> None:
    chance = random.Random(20_260_302)
    ends = {8: "worker", 14: "service", 20: "worker"}
    with Listener() as listener:
        plant = Plant(tmp_path, "", listener, photos=PHOTOS)
        served = Served(plant, tmp_path / "log")
        try:
            with Press(plant.press_folder) as press:
                for number in range(ORDERS):
                    until(lambda n=number: plant.post(n), "the service did not answer")  # type: ignore[misc]
                    if end := ends.get(number):
                        # Some way into the work that the last orders gave.
                        until(lambda: len(press.taken) >= number // 3, "no cards are made")  # noqa: B023
                        time.sleep(chance.uniform(0, 0.4))
                        served.kill_worker() if end == "worker" else served.kill_service()
                check(plant, press, listener)
            assert len(plant.answers) == ORDERS
            assert len(press.taken) == ORDERS * 4 // 5 + len(PHOTOS)
        finally:
            served.stop()
            plant.close()
