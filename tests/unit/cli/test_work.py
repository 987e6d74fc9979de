from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.flow import slot
from app.flow.slot import take_slot


def test_a_second_worker_on_sqlite_is_told_why_it_cannot_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIPIN_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(slot, "_PATIENCE", 0.0)
    monkeypatch.setattr("app.web.logs.configure", lambda _level: None)
    first = take_slot(tmp_path, limit=1)
    refused = CliRunner().invoke(app, ["work"])
    first.release()
    assert refused.exit_code == 1
    assert "another tipin is at work" in refused.output
