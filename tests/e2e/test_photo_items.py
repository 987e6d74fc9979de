"""Photos in orders: HTTP in, a print-ready item and its ticket out. Each wrong one stops alone."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from app.domain.access import Caller, Role
from app.domain.bench_code import read_bench_code
from app.domain.insert import InsertState
from app.errors import PhotoAway, PhotoUnusable
from tests.desk import HASH, OPERATOR, sign_in
from tests.icc import grey_profile, wide_gamut
from tests.photo_plant import BRAND, PhotoPlant, open_photo_plant
from tests.photos import (
    ICC,
    P3,
    deep_png,
    oriented,
    phone_photo,
    png_head,
    saved,
    scene,
    shipped,
    told_by_numbers,
)

WOMAN = saved(shipped("astronaut.png").resize((1600, 1600)), quality=90)
TINY = saved(shipped("astronaut.png").resize((300, 300)))


def zipped() -> bytes:
    """A ZIP archive, which may stand behind anything."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.js", "alert(1)")
    return out.getvalue()


def every_kind() -> dict[str, bytes]:
    """The scene as cameras, phones and programs send it."""
    still, later = scene(), Image.new("RGB", (640, 480), "black")
    moving = {"save_all": True, "append_images": [later]}
    return {
        "HEIC": phone_photo("phone.heic"),
        "HEIC, 10 bits": phone_photo("deep.heic"),
        "AVIF": phone_photo("phone.avif"),
        "AVIF, P3 by numbers": told_by_numbers(saved(still, "AVIF", quality=92, speed=9), P3),
        "PNG, 16 bits": deep_png(still),
        "JPEG in P3": saved(still, icc_profile=wide_gamut(), quality=92),
        "JPEG in CMYK": saved(still.convert("CMYK"), icc_profile=ICC.read_bytes(), quality=92),
        "PNG in grey": saved(still.convert("L"), "PNG", icc_profile=grey_profile()),
        "moving WebP": saved(still, "WEBP", **moving),
        "moving GIF": saved(still, "GIF", **moving),
        "two pictures in a JPEG": saved(still, "MPO", **moving),
        "TIFF": oriented(still, 6, "TIFF"),
        **{f"JPEG, orientation {number}": oriented(still, number) for number in range(1, 9)},
    }


KINDS = every_kind()


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhotoPlant]:
    with open_photo_plant(tmp_path_factory.mktemp("photos")) as plant:
        yield plant


@pytest.fixture
def other(tmp_path: Path) -> Iterator[PhotoPlant]:
    """A plant of one's own."""
    with open_photo_plant(tmp_path, consent_by_contract=False) as plant:
        yield plant


def files_below(folder: Path) -> set[str]:
    """Every stored file that is a photo or shows one."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.suffix for path in found if path.suffix in {".photo", ".pdf", ".spooled", ".upload", ".jpg"}}


def test_an_uploaded_photo_becomes_a_print_ready_item_beside_the_card(plant: PhotoPlant) -> None:
    sent = plant.send(WOMAN, product=["edible-cookie", "latte-foam"])
    assert sent.status_code == 201, sent.text
    photo = sent.json()
    assert (photo["width"], photo["height"], photo["kind"]) == (1600, 1600, "JPEG")
    assert [one["printable"] for one in photo["products"]] == [True, True]
    order = plant.order({"photo": photo["id"], "caption": "Oslo"}, number="P-up")
    (item,) = order["items"]
    assert (item["state"], item["product"]) == ("planned", "edible-cookie")
    assert order["card"] is not None
    plant.work()
    read = plant.reception.get(f"/v1/jobs/{order['jobs'][0]['id']}/items/1")
    made = read.json()
    assert made["state"] == "accepted", made
    assert made["chosen_by"] == "faces"
    assert made["ppi"] > 225
    code = read_bench_code(plant.reception.services.secret.bench, made["bench_code"])
    assert (code.record, code.component, code.generation) == (order["jobs"][0]["id"], 1, 0)
    pdf = plant.reception.get(made["links"]["pdf"].removeprefix("http://127.0.0.1:8000"))
    assert pdf.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.content)) as file:
        assert len(file.pages) == 1
    press = plant.reception.services.settings.data_dir / "hot-folder"
    ticket = json.loads((press / f"{made['record']}-1-0.json").read_bytes())
    assert (ticket["product"], ticket["component"]) == ("edible-cookie", 1)
    assert (press / f"{made['record']}-1-0.pdf").read_bytes() == pdf.content
    picture = plant.reception.get(f"/v1/jobs/{made['job']}/items/1/item.jpg?size=thumb")
    assert Image.open(io.BytesIO(picture.content)).size[0] > 100


def test_a_photo_inside_the_order_is_not_kept_with_it(plant: PhotoPlant) -> None:
    order = plant.order({"data": base64.b64encode(WOMAN).decode()}, number="P-in")
    with plant.reception.services.store.reading() as tx:
        stored = tx.orders.get(order["id"]).order
    assert stored.jobs[0].items[0].inline == b""
    plant.work()
    item = plant.item(order["jobs"][0]["id"])
    assert (item.state, item.source.sha256) == (InsertState.ACCEPTED, "")
    assert ".spooled" not in files_below(plant.reception.services.artifacts.folder)


def test_the_same_photo_is_kept_once(plant: PhotoPlant) -> None:
    first, again = plant.send(WOMAN), plant.send(WOMAN)
    assert first.json()["id"] == again.json()["id"]
    form = plant.reception.client.post(
        "/v1/photos", params={"brand": BRAND}, files={"photo": ("me.jpg", WOMAN)}, headers=plant.key
    )
    assert form.json()["id"] == first.json()["id"]


def test_a_photo_behind_an_address_is_fetched(plant: PhotoPlant, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        if len(asked) == 1:
            raise PhotoAway("the photo's server answers 503")
        return WOMAN

    monkeypatch.setattr(plant.make, "_fetch", fetch)
    order = plant.order({"url": "https://photos.example.com/1.jpg"}, number="P-url")
    plant.work()
    record = order["jobs"][0]["id"]
    waiting = plant.item(record)
    assert waiting.state is InsertState.PLANNED
    assert "503" in waiting.reason
    plant.make(record, 1, 0, 0, 1)
    plant.make(record, 1, 0, 0, 1)
    assert plant.item(record).state is InsertState.READY
    assert asked == ["https://photos.example.com/1.jpg"] * 2


@pytest.mark.parametrize(
    ("photo", "sku", "reason", "message"),
    [
        (None, "CK-80", "names no photo", "nicht bei uns angekommen"),
        ({"url": "https://p.example/1.jpg"}, "XX-1", "'XX-1' is no photo product", ""),
        ({"url": "https://p.example/1.jpg", "product": "hat"}, "CK-80", "no product 'hat'", ""),
        ({"url": "file:///etc/passwd"}, "CK-80", "none of the web", "nicht bei uns angekommen"),
        ({"photo": "0123456789ABC"}, "CK-80", "there is no photo", "nicht bei uns angekommen"),
        ({"url": "https://p.example/1.jpg", "consent": False}, "CK-80", "agree to it", "bestätigen"),
    ],
)
def test_what_cannot_be_made_stops_alone_with_its_reason(
    plant: PhotoPlant, photo: Any, sku: str, reason: str, message: str
) -> None:
    order = plant.order(photo, number=f"P-{reason}", sku=sku)
    (item,) = order["items"]
    assert item["state"] == "failed"
    assert reason in item["reason"]
    assert message in item["message_for_customer"]
    assert order["card"]["state"] == "planned"


def test_a_job_without_a_photo_or_a_photo_sku_is_no_item(plant: PhotoPlant) -> None:
    assert plant.order(None, sku="PB-A4-40", number="P-none")["items"] == []


def test_a_photo_with_too_few_pixels_stops_with_words_for_the_customer(plant: PhotoPlant) -> None:
    order = plant.order({"photo": plant.send(TINY).json()["id"]}, number="P-tiny", sku="PC-A6")
    plant.work()
    item = plant.item(order["jobs"][0]["id"])
    assert item.state is InsertState.FAILED
    assert "300 × 300 pixels" in item.reason
    assert "zu klein" in item.customer_message
    with plant.reception.services.store.reading() as tx:
        told = [json.loads(one.body) for one in tx.deliveries.of_order(order["id"])]
    (failed,) = [one for one in told if one["type"] == "item.failed"]
    assert "zu klein" in failed["data"]["message_for_customer"]


def test_a_failure_is_told_once_a_generation(plant: PhotoPlant) -> None:
    order = plant.order({"photo": plant.send(TINY).json()["id"]}, number="P-twice", sku="PC-A6")
    record, client = order["jobs"][0]["id"], plant.reception.client
    for zoom in (None, 2, 3):
        if zoom:
            again = client.patch(
                f"/v1/jobs/{record}/items/1", json={"zoom": zoom}, headers=plant.key | {"If-Match": "*"}
            )
            assert again.json()["state"] == "planned"
        plant.work()
        assert plant.item(record).state is InsertState.FAILED
    with plant.reception.services.store.reading() as tx:
        told = [json.loads(one.body)["type"] for one in tx.deliveries.of_order(order["id"])]
    assert told.count("item.failed") == 1


def test_an_upload_to_a_full_disk_is_asked_for_again(
    plant: PhotoPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for place in ("app.web.api.photos.NamedTemporaryFile", "app.store.artifacts.write_durably"):
        with monkeypatch.context() as disk:
            disk.setattr(place, full)
            answer = plant.send(saved(scene(200, 200)))
        assert (answer.status_code, answer.headers["retry-after"] != "") == (507, True)
        assert "No space left" in answer.json()["detail"]
    assert plant.send(saved(scene(200, 200))).status_code == 201


def test_a_soft_photo_waits_for_somebody_and_goes_on(plant: PhotoPlant) -> None:
    soft = saved(shipped("astronaut.png").resize((380, 380)))
    order = plant.order({"photo": plant.send(soft).json()["id"]}, number="P-soft")
    plant.work()
    path = f"/v1/jobs/{order['jobs'][0]['id']}/items/1"
    held = plant.reception.get(path)
    assert (held.json()["state"], held.json()["warnings"]) == ("held", ["soft"])
    assert "soft" in held.json()["reason"]
    client = plant.reception.client
    assert client.post(f"{path}/release", headers=plant.key).status_code == 428
    stale = client.post(f"{path}/release", headers=plant.key | {"If-Match": '"0-7-held"'})
    assert stale.status_code == 412
    done = client.post(f"{path}/release", headers=plant.key | {"If-Match": held.headers["etag"]})
    assert done.json()["state"] == "ready"
    assert plant.reception.queue.handings == [f"{held.json()['record']}-1-0 1 first"]


def test_another_crop_is_tried_and_then_made(plant: PhotoPlant) -> None:
    order = plant.order({"photo": plant.send(WOMAN).json()["id"]}, number="P-crop")
    record = order["jobs"][0]["id"]
    path, client = f"/v1/jobs/{record}/items/1", plant.reception.client
    plant.make(record, 1, 0, 0, 0)
    plant.reception.queue.items.clear()
    before = plant.item(record)
    seen = client.post(f"{path}/try", json={"focus": [0.3, 0.4], "zoom": 1.3}, headers=plant.key)
    assert Image.open(io.BytesIO(seen.content)).size[0] > 500
    assert plant.item(record) == before
    cropped = client.patch(
        path, json={"focus": [0.3, 0.4], "zoom": 1.3}, headers=plant.key | {"If-Match": "*"}
    )
    assert (cropped.json()["state"], cropped.json()["crop"]["zoom"]) == ("planned", 1.3)
    plant.work()
    after = plant.item(record)
    assert after.finding is not None
    assert after.finding.chosen_by == "person"
    assert (after.state, after.revision, after.generation) == (InsertState.ACCEPTED, 1, 0)
    assert after.pdf_sha256 != before.pdf_sha256
    refused = client.patch(path, json={"zoom": 2}, headers=plant.key | {"If-Match": "*"})
    assert refused.status_code == 409


def test_a_printed_item_is_printed_again_as_the_next_generation(plant: PhotoPlant) -> None:
    order = plant.order({"photo": plant.send(WOMAN).json()["id"]}, number="P-again")
    record = order["jobs"][0]["id"]
    plant.work()
    first = plant.item(record)
    again = plant.reception.client.post(
        f"/v1/jobs/{record}/reprint", json={"reason": "damaged", "component": 1}, headers=plant.key
    )
    assert again.status_code == 200, again.text
    plant.work()
    second = plant.item(record)
    assert (second.state, second.generation) == (InsertState.ACCEPTED, 1)
    assert second.bench_code != first.bench_code
    press = plant.reception.services.settings.data_dir / "hot-folder"
    assert (press / f"{record}-1-1.pdf").exists()


def test_the_orders_page_shows_its_items(plant: PhotoPlant) -> None:
    order = plant.order({"photo": plant.send(WOMAN).json()["id"]}, None, number="P-page")
    plant.work()
    with plant.reception.services.store.transaction() as tx:
        tx.access.set_operator(Caller(name=OPERATOR, role=Role.OPERATOR, brand=BRAND), HASH)
    client = plant.reception.client
    sign_in(client)
    page = client.get(f"/desk/orders/{order['id']}")
    assert page.status_code == 200
    assert "2 photo items" in page.text
    assert page.text.count("<bdi>Cookie, 80 mm</bdi>") == 2
    assert ">edible-cookie<" not in page.text
    assert "names no photo" in page.text
    picture = re.findall(r'src="(/desk/items/[^"]+)"', page.text)
    assert len(picture) == 1
    assert Image.open(io.BytesIO(client.get(picture[0]).content)).size[0] > 100
    missing = picture[0].replace("/1/", "/2/", 1)
    assert client.get(missing).status_code == 404


def test_held_before_it_was_made_it_is_made_after_its_release(plant: PhotoPlant) -> None:
    order = plant.order({"photo": plant.send(WOMAN).json()["id"]}, number="P-hold")
    record = order["jobs"][0]["id"]
    path, client, any_ = f"/v1/jobs/{record}/items/1", plant.reception.client, plant.key | {"If-Match": "*"}
    assert client.post(f"{path}/hold", json={"reason": "we ask"}, headers=any_).json()["reason"] == "we ask"
    plant.work()
    assert plant.item(record).state is InsertState.HELD
    client.post(f"{path}/release", headers=any_)
    plant.work()
    assert plant.item(record).state is InsertState.ACCEPTED
    assert client.post(f"{path}/stop", json={"reason": "too late"}, headers=any_).status_code == 409


def test_a_stopped_item_says_who_and_why(plant: PhotoPlant) -> None:
    order = plant.order({"photo": plant.send(WOMAN).json()["id"]}, number="P-stop")
    record = order["jobs"][0]["id"]
    stopped = plant.reception.client.post(
        f"/v1/jobs/{record}/items/1/stop", json={"reason": "not ours"}, headers=plant.key | {"If-Match": "*"}
    )
    assert (stopped.json()["state"], stopped.json()["reason"]) == ("failed", "not ours")
    plant.work()
    assert plant.item(record).state is InsertState.FAILED


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 422, "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "SVG"),
        (b"<!DOCTYPE html><title>photo.jpg</title>", 422, "a web page"),
        (WOMAN[:5000], 422, "cut off"),
        (WOMAN + zipped(), 422, "a ZIP archive as well"),
        (saved(Image.new("L", (30_000, 1)), "PNG"), 422, "a strip"),
        (png_head(30_000, 30_000), 422, "up to 64 million"),
        (b"x" * (60 * 2**20 + 70_000), 413, "bytes"),
    ],
)
def test_what_is_no_photo_is_refused_with_its_reason(
    plant: PhotoPlant, body: bytes, status: int, says: str
) -> None:
    answer = plant.send(body)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_goes_the_whole_way(plant: PhotoPlant, kind: str) -> None:
    sent = plant.send(KINDS[kind])
    assert sent.status_code == 201, sent.text
    photo = sent.json()
    assert (photo["width"], photo["height"]) == (640, 480)
    assert (photo["colour_profile"] == "Display P3") == kind.endswith("by numbers")
    master = plant.reception.get(f"/v1/photos/{photo['id']}/photo.jpg").content
    for secret in (b"Exif", b"at home", b"ftyp", b"GPS"):
        assert secret not in master
    kept = Image.open(io.BytesIO(master)).convert("L")
    assert np.abs(np.asarray(kept, dtype=int) - np.asarray(scene().convert("L"), dtype=int)).mean() < 8
    order = plant.order({"photo": photo["id"], "product": "latte-foam"}, number=f"P-{kind}")
    plant.work()
    assert plant.item(order["jobs"][0]["id"]).state is InsertState.ACCEPTED


def test_other_brands_see_nothing(plant: PhotoPlant) -> None:
    photo = plant.send(WOMAN).json()["id"]
    theirs = {"Authorization": f"Bearer {plant.reception.add_key(Role.PLANT, 'maple-row')}"}
    client = plant.reception.client
    assert client.get(f"/v1/photos/{photo}", headers=theirs).status_code == 404
    assert client.delete(f"/v1/photos/{photo}", headers=theirs).status_code == 404
    assert client.post("/v1/photos?brand=fernweh", content=WOMAN, headers=theirs).status_code == 403


def test_without_consent_an_item_stops_unless_the_order_says_so(other: PhotoPlant) -> None:
    photo = other.send(WOMAN).json()["id"]
    silent = other.order({"photo": photo}, number="A")
    agreed = other.order({"photo": photo, "consent": True}, number="B")
    assert (silent["items"][0]["state"], agreed["items"][0]["state"]) == ("failed", "planned")


def test_an_expired_photo_is_gone_from_everywhere(other: PhotoPlant) -> None:
    services = other.reception.services
    until = (other.reception.clock.now() + timedelta(days=2)).isoformat()
    photo = other.send(WOMAN, expires_at=until).json()["id"]
    made = other.order({"photo": photo, "consent": True}, number="A")
    other.work()
    other.reception.get(f"/v1/jobs/{made['jobs'][0]['id']}/items/1/item.jpg")
    waiting = other.order({"photo": photo, "consent": True}, number="B")
    sweep = other.flow.expire
    assert sweep() == 0
    assert files_below(services.settings.data_dir / "artifacts") == {".photo", ".pdf"}
    other.reception.clock.advance(timedelta(days=3))
    assert sweep() == 1
    assert files_below(services.settings.data_dir / "artifacts") == set()
    assert files_below(services.settings.data_dir / "previews") == set()
    assert other.item(waiting["jobs"][0]["id"]).state is InsertState.FAILED
    assert other.item(made["jobs"][0]["id"]).state is InsertState.ACCEPTED
    gone = other.reception.get(f"/v1/photos/{photo}")
    assert gone.status_code == 404
    assert "its time was over" in gone.json()["detail"]
    assert sweep() == 0
    assert other.send(WOMAN).status_code == 201


def test_erasing_the_customer_erases_their_photos_at_once(other: PhotoPlant) -> None:
    photo = other.send(WOMAN).json()["id"]
    order = other.order({"photo": photo, "consent": True, "caption": "for Jonna"}, number="A")
    other.work()
    client, folder = other.reception.client, other.reception.services.settings.data_dir / "artifacts"
    answer = client.post(
        "/v1/customers/id:c-A/events",
        json={"events": [{"id": "e1", "type": "erased", "at": other.reception.clock.now().isoformat()}]},
        params={"brand": BRAND},
        headers=other.key,
    )
    assert answer.status_code < 300, answer.text
    assert files_below(folder) == set()
    item = other.item(order["jobs"][0]["id"])
    assert (item.caption, item.source.photo, item.pdf_sha256) == ("", "", None)
    assert other.reception.get(f"/v1/photos/{photo}").status_code == 404


def test_an_upload_is_answered_in_the_language_that_its_customer_reads(plant: PhotoPlant) -> None:
    said = {
        language: plant.send(TINY, product=["photo-card-a6"], reads=language).json()["products"][0]
        for language in ("fr-CA, en;q=0.8", "sw", "")
    }
    assert {verdict["printable"] for verdict in said.values()} == {False}
    messages = {language: verdict["message_for_customer"] for language, verdict in said.items()}
    assert messages["fr-CA, en;q=0.8"].startswith("Votre photo est trop petite")
    assert messages["sw"] == messages[""]
    assert messages[""].startswith("Your photo is too small")


def test_a_fault_of_the_fetch_is_told_in_words(plant: PhotoPlant, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_url: str) -> bytes:
        raise PhotoUnusable("the photo's server answers 404", mend="check it", reason="not_there")

    monkeypatch.setattr(plant.make, "_fetch", refuse)
    order = plant.order({"url": "https://photos.example.com/2.jpg"}, number="P-404")
    plant.work()
    item = plant.item(order["jobs"][0]["id"])
    assert item.state is InsertState.FAILED
    assert "404" in item.reason
    assert "Adresse" in item.customer_message


def test_words_that_do_not_fit_are_written_otherwise(plant: PhotoPlant) -> None:
    photo = plant.send(WOMAN).json()["id"]
    order = plant.order({"photo": photo, "name": "Bartholomew " * 8, "caption": "Hi"}, number="P-words")
    plant.work()
    address = f"/v1/jobs/{order['jobs'][0]['id']}/items/1"
    refused = plant.reception.get(address)
    assert refused.json()["state"] == "failed"
    assert "too many for its 40 × 10 mm" in refused.json()["reason"]
    said = "Der Text (Name) ist zu lang, um gedruckt zu werden. Bitte kürzen."
    assert refused.json()["message_for_customer"] == said
    client, words = plant.reception.client, {"caption": "", "name": "Bart"}
    assert client.put(f"{address}/words", json=words, headers=plant.key).status_code == 428
    headers = plant.key | {"If-Match": refused.headers["ETag"]}
    bad = client.put(f"{address}/words", json={"caption": "", "name": "\u202eBart"}, headers=headers)
    assert (bad.status_code, bad.headers["content-type"]) == (422, "application/problem+json")
    changed = client.put(f"{address}/words", json=words, headers=headers)
    assert (changed.status_code, changed.json()["state"]) == (200, "planned")
    plant.work()
    made = plant.reception.get(address).json()
    assert (made["state"], made["name"], made["caption"]) == ("accepted", "Bart", "")
    assert made["message_for_customer"] == ""


def test_words_without_a_place_stop_their_item_alone(plant: PhotoPlant) -> None:
    photo = plant.send(WOMAN).json()["id"]
    wish = {"photo": photo, "caption": "Hi", "product": "crew-sock"}
    order = plant.order(wish, {"photo": photo, "name": "Anna"}, number="P-place")
    socks, cookie = order["items"]
    assert (socks["state"], cookie["state"]) == ("failed", "planned")
    assert "has no place for one" in socks["reason"]
    assert socks["message_for_customer"].startswith("Auf diesem Produkt ist kein Platz")
