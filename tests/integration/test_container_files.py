"""The container files are linted even where no engine runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> None:
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_dockerfile_has_no_lint() -> None:
    run(BIN / "hadolint", "--failure-threshold", "info", "Dockerfile")


def test_the_compose_file_keeps_the_compose_specification() -> None:
    run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_the_image_runs_as_nobody_in_particular_and_reports_its_health() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert sum(line.startswith("FROM ") for line in lines) == 2
    assert any(line.startswith("HEALTHCHECK ") for line in lines)


def test_the_image_gets_all_that_the_program_reads() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for needed in ("app", "fonts", "print_templates", "pyproject.toml", "uv.lock"):
        assert f"!{needed}" in ignored
