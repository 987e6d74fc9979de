from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import SetupError
from app.flow import slot
from app.flow.slot import take_slot


def test_the_lowest_free_name_is_taken_again(tmp_path: Path) -> None:
    first, second = take_slot(tmp_path, limit=3), take_slot(tmp_path, limit=3)
    assert first.name.endswith("-0")
    assert second.name.endswith("-1")
    first.release()
    again = take_slot(tmp_path, limit=3)
    assert again.name == first.name
    again.release()
    second.release()


def test_sqlite_serves_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slot, "_PATIENCE", 0.0)
    only = take_slot(tmp_path, limit=1)
    with pytest.raises(SetupError, match="another tipin") as raised:
        take_slot(tmp_path, limit=1)
    assert "PostgreSQL" in raised.value.mend
    only.release()
