"""A rule's page in a browser, by keyboard alone: written, said in words, tried, published and retired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from app.domain.access import Caller, Role
from tests.browser import chromium, serving
from tests.desk import HASH, PASSWORD
from tests.reception import NOW, Reception, open_reception

BRAND, OWNER = "fernweh", "Dora"
MOST_TABS = 90


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    """A brand with a past of ten customers, each of whom ordered three times."""
    with open_reception(tmp_path) as reception:
        with reception.services.store.transaction() as tx:
            tx.access.set_operator(Caller(name=OWNER, role=Role.DESIGNER, brand=BRAND), HASH)
        reception.import_history(
            *(
                {
                    "id": f"{who}-{nth}",
                    "placed_at": (NOW - timedelta(days=80 - 20 * nth)).isoformat(),
                    "value": {"minor": 2_500, "currency": "EUR"},
                    "customer": {"id": f"c-{who}"},
                    "jobs": [{"id": "1", "sku": "PR-13x18"}],
                }
                for who in range(10)
                for nth in range(3)
            )
        )
        yield reception


@pytest.fixture
def page(reception: Reception) -> Iterator[Page]:
    failed: list[str] = []
    with chromium() as browser, serving(reception.client.app) as served:
        context = browser.new_context(viewport={"width": 1360, "height": 900}, base_url=served)
        page = context.new_page()
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(f"/desk/rules?brand={BRAND}")
        tab_to(page, page.get_by_label("Name"))
        page.keyboard.type(OWNER)
        tab_to(page, page.get_by_label("Password"))
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Sign out")).to_be_visible()
        yield page
        context.close()
    assert failed == []


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on with the Tab key until it is reached."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by keyboard to {wanted}")


def press(page: Page, name: str) -> None:
    """Press a button or follow a link, by keyboard."""
    tab_to(page, page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first)
    page.keyboard.press("Enter")


def test_a_rule_is_written_tried_published_and_retired_by_keyboard(page: Page) -> None:
    press(page, "New rule")
    tab_to(page, page.get_by_label("Title"))
    page.keyboard.type("Third order")
    press(page, "Add a condition")
    expect(page.locator("#sentence")).to_contain_text("3")
    expect(page.locator("#simulation")).to_contain_text("10 orders that match, among 30 orders")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    press(page, "Save a draft")
    expect(page.get_by_role("status").filter(has_text="Kept as a draft")).to_be_visible()
    press(page, "Publish version 1")
    expect(page.get_by_text("In force for every order")).to_be_visible()
    press(page, "Retire version 1")
    expect(page.get_by_text("No new order gets this card")).to_be_visible()
    expect(page.get_by_text("Retired").first).to_be_visible()
