"""`tipin check-templates`: every sample rendered, or named with what is wrong."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.domain.brand import Brand
from app.domain.template import CardTemplate
from app.services.sample_cards import SampleCard, sample_cards

_RUN = CliRunner()


def test_it_names_the_samples() -> None:
    done = _RUN.invoke(
        app, ["check-templates", "hearth", "--brand", "maple-row", "--language", "ar", "--list"]
    )
    assert done.exit_code == 0
    names = done.output.split()
    assert names
    assert all(name.startswith("hearth-maple-row-ar-") for name in names)


def test_an_unknown_template_checks_nothing_and_fails() -> None:
    assert _RUN.invoke(app, ["check-templates", "none-such"]).exit_code == 1


def test_a_sample_that_cannot_be_set_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The package's own `check_templates` is the command, not its module.
    monkeypatch.setattr(import_module("app.cli.check_templates"), "sample_cards", _two_samples)
    done = _RUN.invoke(app, ["check-templates", "hearth", "--brand", "maple-row", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "1 rendered, 1 refused" in done.output
    assert "the headline on the front has 900 characters" in " ".join(done.output.split())
    assert [path.name for path in tmp_path.glob("*.png")] == ["sheet-01.png"]
    assert len(list(tmp_path.glob("*.pdf"))) == 1


def _two_samples(template: CardTemplate, brand: Brand) -> list[SampleCard]:
    first = next(sample_cards(template, brand))
    (wording, *_) = first.card.wordings
    long = replace(first.card, wordings=(replace(wording, headline="W" * 900),))
    return [first, replace(first, name=f"{first.name}-long", card=long)]
