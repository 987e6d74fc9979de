"""kill -9 in the middle of `tipin history import`, on both databases: every order once, every reject once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

ORDERS, KILLS, BAD_EVERY = 16_000, 2, 1_000
COMMAND = (sys.executable, "-c", "from app.cli import app; app()", "history", "import")


def write(file: Path) -> None:
    with file.open("w") as lines:
        for number in range(ORDERS):
            order = {
                "id": f"K-{number}",
                "placed_at": "2025-06-01T12:00:00Z" if number % BAD_EVERY else "never",
                "value": {"minor": 2500, "currency": "EUR"},
                "customer": {"id": f"c-{number % 7000}"},
                "jobs": [{"id": "1", "sku": "PB-A4-40"}],
            }
            lines.write(json.dumps(order) + "\n")


def imported(engine: Engine) -> int:
    """How many orders are there; none while the tables are not."""
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM orders")).scalar_one())
    except DBAPIError:
        return 0


def test_killed_imports_lose_and_repeat_nothing(tmp_path: Path, database: str) -> None:
    file, data = tmp_path / "past.jsonl", tmp_path / "data"
    write(file)
    data.mkdir()
    engine = create_engine(database or f"sqlite:///{data / 'tipin.db'}")
    environment = os.environ | {"TIPIN_DATA_DIR": str(data), "TIPIN_DATABASE_URL": database}
    command = [*COMMAND, str(file), "--brand", "fernweh"]
    chance, killed, before = random.Random(4), 0, 0
    for _ in range(1 if database else KILLS):
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and imported(engine) <= before:
                time.sleep(0.01)
            time.sleep(chance.random() * 0.05)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
        before = imported(engine)
    assert killed, "the import was over before it could be killed"
    last = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert last.returncode == 1, last.stderr
    assert "Going on behind row" in last.stderr
    bad = ORDERS // BAD_EVERY
    assert f"{ORDERS - bad:,} orders imported, 0 were there already" in last.stderr
    assert imported(engine) == ORDERS - bad
    rejects = [
        json.loads(line) for line in file.with_name("past.jsonl.rejects.jsonl").read_text().splitlines()
    ]
    assert [reject["tipin_line"] for reject in rejects] == [1 + n * BAD_EVERY for n in range(bad)]
    engine.dispose()
