from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.web import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    structlog.get_logger("tipin").info("taken", order="7ZK")
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "taken"
    assert line["order"] == "7ZK"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def _fail() -> None:
    raise ValueError("Jonna Lindqvist, 12 Elm Street")


def test_an_error_is_logged_by_type_and_place_but_never_by_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("INFO")
    try:
        _fail()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed")
    printed = capsys.readouterr().err
    line = json.loads(printed)
    assert line["error"] == "ValueError"
    assert line["frames"][-1].endswith(" _fail")
    assert "Jonna" not in printed
