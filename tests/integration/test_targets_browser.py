"""The targets' page in a real browser: it follows presses and operators while somebody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.domain.insert import InsertState
from app.domain.target_state import Gate
from app.domain.ticket import Condition
from tests.browser import chromium, serving
from tests.desk import OPERATOR, PASSWORD, Plant
from tests.sent import NOW
from tests.stored import planned, put_order

CAN = {"printer-make-and-model": ["Small Press"], "sides-supported": ["one-sided", "two-sided-long-edge"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    with plant.store.transaction() as tx:
        tx.targets.seen("hot-folder", Condition(queued=2, capabilities=CAN, warnings=("no paper",)), at=NOW)
        for number in (1, 2):
            put_order(tx, f"ORDER{number}", f"JOB{number}")
            tx.inserts.plan(replace(planned(f"ORDER{number}", f"JOB{number}"), target="hot-folder"))
            tx.components.move(tx.components.get(f"JOB{number}"), InsertState.UNKNOWN, reason="lost")
    yield plant
    plant.store.close()


@pytest.fixture
def page(browser: Browser, plant: Plant) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    with serving(plant.app()) as address:
        page.goto(f"{address}/desk/targets")
        page.get_by_label("Name").fill(OPERATOR)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#live")).to_have_text("Live")
        yield page
        context.close()
    assert failed == []


def test_it_follows_the_press_and_keeps_what_is_open_and_in_focus(page: Page, plant: Plant) -> None:
    row = page.locator('[data-id="target hot-folder"]')
    row.locator("summary").click()
    row.get_by_role("button", name="Pause hot-folder").focus()
    with plant.store.transaction() as tx:
        tx.targets.seen("hot-folder", Condition(attention=("paper is out",), capabilities=CAN), at=NOW)
    expect(row).to_contain_text("paper is out", timeout=15_000)
    expect(row).to_contain_text("Needs a hand")
    expect(row.locator("details")).to_have_attribute("open", "")
    expect(row.get_by_role("button", name="Pause hot-folder")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Paused")
    with plant.store.transaction() as tx:
        assert tx.targets.get("hot-folder").gate is Gate.PAUSED
        tx.targets.set_gate("hot-folder", Gate.OPEN, by="Ben", at=NOW)
    expect(row).to_contain_text("Resumed by Ben", timeout=15_000)


def test_what_another_person_settled_goes_from_the_page(page: Page, plant: Plant) -> None:
    uncertain = page.locator(".needs .row")
    expect(uncertain).to_have_count(2)
    page.get_by_role("button", name="It is printed: JOB1-0").click()
    expect(uncertain).to_have_count(1)
    with plant.store.transaction() as tx:
        tx.components.move(tx.components.get("JOB2"), InsertState.DONE_BY_DEVICE)
    expect(page.locator(".needs")).to_have_count(0, timeout=15_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.locator("summary").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for button in page.locator("main button:visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 48
