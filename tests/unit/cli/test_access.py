from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.domain.access import Role
from app.settings import Settings
from app.wiring import open_store

runner = CliRunner()


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIPIN_DATA_DIR", str(tmp_path))
    return tmp_path


def test_a_key_is_printed_once_and_works_until_revoked() -> None:
    made = runner.invoke(app, ["keys", "create", "--role", "plant", "--brand", "fernweh"])
    assert made.exit_code == 0
    key = made.output.strip()
    with open_store(Settings()).reading() as tx:
        caller = tx.access.caller(key)
    assert caller is not None
    assert (caller.role, caller.brand) == (Role.PLANT, "fernweh")
    assert runner.invoke(app, ["keys", "revoke", "plant"]).output == "1 revoked\n"
    with open_store(Settings()).reading() as tx:
        assert tx.access.caller(key) is None


def test_a_hook_secret_is_taken_or_made() -> None:
    given = ["hooks", "secret", "--brand", "fernweh", "--format", "shopify", "--secret", "shpss_1"]
    assert runner.invoke(app, given).output == "shpss_1\n"
    made = runner.invoke(
        app, ["hooks", "secret", "--brand", "fernweh", "--format", "siteflow", "--token", "t"]
    )
    with open_store(Settings()).reading() as tx:
        assert tx.access.hook_secrets("fernweh", "siteflow")[0].secret == made.output.strip()


def test_an_operator_needs_a_real_password() -> None:
    refused = runner.invoke(app, ["operators", "create", "Ada"], input="short\nshort\n")
    assert refused.exit_code == 2
    taken = runner.invoke(app, ["operators", "create", "Ada"], env={"TIPIN_OPERATOR_PASSWORD": "x" * 12})
    assert taken.output == "Ada may sign in\n"


def test_a_brand_that_does_not_exist_is_refused() -> None:
    refused = runner.invoke(app, ["keys", "create", "--brand", "none-such"])
    assert refused.exit_code == 2
    assert "there is no brand" in refused.output
