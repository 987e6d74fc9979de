from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.errors import SetupError
from app.store.secret import load_secret


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load_secret(tmp_path / "new")
    again = load_secret(tmp_path / "new")
    assert first.derive("x") == again.derive("x")
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_each_use_has_its_own_key(tmp_path: Path) -> None:
    secret = load_secret(tmp_path)
    assert len({secret.customers, secret.bench, secret.chance}) == 3


def test_a_damaged_secret_is_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(SetupError, match="5 bytes instead of 32"):
        load_secret(tmp_path)
    assert (tmp_path / "secret.key").read_bytes() == b"short"
