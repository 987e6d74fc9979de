"""Pictures of an event on sheets: full ones at once, the rest after a while, each once whatever is killed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from app.domain.photo import Crop
from app.domain.product import GangLayout, Panel, Shape, Surface
from app.errors import PhotoUnusable
from app.pdf.imprint import Imprint
from app.pdf.preflight import preflight
from app.services.gang.event_queue import SETTLED, EventQueue
from app.services.gang.files import Ganged, GangFiles, Wish
from app.services.print_photo import Item
from tests.photos import TILE
from tests.sheets import PROFILE, block, piece, sheet_writer

_SURFACE = Surface(shape=Shape.RECTANGLE, size=(60, 40), bleed=3, safe=2)
_PRODUCT = replace(
    TILE,
    surface=_SURFACE,
    panels=(Panel(name="front", pictures=(_SURFACE.bleed_box,)),),
    gang=GangLayout(sheet=(150, 120), margin=4, gap=6),
)
_AFTER = timedelta(seconds=30)
_FULL = 4


class _Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class _Printer:
    """Makes a small item of any bytes; those that say so are no picture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(
        self,
        photo: bytes,
        product: str,
        *,
        key: str,
        made_at: datetime,
        crop: Crop | None = None,
        imprint: Imprint | None = None,
    ) -> Item:
        assert imprint is not None
        assert imprint.code == imprint.name == key
        assert (product, crop) == (_PRODUCT.name, None)
        assert made_at.tzinfo is UTC
        if photo == b"broken":
            raise PhotoUnusable("it is cut off", mend="send it again")
        path = piece(self._folder / key, [block("0.2 0 0 0", -3, -3, 66, 46)])
        return Item(pdf=path.read_bytes(), developed=cast("Any", None), report={})


@pytest.fixture(scope="module")
def gang() -> GangFiles:
    return GangFiles(profiles={PROFILE.name: PROFILE}, writer=sheet_writer(), preflight=preflight)


class _Event:
    """A folder with a queue over it, and a clock that goes on by hand."""

    def __init__(self, folder: Path, gang: Callable[..., Ganged]) -> None:
        self.pictures, self.out = folder / "in", folder / "out"
        self.pictures.mkdir()
        (folder / "scratch").mkdir()
        self._printer = _Printer(folder / "scratch")
        self.gang = gang
        self.clock = _Clock()
        self.queue = self.start()

    def start(self) -> EventQueue:
        """A new process."""
        self.queue = EventQueue(
            folder=self.pictures,
            out=self.out,
            product=_PRODUCT,
            printer=self._printer,
            gang=cast("GangFiles", self.gang),
            sheet_after=_AFTER,
            clock=self.clock,
        )
        return self.queue

    def come(self, *names: str, content: bytes | None = None) -> None:
        for name in names:
            (self.pictures / name).write_bytes(content or name.encode())

    def pass_by(self, time: timedelta) -> tuple[list[str], list[str], int]:
        """Look, wait, look again: sheets made, pictures refused, how many wait."""
        first = self.queue.tick()
        self.clock.at += time
        then = self.queue.tick()
        sheets = [path.name for path in (*first.sheets, *then.sheets)]
        return sheets, [path.name for path, _ in (*first.refused, *then.refused)], then.waiting

    def placed(self) -> list[list[str]]:
        """The pictures of each sheet."""
        lists = sorted(self.out.glob("tile-*.json"))
        sheets = [json.loads(path.read_text())["sheets"] for path in lists]
        return [[place["record"] for each in sheet for place in each["places"]] for sheet in sheets]


@pytest.fixture
def event(tmp_path: Path, gang: GangFiles) -> _Event:
    return _Event(tmp_path, gang)


def test_a_full_sheet_is_made_at_once_and_the_rest_after_a_while(event: _Event) -> None:
    event.come(*(f"{number}.jpg" for number in range(5)))
    assert event.pass_by(SETTLED) == (["tile-00001.pdf"], [], 1)
    assert event.pass_by(_AFTER) == (["tile-00002.pdf"], [], 0)
    assert event.placed() == [["0", "1", "2", "3"], ["4"]]
    assert sorted(path.name for path in (event.pictures / "done").iterdir()) == [
        f"{number}.jpg" for number in range(5)
    ]
    assert not list((event.out / "items").iterdir())


def test_a_file_that_still_grows_is_left_alone(event: _Event) -> None:
    event.come("a.jpg", "b.jpg.part", ".hidden.jpg")
    (event.pictures / "empty.jpg").touch()
    (event.pictures / "folder").mkdir()
    (event.pictures / "link.jpg").symlink_to(event.pictures / "a.jpg")
    for size in range(3):
        event.queue.tick()
        event.clock.at += SETTLED / 2
        event.come("a.jpg", content=b"more" * (size + 1))
    assert event.queue.tick().waiting == 0
    assert event.pass_by(SETTLED) == ([], [], 1)


def test_a_bad_picture_is_put_aside_with_its_reason(event: _Event) -> None:
    event.come("a.jpg")
    event.come("bad.jpg", content=b"broken")
    assert event.pass_by(SETTLED) == ([], ["bad.jpg"], 1)
    assert (event.pictures / "refused" / "bad.jpg").exists()
    (refused,) = (event.out / "refused.jsonl").read_text().splitlines()
    assert json.loads(refused) == {"file": "bad.jpg", "reason": "it is cut off", "mend": "send it again"}


def test_one_name_with_other_bytes_is_another_picture(event: _Event) -> None:
    event.come("a.jpg", content=b"one")
    event.pass_by(SETTLED)
    event.pass_by(_AFTER)
    event.come("a.jpg", content=b"two")
    event.pass_by(SETTLED)
    event.pass_by(_AFTER)
    assert event.placed() == [["a"], ["a"]]
    assert {path.name for path in (event.pictures / "done").iterdir()} == {"a.jpg", "a~2.jpg"}


def test_what_waited_when_it_was_killed_comes_on_a_sheet(event: _Event) -> None:
    event.come("a.jpg")
    assert event.pass_by(SETTLED)[2] == 1
    event.start()
    event.pass_by(SETTLED)
    event.pass_by(_AFTER)
    assert event.placed() == [["a"]]


def test_a_kill_after_a_sheet_prints_nothing_again(event: _Event) -> None:
    event.come(*(f"{number}.jpg" for number in range(_FULL)))
    made = event.gang

    def killed(wish: Wish) -> Ganged:
        made(wish)
        raise KeyboardInterrupt

    event.gang = killed
    event.start().tick()
    event.clock.at += SETTLED
    with pytest.raises(KeyboardInterrupt):
        event.queue.tick()
    event.gang = made
    event.start()
    assert event.pass_by(SETTLED) == ([], [], 0)
    assert event.placed() == [["0", "1", "2", "3"]]
    assert not [path for path in event.pictures.iterdir() if path.is_file()]


def test_a_sheet_that_was_listed_but_not_made_does_not_count(event: _Event) -> None:
    event.come(*(f"{number}.jpg" for number in range(_FULL)))
    event.pass_by(SETTLED)
    (event.out / "tile-00001.pdf").unlink()
    for path in (event.pictures / "done").iterdir():
        path.rename(event.pictures / path.name)
    event.start()
    assert event.pass_by(SETTLED)[0] == ["tile-00001.pdf"]
