from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings, TargetSettings

CHANGES: list[dict[str, Any]] = [
    {},
    {"data_dir": Path("/some where/else"), "port": 9000, "work": False},
    {"private_hosts": frozenset({"a.internal", "b.internal"}), "brands_dir": Path("brands")},
    {"targets": (TargetSettings(name="p1", driver="pull", options={}),), "webhook_timeout_seconds": 2.5},
    {"database_url": "postgresql+psycopg://tipin:p%40ss@host/tipin", "public_url": "https://tipin.example/"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: ",".join(changes) or "defaults")
def test_another_process_reads_the_same_settings(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(**changes)
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert Settings() == settings
