from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from app.cli import COMMANDS, app


def test_help_names_every_command_with_a_line_about_it() -> None:
    done = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    for name in COMMANDS:
        (line,) = [line for line in done.output.splitlines() if f" {name} " in line]
        assert len(line.split()) > 3, line


def test_an_unknown_command_is_refused() -> None:
    done = CliRunner().invoke(app, ["tagg"])
    assert done.exit_code == 2
    assert "No such command 'tagg'" in done.output


@pytest.mark.parametrize("command", [["serve"], ["work"], ["demo"], ["webhooks", "show", "--brand", "elm"]])
def test_a_wrong_setting_ends_every_command_with_its_name_and_the_mend(command: list[str]) -> None:
    done = CliRunner().invoke(app, command, env={"TIPIN_TARGETS": "[1, 2]"})
    assert done.exit_code == 1
    assert "TIPIN_TARGETS[1]: It has to be an object" in done.output
    assert done.output.count("For example: TIPIN_TARGETS=") == 1


def test_tagging_a_stream_waits_for_no_web_server_task_queue_or_print_engine() -> None:
    slow = "{'alembic', 'dbos', 'fastapi', 'pikepdf'}"
    script = f"import sys, app.cli.tag; print(*sorted({slow} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
