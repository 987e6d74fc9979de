"""What an order says in words that come again and again: kind, currency, country. Each set is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain.brand import Brand
from app.domain.history_mapping import HistoryMapping
from app.domain.money import CURRENCIES
from app.domain.order import OrderKind
from app.services.history.cells import Fault, code, country, gift, text_of, yes
from app.wire.tables.table import Cell

_KINDS = {kind.value: kind for kind in OrderKind}
_FIELDS = ("status", "brand", "kind", "currency", "channel", "country", "gift", "opted_out")
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What many orders say alike. `cancelled` is said by a status word, without a moment."""

    cancelled: bool
    kind: OrderKind
    currency: str
    channel: str | None
    country: str | None
    gift: bool
    opted_out: bool


class AlikeCells:
    """Reads the cells of one row's fields of that sort."""

    def __init__(self, mapping: HistoryMapping, brand: Brand, at: Mapping[str, int]) -> None:
        """`at` says where each field of the mapping stands in a row."""
        self._mapping = mapping
        self._brand = brand
        self._currency = mapping.currency or brand.currency
        self._names = tuple(name for name in _FIELDS if name in at)
        self._places = tuple(at[name] for name in self._names)
        self._read_once = lru_cache(_REMEMBERED, typed=True)(self._read)

    def __call__(self, row: Sequence[Cell]) -> Alike | None:
        """What the row says; None for what never became an order.

        Raises:
            Fault: a cell cannot be understood.
        """
        cells = [row[place] for place in self._places]
        try:
            return self._read_once(*cells)
        except TypeError:  # a list or an object in JSON, which cannot be looked up
            return self._read(*cells)

    def _read(self, *cells: Cell) -> Alike | None:
        said = dict(zip(self._names, cells, strict=True))
        status, brand, kind, currency, channel, land, gifted, opted_out = map(said.get, _FIELDS)
        word = text_of(status).lower()
        if word in self._mapping.skipped:
            return None
        self._check_brand(text_of(brand))
        return Alike(
            cancelled=word in self._mapping.cancelled,
            kind=OrderKind.TEST if word in self._mapping.test else _kind(text_of(kind).lower()),
            currency=self._money(text_of(currency).upper()),
            channel=code("channel", channel) or None,
            country=country("country", land),
            gift=gift("gift", gifted),
            opted_out=yes("opted_out", opted_out),
        )

    def _check_brand(self, named: str) -> None:
        if named and named != self._brand.code:
            raise Fault(
                "brand", "is another brand", f"import it with --brand, or name {self._brand.code}", named
            )

    def _money(self, named: str) -> str:
        found = named or self._currency
        if found not in CURRENCIES:
            raise Fault("currency", "is no currency code of ISO 4217", "write such as EUR", found)
        return found


def _kind(named: str) -> OrderKind:
    if named and named not in _KINDS:
        raise Fault("kind", "is no kind of order", f"use one of: {', '.join(_KINDS)}", named)
    return _KINDS[named] if named else OrderKind.SALE
