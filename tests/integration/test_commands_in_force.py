"""Commands over designs know the brands as the service does: the database's beside the folders'."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.registry.places import BRANDS
from app.services.render_records import example_record
from tests.families import BUILT_IN

ELM = (BRANDS / "fernweh" / "brand.toml").read_text(encoding="utf-8")
ELM = ELM.replace('"FW"', '"EM"').replace('signature = "signature.png"\n', "")


def run(*said: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(part) for part in said], env={"COLUMNS": "400"})
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a record, an order, a brand's file, and no database yet."""
    monkeypatch.setenv("TIPIN_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "elm.toml").write_text(ELM, encoding="utf-8")
    (tmp_path / "records.jsonl").write_text(example_record(BUILT_IN["hearth"]), encoding="utf-8")
    (tmp_path / "orders.csv").write_text(
        "order_id,customer_id,placed_at,value_minor,promised_at,delivered_at,cancelled_at,categories\n"
        "1,7,2025-03-01 09:30:00,1000,,,,MUG\n",
        encoding="utf-8",
    )
    return tmp_path


def test_brands_of_the_database_are_known_to_commands_over_designs(folder: Path) -> None:
    commands = (
        ("render", folder / "records.jsonl", "--template", "hearth", "--out", folder / "c.pdf", "--brand"),
        ("check-templates", "hearth", "--list-samples", "--brand"),
        ("tag", folder / "orders.csv", "--out", folder / "tags.csv", "--words"),
    )
    for command in commands:
        code, said = run(*command, "elm")
        assert code, f"{command[0]} knows no elm yet: {said}"
    assert not (folder / "data" / "tipin.db").exists(), "nobody asked for a database"
    assert run("brand", "create", "elm", folder / "elm.toml")[0] == 0
    for command in commands:
        code, said = run(*command, "elm")
        assert code == 0, said
