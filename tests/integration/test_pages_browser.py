from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.domain.call_back import DeliveryState
from app.domain.decision import Considered, Outcome
from app.domain.gang_sheet import SheetState
from app.domain.insert import InsertState
from app.domain.occasion import Match
from app.store.dead_letters import Received
from tests.browser import chromium, serving
from tests.desk import OPERATOR, PASSWORD, Plant
from tests.sent import NOW, Sent, many
from tests.shown_sheets import put_sheet

Scheme = Literal["light", "dark"]
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>\u202egnp"
ALSO = (
    Considered(
        match=Match(occasion="first_repeat", reason="2nd order ever"),
        outcome=Outcome.SUPPRESSED,
        why="this customer had a card 6 days ago",
    ),
)
CARD = Sent(number="FW-1", at=NOW + timedelta(minutes=1), also=ALSO)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    plant.send(
        plant.print(CARD),
        Sent(number="FW-2", state=InsertState.FAILED, stopped="no bundled font has “𓀀” (U+13000)"),
        Sent(number="FW-3", state=InsertState.HELD, delivery=DeliveryState.GIVEN_UP),
        Sent(number=HOSTILE, name=HOSTILE, reason=HOSTILE, state=None),
        *many(len(InsertState), list(InsertState)),
    )
    with plant.store.transaction() as tx:
        received = Received(
            brand="fernweh", source="native", body=HOSTILE.encode(), received_at=NOW, headers={}
        )
        tx.dead_letters.keep(received, {"title": "Not an order", "detail": HOSTILE, "mend": "mend it"})
    yield plant
    plant.store.close()


@pytest.fixture
def address(plant: Plant) -> Iterator[str]:
    with serving(plant.app()) as address:
        yield f"{address}/desk"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A signed-in page; whatever the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Europe/Berlin")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    sign_in(page, address)
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/orders")
    page.get_by_label("Name").fill(OPERATOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Orders")).to_be_visible()
    page.wait_for_load_state()  # before it, the page's scripts may not listen yet


def wait_until(page: Page, expression: str) -> None:
    """As `Page.wait_for_function`, which the pages' content policy rightly forbids."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")


def open_order(page: Page, number: str) -> None:
    page.locator("#rows").get_by_role("link", name=number, exact=True).click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    page.wait_for_load_state()


def shown(page: Page, overlay: str) -> bool:
    return page.locator(f".overlay.{overlay}").first.is_visible()


def test_one_reads_down_the_list_and_opens_a_card(page: Page) -> None:
    thumbnail = page.locator("#rows .side img").first
    expect(thumbnail).to_be_visible()
    wait_until(page, "document.querySelector('#rows .side img').naturalWidth > 0")
    box = thumbnail.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (67, 95)
    page.keyboard.press("j")
    expect(page.locator(".needs .open").first).to_be_focused()
    open_order(page, "FW-1")
    card = page.locator("svg.card").first.bounding_box()
    assert card
    assert card["width"] == pytest.approx(111 / 25.4 * 96, abs=0.5), "true size, bleed and all"
    assert card["height"] == pytest.approx(154 / 25.4 * 96, abs=0.5)


def test_keys_and_buttons_show_bleed_trim_and_safe(page: Page) -> None:
    open_order(page, "FW-1")
    for key, overlay in (("b", "bleed"), ("t", "trim"), ("s", "safe")):
        assert not shown(page, overlay)
        page.keyboard.press(key)
        assert shown(page, overlay)
    page.locator("[name=trim]").click()
    assert not shown(page, "trim")
    assert shown(page, "bleed")
    before = page.locator("svg.card").first.bounding_box()
    page.keyboard.press("2")
    after = page.locator("svg.card").first.bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(2 * before["width"], abs=1)


def test_a_key_shows_another_view_and_leaves_the_overlays(page: Page) -> None:
    open_order(page, "FW-1")
    page.keyboard.press("b")
    for key, says, part in (
        ("i", "Sum of all inks", "view=ink"),
        ("k", "The plate of Black", "ink=Black"),
        ("p", "Plain", "view=page"),
        ("a", "Soft proof", "view=proof"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("status").filter(has_text=says)).to_be_visible(timeout=20_000)
        assert part in (page.locator("svg.card image").first.get_attribute("href") or "")
        assert part in page.url
        assert shown(page, "bleed")
    expect(page.locator("a[data-view][aria-current]")).to_have_text("As printed A")


def test_keys_can_be_switched_off_and_stay_off(page: Page) -> None:
    open_order(page, "FW-1")
    page.get_by_role("button", name="Single keys: on").click()
    page.keyboard.press("b")
    assert not shown(page, "bleed")
    page.reload()
    page.wait_for_load_state()
    page.keyboard.press("b")
    assert not shown(page, "bleed")
    assert not page.locator("kbd").first.is_visible()


def test_the_pdf_is_downloaded_under_its_name_at_the_press(page: Page, plant: Plant) -> None:
    open_order(page, "FW-1")
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert download.value.suggested_filename == f"{CARD.job_id}-0.pdf"
    with plant.store.reading() as tx:
        sha256 = tx.inserts.get(CARD.job_id).pdf_sha256
    assert sha256
    assert Path(download.value.path()).read_bytes() == plant.artifacts.read(sha256, ".pdf")


def test_searching_narrows_and_going_back_keeps_the_place(page: Page, plant: Plant) -> None:
    plant.send_many(80, [InsertState.ACCEPTED])
    page.keyboard.press("/")
    page.keyboard.type("FW-200")
    page.keyboard.press("Enter")
    expect(page.locator("#rows .row").first).to_be_visible()
    page.get_by_role("link", name="Older").click()
    narrowed = page.url
    assert "number=FW-200" in narrowed
    page.locator("#rows .open").last.scroll_into_view_if_needed()
    at = page.evaluate("scrollY")
    page.locator("#rows .open").last.click()
    expect(page.locator("#back")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    page.wait_for_url(narrowed)
    wait_until(page, f"Math.abs(scrollY - {at}) < 5")


def test_a_choice_narrows_at_once(page: Page) -> None:
    page.get_by_label("State").select_option("Needs me now")
    page.wait_for_url("**state=needs-me**")
    expect(page.locator("#rows .row").first).to_be_visible()


def test_a_row_is_renewed_in_place_and_news_are_only_counted(page: Page, plant: Plant) -> None:
    expect(page.locator("#live")).to_have_text("Live")
    row = page.locator(f'#rows .row[data-id="{CARD.order_id}"]')
    expect(row).to_contain_text("At the press")
    row.locator(".open").focus()
    with plant.store.transaction() as tx:
        tx.inserts.move(tx.inserts.get(CARD.job_id), InsertState.PACKED)
    expect(row).to_contain_text("Packed")
    expect(row.locator(".open")).to_be_focused()
    count = page.locator("#rows .row").count()
    plant.send(Sent(number="FW-NEW", at=NOW + timedelta(hours=1)))
    expect(page.locator("#fresh")).to_contain_text("1 new order")
    assert page.locator("#rows .row").count() == count
    page.keyboard.press("n")
    expect(page.locator("#rows .open").first).to_have_text("FW-NEW")


def test_an_empty_list_fills_by_itself(page: Page, plant: Plant, address: str) -> None:
    page.goto(f"{address}/orders?number=LATER")
    expect(page.locator("#live")).to_have_text("Live")
    plant.send(Sent(number="LATER-1"))
    expect(page.locator("#rows .open")).to_have_text("LATER-1")


def test_an_order_is_renewed_with_the_overlays_as_they_were(page: Page, plant: Plant) -> None:
    open_order(page, "FW-1")
    expect(page.locator("#live")).to_have_text("Live")
    page.keyboard.press("t")
    with plant.store.transaction() as tx:
        tx.inserts.move(tx.inserts.get(CARD.job_id), InsertState.UNKNOWN, reason="no answer")
    expect(page.locator(".next")).to_contain_text("no answer")
    assert shown(page, "trim")
    assert not shown(page, "bleed")


def test_hostile_text_stays_text(page: Page, address: str) -> None:
    page.locator("#rows").get_by_role("link", name="<img").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>")
    page.goto(f"{address}/dead-letters/1")
    expect(page.locator("pre.body")).to_contain_text("<script>")
    assert page.title() != "owned"
    assert page.locator("main script, main img[src=x]").count() == 0


def test_times_are_the_readers_own(page: Page) -> None:
    time = page.locator("#rows time").first
    expect(time).to_have_attribute("title", "3 Nov 2025, 12:01 UTC")
    expect(time).to_contain_text("01:01")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nobody_is_shut_out(page: Page, address: str, scheme: Scheme, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in (
        "orders",
        "orders?state=needs-me",
        "orders?number=none",
        f"orders/{CARD.order_id}",
        f"orders/{CARD.order_id}?view=ink",
        f"orders/{Sent(number='FW-2').order_id}",
        f"orders/{Sent(number=HOSTILE).order_id}",
        "dead-letters",
        "dead-letters/1",
    ):
        page.goto(f"{address}/{path}")
        expect(page.locator("main")).to_be_visible()
        results = Axe().run(page)
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_a_sheet_is_found_closed_and_read_by_keyboard(page: Page, plant: Plant, address: str) -> None:
    put_sheet(plant, [Sent(number=f"FW-9{n}", state=InsertState.READY) for n in range(3)])
    page.goto(f"{address}/sheets")
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert Axe().run(page).violations_count == 0
    page.locator(".sheets .open").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SHEET00000001")
    page.wait_for_load_state()
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    expect(page.get_by_role("link", name="Place 3: order FW-9")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_label("Why it is closed now").fill("the courier is early")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator(".next")).to_contain_text("On its way")
    expect(page.locator(".facts")).to_contain_text("closed by Mina: the courier is early")
    expect(page.locator("#live")).to_have_text("Live")
    with plant.store.transaction() as tx:
        (sheet,) = tx.gang_sheets.page(scope="", state=None, limit=1)
        tx.gang_sheets.move(sheet, SheetState.FAILED, reason="the paper is gone")
    expect(page.locator(".next")).to_contain_text("the paper is gone")


def test_touch_targets_are_large_enough(page: Page) -> None:
    for where in ("list", "order"):
        if where == "order":
            open_order(page, "FW-1")
        small = page.evaluate(
            """[...document.querySelectorAll('a, button, select, summary, input:not([type=hidden])')]
            .filter(e => e.checkVisibility() && !e.closest('p, dd, .skip') && !e.matches('.open'))
            .map(e => [e.textContent.trim() || e.name, e.getBoundingClientRect().height])
            .filter(([, height]) => height > 1 && height < 48)"""
        )
        assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_without_scripts(browser: Browser, address: str, scheme: Scheme) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme=scheme)
    page = context.new_page()
    sign_in(page, address)
    open_order(page, "FW-1")
    page.locator("[name=trim]").click()
    expect(page.locator(".overlay.trim").first).to_be_visible()
    page.get_by_role("link", name="Yellow", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="The plate of Yellow")).to_be_visible()
    page.get_by_text("Inks together").click()
    page.get_by_label("Black", exact=True).check()
    page.get_by_role("button", name="Show these inks").click()
    expect(page.get_by_text("Yellow and Black together")).to_be_visible()
    expect(page.get_by_text("What happens next")).to_be_visible()
    assert not page.locator("kbd").first.is_visible(), "keys that do nothing are not shown"
    context.close()


def test_signing_out_leaves_nothing_to_go_back_to(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
