from __future__ import annotations

import io

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.errors import NotFound
from app.services.preview_card import Look, PictureSize
from tests.desk import Plant, sign_in
from tests.sent import Sent
from tests.sound_pdf import append, rectangle, saved, sound, with_spot


@pytest.fixture
def sent(plant: Plant) -> Sent:
    sent = plant.print(Sent(number="N-1"))
    plant.send(sent)
    return sent


def address(sent: Sent, picture: str) -> str:
    return f"/desk/cards/{sent.job_id}/{sent.pdf}/{picture}.jpg"


def test_a_thumbnail_shows_the_card_as_it_is_cut(client: TestClient, sent: Sent) -> None:
    picture = Image.open(io.BytesIO(client.get(address(sent, "front-thumb")).content))
    assert picture.size == pytest.approx((105 / 25.4 * 40, 148 / 25.4 * 40), abs=1)


def test_a_large_picture_shows_the_bleed_too(client: TestClient, sent: Sent) -> None:
    picture = Image.open(io.BytesIO(client.get(address(sent, "back-large")).content))
    assert picture.size == pytest.approx((111 / 25.4 * 192, 154 / 25.4 * 192), abs=1)


def test_both_sides_are_drawn_once(client: TestClient, plant: Plant, sent: Sent) -> None:
    for picture in ("front-thumb", "back-thumb", "front-thumb"):
        assert client.get(address(sent, picture)).status_code == 200
    assert plant.drawn == [40]


def test_a_browser_need_not_ask_twice(client: TestClient, plant: Plant, sent: Sent) -> None:
    answer = client.get(address(sent, "front-thumb"))
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = client.get(address(sent, "front-thumb"), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert plant.drawn == [40]


def test_it_can_be_drawn_beforehand_and_forgotten(client: TestClient, plant: Plant, sent: Sent) -> None:
    previews = plant.desk().previews
    assert sent.pdf
    previews.draw(sent.pdf, Look(size=PictureSize.THUMB))
    client.get(address(sent, "front-thumb"))
    assert plant.drawn == [40]
    previews.forget(sent.pdf)
    client.get(address(sent, "front-thumb"))
    assert plant.drawn == [40, 40]


def test_a_side_that_is_not_there_is_not_found(plant: Plant, sent: Sent) -> None:
    with pytest.raises(NotFound, match="no side 3"):
        plant.desk().previews.picture(sent.pdf or "", 2, Look(size=PictureSize.THUMB))


@pytest.mark.parametrize(
    "path",
    ["J/{sha}/front-thumb.jpg", "{job}/" + "0" * 64 + "/front-thumb.jpg", "{job}/../x/front-thumb.jpg"],
)
def test_only_the_jobs_own_card_is_shown(client: TestClient, sent: Sent, path: str) -> None:
    address = path.format(sha=sent.pdf, job=sent.job_id)
    assert client.get(f"/desk/cards/{address}").status_code == 404


@pytest.mark.parametrize("picture", ["inside-thumb", "front-huge"])
def test_an_unknown_side_or_size_is_refused(client: TestClient, sent: Sent, picture: str) -> None:
    assert client.get(address(sent, picture)).status_code == 422


def test_another_brands_card_is_not_shown(stranger: TestClient, plant: Plant, sent: Sent) -> None:
    plant.add_person("Salma", brand="maple-row")
    sign_in(stranger, "Salma")
    assert stranger.get(address(sent, "front-thumb")).status_code == 404


PATCH = rectangle(40, 20, 15, 15)


@pytest.fixture
def heavy(plant: Plant) -> Sent:
    """A card with a spot ink and a patch of 330 % ink."""
    pdf = with_spot(sound())
    append(pdf, b"1 0.9 0.8 0.6 k " + PATCH + b"f /Spot cs 1 scn " + rectangle(60, 20, 9, 9) + b"f")
    sent = plant.print(Sent(number="N-2"), saved(pdf))
    plant.send(sent)
    return sent


def pixel(client: TestClient, sent: Sent, query: str, x: float, y: float) -> tuple[int, ...]:
    """A place in mm from the trim, on the front."""
    answer = client.get(f"{address(sent, 'front-large')}?{query}")
    assert answer.status_code == 200, answer.text
    with Image.open(io.BytesIO(answer.content)) as picture:
        found = picture.convert("RGB").getpixel((int((x + 3) / 25.4 * 192), int((y + 3) / 25.4 * 192)))
    assert isinstance(found, tuple)
    return found


def test_a_plate_is_seen_as_it_is_and_inks_together_in_their_colours(client: TestClient, heavy: Sent) -> None:
    assert pixel(client, heavy, "view=separations&ink=Gold", 64, 24) == pytest.approx((0, 0, 0), abs=4)
    assert pixel(client, heavy, "view=separations&ink=Gold", 47, 27) == pytest.approx((255,) * 3, abs=4)
    red, green, blue = pixel(client, heavy, "view=separations&ink=Magenta&ink=Yellow", 47, 27)
    assert red > 180 > green
    assert blue < 140


def test_all_plates_are_drawn_when_one_is_wanted(client: TestClient, plant: Plant, heavy: Sent) -> None:
    for ink in ("Cyan", "Black", "Gold"):
        pixel(client, heavy, f"view=separations&ink={ink}", 10, 10)
    assert plant.drawn == [192]


def test_the_heat_map_holds_the_ink_to_the_limit_in_its_address(client: TestClient, heavy: Sent) -> None:
    over = pytest.approx((214, 0, 108), abs=12)
    assert pixel(client, heavy, "view=ink&limit=300", 50, 30) == over
    assert pixel(client, heavy, "view=ink&limit=340", 50, 30) != over


def test_each_look_has_its_own_tag(client: TestClient, heavy: Sent) -> None:
    queries = ("", "view=proof", "view=proof&intent=relative", "view=ink", "view=ink&limit=320")
    tags = {client.get(f"{address(heavy, 'front-large')}?{one}").headers["etag"] for one in queries}
    assert len(tags) == len(queries)


def test_an_ink_that_the_card_lacks_is_not_found(client: TestClient, heavy: Sent) -> None:
    answer = client.get(f"{address(heavy, 'front-large')}?view=separations&ink=Teal")
    assert answer.status_code == 404
    assert "Teal" in answer.text
