from __future__ import annotations

import subprocess
import sys

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


def test_tagging_a_stream_waits_for_no_web_server_task_queue_or_print_engine() -> None:
    slow = "{'alembic', 'dbos', 'fastapi', 'pikepdf'}"
    script = f"import sys, app.cli.tag; print(*sorted({slow} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
