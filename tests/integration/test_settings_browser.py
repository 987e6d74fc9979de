from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.domain.access import Role
from tests.browser import chromium, serving
from tests.desk import PASSWORD, Plant


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    plant.add_person("Ada", role=Role.ADMIN)
    yield plant
    plant.store.close()


@pytest.fixture
def address(plant: Plant) -> Iterator[str]:
    with serving(plant.app()) as address:
        yield f"{address}/desk/brands"


def opened(browser: Browser, address: str, scheme: Literal["light", "dark"], width: int) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(f"{address}/fernweh")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Fernweh")).to_be_visible()
    page.wait_for_load_state()
    return page


def test_priority_is_changed_by_the_keyboard_and_saved_after_a_look(
    plant: Plant, browser: Browser, address: str
) -> None:
    page = opened(browser, address, "light", 1440)
    up = page.get_by_role("button", name="Move Second order up")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(page.locator("#moved")).to_contain_text("Second order: place")
    page.get_by_label("Without cards").fill("20")
    expect(page.locator("#change ins")).to_contain_text(["20 %", "First order"])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Version 1 is in force")).to_be_visible()
    with plant.store.reading() as tx:
        policy = plant.brand_desk().brands(tx, "fernweh").policy
    assert policy.holdout == 0.2
    assert "first_repeat" in policy.order


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_the_pages_are_accessible_and_fit(
    browser: Browser, address: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = opened(browser, address, scheme, width)
    page.get_by_label("Without cards").fill("80")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    for path in ("", "/fernweh", "/fernweh/history"):
        if path != "":
            page.goto(f"{address}{path}")
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
