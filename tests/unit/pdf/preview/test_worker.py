from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from app.errors import PreviewFailed
from app.pdf.preview import Area, PreviewWorker, View, Wanted, draw
from tests.sound_pdf import append, saved, sound

CARD = saved(sound())


@pytest.fixture
def worker() -> Iterator[PreviewWorker]:
    started = PreviewWorker()
    yield started
    started.close()


def page_images(
    pdf: bytes, dpi: float, area: Area = "bleed", worker: PreviewWorker | None = None
) -> list[bytes]:
    pictures = (worker.draw if worker else draw)(pdf, Wanted(dpi=dpi, area=area))
    assert [picture.page for picture in pictures] == list(range(1, len(pictures) + 1))
    return [picture.content for picture in pictures]


def size(jpeg: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert picture.format == "JPEG"
        return picture.size


def test_each_page_is_a_picture_of_the_whole_bleed() -> None:
    front, back = page_images(CARD, 100)
    assert size(front) == pytest.approx((111 / 25.4 * 100, 154 / 25.4 * 100), abs=1)
    assert size(back) == size(front)
    assert front != back


def test_the_bleed_can_be_cut_off() -> None:
    assert size(page_images(CARD, 100, "trim")[0]) == pytest.approx((413, 583), abs=1)


def test_the_place_of_things_is_right() -> None:
    with Image.open(io.BytesIO(page_images(CARD, 72)[0])) as picture:
        scale = 72 / 25.4
        red, green, blue = picture.getpixel((int(64 * scale), int(104 * scale)))  # type: ignore[misc]
    assert min(red, green, blue) > 250, "the QR's white field starts 60 mm and 100 mm into the trim"


@pytest.mark.parametrize("data", [b"", b"nothing", CARD[:3000]])
def test_what_cannot_be_drawn_says_so(worker: PreviewWorker, data: bytes) -> None:
    with pytest.raises(PreviewFailed, match="it cannot be drawn"):
        page_images(data, 72, worker=worker)
    assert page_images(CARD, 20, worker=worker)


def test_a_page_of_too_many_pixels_is_refused(worker: PreviewWorker) -> None:
    with pytest.raises(PreviewFailed, match="pixels"):
        page_images(CARD, 5000, worker=worker)


def test_a_file_of_too_many_pages_is_refused(worker: PreviewWorker) -> None:
    pdf = pikepdf.new()
    for _ in range(17):
        pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    with pytest.raises(PreviewFailed, match="17 pages are wanted"):
        page_images(out.getvalue(), 20, worker=worker)


def test_some_of_many_pages_can_be_drawn() -> None:
    pictures = draw(CARD, Wanted(pages=(2,), dpi=20, file="png"))
    assert [picture.page for picture in pictures] == [2]
    assert pictures[0].content.startswith(b"\x89PNG")
    with pytest.raises(PreviewFailed, match="it has 2 pages, and no page 3"):
        draw(CARD, Wanted(pages=(3,)))


def test_the_process_has_none_of_the_services_secrets(
    worker: PreviewWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIPIN_DATABASE_URL", "postgresql+psycopg://tipin:secret@db/tipin")
    page_images(CARD, 20, worker=worker)
    assert worker._process is not None
    assert b"secret" not in Path(f"/proc/{worker._process.pid}/environ").read_bytes()


@pytest.mark.parametrize("view", [View.PROOF, View.SEPARATIONS, View.INK])
@pytest.mark.parametrize("data", [b"", b"nothing", CARD[:3000], CARD[:-2000]])
def test_no_view_of_a_broken_file_breaks_more_than_itself(
    worker: PreviewWorker, view: View, data: bytes
) -> None:
    with pytest.raises(PreviewFailed, match="it cannot be drawn"):
        worker.draw(data, Wanted(view=view, dpi=20))
    assert worker.draw(CARD, Wanted(view=view, dpi=20))


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_drawn() -> None:
    pdf = sound()
    append(pdf, b"q " + b"0 0 m 300 0 300 400 0 400 c 150 0 300 200 0 7 c b* " * 60_000 + b"Q")
    impatient = PreviewWorker(seconds=0.05)
    with pytest.raises(PreviewFailed, match="longer than"):
        page_images(saved(pdf), 300, worker=impatient)
    impatient._seconds = 30
    assert len(page_images(CARD, 20, worker=impatient)) == 2
    impatient.close()


def test_a_dead_worker_is_replaced(worker: PreviewWorker) -> None:
    page_images(CARD, 20, worker=worker)
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    assert page_images(CARD, 20, worker=worker)


def test_many_threads_share_one_worker(worker: PreviewWorker) -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: page_images(CARD, 20, worker=worker), range(12)))
    assert all(pictures == drawn[0] for pictures in drawn)
