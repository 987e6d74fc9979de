"""The demo waits for its orders, but not in silence and not for ever."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from app.demo.history import DemoOrder
from app.demo.senders import Answer
from app.demo.tour import Watch, reason_to_wait

_AWAY = {
    "name": "press",
    "waiting": 2,
    "gate": "open",
    "trouble": "there is no folder /srv/press: mount it",
    "mend": "",
}


class _Service:
    """Orders that wait for a target, until `ends` looks at one of them were taken."""

    def __init__(self, ends: int) -> None:
        self.ends = ends
        self.looks = 0

    def look(self, path: str) -> dict[str, Any]:
        if path == "/v1/targets":
            return {"targets": [_AWAY, _AWAY | {"name": "idle", "waiting": 0}]}
        self.looks += 1
        state = "accepted" if self.looks >= self.ends else "ready"
        return {"card": {"state": state}, "items": []}


def _watch(service: _Service, monkeypatch: pytest.MonkeyPatch) -> tuple[Watch, io.StringIO]:
    clock = iter(range(10_000))
    time = SimpleNamespace(monotonic=lambda: float(next(clock)), sleep=lambda _seconds: None)
    monkeypatch.setattr("app.demo.tour.time", time)
    out = io.StringIO()
    return Watch(service, Console(file=out, width=200)), out  # type: ignore[arg-type]  # it looks, nothing else


def _answer(order: DemoOrder | None = None) -> Answer:
    return Answer(
        sender="native",
        order=order,  # type: ignore[arg-type]  # not looked at
        status=201,
        document={"id": "ORDER"},
        milliseconds=1.0,
    )


def test_what_ends_soon_is_waited_for_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, out = _watch(service := _Service(ends=3), monkeypatch)
    assert watch.ended(_answer())["card"]["state"] == "accepted"
    assert (service.looks, out.getvalue()) == (3, "")


def test_why_nothing_ends_is_told_once_and_what_ends_then_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch, out = _watch(_Service(ends=30), monkeypatch)
    assert watch.ended(_answer())["card"]["state"] == "accepted"
    assert out.getvalue().strip() == (
        "Waiting: the target 'press' takes nothing: there is no folder /srv/press: mount it"
    )


def test_it_ends_where_nothing_does_and_then_looks_at_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, out = _watch(service := _Service(ends=10_000), monkeypatch)
    assert watch.ended(_answer())["card"]["state"] == "ready"
    looks = service.looks
    assert looks < 100
    for _ in range(39):
        watch.ended(_answer())
    assert service.looks == looks + 39
    assert out.getvalue().count("Waiting") == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"waiting": 0}, ""),
        ({"trouble": "", "gate": "paused"}, "is paused; resume it"),
        ({"trouble": ""}, "see /desk/targets and /desk/sheets"),
    ],
)
def test_a_target_without_trouble_is_told_of_too(changes: dict[str, Any], says: str) -> None:
    assert says in reason_to_wait(_AWAY | changes)
    assert bool(reason_to_wait(_AWAY | changes)) is bool(says)
