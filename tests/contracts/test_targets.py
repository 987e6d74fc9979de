"""Every driver, through one contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import targets
from app.domain.ticket import Outcome, Receipt, Target
from app.errors import SetupError, SubmissionUncertain, TargetUnavailable, WrongState
from app.registry.plugins import discover
from app.settings import Settings, TargetSettings
from app.targets import Driver, gang_rules, open_target, open_targets, problems_of
from tests.small_front_end import SmallFrontEnd
from tests.small_printer import SmallPrinter
from tests.small_siteflow import SmallSiteFlow
from tests.tickets import stored_pdf, ticket_for

DRIVERS: dict[str, Driver] = discover(targets)


@pytest.fixture(params=sorted(DRIVERS))
def driver(request: pytest.FixtureRequest) -> Driver:
    return DRIVERS[request.param]


@pytest.fixture
def target(driver: Driver, tmp_path: Path) -> Iterator[Target]:
    """A target with the driver's default options; what it wants to talk to listens."""
    with (
        SmallPrinter().on() as printer,
        SmallFrontEnd(state="Completed").on() as front_end,
        SmallSiteFlow().on() as site_flow,
    ):
        options: dict[str, dict[str, object]] = {
            "ipp": {"printer": printer.uri},
            "jmf": {"url": front_end.url},
            "siteflow": {"url": f"http://127.0.0.1:{site_flow.port}", "in_plant": True},
        }
        yield driver.make(driver.options(**options.get(driver.code, {})), tmp_path)


def test_a_driver_says_what_it_is(driver: Driver) -> None:
    assert driver.title
    assert driver.options.__doc__
    assert all(field.description for field in driver.options.model_fields.values())


def test_an_unknown_option_is_refused_with_its_place(driver: Driver, tmp_path: Path) -> None:
    setting = TargetSettings(name="press", driver=driver.code, options={"colour": "blue"})
    with pytest.raises(SetupError) as raised:
        open_target(setting, DRIVERS, tmp_path)
    assert raised.value.violations[0].pointer == "/0/options/colour"
    assert "press" in raised.value.detail


def test_delivering_again_says_the_same_and_changes_nothing(target: Target, tmp_path: Path) -> None:
    pdf = stored_pdf(tmp_path)
    first = target.deliver(ticket_for(), pdf)
    before = _files(tmp_path)
    assert isinstance(first, Receipt)
    try:
        again = target.deliver(ticket_for(sent_before=True), pdf)
    except SubmissionUncertain:
        again = first  # a target that cannot be asked leaves it to an operator
    assert again == first
    assert _files(tmp_path) == before


def test_nothing_is_written_outside_the_data_folder_s_own_places(target: Target, tmp_path: Path) -> None:
    target.deliver(ticket_for(), stored_pdf(tmp_path))
    top = {path.name for path in tmp_path.iterdir()} - {"stored.pdf"}
    assert top <= {"hot-folder", "handed-over", "secret.key"}


def test_the_default_settings_open(tmp_path: Path) -> None:
    assert set(open_targets(Settings().targets, DRIVERS, tmp_path)) == {"hot-folder"}


def test_a_target_says_how_it_is_and_what_became_of_a_ticket(target: Target, tmp_path: Path) -> None:
    receipt = target.deliver(ticket_for(), stored_pdf(tmp_path))
    assert target.condition().attention == ()
    outcome = target.progress(ticket_for().name, receipt.reference).outcome
    assert outcome is (Outcome.DONE if receipt.followed else Outcome.WAITING)


def test_a_target_gives_a_ticket_back_or_says_why_not(target: Target, tmp_path: Path) -> None:
    receipt = target.deliver(ticket_for(), stored_pdf(tmp_path))
    shown = _files(tmp_path / "hot-folder")
    taken = refused = False
    try:
        taken = target.cancel(ticket_for().name, receipt.reference)
    except WrongState as error:
        refused = bool(error.mend)
    # The press and the front end of this test have printed it by then; the others take nothing back, ever.
    assert (taken, refused) == (bool(shown), not receipt.followed and not shown)
    assert not _files(tmp_path / "hot-folder")


def test_a_target_that_cannot_be_opened_is_named_and_the_others_work(tmp_path: Path) -> None:
    configured = (
        TargetSettings(name="press", driver="pull"),
        TargetSettings(name="twice", driver="pull"),
        TargetSettings(name="twice", driver="hot_folder"),
        TargetSettings(name="odd", driver="fax"),
        TargetSettings(name="wrong", driver="pull", options={"colour": "blue"}),
        TargetSettings(name="small", driver="pull", gang={"sheet": "A9"}),
        TargetSettings(name="white", driver="pull", gang={"sheet": "200x300", "margin": 100}),
        TargetSettings(name="ganging", driver="pull", gang={"sheet": "A3", "sheets": 4}),
    )
    opened = open_targets(configured, DRIVERS, tmp_path)
    problems = problems_of(opened)
    assert set(problems) == {"twice", "odd", "wrong", "small", "white"}
    assert set(opened) == {"press", "ganging", *problems}
    assert "/5/gang/sheet: Value error, 'A9' is no sheet; write SRA3" in problems["small"].detail
    assert "a margin of 100 mm leaves nothing of 200x300" in problems["white"].detail
    assert {name: rule.sheets for name, rule in gang_rules(configured).items()} == {"ganging": 4}
    assert problems["twice"].detail == "2 targets are called 'twice'"
    assert "hot_folder, ipp, " in problems["odd"].mend
    assert "/4/options/colour" in problems["wrong"].detail
    assert opened["press"].deliver(ticket_for(), stored_pdf(tmp_path)).detail


def test_what_goes_to_a_target_that_cannot_be_opened_waits(tmp_path: Path) -> None:
    broken = open_targets((TargetSettings(name="press", driver="fax"),), DRIVERS, tmp_path)["press"]
    for ask in (
        lambda: broken.deliver(ticket_for(), stored_pdf(tmp_path)),
        lambda: broken.progress("A-0", "1"),
        lambda: broken.cancel("A-0", "1"),
        broken.condition,
    ):
        with pytest.raises(TargetUnavailable, match="fax"):
            ask()


def _files(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_ino) for path in folder.rglob("*") if path.is_file()}
