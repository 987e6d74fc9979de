"""Imports a brand's past orders, so that its customers are not all new on the first day.

Imported orders give facts but no cards. The import can be broken off and run again, and so can the same file:
what is there already stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from pydantic import TypeAdapter

from app.domain.brand import Brand
from app.domain.clock import Clock
from app.domain.format import Context, Parsed
from app.domain.order import Order
from app.domain.past import Recorded
from app.errors import MalformedOrder, Violation
from app.services.history_file import Line, read_lines
from app.services.tag_order import placed_of
from app.store.database import Store
from app.wire.fields import Past as PastMoment
from app.wire.reading import read_value

_CHUNK = 1_000
"""Orders a transaction: what a break can cost is read again in a second."""
_SINCE = ("shipped_at", "delivered_at", "cancelled_at")
_MOMENT: TypeAdapter[datetime | None] = TypeAdapter(PastMoment | None)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many orders were new, were there already, and could not be understood."""

    new: int
    known: int
    rejected: int


@dataclass(frozen=True, slots=True)
class _Understood:
    recorded: Recorded
    opted_out: bool


class ImportHistory:
    """Reads a file of orders in tipin's own shape into a brand's ledger."""

    def __init__(
        self,
        *,
        store: Store,
        parse: Callable[[bytes, Context], Parsed],
        customer_secret: bytes,
        clock: Clock,
    ) -> None:
        """Take what the import works with.

        Args:
            store: the database.
            parse: the native format's parser.
            customer_secret: keys the hash of e-mail addresses, the same as at the intake.
            clock: tells when the orders came in.
        """
        self._store = store
        self._parse = parse
        self._customer_secret = customer_secret
        self._clock = clock

    def __call__(
        self,
        brand: Brand,
        path: Path,
        rejects: Path,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> Imported:
        """Import a file, plain or gzipped: JSON Lines (`.jsonl`) or CSV (`.csv`).

        A line is an order as it would be posted, and may say `shipped_at`, `delivered_at`, `cancelled_at`.

        Args:
            brand: whose history it is.
            path: the file.
            rejects: where lines go that cannot be understood, each with what is wrong and the mend, as JSON
                Lines. There is no such file afterwards where all were understood.
            on_progress: called with how many bytes of the file are done.

        Raises:
            MalformedOrder: the file as a whole cannot be read.
        """
        context = Context(brand=brand, received_at=self._clock.now())
        new = known = rejected = 0
        draft = rejects.with_name(f".{rejects.name}.part")
        try:
            with draft.open("w", encoding="utf-8") as bad:
                for chunk, position in _chunks(read_lines(path)):
                    understood = list(self._understand(chunk, context, bad))
                    added = self._keep(brand, understood, context.received_at)
                    new += added
                    known += len(understood) - added
                    rejected += len(chunk) - len(understood)
                    on_progress(position)
            if rejected:
                draft.replace(rejects)
            else:
                rejects.unlink(missing_ok=True)
        finally:
            draft.unlink(missing_ok=True)
        return Imported(new, known, rejected)

    def _understand(self, lines: list[Line], context: Context, bad: TextIO) -> Iterator[_Understood]:
        for line in lines:
            try:
                order = self._parse(line.body, context).order
                yield self._recorded(order, context)
            except MalformedOrder as error:
                bad.write(json.dumps(_reject(line, error), ensure_ascii=False) + "\n")

    def _recorded(self, order: Order, context: Context) -> _Understood:
        since = {name: read_value(_MOMENT, order.extra.get(name), f"/{name}", context) for name in _SINCE}
        return _Understood(
            Recorded(
                placed=placed_of(order, order.customer.key(self._customer_secret)),
                value=order.value,
                kind=order.kind,
                promised_at=order.promised_at,
                **since,
            ),
            order.customer.opted_out,
        )

    def _keep(self, brand: Brand, understood: list[_Understood], at: datetime) -> int:
        if not understood:
            return 0
        orders = [one.recorded for one in understood]
        gone: dict[str, datetime] = {}
        for placed in (one.recorded.placed for one in understood if one.opted_out):
            if placed.customer_key is not None:
                gone[placed.customer_key] = min(placed.at, gone.get(placed.customer_key, placed.at))
        with self._store.transaction() as tx:
            added = tx.recording.orders(brand.code, orders, source="history", at=at)
            tx.recording.opt_outs(brand.code, gone, at=at)
            if added:
                tx.thresholds.older_truth(brand.code, min(order.placed.at for order in orders))
        return added


def _chunks(lines: Iterator[Line]) -> Iterator[tuple[list[Line], int]]:
    """Up to 1,000 lines, and the position in the file behind the last."""
    chunk: list[Line] = []
    position = 0
    for line in lines:
        chunk.append(line)
        position = line.position
        if len(chunk) == _CHUNK:
            yield chunk, position
            chunk = []
    if chunk:
        yield chunk, position


def _reject(line: Line, error: MalformedOrder) -> dict[str, object]:
    found = error.violations or (Violation("", error.detail, error.mend),)
    return {
        "line": line.number,
        "problems": [{"pointer": v.pointer, "detail": v.detail, "mend": v.mend} for v in found],
        "text": line.text,
    }
