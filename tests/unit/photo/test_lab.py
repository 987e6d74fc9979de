"""The processes that read photos: what a bad photo may do is end its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from app.errors import PhotoUnusable
from app.photo.develop import develop
from app.photo.lab import PhotoLab
from app.photo.messages import receive, send
from tests.photos import PRESS, TILE, saved, scene


@pytest.fixture(scope="module")
def lab() -> Iterator[PhotoLab]:
    with PhotoLab(1) as lab:
        yield lab


def test_it_gives_what_developing_gives(lab: PhotoLab) -> None:
    assert lab.develop(saved(scene()), TILE, PRESS) == develop(saved(scene()), TILE, PRESS)


def test_a_refusal_comes_back_whole_and_the_process_goes_on(lab: PhotoLab) -> None:
    lab.develop(saved(scene()), TILE, PRESS)
    for data, reason in ((b"", "empty"), (saved(scene())[:900], "damaged"), (b"<svg/>", "no_photo")):
        with pytest.raises(PhotoUnusable) as refused:
            lab.develop(data, TILE, PRESS)
        assert refused.value.reason == reason
        assert refused.value.mend
    assert lab.develop(saved(scene()), TILE, PRESS).ppi > 100


def test_a_photo_that_takes_too_long_is_left() -> None:
    with PhotoLab(1, seconds=0.001) as hasty:
        with pytest.raises(PhotoUnusable) as refused:
            hasty.develop(saved(scene(3000, 2000)), TILE, PRESS)
        assert refused.value.reason == "too_slow"


def test_a_photo_that_ends_its_process_is_refused_and_the_next_one_is_printed(lab: PhotoLab) -> None:
    lab.develop(saved(scene()), TILE, PRESS)
    worker = lab._idle.get_nowait()
    assert worker is not None
    worker._process.kill()
    worker._process.wait()
    lab._idle.put(worker)
    with pytest.raises(PhotoUnusable) as refused:
        lab.develop(saved(scene()), TILE, PRESS)
    assert refused.value.reason == "breaks_reader"
    assert lab.develop(saved(scene()), TILE, PRESS).ppi > 100


def test_memory_is_bounded() -> None:
    """A sound PNG whose pixels take more than its process may have."""
    large = saved(Image.new("RGBA", (7990, 7990)), "PNG", compress_level=1)
    with PhotoLab(1, memory=700 * 2**20) as poor:
        with pytest.raises(PhotoUnusable) as refused:
            poor.develop(large, TILE, PRESS)
        assert refused.value.reason == "too_large"
        assert poor.develop(saved(scene()), TILE, PRESS).ppi > 100


def test_threads_take_turns(lab: PhotoLab) -> None:
    photo = saved(scene())
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: lab.develop(photo, TILE, PRESS), range(8)))
    assert all(one == made[0] for one in made)


def test_its_processes_know_nothing_of_the_plant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPIN_DATABASE_URL", "postgresql://tipin:secret@db/tipin")
    with PhotoLab(1) as lab:
        lab.master(saved(scene()))
        worker = lab._idle.get_nowait()
        assert worker is not None
        said = Path(f"/proc/{worker._process.pid}/environ").read_bytes()
        lab._idle.put(worker)
    assert b"OMP_NUM_THREADS=1" in said
    assert b"secret" not in said


def test_messages_are_as_long_as_they_say() -> None:
    line = io.BytesIO()
    send(b"one", line)
    send(b"", line)
    line.seek(0)
    assert receive(line) == b"one"
    assert receive(line) == b""
    assert receive(line) is None
    with pytest.raises(ValueError, match="a message of"):
        receive(io.BytesIO(b"\xff" * 20))
