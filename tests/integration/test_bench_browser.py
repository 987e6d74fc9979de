"""The bench's page in a real browser, by keyboard alone: green, red, and without a connection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.domain.card import card_document
from app.domain.ids import order_id
from app.domain.insert import InsertState
from app.store.tables import InsertRow
from tests.bench import code, put_order
from tests.browser import chromium, serving
from tests.card_file import card_pdf
from tests.cards import card
from tests.desk import OPERATOR, PASSWORD, Plant
from tests.sent import NOW, Sent

NUMBERS = ("FW-1", "FW-2", "FW-3")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    sha256 = plant.artifacts.put(card_pdf("Ada"), ".pdf")
    with plant.store.transaction() as tx:
        for hours, number in enumerate(NUMBERS, 1):
            record = put_order(tx, number, needed_by=NOW + timedelta(hours=hours))
            tx.session.get_one(InsertRow, record).pdf_sha256 = sha256
    yield plant
    plant.store.close()


@pytest.fixture
def page(browser: Browser, plant: Plant) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    with serving(plant.app()) as address:
        page.goto(f"{address}/desk/bench")
        page.get_by_label("Name").fill(OPERATOR)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".to-pack li")).to_have_count(len(NUMBERS))
        yield page
        context.close()
    assert failed == []


def record(plant: Plant, number: str) -> str:
    with plant.store.reading() as tx:
        (found,) = tx.parcels.find(number.lower(), brands=["fernweh"])
        return tx.inserts.of_order(found.code.order_id)[0].job_id


def scan(page: Page, text: str) -> None:
    """As a wedge scanner types: into whatever has the focus, with a return at the end."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def state(plant: Plant, number: str) -> InsertState:
    with plant.store.reading() as tx:
        return tx.inserts.get(record(plant, number)).state


LOUDSPEAKER = """
  window.AudioContext = class extends OfflineAudioContext {
    constructor() { super(1, 48000, 48000); window.loudspeaker = this; }
    resume() {}
  };
  // How loud a stretch of what was played is, and its pitch in Hz; all of it in no time.
  window.heard = async (stretches) => {
    const played = (await loudspeaker.startRendering()).getChannelData(0);
    return stretches.map(([from, to]) => {
      const part = played.slice(from * 48000, to * 48000);
      const turns = part.filter((value, at) => at && value >= 0 !== part[at - 1] >= 0).length;
      const loud = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
      return [loud, turns / 2 / (to - from)];
    });
  };
"""
"""A loudspeaker that keeps what is played instead of playing it."""


def test_right_and_wrong_can_be_told_apart_by_ear(page: Page, plant: Plant) -> None:
    page.add_init_script(LOUDSPEAKER)
    for first, second, then, pitches in (
        ("FW-1", code(record(plant, "FW-1")), [0.16, 0.30], (660, 990)),
        (code(record(plant, "FW-2")), "FW-3", [0.40, 0.70], (170, 170)),
    ):
        scan(page, first)
        expect(page.locator("#said")).to_contain_text("Now scan")
        page.reload()  # the half that is held outlives it, the sound of its scan does not
        scan(page, second)
        expect(page.locator("#verdict")).to_be_visible()
        heard = page.evaluate("(stretches) => heard(stretches)", [[0.02, 0.10], then])
        for (loud, pitch), wanted in zip(heard, pitches, strict=True):
            assert loud > 0.1
            assert pitch == pytest.approx(wanted, rel=0.1)
        page.keyboard.press("Escape")


def test_green_then_undone(page: Page, plant: Plant) -> None:
    scan(page, "FW-1")
    expect(page.locator("#said")).to_contain_text("Now scan: card.")
    scan(page, code(record(plant, "FW-1")))
    verdict = page.locator("#verdict")
    expect(verdict).to_have_attribute("data-tone", "go")
    expect(verdict).to_contain_text("Right card for order FW-1.")
    expect(verdict.locator("img")).to_be_visible()
    assert state(plant, "FW-1") is InsertState.PACKED
    assert plant.scans == [("fernweh", "match")]
    page.keyboard.press("Escape")
    expect(verdict).to_be_hidden()
    page.keyboard.press("Alt+KeyZ")
    expect(page.locator("#said")).to_contain_text("Taken back")
    assert state(plant, "FW-1") is InsertState.ACCEPTED
    expect(page.locator("#scan")).to_be_focused()


def test_red_stays_until_it_is_seen_and_the_parcel_until_it_is_cleared(page: Page, plant: Plant) -> None:
    scan(page, code(record(plant, "FW-2")))
    expect(page.locator("#said")).to_contain_text("Now scan its parcel.")
    scan(page, "FW-1")
    verdict = page.locator("#verdict")
    expect(verdict).to_have_attribute("data-tone", "stop")
    expect(verdict).to_contain_text("Wrong parcel. This card belongs to order FW-2, not to order FW-1.")
    scan(page, "FW-3")
    expect(verdict).to_contain_text("That scan was not taken.")
    page.keyboard.press("Escape")
    expect(verdict).to_be_hidden()
    expect(page.locator(".blocked")).to_contain_text("FW-1")
    scan(page, "FW-1")
    expect(verdict).to_contain_text("Order FW-1 is blocked.")
    page.keyboard.press("Alt+Digit1")
    expect(page.locator("#said")).to_contain_text("may be packed again")
    expect(page.locator(".blocked")).to_have_count(0)
    scan(page, "FW-1")
    scan(page, code(record(plant, "FW-1")))
    expect(verdict).to_have_attribute("data-tone", "go")


def test_without_a_connection_scans_are_kept_and_nothing_is_green(page: Page, plant: Plant) -> None:
    page.context.set_offline(True)
    for number in ("FW-1", "FW-3"):
        scan(page, number)
        scan(page, code(record(plant, "FW-1")))
    expect(page.locator("#said")).to_contain_text("No connection. 4 scans are kept, nothing is checked.")
    expect(page.locator("#verdict")).to_be_hidden()
    assert plant.scans == []
    page.context.set_offline(False)
    verdict = page.locator("#verdict")
    expect(verdict).to_have_attribute("data-tone", "stop", timeout=15000)
    expect(verdict).to_contain_text("belongs to order FW-1, not to order FW-3")
    assert plant.scans == [("fernweh", "match"), ("fernweh", "mismatch")]
    page.keyboard.press("Escape")
    expect(page.locator("#link")).to_have_text("Connected")


def test_a_radio_link_that_hangs_is_told_and_the_scan_counts_once(page: Page, plant: Plant) -> None:
    page.evaluate("AbortSignal.timeout = ((real) => () => real.call(AbortSignal, 300))(AbortSignal.timeout)")
    page.route("**/bench/scan", lambda _route: None)  # taken by nobody, refused by nobody
    scan(page, "FW-1")
    scan(page, code(record(plant, "FW-1")))
    expect(page.locator("#said")).to_contain_text("No connection. 2 scans are kept, nothing is checked.")
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("AbortSignal.timeout = () => undefined")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "go", timeout=30_000)
    assert plant.scans == [("fernweh", "match")]


def test_the_next_parcel_is_taken_by_its_number(page: Page, plant: Plant) -> None:
    page.keyboard.press("Alt+Digit2")
    expect(page.locator("#said")).to_contain_text("Order FW-2.")
    scan(page, code(record(plant, "FW-2")))
    expect(page.locator("#verdict")).to_contain_text("Right")
    expect(page.locator(".to-pack")).not_to_contain_text("FW-2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(page: Page, plant: Plant, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    scan(page, code(record(plant, "FW-2")))
    expect(page.locator("#said")).to_contain_text("Now scan its parcel.")
    scan(page, "FW-1")
    expect(page.locator("#verdict")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for button in page.locator("#verdict button:visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 48


def test_a_card_is_printed_again_from_its_orders_page(page: Page, plant: Plant) -> None:
    plant.send(plant.print(Sent(number="FW-9", state=InsertState.ACCEPTED)))
    order = order_id("fernweh", "FW-9")
    with plant.store.transaction() as tx:
        job = tx.inserts.of_order(order)[0].job_id
        tx.session.get_one(InsertRow, job).card = card_document(card(id=f"{job}-0"))
    page.goto(page.url.replace("/bench", f"/orders/{order}"))
    page.wait_for_load_state()
    page.keyboard.press("r")
    page.get_by_label("In your own words, if you like").fill("creased")
    page.get_by_role("button", name="Damaged").click()
    expect(page.locator(".story")).to_contain_text(f"Print no. 2 asked for by {OPERATOR}")
    expect(page.locator(".story")).to_contain_text("damaged: creased")
    with plant.store.reading() as tx:
        assert tx.inserts.get(job).generation == 1
    assert plant.queue.made == [job]
