"""Every driver, through one contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import targets
from app.domain.ticket import Receipt, Target
from app.errors import SetupError
from app.registry.plugins import discover
from app.settings import Settings, TargetSettings
from app.targets import Driver, open_targets
from tests.tickets import stored_pdf, ticket_for

DRIVERS: dict[str, Driver] = discover(targets)


@pytest.fixture(params=sorted(DRIVERS))
def driver(request: pytest.FixtureRequest) -> Driver:
    return DRIVERS[request.param]


@pytest.fixture
def target(driver: Driver, tmp_path: Path) -> Target:
    """A target with the driver's default options."""
    return driver.make(driver.options(), tmp_path)


def test_a_driver_says_what_it_is(driver: Driver) -> None:
    assert driver.title
    assert driver.options.__doc__
    assert all(field.description for field in driver.options.model_fields.values())


def test_an_unknown_option_is_refused_with_its_place(driver: Driver, tmp_path: Path) -> None:
    setting = TargetSettings(name="press", driver=driver.code, options={"colour": "blue"})
    with pytest.raises(SetupError) as raised:
        open_targets((setting,), DRIVERS, tmp_path)
    assert raised.value.violations[0].pointer == "/0/options/colour"
    assert "press" in raised.value.detail


def test_delivering_again_says_the_same_and_changes_nothing(target: Target, tmp_path: Path) -> None:
    pdf = stored_pdf(tmp_path)
    first = target.deliver(ticket_for(), pdf)
    before = _files(tmp_path)
    assert isinstance(first, Receipt)
    assert target.deliver(ticket_for(), pdf) == first
    assert _files(tmp_path) == before


def test_nothing_is_written_outside_the_data_folder_s_own_places(target: Target, tmp_path: Path) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    top = {path.name for path in tmp_path.iterdir()} - {"stored.pdf"}
    assert top <= {"hot-folder", "handed-over"}


def test_the_default_settings_open(tmp_path: Path) -> None:
    assert set(open_targets(Settings().targets, DRIVERS, tmp_path)) == {"hot-folder"}


def test_two_targets_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = (TargetSettings(name="press", driver="pull"),) * 2
    with pytest.raises(SetupError, match="two targets"):
        open_targets(twice, DRIVERS, tmp_path)


def test_an_unknown_driver_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as raised:
        open_targets((TargetSettings(name="press", driver="fax"),), DRIVERS, tmp_path)
    assert "hot_folder, pull" in raised.value.mend


def _files(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_ino) for path in folder.rglob("*") if path.is_file()}
