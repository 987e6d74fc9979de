from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.pdf.file.pieces import Pieces


def test_a_file_is_saved_as_its_pieces_are(tmp_path: Path) -> None:
    pieces = Pieces(b"%d;" % number for number in range(3000))
    assert pieces.write(b"the end") == 7
    path = tmp_path / "file"
    path.write_bytes(b"longer than what comes" * 5000)
    pieces.save(path)
    assert path.read_bytes() == pieces.whole() == b"".join(b"%d;" % n for n in range(3000)) + b"the end"


def test_what_the_system_does_not_take_at_once_comes_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pdf.file.pieces.os.writev", lambda file, some: os.write(file, some[0][:2]))
    Pieces([b"one", b"two"]).save(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"onetwo"
