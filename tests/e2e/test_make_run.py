"""`make run` as a newcomer sees it: the demo plant, twice."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

OCCASIONS = ("first", "first_repeat", "win_back", "high_value_nth", "new_category", "after_delay", "no card")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("demo")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TIPIN_")},
        "TIPIN_DATA_DIR": str(folder / "var"),
        "TIPIN_PORT": str(free_port()),
    }
    yield environment
    demo(environment, "--stop")


def demo(environment: dict[str, str], *options: str) -> str:
    command = [sys.executable, "-m", "app.cli", "demo", *options]
    answer = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-4000:]
    return answer.stdout


def cards(environment: dict[str, str]) -> dict[str, bytes]:
    folder = Path(environment["TIPIN_DATA_DIR"]) / "hot-folder"
    return {path.name: path.read_bytes() for path in folder.glob("*.pdf")}


def test_the_demo_plant_shows_every_occasion_and_a_second_run_repeats_nothing(
    environment: dict[str, str],
) -> None:
    first = demo(environment)
    for occasion in OCCASIONS:
        assert re.search(rf"│ {occasion} ", first), f"no order with {occasion} in:\n{first}"
    for sender in ("native", "siteflow", "shopify"):
        assert first.count(sender) >= 8
    made = cards(environment)
    told = re.search(
        r"40 orders: (\d+) cards and (\d+) photo items in the hot folder, (\d+) without a card", first
    )
    assert told is not None, first
    carded, items, without = map(int, told.groups())
    assert (carded + items, carded + without) == (len(made), 40)
    assert carded >= 30
    assert items >= 7

    url = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert url is not None
    assert httpx.get(f"{url[0]}/readyz").json()

    again = demo(environment)
    assert f"40 orders, 40 of them known before: {carded} cards and {items} photo items in the hot" in again
    assert cards(environment) == made
    tickets = Counter(path.suffix for path in (Path(environment["TIPIN_DATA_DIR"]) / "hot-folder").iterdir())
    assert tickets == {".pdf": len(made), ".json": len(made), ".xjdf": len(made)}
