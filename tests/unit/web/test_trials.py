from __future__ import annotations

from collections.abc import Generator
from threading import get_ident

import anyio

from app.web.trials import Trials


def counting(until: int, log: list[str], name: str) -> Generator[int, None, None]:
    try:
        for number in range(until):
            log.append(name)
            yield number
    finally:
        log.append(f"{name} over")


def test_trials_go_on_in_turns() -> None:
    log: list[str] = []

    async def both() -> None:
        trials, found = Trials(), dict[str, int]()

        async def one(name: str) -> None:
            found[name] = await trials.whole(counting(5, log, name))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(one, "a")
            tasks.start_soon(one, "b")
        assert found == {"a": 4, "b": 4}

    anyio.run(both)
    assert log.index("b") < log.index("a over")
    assert log.index("a") < log.index("b over")


def test_a_trial_that_nobody_listens_to_any_more_ends() -> None:
    log: list[str] = []

    async def some() -> None:
        steps = Trials().steps(counting(1_000, log, "a"))
        async for found in steps:
            if found == 3:
                break
        await steps.aclose()

    anyio.run(some)
    assert log == ["a"] * 4 + ["a over"]


def test_it_runs_outside_the_event_loop() -> None:
    def where() -> Generator[int, None, None]:
        yield get_ident()

    async def ask() -> int:
        return await Trials().whole(where())

    assert anyio.run(ask) != get_ident()
