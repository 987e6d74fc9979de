"""An item's page: its pictures, and handles that crop it otherwise before the press has it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from app.domain.access import Caller, Role
from app.domain.insert import InsertState
from app.domain.item import Item
from app.flow.queue import MAKE_ITEM
from tests.browser import chromium, serving
from tests.desk import HASH, OPERATOR, PASSWORD, sign_in
from tests.photo_plant import BRAND, PhotoPlant, open_photo_plant
from tests.photos import saved, shipped

SAME = {"Sec-Fetch-Site": "same-origin"}
WOMAN = saved(shipped("astronaut.png").resize((1600, 1600)), quality=90)


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhotoPlant]:
    with open_photo_plant(tmp_path_factory.mktemp("items")) as plant:
        with plant.reception.services.store.transaction() as tx:
            for name, role in ((OPERATOR, Role.OPERATOR), ("Dora", Role.DESIGNER)):
                tx.access.set_operator(Caller(name=name, role=role, brand=BRAND), HASH)
        sign_in(plant.reception.client)
        yield plant


def made(plant: PhotoPlant, number: str) -> Item:
    """An item that waits for its press."""
    order = plant.order({"photo": plant.send(WOMAN).json()["id"], "caption": "Oslo"}, number=number)
    record, place, revision = plant.reception.queue.items.pop()
    plant.flow.tasks[MAKE_ITEM].run(record, place, 0, revision, 0)
    item = plant.item(order["jobs"][0]["id"])
    assert item.state is InsertState.READY
    return item


def address(item: Item) -> str:
    return f"/desk/items/{item.record}/{item.number}"


def post(plant: PhotoPlant, path: str, **fields: Any) -> Any:
    """Send a form as its page does."""
    client = plant.reception.client
    page = client.get(path.rpartition("/")[0])
    (csrf,) = set(re.findall(r'name="csrf" value="([^"]+)"', page.text))
    return client.post(path, data={"csrf": csrf} | fields, headers=SAME, follow_redirects=False)


def test_the_page_shows_what_is_printed_and_what_the_customer_will_see(plant: PhotoPlant) -> None:
    item = made(plant, "I-1")
    client = plant.reception.client
    page = client.get(address(item)).text
    assert "Cookie, 80 mm" in page
    assert "around the faces" in page
    for picture in set(re.findall(r'src="(/desk/items/[^"]+\.jpg)"', page)):
        image = Image.open(io.BytesIO(client.get(picture).content))
        assert max(image.size) > 900
    gone = address(item) + f"/{'0' * 64}/mock-up.jpg"
    assert client.get(gone).status_code == 404
    assert client.get("/desk/items/NOSUCH/1").status_code == 404


def test_a_trial_keeps_nothing(plant: PhotoPlant) -> None:
    item = made(plant, "I-2")
    client = plant.reception.client
    middle, near = (
        client.get(f"{address(item)}/try.jpg?x=0.45&y=0.3&zoom={zoom}").content for zoom in (1, 2)
    )
    assert middle != near
    assert plant.item(item.record) == item
    assert client.get(f"{address(item)}/try.jpg?x=7&y=0").status_code == 422
    too_near = client.get(f"{address(item)}/try.jpg?x=0.5&y=0.5&zoom=8")
    assert too_near.status_code == 422
    assert "ppi" in too_near.text


def test_a_persons_crop_is_printed_and_taken_back(plant: PhotoPlant) -> None:
    item = made(plant, "I-3")
    answer = post(plant, f"{address(item)}/crop", x="0.4", y="0.3", zoom="1.5", turns="0", straighten="2")
    assert answer.status_code == 303
    again = plant.item(item.record)
    assert again.state is InsertState.PLANNED
    assert again.crop is not None
    assert (again.crop.focus, again.crop.zoom, again.crop.straighten) == ((0.4, 0.3), 1.5, 2)
    assert post(plant, f"{address(item)}/choose").status_code == 303
    assert plant.item(item.record).crop is None


def test_words_are_written_otherwise(plant: PhotoPlant) -> None:
    item = made(plant, "I-words")
    page = plant.reception.client.get(address(item)).text
    assert 'name="caption"' in page
    assert post(plant, f"{address(item)}/words", caption=" With love ", name="Anna").status_code == 303
    plant.work()
    again = plant.item(item.record)
    assert (again.state, again.caption, again.name) == (InsertState.ACCEPTED, "With love", "Anna")


def test_it_can_be_held_released_and_stopped(plant: PhotoPlant) -> None:
    item = made(plant, "I-4")
    assert post(plant, f"{address(item)}/hold").status_code == 303
    held = plant.item(item.record)
    assert (held.state, held.reason) == (InsertState.HELD, f"by {OPERATOR}, at the desk")
    assert post(plant, f"{address(item)}/release").status_code == 303
    assert plant.item(item.record).state is InsertState.READY
    assert post(plant, f"{address(item)}/stop", reason="the customer called").status_code == 303
    assert plant.item(item.record).reason == "the customer called"
    assert "The rest of the order goes on." in plant.reception.client.get(address(item)).text


def test_only_who_may_changes_it(plant: PhotoPlant) -> None:
    item = made(plant, "I-5")
    client = plant.reception.client
    assert client.post(f"{address(item)}/hold", data={"csrf": "guessed"}, headers=SAME).status_code == 403


@pytest.fixture
def page(plant: PhotoPlant) -> Iterator[Page]:
    failed: list[str] = []
    with chromium() as browser, serving(plant.reception.client.app) as served:
        context = browser.new_context(viewport={"width": 1360, "height": 900}, base_url=served)
        page = context.new_page()
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto("/desk/orders")
        page.get_by_label("Name").fill(OPERATOR)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Sign out")).to_be_visible()
        yield page
        context.close()
    assert failed == []


def test_the_handles_in_a_browser(plant: PhotoPlant, page: Page) -> None:
    item = made(plant, "I-6")
    page.goto(address(item))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.get_by_role("slider", name="Nearer").fill("2")
    expect(page.locator("#handled")).to_contain_text("how it would be printed")
    before = float(page.get_by_label("Middle, from the left").input_value())
    handle = page.locator(".handle")
    handle.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert float(page.get_by_label("Middle, from the left").input_value()) > before
    handle.drag_to(handle, source_position={"x": 100, "y": 100}, target_position={"x": 300, "y": 100})
    after = float(page.get_by_label("Middle, from the left").input_value())
    expect(page.locator("#flat")).to_have_attribute("src", re.compile(rf"try\.jpg\?x={after:.4f}&"))
    page.get_by_role("button", name="Print it so").click()
    expect(page.get_by_text("Planned")).to_be_visible()
    crop = plant.item(item.record).crop
    assert crop is not None
    assert (round(crop.focus[0], 4), crop.zoom) == (after, 2)
