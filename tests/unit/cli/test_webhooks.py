from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.settings import Settings
from app.wiring import open_store

runner = CliRunner()
BRAND = ["--brand", "fernweh"]


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPIN_DATA_DIR", str(tmp_path))


def test_an_address_is_set_shown_replaced_and_removed() -> None:
    first = runner.invoke(app, ["webhooks", "set", *BRAND, "--url", "https://a.example/hook"])
    second = runner.invoke(app, ["webhooks", "set", *BRAND, "--url", "https://b.example/hook"])
    assert first.output.startswith("whsec_")
    assert first.output != second.output
    with open_store(Settings()).reading() as tx:
        endpoint = tx.deliveries.endpoint("fernweh")
    assert endpoint is not None
    assert endpoint.secret == second.output.strip()
    assert runner.invoke(app, ["webhooks", "show", *BRAND]).output == "https://b.example/hook\n"
    assert runner.invoke(app, ["webhooks", "remove", *BRAND]).output == "removed\n"
    assert runner.invoke(app, ["webhooks", "remove", *BRAND]).exit_code == 1
    assert runner.invoke(app, ["webhooks", "show", *BRAND]).exit_code == 1


@pytest.mark.parametrize("url", ["ftp://a.example/", "a.example", "https://", "http://0177.0.0.1/"])
def test_what_cannot_be_called_is_refused(url: str) -> None:
    refused = runner.invoke(app, ["webhooks", "set", *BRAND, "--url", url])
    assert refused.exit_code == 2
    assert "URL" in refused.output


def test_a_brand_that_does_not_exist_is_refused() -> None:
    refused = runner.invoke(app, ["webhooks", "set", "--brand", "none-such", "--url", "https://a.example/"])
    assert refused.exit_code == 2
