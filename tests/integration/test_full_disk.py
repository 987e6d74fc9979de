"""A disk that is really full: a small file system, filled up and then emptied under a running plant."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.insert import InsertState
from app.services import hand_over
from tests import plant
from tests.plant import Plant


class SmallDisk:
    """A file system of 8 MB at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no byte."""
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            try:
                while ballast.write(bytes(65_536)):
                    pass
            except OSError:
                return

    def empty(self) -> None:
        """Make room again."""
        (self.folder / "ballast").unlink()


@pytest.fixture
def mount() -> Iterator[Callable[[Path], SmallDisk]]:
    mounted: list[Path] = []

    def small(folder: Path) -> SmallDisk:
        folder.mkdir(parents=True)
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            pytest.skip(f"a small file system cannot be mounted here: {made.stderr.strip()}")
        mounted.append(folder)
        return SmallDisk(folder)

    yield small
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def started(folder: Path) -> Plant:
    made = plant.build(folder)
    made.flow.worker.start()
    return made


def ended(made: Plant, jobs: list[str]) -> None:
    until(lambda: all(made.insert(job).state is InsertState.ACCEPTED for job in jobs))
    made.flow.worker.stop()
    made.store.close()
    assert {path.name for path in made.press.iterdir()} - {"ballast"} == {
        f"{job}-0{suffix}" for job in jobs for suffix in (".pdf", ".xjdf", ".json")
    }


def test_a_full_hot_folder_gets_its_cards_when_there_is_room(
    tmp_path: Path, mount: Callable[[Path], SmallDisk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_over, "_FIRST_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(hand_over, "_LONGEST_PAUSE", timedelta(seconds=0.5))
    disk = mount(tmp_path / "press")
    made = started(tmp_path)
    disk.fill()
    jobs = [made.accept(number) for number in range(3)]
    until(lambda: all("No space left" in made.insert(job).reason for job in jobs))
    assert [path.name for path in made.press.iterdir()] == ["ballast"]
    disk.empty()
    ended(made, jobs)


def test_full_storage_holds_the_cards_back_and_loses_none(
    tmp_path: Path, mount: Callable[[Path], SmallDisk]
) -> None:
    disk = mount(tmp_path / "data" / "artifacts")
    made = started(tmp_path)
    disk.fill()
    jobs = [made.accept(number) for number in range(3)]
    time.sleep(2)
    assert {made.insert(job).state for job in jobs} == {InsertState.PLANNED}
    disk.empty()
    ended(made, jobs)


def test_a_full_database_stops_the_work_and_loses_nothing(
    tmp_path: Path, mount: Callable[[Path], SmallDisk]
) -> None:
    disk = mount(tmp_path / "data")
    made = started(tmp_path)
    jobs = [made.accept(number) for number in range(10)]
    disk.fill()
    time.sleep(3)
    disk.empty()
    ended(made, jobs)
