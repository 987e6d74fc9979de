"""Takes a kept body once more, if it is understood now."""

from __future__ import annotations

from dataclasses import replace

from app.domain.access import ALL_BRANDS
from app.domain.clock import Clock
from app.errors import Forbidden, NotFound
from app.services.accept_order import Accepted
from app.services.record_report import Noted
from app.services.take_body import TakeBody
from app.services.understand_body import NOT_UNDERSTOOD, Kept, UnderstandBody
from app.store.database import Store, Transaction


class ReplayDeadLetter:
    """Tries a kept body again, after its brand, its format or tipin itself was mended."""

    def __init__(self, *, store: Store, understand: UnderstandBody, take: TakeBody, clock: Clock) -> None:
        self._store = store
        self._understand = understand
        self._take = take
        self._clock = clock

    def __call__(
        self, letter_id: int, *, scope: str = ALL_BRANDS, brand: str = "", source: str = "", about: str = ""
    ) -> Accepted | Noted:
        """Accept the order in a kept body, or record what it tells, as of the moment it came in.

        Args:
            letter_id: which one. One that was replayed before gives its answer again.
            scope: the brand scope of who asks.
            brand: the brand to take it for, where the body names none or a wrong one.
            source: the format to read it by, where it came by the wrong door.
            about: the order or customer to take it for, where the address named a wrong one.

        Raises:
            NotFound: no such letter or format.
            Forbidden: the brand is out of scope.
            Kept: it is still not understood; it stays.
        """
        if brand and scope not in (ALL_BRANDS, brand):
            raise Forbidden(f"this key does not serve the brand {brand[:40]!r}", mend="leave the brand out")
        with self._store.reading() as tx:
            received = tx.dead_letters.get(letter_id, scope=scope).received
        again = replace(
            received,
            brand=brand or received.brand,
            source=source or received.source,
            about=about or received.about,
        )
        try:
            understood = self._understand(again)
        except NOT_UNDERSTOOD as error:
            with self._store.transaction() as tx:
                tx.dead_letters.failed_again(letter_id, error.document())
            raise Kept(error, letter_id) from error
        now = self._clock.now()

        def take(tx: Transaction) -> Accepted | Noted:
            taken = self._take(tx, understood, again, now=now)
            is_here = tx.dead_letters.replayed(letter_id, order_of(taken), at=now)
            if not is_here and isinstance(taken, Accepted):  # news may have asked for its own erasure
                raise NotFound(f"the dead letter {letter_id} was erased", mend="see GET /v1/dead-letters")
            return taken

        return self._store.run(take)


def order_of(taken: Accepted | Noted) -> str | None:
    """The order that a body became or told of, where it is here."""
    if isinstance(taken, Accepted):
        return taken.order_id
    return next((one.order_id for one in taken.orders if one.state is not None), None)
