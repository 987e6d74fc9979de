"""Whether the packing bench can be trusted: its key reads what is printed, and the clock goes right."""

from __future__ import annotations

from datetime import timedelta

from app.domain.clock import Clock
from app.errors import NotFound
from app.services.recognise_scan import RecogniseScan
from app.store.database import Store

_APART = timedelta(minutes=2)
"""How far the clocks of a plant's machines may be apart before somebody should look."""


class BenchHealth:
    """Looks at what was made last."""

    def __init__(self, *, store: Store, recognise: RecogniseScan, clock: Clock) -> None:
        self._store = store
        self._recognise = recognise
        self._clock = clock

    def troubles(self) -> tuple[str, ...]:
        """What is wrong, for the plant's own staff; empty where nothing is."""
        with self._store.reading() as tx:
            made, moved_at = tx.health.made_last(), tx.health.moved_last_at()
            try:
                code = tx.components.get(*made).bench_code if made else ""
            except NotFound:
                code = ""  # erased since
        found = []
        if code and self._recognise.code(code) is None:
            found.append(
                "the codes on the latest prints were made with another secret: restore the data folder's "
                "secret.key, or the bench knows none of them"
            )
        behind = moved_at - self._clock.now() if moved_at else timedelta(0)
        if behind > _APART:
            found.append(
                f"this machine's clock is {behind // timedelta(minutes=1)} minutes behind what was written "
                "last: set the clocks of all machines"
            )
        return tuple(found)
