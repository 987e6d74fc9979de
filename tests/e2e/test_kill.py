"""kill -9 between every two steps and at random: each accepted order ends with one card, one call-back."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from app.flow.queue import TEND
from tests.e2e.lives import Plant, Press, check, check_sheets, until
from tests.listener import Listener
from tests.postgres import cluster

ROOT = Path(__file__).parents[2]
GANGED = "postgresql, two cards a sheet"
_GANG = {"sheet": "SRA4", "longest_minutes": 0.05}
"""What waits three seconds goes alone: so a sheet's time comes while nobody is there to close it, too."""


class Service(Plant):
    """The service in a process that is forked life after life, told where to die."""

    def __init__(self, folder: Path, database: str, listener: Listener, gang: dict[str, Any] | None) -> None:
        super().__init__(folder, database, listener, gang=gang)
        self.seen = folder / "seen"
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.killable", str(self.seen)],
            cwd=ROOT,
            env=os.environ | self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    @contextmanager
    def life(self, fatal: str = "") -> Iterator[int]:
        """One life, ended by SIGKILL at the spot `fatal`, or else at the end of the block."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{fatal}\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        try:
            yield child
        finally:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            assert int(self._process.stdout.readline()) == -signal.SIGKILL

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._log.close()
        assert self._process.stdout is not None
        self._process.stdout.close()
        super().close()


def gone(child: int) -> bool:
    # The parent reaps it at once, so a dead child has no entry.
    return not Path(f"/proc/{child}").exists()


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Service, Press, Listener]]:
    with Listener() as listener:
        if request.param == "sqlite":
            yield from _scene(tmp_path, "", listener)
        else:
            gang = _GANG if request.param == GANGED else None
            with cluster() as server, server.database() as url:
                yield from _scene(tmp_path, url, listener, gang)


def _scene(
    folder: Path, database: str, listener: Listener, gang: dict[str, Any] | None = None
) -> Iterator[tuple[Service, Press, Listener]]:
    service = Service(folder, database, listener, gang)
    try:
        with Press(service.press_folder) as press:
            yield service, press, listener
    finally:
        service.close()


def different(seen: Iterable[str]) -> list[str]:
    """The spots that differ in what outlives the process, in their order.

    From the end of one operation to the beginning of its task's next nothing does. Targets are looked after
    once a minute, whatever orders come: no order leads to those spots.
    """
    tasks: dict[str, list[str]] = {}
    for spot in seen:
        tasks.setdefault(spot.partition("/")[0], []).append(spot)
    tasks.pop(TEND, None)
    return [
        spot
        for spots in tasks.values()
        for spot, following in zip(spots, [*spots[1:], ""], strict=True)
        if not (spot.endswith("/after") and following.endswith("/before"))
    ]


def test_killed_between_every_two_steps(scene: tuple[Service, Press, Listener]) -> None:
    service, press, listener = scene
    with service.life():
        for number in (1, 0):  # the first card of a life also stores the signature; later ones do not
            service.seen.write_bytes(b"")
            until(lambda n=number: service.post(n), "the service did not start")  # type: ignore[misc]
            until(service.done, "the first orders were not done")
            time.sleep(0.5)  # DBOS writes the last outcome after the call-back's own commit
    spots = different(dict.fromkeys(service.seen.read_text().split("\n")[:-1]))
    assert len(spots) > 25
    if service.environment["TIPIN_DATABASE_URL"]:
        # Between files and calls no database is asked: SQLite alone shows that those spots are safe.
        spots = [spot for spot in spots if "/commit " in spot or "/outcome " in spot]
        assert len(spots) > 10
    for number, spot in enumerate(spots, start=1):
        with service.life(spot) as child:
            until(lambda n=number: service.post(n * 5 - 5), f"not up before {spot}")  # type: ignore[misc]
            until(service.done, f"an order was left before {spot}")
            os.kill(child, signal.SIGUSR1)
            service.post(number * 5)  # one with a card, so that every spot is passed
            until(lambda: gone(child), f"it passed {spot} alive")
    with service.life():
        check(service, press, listener)
    assert len(press.taken) > len(spots) * 0.8


@pytest.mark.parametrize(
    ("scene", "orders", "check"),
    [("sqlite", 60, check), ("postgresql", 20, check), (GANGED, 16, check_sheets)],
    indirect=["scene"],
    ids=["sqlite", "postgresql", "ganged"],
)
def test_killed_at_random(
    scene: tuple[Service, Press, Listener],
    orders: int,
    check: Callable[[Plant, Press, Listener], None],
) -> None:
    service, press, listener = scene
    chance = random.Random(20_260_301)
    left = list(reversed(range(orders)))
    while left:
        with service.life() as child:
            until(lambda: service.post(left[-1]), "the service did not start")
            timer = threading.Timer(chance.uniform(0.5, 3.0), os.kill, (child, signal.SIGKILL))
            timer.start()
            while left and not gone(child):
                if service.post(left[-1]) is not None:
                    left.pop()
                    time.sleep(chance.uniform(0, 0.1))
            timer.join()
    with service.life():
        check(service, press, listener)
    assert len(service.answers) == orders
